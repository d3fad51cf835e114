"""`toystory exercise`: what can be asked."""

from __future__ import annotations

import argparse
from pathlib import Path

from toystory.base.errors import BadRequest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Write a lesson's exercises into your folder, as Python files to complete: never over your work. "
        "Without a lesson, list all exercises. The app works on the same files."
    )
    parser.add_argument(
        "what", nargs="?", metavar="LESSON[/NAME]", help="a lesson, such as gate, or one of its exercises"
    )
    parser.add_argument("--folder", type=Path, metavar="DIR", help="keep the exercises there from now on")
    parser.add_argument(
        "--fresh", action="store_true", help="begin anew: your file is set aside under another name"
    )
    parser.add_argument("--hint", action="store_true", help="the next hint, of three")
    parser.add_argument(
        "--solution", action="store_true", help="the solution, once the check passes; before that it asks"
    )
    parser.add_argument("--yes", action="store_true", help="with --solution: don't ask")
    output = parser.add_argument_group("output")
    output.add_argument("--json", action="store_true", help="one JSON object on stdout")
    output.add_argument("--plain", action="store_true", help="words only, no colour")


def answer(args: argparse.Namespace) -> int:
    """Write, list, or tell; the exit code."""
    if args.what is None and (args.hint or args.solution or args.fresh):
        raise BadRequest("say which exercise: 'toystory exercise' lists them all")
    if args.hint and args.solution:
        raise BadRequest("--hint or --solution: one at a time")
    if (args.hint or args.solution) and args.fresh:
        raise BadRequest("--fresh begins an exercise anew: ask for --hint or --solution by itself")
    if args.yes and not args.solution:
        raise BadRequest("--yes goes with --solution")
    from toystory.cli.commands.exercising import ask

    return ask(args)
