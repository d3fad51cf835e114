"""`toystory list`: the chapters. Without NumPy, so that it is instant."""

from __future__ import annotations

import argparse

from toystory.cli.messages import print_json
from toystory.course.catalogue import chapters


def answer(args: argparse.Namespace) -> int:
    """Print the chapters, one a line; 0."""
    found = chapters()
    if args.json:
        keys = ("number", "name", "title", "about")
        rows = [{key: getattr(chapter, key) for key in keys} for chapter in found]
        print_json({"lessons": rows})
        return 0
    name_width = max(len(chapter.name) for chapter in found)
    title_width = max(len(chapter.title) for chapter in found)
    number_width = len(str(len(found)))
    for chapter in found:
        number, name = f"{chapter.number:>{number_width}}", f"{chapter.name:{name_width}}"
        print(f"{number}  {name}  {chapter.title:{title_width}}  {chapter.about}")
    return 0
