"""`toystory check`: what can be asked."""

from __future__ import annotations

import argparse
from pathlib import Path

from toystory.base.errors import BadRequest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Say whether your code is right, and if not, what is wrong first. Your code runs in a process of its "
        "own, for 5 seconds at most. Without anything named, all exercises that you have begun are checked. "
        "Exit codes: 0, all are right; 1, one is not; 2, wrong usage; 130, interrupted."
    )
    parser.add_argument(
        "what",
        nargs="*",
        metavar="WHAT",
        help="a file, a lesson such as gate, or an exercise such as gate/sigmoid",
    )
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where to look for the files, this time")
    parser.add_argument(
        "--watch", action="store_true", help="check again whenever a file is saved; Ctrl-C ends it"
    )
    output = parser.add_argument_group("output")
    output.add_argument("--json", action="store_true", help="one JSON object on stdout, for graders")
    output.add_argument("--plain", action="store_true", help="words only, no colour")


def answer(args: argparse.Namespace) -> int:
    """Check; the exit code."""
    if args.json and args.watch:
        raise BadRequest("--watch goes on and on, --json is one object: ask for one of them")
    from toystory.cli.commands.checking import check_all

    return check_all(args)
