"""`toystory run`: what can be asked."""

from __future__ import annotations

import argparse
import reprlib

from toystory.base.argument_types import number, whole_number, whole_number_list
from toystory.base.errors import BadRequest
from toystory.cli.commands.output import add_output
from toystory.course.catalogue import NAMES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--lesson", metavar="LESSON", help=", ".join(NAMES))
    which.add_argument("--all", action="store_true", help="every lesson")
    parser.add_argument("--experiment", metavar="NAME", help="only this one: its name, part of it, or number")
    parser.add_argument("--seed", type=whole_number, default=0, help="other beginnings (default 0)")
    settings = parser.add_argument_group("in place of the lesson's own settings")
    settings.add_argument("--rows", type=whole_number, metavar="N", help="rows drawn once and kept")
    settings.add_argument("--columns", type=whole_number, metavar="N", help="bits in a row")
    settings.add_argument(
        "--hidden", type=whole_number_list, metavar="N[,N…]", help="hidden units, a number a layer"
    )
    settings.add_argument("--learning-rate", type=number, metavar="X", help="length of an update")
    settings.add_argument("--updates", type=whole_number, metavar="N", help="how many updates")
    output = add_output(parser)
    output.add_argument(
        "--jobs", type=jobs, metavar="N", help="experiments at a time (default: processors, up to 2)"
    )


def jobs(text: str) -> int:
    """How many at a time. Raises argparse.ArgumentTypeError."""
    at_a_time = whole_number(text)
    if not 1 <= at_a_time <= 64:
        raise argparse.ArgumentTypeError(f"{reprlib.repr(text)} is out of range: expected 1 to 64")
    return at_a_time


def answer(args: argparse.Namespace) -> int:
    """Train the lesson's models and judge its claims; the exit code."""
    if not args.all and args.lesson is None:
        raise BadRequest(
            "say what to run: --lesson LESSON, or --all; 'toystory run --help' shows what can be asked"
        )
    if args.all and (args.experiment is not None or args.save is not None):
        raise BadRequest("--experiment and --save need one lesson: give --lesson LESSON in place of --all")
    from toystory.cli.commands.running import RunOptions, run
    from toystory.cli.overrides import Overrides
    from toystory.training.pool import default_jobs

    options = RunOptions(
        lesson=None if args.all else args.lesson,
        overrides=Overrides(args.rows, args.columns, args.hidden, args.learning_rate, args.updates),
        experiment=args.experiment,
        seed=args.seed,
        jobs=args.jobs or default_jobs(),
        as_json=args.json,
        plain=args.plain,
        save=args.save,
    )
    return run(options)
