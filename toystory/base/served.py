"""What an app in a browser is told by its server, through the environment, and tells it at its end."""

from __future__ import annotations

import os

SERVED = "TOYSTORY_SERVED"
"""Set where the app is shown in a browser."""
PERSON = "TOYSTORY_PERSON"
"""The name that was given at the door, if any."""
NO_CLIPBOARD = "TOYSTORY_NO_CLIPBOARD"
"""Set where the browser lets no page reach the clipboard: the page shows what is copied."""
SOMEONE_ELSE = 3
"""The exit code of an app that was left for someone else to come."""


def is_served() -> bool:
    """Whether the app is shown in a browser."""
    return bool(os.environ.get(SERVED))


def person() -> str:
    """Who has come in at the door; empty where nobody was asked."""
    return os.environ.get(PERSON, "")


def has_clipboard() -> bool:
    """Whether copying reaches a clipboard without further ado."""
    return not os.environ.get(NO_CLIPBOARD)
