"""`toystory train`: what can be asked."""

from __future__ import annotations

import argparse

from toystory.base.errors import BadRequest
from toystory.cli.commands.output import add_output


def add_arguments(parser: argparse.ArgumentParser) -> None:
    # The options are those of an experiment.
    from toystory.training.command_line import add_settings

    add_settings(parser)
    add_output(parser)


def answer(args: argparse.Namespace) -> int:
    """Train and report; the exit code."""
    from toystory.cli.commands.training import TrainOptions, train
    from toystory.training.command_line import read_settings

    try:
        experiment = read_settings(args)
    except ValueError as error:
        raise BadRequest(str(error)) from error
    return train(TrainOptions(experiment, args.json, args.plain, args.save))
