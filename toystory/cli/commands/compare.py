"""`toystory compare`: what can be asked."""

from __future__ import annotations

import argparse
import difflib
import math
import reprlib

from toystory.base.argument_types import number, whole_number, whole_number_list
from toystory.base.errors import BadRequest
from toystory.cli.commands.run import jobs

BUDGET = 300.0
NAMES = ("regression", "two-layer", "mlp", "rnn", "lstm")

ABOUT = """\
Every model on every size, as Alex did it and the way that works: the loss curve, accuracy on its own and on
fresh rows, updates, seconds, and the peak memory of the process. What is finished is kept, and a second call
goes on from there. With --frontier, a second table: how many bits each model learns the parity of.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = ABOUT
    parser.add_argument(
        "--frontier", action="store_true", help="the second table: which model learns how many bits"
    )
    which = parser.add_argument_group("what is compared")
    which.add_argument(
        "--models", type=model_names, default=NAMES, metavar="NAME[,NAME…]", help=f"of {', '.join(NAMES)}"
    )
    which.add_argument(
        "--rows", type=whole_number_list, metavar="N[,N…]", help="sizes (default 10000,100000,1000000)"
    )
    which.add_argument("--columns", type=whole_number, metavar="N", help="bits in a row (default 50)")
    which.add_argument("--seed", type=whole_number, default=0, help="other beginnings (default 0)")
    which.add_argument(
        "--full", action="store_true", help="Alex's settings in full, which takes many hours; no budget"
    )
    work = parser.add_argument_group("the work")
    work.add_argument(
        "--budget",
        type=seconds,
        metavar="SECONDS",
        help=f"stop by then, and leave the rest for the next call (default {BUDGET:g})",
    )
    work.add_argument("--jobs", type=jobs, metavar="N", help="cells at a time (default: processors, up to 2)")
    work.add_argument("--again", action="store_true", help="train anew what has been trained before")
    output = parser.add_argument_group("output")
    output.add_argument("--json", action="store_true", help="one JSON object on stdout")
    output.add_argument(
        "--plain", action="store_true", help="words and numbers only: no colour, boxes or bars"
    )


def model_names(text: str) -> tuple[str, ...]:
    """Names out of `NAMES`, in their order. Raises argparse.ArgumentTypeError."""
    asked = [part.strip().lower().replace("_", "-") for part in text.split(",")]
    for name in asked:
        if name not in NAMES:
            near = difflib.get_close_matches(name, NAMES, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            raise argparse.ArgumentTypeError(
                f"{reprlib.repr(name)} is no model of the table: {hint}choose from {', '.join(NAMES)}"
            )
    return tuple(name for name in NAMES if name in asked)


def seconds(text: str) -> float:
    """A span of time. Raises argparse.ArgumentTypeError."""
    value = number(text)
    if not (math.isfinite(value) and value > 0):
        raise argparse.ArgumentTypeError(f"{reprlib.repr(text)} is no time: expected seconds, more than zero")
    return value


def answer(args: argparse.Namespace) -> int:
    """Train what is missing and show the table; the exit code."""
    if args.frontier:
        for name in ("rows", "columns", "full"):
            if getattr(args, name):
                raise BadRequest(f"the frontier has its own rows and columns: leave out --{name}")
    from toystory.cli.commands.comparing import CompareOptions, compare
    from toystory.training.pool import default_jobs

    budget = args.budget if args.budget is not None else None if args.full else BUDGET
    options = CompareOptions(
        models=args.models,
        sizes=args.rows,
        columns=args.columns,
        frontier=args.frontier,
        full=args.full,
        seed=args.seed,
        budget=budget,
        jobs=args.jobs or default_jobs(),
        again=args.again,
        as_json=args.json,
        plain=args.plain,
    )
    return compare(options)
