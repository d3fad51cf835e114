"""`toystory progress`: what can be asked."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "How far you are: of each lesson the prediction, the claims reached in the app, the exercises and "
        "the runs. A lesson holds when its prediction was made, every claim was reached and every exercise "
        "passes."
    )
    output = parser.add_argument_group("output")
    output.add_argument(
        "--json", action="store_true", help="one JSON object on stdout, every run and verdict in it"
    )
    output.add_argument("--plain", action="store_true", help="words and numbers only")


def answer(args: argparse.Namespace) -> int:
    """Print it; the exit code."""
    from toystory.cli.commands.progressing import show_progress

    return show_progress(args.json, args.plain)
