"""`toystory report`: what can be asked."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", type=Path, default=Path(), metavar="FOLDER", help="where to (default: the current folder)"
    )
    parser.add_argument(
        "--force", action="store_true", help="replace files of these names that are no report of ours"
    )


def answer(args: argparse.Namespace) -> int:
    """Report; the exit code."""
    from toystory.cli.commands.reporting import report

    return report(args.out, args.force)
