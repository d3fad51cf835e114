"""`toystory export`: what can be asked."""

from __future__ import annotations

import argparse
from pathlib import Path

from toystory.base.errors import BadRequest
from toystory.cli.commands.exporting import SUFFIXES, ExportOptions, export_lessons
from toystory.course.catalogue import NAMES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lessons", metavar="LESSON", nargs="*", help=", ".join(NAMES))
    parser.add_argument("--all", action="store_true", help="every lesson")
    parser.add_argument(
        "--to", choices=tuple(SUFFIXES), default="notebook", help="what it becomes (default notebook)"
    )
    parser.add_argument(
        "--out", type=Path, metavar="PLACE", help="a file, or a folder (default: the current folder)"
    )
    parser.add_argument("--force", action="store_true", help="replace a file that is there already")
    parser.add_argument(
        "--train",
        action="store_true",
        help="markdown and html: train the experiments now, and put in what they come to",
    )


def answer(args: argparse.Namespace) -> int:
    """Export; the exit code. Raises BadRequest where the options don't go together."""
    if args.all and args.lessons:
        raise BadRequest("--all is every lesson: leave out the names, or --all")
    if not args.all and not args.lessons:
        raise BadRequest(f"say which lesson to export: {', '.join(NAMES)}, or --all")
    if args.train and args.to == "notebook":
        raise BadRequest("a notebook trains by itself: leave out --train, or export --to html")
    names = NAMES if args.all else tuple(dict.fromkeys(args.lessons))
    return export_lessons(ExportOptions(names, args.to, args.out, args.force, args.train))
