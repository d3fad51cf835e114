"""`toystory train`: any model on any gate, outside the story."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from toystory.cli.reporters import Reporter, choose_reporter, study_line
from toystory.cli.saving import check_writable, save_run
from toystory.course.lesson_results import live_as_json, run_as_json
from toystory.training.experiment import Experiment
from toystory.training.pool import Live, carry_out
from toystory.training.run import Run

FINISHED, DIVERGED, INTERRUPTED = 0, 1, 130


@dataclass(frozen=True)
class TrainOptions:
    """What `toystory train` was asked for."""

    experiment: Experiment
    as_json: bool = False
    plain: bool = False
    save: Path | None = None


def train(options: TrainOptions) -> int:
    """Run the experiment and report it; 0, or 1 where it diverged.

    Raises BadRequest before anything is trained, where the file can't be written; RunFailed later.
    """
    if options.save is not None:
        check_writable(options.save)
    reporter = choose_reporter(options.as_json, options.plain)
    run = _carry_out(options.experiment, reporter)
    if not isinstance(run, Run):
        if options.as_json:
            reached = [live_as_json(options.experiment.name, at) for at in run]
            print(json.dumps({"interrupted": True, "reached": reached}))
        return INTERRUPTED
    if options.as_json:
        print(json.dumps(run_as_json(options.experiment, run)))
    else:
        reporter.experiment(study_line(options.experiment, [run]), run)
    if options.save is not None:
        save_run(run, options.save)
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
