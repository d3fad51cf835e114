"""`toystory train`: any model on any gate, outside the story."""

from __future__ import annotations

import argparse
import json

from toystory.base.errors import BadRequest
from toystory.cli.reporters import Reporter, choose_reporter, study_line
from toystory.cli.saving import check_writable, save_run
from toystory.course.lesson_results import live_as_json, run_as_json
from toystory.training.command_line import read_settings
from toystory.training.experiment import Experiment
from toystory.training.pool import Live, carry_out
from toystory.training.run import Run

FINISHED, DIVERGED, INTERRUPTED = 0, 1, 130


def answer(args: argparse.Namespace) -> int:
    """Run the experiment and report it; 0, or 1 where it diverged.

    Raises:
        BadRequest: before anything is trained: the settings make no experiment, the file can't be written.
        RunFailed: something came between the run and its end.
    """
    try:
        experiment = read_settings(args)
    except ValueError as error:
        raise BadRequest(str(error)) from error
    if args.save is not None:
        check_writable(args.save)
    reporter = choose_reporter(args.json, args.plain)
    run = _carry_out(experiment, reporter)
    if not isinstance(run, Run):
        if args.json:
            reached = [live_as_json(experiment.name, at) for at in run]
            print(json.dumps({"interrupted": True, "reached": reached}))
        return INTERRUPTED
    if args.json:
        print(json.dumps(run_as_json(experiment, run)))
    else:
        reporter.experiment(study_line(experiment, [run]), run)
    if args.save is not None:
        save_run(run, args.save)
    return DIVERGED if run.diverged else FINISHED


def _carry_out(experiment: Experiment, reporter: Reporter) -> Run | list[Live]:
    """The finished run, or how far it came until it was interrupted, which is reported."""
    last: list[Live] = []
    try:
        reporter.begin([], [experiment])
        for event in carry_out([experiment], jobs=1):
            if isinstance(event, Run):
                reporter.finished(event)
                reporter.end([])
                return event
            last = [event]
            reporter.live(event)
    except KeyboardInterrupt:
        reporter.interrupted([], [], last)
    finally:
        reporter.close()
    return last
