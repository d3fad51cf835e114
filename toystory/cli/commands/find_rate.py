"""`toystory train --find-rate`: a short run over many learning rates, and which one to begin with."""

from __future__ import annotations

import argparse

from rich.text import Text

from toystory.base.errors import BadRequest
from toystory.cli.messages import on_a_terminal, print_json
from toystory.cli.output import new_console
from toystory.render.chart import draw
from toystory.render.rate_chart import AXES, series_of
from toystory.training.checkpoints.plain_values import finite_or_none
from toystory.training.command_line import read_settings
from toystory.training.rate_finder import RateCurve, find_rate

FOUND = 0
WIDTH, HEIGHT = 80, 14


def show_rates(args: argparse.Namespace) -> int:
    """Find a rate for the experiment that the options ask for, and show the loss against it.

    Raises:
        BadRequest: The settings make no experiment.
    """
    # Neither plays a part: the rate is what is looked for, and the run is as long as that takes.
    args.learning_rate, args.updates = 1.0, 1
    try:
        experiment = read_settings(args)
    except ValueError as error:
        raise BadRequest(str(error)) from error
    curve = find_rate(experiment)
    if args.json:
        print_json(as_json(curve))
        return FOUND
    color = on_a_terminal(args.plain)
    console = new_console()
    text = draw(series_of(curve), min(console.width, WIDTH), HEIGHT, AXES, color=color)
    if not args.plain:
        console.print(Text.from_ansi(text))
    print(curve.verdict)
    return FOUND


def as_json(curve: RateCurve) -> dict[str, object]:
    """The curve as plain values."""
    return {
        "suggested": curve.suggested,
        "verdict": curve.verdict,
        "rates": list(curve.rates),
        "losses": [finite_or_none(loss) for loss in curve.losses],
        "smoothed": [finite_or_none(loss) for loss in curve.smoothed],
    }
