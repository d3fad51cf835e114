"""`toystory sweep`: every combination of some settings, from several seeds; how many solve their task."""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Sequence
from typing import Any

from rich.text import Text

from toystory.base.errors import BadRequest
from toystory.cli.cluster import cluster
from toystory.cli.messages import on_a_terminal, print_json, print_sentences
from toystory.cli.output import new_console
from toystory.cli.reporting.compare import PlainReporter, SilentReporter, TerminalReporter
from toystory.compare import sweep_picture
from toystory.compare.driver import Work, train_missing
from toystory.compare.sweep import SweepCell, missing, stored_sweep, text_of
from toystory.render import numbers
from toystory.training.checkpoints.plain_values import finite_or_none
from toystory.training.checkpoints.result_store import Result, UnfinishedRuns
from toystory.training.experiment import Experiment
from toystory.training.loop import notices
from toystory.training.pools.train_all import default_jobs
from toystory.training.settings import SETTINGS

DONE, FAILED, INTERRUPTED = 0, 1, 130


def answer(args: argparse.Namespace) -> int:
    """Train what is missing, keep and show it; 0, 1 where a run failed, or 130.

    Raises:
        BadRequest: The request makes no sense.
        RunFailed: A scheduler can't be used, or is lost.
        OSError: Nothing can be kept.
    """
    complaints: list[str] = []
    vary = _varied(args)
    settings = _settings(args, vary)
    try:
        cells = stored_sweep(
            settings,
            vary,
            seeds=args.seeds,
            bar=args.solved_at,
            again=args.again,
            complaints=complaints,
        )
    except ValueError as error:
        raise BadRequest(str(error)) from error
    waiting = missing(cells)
    print_sentences([*complaints, *notices(waiting)])
    found = sum(len(cell.results) for cell in cells)
    if args.again:
        for experiment in waiting:
            UnfinishedRuns().delete(experiment)
    with cluster(args) as engine:
        jobs = args.jobs or (engine.workers if engine else default_jobs())
        work = Work(waiting, jobs=jobs, budget=args.budget, started=time.monotonic(), in_order=True)
        reporter = _reporter(args, cells)
        interrupted = False
        try:
            train_missing(work, reporter, alone=False, engine=engine)
        except KeyboardInterrupt:
            interrupted = True
        finally:
            reporter.close()
    _show(args, cells, work, interrupted)
    if work.waiting:
        kept = f"{found + len(work.results)} of {found + work.asked} runs are kept"
        why = (
            "interrupted" if interrupted else f"not all fitted into {args.budget:g} s" if args.budget else ""
        )
        print(f"{why or 'not all ended'}: {kept}; the same command goes on from there", file=sys.stderr)
    return INTERRUPTED if interrupted else FAILED if work.failures else DONE


def _varied(args: argparse.Namespace) -> dict[str, tuple[Any, ...]]:
    """The axes, by the name of the setting."""
    vary: dict[str, tuple[Any, ...]] = {}
    for name, values in args.vary:
        option = SETTINGS[name].option
        if name in vary:
            raise BadRequest(f"--vary {option[2:]} is given twice: put all its values into one")
        if hasattr(args, name):
            raise BadRequest(f"{option} is given and varied: leave one of the two out")
        vary[name] = values
    return vary


def _settings(args: argparse.Namespace, vary: dict[str, tuple[Any, ...]]) -> dict[str, Any]:
    """What all experiments have in common."""
    settings: dict[str, Any] = {}
    for name, setting in SETTINGS.items():
        if hasattr(args, name):
            value = getattr(args, name)
            settings[name] = setting.read(value) if setting.choices else value
        elif setting.required and name not in vary:
            raise BadRequest(f"{setting.option} is missing: give it, or vary it")
    return settings


def _reporter(args: argparse.Namespace, cells: Sequence[SweepCell]) -> SilentReporter:
    """How it is told while it goes on; every result is put in its place on the way."""
    cell_of: dict[Experiment, SweepCell] = {e: cell for cell in cells for e in cell.experiments}

    def fill(result: Result) -> str:
        cell = cell_of[result.experiment]
        cell.results[result.experiment] = result
        return sweep_picture.line(cell) if cell.complete else ""

    if args.json or args.csv:
        return SilentReporter(fill)
    if not on_a_terminal(args.plain):
        return PlainReporter(fill)
    console = new_console()
    return TerminalReporter(console, fill, above=lambda: sweep_picture.picture(cells, console.width))


def _show(args: argparse.Namespace, cells: Sequence[SweepCell], work: Work, interrupted: bool) -> None:
    if args.json:
        print_json(_as_json(args, cells, work, interrupted))
    elif args.csv:
        _write_csv(cells)
    elif args.plain or not (args.picture or on_a_terminal(args.plain)):
        for cell in cells:
            print(sweep_picture.line(cell))
    else:
        console = new_console()
        console.print(sweep_picture.picture(cells, console.width))
        if not args.picture:
            console.print(Text())
            console.print(sweep_picture.table(cells))
            told = (
                f"solved: right on {numbers.accuracy(args.solved_at)} of fresh rows, from {args.seeds} seeds"
            )
            console.print(Text(told, "dim"))


def _as_json(
    args: argparse.Namespace, cells: Sequence[SweepCell], work: Work, interrupted: bool
) -> dict[str, Any]:
    """The object that `sweep --json` prints."""
    return {
        "vary": {name: list(dict.fromkeys(c.values[name] for c in cells)) for name in cells[0].values},
        "seeds": args.seeds,
        "solved_at": args.solved_at,
        "cells": [_cell_as_json(cell) for cell in cells],
        "complete": not work.waiting and not work.failures,
        "interrupted": interrupted,
        "trained_now": len(work.results),
        "seconds": round(work.seconds, 3),
        "failed": [{"experiment": f.experiment.name, "reason": f.reason} for f in work.failures],
    }


def _cell_as_json(cell: SweepCell) -> dict[str, Any]:
    return {
        "values": cell.values,
        "command": cell.command,
        **_figures(cell),
        "runs": [
            {"seed": e.seed} | (cell.results[e].as_json() if e in cell.results else {"trained": None})
            for e in cell.experiments
        ],
    }


def _figures(cell: SweepCell) -> dict[str, Any]:
    low, high = cell.interval
    return {
        "trained": len(cell.results),
        "solved": cell.solved,
        "share": finite_or_none(cell.share),
        "share_low": round(low, 4),
        "share_high": round(high, 4),
        "median_updates": finite_or_none(cell.median_updates),
        "median_seconds": finite_or_none(round(cell.median_seconds, 3)),
    }


def _write_csv(cells: Sequence[SweepCell]) -> None:
    """A line for each cell; what there is not is empty."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([*cells[0].values, *_figures(cells[0])])
    for cell in cells:
        figures = ("" if value is None else value for value in _figures(cell).values())
        writer.writerow([*map(text_of, cell.values.values()), *figures])
