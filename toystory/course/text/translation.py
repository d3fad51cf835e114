"""Translations: story.de.md beside story.md, bound to the English text by its hash.

The first line of a translation is `<!-- translation of story.md 0123456789ab -->`. It counts as long as the
English text is the one that it was made from; else the English is shown, since figures may have changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

from toystory.base.errors import BadProse
from toystory.base.language import ENGLISH, language
from toystory.course.text.derivation_words import is_derivation, words_of
from toystory.course.text.files import read_text

PARTS = ("story.md", "predict.md", "recap.md", "can.md", "sources.md", "derivation.md")
"""Of a chapter, what is translated; of the derivation its words alone."""
SHARED = Path(__file__).parents[1] / "derivation" / "update_steps.md"
"""What the derivations of all chapters have: the steps and the symbols of an update."""
HEAD = r"<!-- translation of (?P<file>\S+) (?P<hash>[0-9a-f]{12}) -->\n"

T = TypeVar("T")
State = Literal["missing", "out of date", "without its first line", "up to date"]


class Part(NamedTuple):
    """A file of a chapter in a language. file: where its translation stands or would stand."""

    lesson: str
    language: str
    source: Path
    file: Path
    state: State


def text_of(file: Path) -> str:
    """What stands in a file of a chapter, in the learner's language where that counts.

    Args:
        file: The English one.

    Raises:
        OSError: There is none.
    """
    english = english_of(file)
    if (code := language()) == ENGLISH:
        return english
    try:
        text = read_text(translation_of(file, code))
    except (OSError, BadProse):
        return english
    head = re.match(HEAD, text)
    return text[head.end() :] if head and head["hash"] == hash_of(english) else english


def read_in_language(
    file: Path, read: Callable[[str], T], same: Callable[[T, T], bool] = lambda one, other: True
) -> T:
    """What is read of a file in the learner's language; of the English one where that is built otherwise.

    Args:
        file: The English one.
        read: Takes the text apart. Raises BadProse.
        same: Whether two are built alike.
    """
    text = text_of(file)
    if language() == ENGLISH:
        return read(text)
    english = read(read_text(file))
    try:
        translated = read(text)
    except BadProse:
        return english
    return translated if same(english, translated) else english


def english_of(file: Path) -> str:
    """The English text that is translated: of derivation.md its words."""
    text = read_text(file)
    return words_of(text) if is_derivation(file) else text


def translation_of(file: Path, code: str) -> Path:
    """The file of a translation: story.de.md.

    Args:
        file: The English one.
        code: Of the language.
    """
    return file.with_name(f"{file.stem}.{code}.md")


def hash_of(english: str) -> str:
    """What a translation is bound to."""
    # Imported here: who reads English waits for none of it.
    from hashlib import sha256

    return sha256(english.replace("\r\n", "\n").encode()).hexdigest()[:12]


def head_line(file: Path) -> str:
    """The first line of a translation of this file, as it stands now."""
    return f"<!-- translation of {file.name} {hash_of(english_of(file))} -->\n"


def parts_of(lesson: str, folder: Path, code: str) -> Iterator[Part]:
    """How far a chapter is translated.

    Args:
        lesson: Its name.
        folder: Where its Markdown stands.
        code: The language.
    """
    for name in PARTS:
        source = folder / name
        if source.is_file():
            file = translation_of(source, code)
            yield Part(lesson, code, source, file, _state(source, file))


def shared_part(code: str) -> Part:
    """How far that is translated which belongs to no chapter alone.

    Args:
        code: The language.
    """
    file = translation_of(SHARED, code)
    return Part("all", code, SHARED, file, _state(SHARED, file))


def languages_in(folder: Path) -> set[str]:
    """The languages that a chapter is translated into, if only in part."""
    stems = "|".join(Path(name).stem for name in PARTS)
    named = re.compile(rf"(?:{stems})\.([a-z]{{2,3}})\.md")
    return {found[1] for file in folder.glob("*.md") if (found := named.fullmatch(file.name))}


def _state(source: Path, file: Path) -> State:
    try:
        text = read_text(file)
    except OSError:
        return "missing"
    head = re.match(HEAD, text)
    if head is None:
        return "without its first line"
    return "up to date" if head["hash"] == hash_of(english_of(source)) else "out of date"
