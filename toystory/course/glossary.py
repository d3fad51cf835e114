"""The words of the course: what each means, in plain English. All of them stand in glossary.md."""

from __future__ import annotations

import difflib
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_ENTRY = re.compile(
    r"^## (?P<word>.+)\n(?:also: (?P<also>.+)\n)?(?P<meaning>(?:(?!## ).*\n?)+)", re.MULTILINE
)


class Word(NamedTuple):
    """A word, other words and signs for it, and what it means."""

    word: str
    also: tuple[str, ...]
    meaning: str


@cache
def glossary() -> tuple[Word, ...]:
    """All words, in the order of the alphabet."""
    text = Path(__file__).with_name("glossary.md").read_text(encoding="utf-8")
    words = [
        Word(
            entry["word"].strip(),
            tuple(part.strip() for part in (entry["also"] or "").split(",") if part.strip()),
            " ".join(entry["meaning"].split()),
        )
        for entry in _ENTRY.finditer(text)
    ]
    return tuple(sorted(words))


def find_word(wanted: str) -> Word | None:
    """The entry for a word or a sign, however it is written.

    Args:
        wanted: The word itself, another word for it, or its beginning.

    Returns:
        The entry; None where nothing is near.
    """
    by_name: dict[str, Word] = {}
    for word in glossary():
        for name in (word.word, *word.also):
            by_name.setdefault(name, word)  # a sign such as w and W may be two
            by_name.setdefault(name.lower(), word)
    for name in (wanted.strip(), wanted.strip().lower()):
        if name in by_name:
            return by_name[name]
    plain = wanted.strip().lower()
    begins = [name for name in by_name if plain and name.startswith(plain)]
    near = begins or difflib.get_close_matches(plain, by_name, n=1, cutoff=0.7)
    return by_name[near[0]] if near else None
