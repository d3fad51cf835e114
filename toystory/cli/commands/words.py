"""`toystory words`: what the words and signs of the course mean. Without NumPy, so that it is instant."""

from __future__ import annotations

import argparse
import reprlib
import shutil
import textwrap

from toystory.base.errors import BadRequest
from toystory.cli.messages import print_json
from toystory.course.text.glossary import Word, find_word, glossary, page_of

NARROWEST = 30


def answer(args: argparse.Namespace) -> int:
    """Print what one word means, or all of them; 0.

    Raises:
        BadRequest: The glossary has no such word.
    """
    words: tuple[Word, ...] = glossary()
    if args.word is not None:
        found = find_word(args.word)
        if found is None:
            raise BadRequest(
                f"no word of the course is called {reprlib.repr(args.word)}: 'toystory words' lists them all"
            )
        words = (found,)
    pages = [page for word in words if args.word is not None and (page := page_of(word))]
    if args.json:
        print_json({"words": [word._asdict() for word in words], "pages": pages})
        return 0
    width = max(shutil.get_terminal_size().columns, NARROWEST)
    for word in words:
        names = ", ".join((word.word, *word.also))
        print(textwrap.fill(f"{names}: {word.meaning}", min(width, 100), subsequent_indent="    "))
    for page in pages:
        print(f"\n{page}", end="")
    return 0
