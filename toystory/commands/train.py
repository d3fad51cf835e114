"""`toystory train`: what can be asked."""

from __future__ import annotations

import argparse

from toystory.commands.output import add_output
from toystory.failures import BadRequest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    # The options are those of an experiment.
    from toystory.replay import add_settings

    add_settings(parser)
    add_output(parser)


def answer(args: argparse.Namespace) -> int:
    """Train and report; the exit code."""
    from toystory.commands.training import TrainOptions, train
    from toystory.replay import read_settings

    try:
        experiment = read_settings(args)
    except ValueError as error:
        raise BadRequest(str(error)) from error
    return train(TrainOptions(experiment, args.json, args.plain, args.save))
