"""`toystory show`: what can be asked."""

from __future__ import annotations

import argparse

from toystory.course.catalogue import NAMES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lesson", metavar="LESSON", help=", ".join(NAMES))
    parser.add_argument("--plain", action="store_true", help="words and numbers only")


def answer(args: argparse.Namespace) -> int:
    """Print the lesson; the exit code."""
    from toystory.cli.commands.showing import show_lesson

    return show_lesson(args.lesson, args.plain)
