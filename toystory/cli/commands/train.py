"""`toystory train`: any model on any gate, outside the story; or a network on rows of real numbers."""

from __future__ import annotations

import argparse

from toystory.base.errors import BadRequest
from toystory.cli.commands.train_table import OWN, train_table
from toystory.cli.messages import print_json, print_sentences
from toystory.cli.reporting.choice import choose_reporter
from toystory.cli.reporting.plain import Reporter
from toystory.cli.reporting.run_lines import study_line
from toystory.cli.saving import check_can_save, save_run
from toystory.course.lesson_results import report_as_json, run_as_json
from toystory.training.command_line import read_settings
from toystory.training.control import controls_of
from toystory.training.experiment import Experiment
from toystory.training.loop import notices
from toystory.training.pools.report import Report
from toystory.training.pools.train_all import train_all
from toystory.training.run import Run

FINISHED, DIVERGED, INTERRUPTED = 0, 1, 130


def answer(args: argparse.Namespace) -> int:
    """Run the experiment and report it; 0, or 1 where it diverged.

    Raises:
        BadRequest: before anything is trained: the settings make no experiment, the file can't be written.
        RunFailed: something came between the run and its end.
    """
    if args.find_rate and (args.data is not None or args.file is not None):
        raise BadRequest("--find-rate is for our models of bits: leave it out, or --data and --file")
    if args.find_rate and (args.save is not None or args.control):
        raise BadRequest(
            "--find-rate looks for a rate and keeps no model: leave it out, or --save and --control"
        )
    if args.data is not None:
        if args.file is not None or args.seeds is not None:
            raise BadRequest("--file and --seeds are for a model that you wrote: leave them out, or --data")
        return train_table(args)
    for name in OWN:
        if hasattr(args, name):
            raise BadRequest(f"--{name.replace('_', '-')} goes with --data: rows of real numbers")
    if args.file is not None:
        # It brings all that judges exercises with it.
        from toystory.cli.commands.train_file import train_file

        return train_file(args)
    if args.seeds is not None:
        raise BadRequest("--seeds goes with --file: 'toystory sweep' trains ours from many seeds")
    if args.find_rate:
        from toystory.cli.commands.find_rate import show_rates  # it draws: others need not wait for that

        return show_rates(args)
    try:
        experiment = read_settings(args)
    except ValueError as error:
        raise BadRequest(str(error)) from error
    if args.save is not None:
        check_can_save(args.save)
    experiments = [experiment, *(controls_of(experiment) if args.control else ())]
    print_sentences(notices(experiments))
    runs, under_way = _carry_out(experiments, choose_reporter(args.json, args.plain), silent=args.json)
    if len(runs) < len(experiments):
        if args.json:
            reached = [report_as_json(experiment.name, at) for at in under_way]
            print_json({"interrupted": True, "reached": reached})
        return INTERRUPTED
    if args.json:
        print_json(run_as_json(experiment, runs[0], runs[1:]))
    if args.save is not None:
        save_run(runs[0], args.save)
    return DIVERGED if runs[0].diverged else FINISHED


def _carry_out(
    experiments: list[Experiment], reporter: Reporter, *, silent: bool
) -> tuple[list[Run], list[Report]]:
    """The finished runs, which are told, and how far another one came until it was interrupted."""
    runs: list[Run] = []
    last: list[Report] = []
    try:
        reporter.begin([], experiments)
        for event in train_all(experiments, jobs=1):
            if isinstance(event, Run):
                runs.append(event)
                reporter.finished(event)
                last = []
            else:
                last = [event]
                reporter.report(event)
        reporter.end([])
        if not silent:
            reporter.experiment(study_line(experiments[0], runs[:1], runs[1:]), runs[0])
    except KeyboardInterrupt:
        reporter.interrupted([], [], last)
    finally:
        reporter.close()
    return runs, last
