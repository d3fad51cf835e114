"""What the app shows, kept as text files."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from toystory.base.files import write_new
from toystory.base.paths import home


def save_text(text: str) -> Path:
    """Write `text` to the next free page-‹number›.txt in the learner's folder; its path. Raises OSError."""
    folder = home() / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        try:
            write_new(path := folder / f"page-{number}.txt", text.rstrip() + "\n")
        except FileExistsError:
            continue
        return path
    raise AssertionError("there is always a next number")
