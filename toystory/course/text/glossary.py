"""The words of the course: what each means, in plain English. All of them stand in glossary.md."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from toystory.base.nearest import nearest

_ENTRY = re.compile(
    r"^## (?P<word>.+)\n(?:also: (?P<also>.+)\n)?(?P<meaning>(?:(?!## ).*\n?)+)", re.MULTILINE
)
PLAIN = frozenset({"and", "or", "he", "start", "length", "run"})
"""Names that are words of everyday English as well."""


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


PAGES = {"numpy": "numpy_page.md"}
"""Words that have a page of their own."""


@cache
def page_of(word: Word) -> str:
    """The page of a word, as Markdown; empty for most."""
    name = PAGES.get(word.word)
    return Path(__file__).with_name(name).read_text(encoding="utf-8") if name else ""


def words_in(text: str) -> list[Word]:
    """The words of the glossary that a text has, in the order in which they come first.

    A single letter is not counted: in a sentence it is hardly ever the sign of that name.

    Args:
        text: As it is read.
    """
    found: dict[Word, int] = {}
    for match in _names().finditer(text):
        name = match["word"] or match["sign"]
        found.setdefault(_by_name()[_key(name)], match.start())
    return sorted(found, key=lambda word: found[word])


@cache
def _by_name() -> dict[str, Word]:
    """Every entry by each of its names that can be told from the words around it."""
    entries = glossary()
    names = {_key(name): word for word in entries for name in word.also if not _is_plain(name)}
    return names | {_key(word.word): word for word in entries}


def _key(name: str) -> str:
    return name if len(name) == 1 else name.casefold()  # Σ and σ are two signs


def _is_plain(name: str) -> bool:
    """Whether a sentence may have it in another sense."""
    return name.casefold() in PLAIN or (len(name) == 1 and name.isascii() and name.isalpha())


@cache
def _names() -> re.Pattern[str]:
    """Finds the longest name that stands at a place: a word, with an s behind it or without, or a sign."""
    names = [re.escape(name) for name in sorted(_by_name(), key=len, reverse=True)]
    words = "|".join(name for name in names if name[0].isalnum())
    signs = "|".join(name for name in names if not name[0].isalnum() and not name.startswith("\\."))
    return re.compile(rf"(?<!\w)(?P<word>{words})(?:e?s)?(?!\w)|(?P<sign>{signs})", re.IGNORECASE)


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
    near = begins[0] if begins else nearest(plain, by_name, cutoff=0.7)
    return by_name[near] if near else None
