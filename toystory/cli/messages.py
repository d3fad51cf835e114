"""What every command says in the same way: JSON on stdout, and sentences on stderr. Light."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any


def print_json(value: Any) -> None:
    """Print one line of JSON in ASCII, so that no encoding can spoil it."""
    import json

    print(json.dumps(value))


def print_sentences(sentences: Iterable[str]) -> None:
    """Say each on a line of its own on stderr, where it is in nobody's way."""
    with suppress(OSError):  # whoever closed the terminal hears nothing
        for sentence in sentences:
            print(f"toystory: {' '.join(sentence.split())}", file=sys.stderr, flush=True)


def on_a_terminal(plain: bool) -> bool:
    """Whether curves, boxes and bars may be drawn: a terminal, and one that knows their signs."""
    return not plain and sys.stdout.isatty() and "utf" in sys.stdout.encoding.lower()
