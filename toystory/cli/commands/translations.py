"""`toystory translations`: what of the course is there in other languages. Without NumPy."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from toystory.base.errors import BadRequest
from toystory.base.files import write
from toystory.base.language import ENGLISH, code_of
from toystory.cli.messages import print_json
from toystory.course.catalogue import chapters
from toystory.course.text.prose import fits_its_english
from toystory.course.text.translation import (
    HEAD,
    PARTS,
    SHARED,
    Part,
    head_line,
    languages_in,
    parts_of,
    shared_part,
)

UNLIKE = "built otherwise than the English"
FINE = ("up to date", "missing")


def answer(args: argparse.Namespace) -> int:
    """Print a line for each part that is not up to date, and a sum for each language.

    Returns:
        0, or 1 where a translation is out of date or can't be shown.

    Raises:
        BadRequest: What was asked for is no language, or no translation.
        OSError: A file can't be written.
    """
    if args.stamp:
        for file in args.stamp:
            _stamp(file)
            print(file)
        return 0
    if args.code is not None and (not code_of(args.code) or code_of(args.code) == ENGLISH):
        raise BadRequest(f"{args.code} is no language to translate into: expected two letters, such as de")
    codes = [code_of(args.code)] if args.code else sorted(_languages())
    rows = [(part, _state(part)) for code in codes for part in _parts(code)]
    if args.json:
        print_json(
            {
                "translations": [
                    {"language": p.language, "lesson": p.lesson, "file": str(p.file), "state": state}
                    for p, state in rows
                ]
            }
        )
    else:
        _print(codes, rows)
    return 0 if all(state in FINE for _, state in rows) else 1


def _languages() -> set[str]:
    return {code for chapter in chapters() for code in languages_in(chapter.folder)}


def _parts(code: str) -> Iterator[Part]:
    yield shared_part(code)
    for chapter in chapters():
        yield from parts_of(chapter.name, chapter.folder, code)


def _state(part: Part) -> str:
    if part.state == "up to date":
        text = part.file.read_text(encoding="utf-8-sig")
        if not fits_its_english(part.source, re.sub(HEAD, "", text, count=1)):
            return UNLIKE
    return part.state


def _print(codes: list[str], rows: list[tuple[Part, str]]) -> None:
    if not codes:
        print("Nothing is translated yet: story.de.md goes beside story.md.")
    for code in codes:
        mine = [(part, state) for part, state in rows if part.language == code]
        fresh = sum(state == "up to date" for _, state in mine)
        print(f"{code}: {fresh} of {len(mine)} parts up to date")
        for part, state in mine:
            if state != "up to date":
                print(f"  {part.lesson}/{part.file.name}: {state}")


def _stamp(file: Path) -> None:
    """Write its first line anew."""
    stem, _, code = file.stem.rpartition(".")
    name = next((part for part in (*PARTS, SHARED.name) if Path(part).stem == stem), "")
    english = file.with_name(name or file.name)
    if not name or not code_of(code) or not english.is_file():
        raise BadRequest(f"{file} is no translation: such a file is called story.de.md, beside story.md")
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadRequest(f"can't read {file}: {error.strerror}") from None
    write(file, head_line(english) + re.sub(HEAD, "", text, count=1))
