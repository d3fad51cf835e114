"""`toystory compare`: train what is missing of a table, keep it, and show the whole."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from typing import Any

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from toystory.base.errors import BadRequest
from toystory.cli.arguments import BUDGET
from toystory.cli.cluster import cluster
from toystory.cli.messages import on_a_terminal, print_json, print_sentences
from toystory.cli.output import new_console
from toystory.cli.reporting.compare import PlainReporter, SilentReporter, TerminalReporter
from toystory.compare import frontier_picture, status, table
from toystory.compare.driver import Work, train_missing
from toystory.compare.results import (
    Entry,
    FrontierEntry,
    Slot,
    stored_frontier,
    stored_table,
    with_mine,
)
from toystory.grading.own_model.results import mine
from toystory.lessons.comparison.cells import ALL_SIZES, COLUMNS, MODELS
from toystory.lessons.comparison.frontier import COARSE
from toystory.render import numbers
from toystory.training.checkpoints.result_store import Result, UnfinishedRuns
from toystory.training.experiment import Experiment
from toystory.training.loop import notices
from toystory.training.pools.train_all import default_jobs

DONE, FAILED, INTERRUPTED = 0, 1, 130


class Board:
    """The table or the frontier that was asked for, and what there is of it by now."""

    def __init__(self, args: argparse.Namespace, complaints: list[str]) -> None:
        """Raises ValueError where the sizes and columns make no experiment."""
        models = tuple(name for name in MODELS if name.lower() in args.models)
        slots: list[Slot]
        if args.frontier:
            slots = list(stored_frontier(models, seed=args.seed, complaints=complaints))
        else:
            sizes = tuple(sorted(set(args.rows or ALL_SIZES)))
            columns = COLUMNS if args.columns is None else args.columns
            full, seed = args.full, args.seed
            slots = list(stored_table(models, sizes, columns, full=full, seed=seed, complaints=complaints))
        if args.again:
            slots = [replace(slot, result=None) for slot in slots]
            slots = [_without_controls_results(slot) for slot in slots]
        self._slots = {slot.experiment or place: slot for place, slot in enumerate(slots)}
        controls = [c for slot in slots if isinstance(slot, Entry) for c in slot.controls]
        self._controls = {c.experiment: c for c in controls if c.experiment is not None}
        self.found = sum(slot.result is not None for slot in (*slots, *self._controls.values()))

    @property
    def entries(self) -> list[Entry]:
        """Of the table, in its order."""
        return [
            replace(slot, controls=tuple(self._controls[c.experiment] for c in slot.controls if c.experiment))
            for slot in self._slots.values()
            if isinstance(slot, Entry)
        ]

    @property
    def frontier(self) -> list[FrontierEntry]:
        """Of the frontier, in its order."""
        return [slot for slot in self._slots.values() if isinstance(slot, FrontierEntry)]

    def missing(self) -> list[Experiment]:
        """What has not been trained, in order, controls last; of the frontier the coarse map first."""
        slots = (*self._slots.values(), *self._controls.values())
        experiments = [s.experiment for s in slots if s.experiment and s.result is None]
        return sorted(experiments, key=lambda e: e.stop_at is not None and e.columns not in COARSE)

    def fill(self, result: Result) -> Slot:
        """Put a result in its place."""
        slots = self._controls if result.experiment in self._controls else self._slots
        slot = replace(slots[result.experiment], result=result)
        slots[result.experiment] = slot
        return slot


def _without_controls_results(slot: Slot) -> Slot:
    """An entry whose controls are to be run again, too."""
    if not isinstance(slot, Entry):
        return slot
    return replace(slot, controls=tuple(replace(control, result=None) for control in slot.controls))


def answer(args: argparse.Namespace) -> int:
    """Train, keep and show; 0, 1 where something that was begun failed, or 130.

    Raises:
        BadRequest: the request makes no sense.
        OSError: nothing can be kept.
    """
    for name in ("rows", "columns", "full"):
        if args.frontier and getattr(args, name):
            raise BadRequest(f"the frontier has its own rows and columns: leave out --{name}")
    if args.budget is None and not args.full:
        args.budget = BUDGET
    started = time.monotonic()
    complaints: list[str] = []
    try:
        board = Board(args, complaints)
    except ValueError as error:
        raise BadRequest(str(error)) from error
    print_sentences([*complaints, *notices(board.missing())])

    if args.again:
        for experiment in board.missing():
            UnfinishedRuns().delete(experiment)
    console = new_console()
    interrupted = False
    with cluster(args) as engine:
        jobs = args.jobs or (engine.workers if engine else default_jobs())
        work = Work(board.missing(), jobs=jobs, budget=args.budget, started=started, in_order=args.frontier)
        reporter = _reporter(args, board, console)
        try:
            train_missing(work, reporter, alone=not args.frontier, engine=engine)
        except KeyboardInterrupt:
            interrupted = True
        finally:
            reporter.close()
    if args.json:
        print_json(_as_json(board, work, interrupted))
    elif on_a_terminal(args.plain):
        _draw(board, console)
    else:
        _tell(board)
    _say_what_is_left(args, work, board, interrupted)
    return INTERRUPTED if interrupted else FAILED if work.failures else DONE


def _reporter(args: argparse.Namespace, board: Board, console: Console) -> SilentReporter:
    """How it is told while it goes on; every result is put in its place on the way."""

    def fill_and_say(result: Result) -> str:
        slot = board.fill(result)
        return status.line(slot) if isinstance(slot, Entry) else _point_line(slot)

    if args.json:
        return SilentReporter(board.fill)
    if not on_a_terminal(args.plain):
        return PlainReporter(fill_and_say)
    if args.frontier:
        return TerminalReporter(console, board.fill, above=lambda: frontier_picture.picture(board.frontier))
    return TerminalReporter(console, fill_and_say)


def _point_line(slot: Slot) -> str:
    if slot.result is None:
        return ""
    if not isinstance(slot, FrontierEntry):
        return f"{slot.result.experiment.name}: {status.on_fresh_rows(status.right_on_fresh(slot.result))}"
    said = "learnt" if slot.learnt else "not learnt"
    plural = "" if slot.result.updates == 1 else "s"
    return (
        f"{slot.model}, {slot.counted} of {slot.columns} columns count: {said}, "
        f"{status.right_on_fresh(slot.result)} after {slot.result.updates:,} update{plural}"
    )


def _draw(board: Board, console: Console) -> None:
    if board.frontier:
        console.print(frontier_picture.picture(board.frontier))
    elif console.width < table.NARROWEST:
        _tell(board)
    else:
        console.print(Rule(Text("right on rows of their own, and on fresh rows", "bold")))
        console.print(table.draw(with_mine(board.entries)))
        console.print(Text(table.LEGEND, "dim"))


def _tell(board: Board) -> None:
    entries = [] if board.frontier else with_mine(board.entries)
    for line in [*map(status.line, entries), *frontier_picture.lines(board.frontier)]:
        print(line)


def _say_what_is_left(args: argparse.Namespace, work: Work, board: Board, interrupted: bool) -> None:
    left = len(work.waiting)
    kept = f"{_cells(board.found + len(work.results))} kept"
    if interrupted:
        print(f"interrupted: {kept}; the same command goes on from there", file=sys.stderr)
    elif left and work.results:
        more = numbers.about(work.estimate.left(work.waiting, ())).removeprefix("about ")
        print(
            f"{_cells(left, verb='')} did not fit into {args.budget:g} s; {kept}: the same command goes "
            f"on from there, and needs about {more} more",
            file=sys.stderr,
        )
    elif left and not work.failures:
        least = min(map(work.estimate.seconds, work.waiting))
        print(
            f"{_cells(left)} open and none fits into {args.budget:g} s: the shortest needs "
            f"{numbers.about(least)}, so give a longer --budget",
            file=sys.stderr,
        )
    elif not args.frontier and not args.json and not left:
        print("next: toystory compare --frontier, which model learns how many bits", file=sys.stderr)


def _cells(count: int, verb: str = "are") -> str:
    if count == 1:
        return f"1 cell {verb and 'is'}".strip()
    return f"{count} cells {verb}".strip()


def _as_json(board: Board, work: Work, interrupted: bool) -> dict[str, Any]:
    """The object that `compare --json` prints."""
    return {
        "mine": [] if board.frontier else [each.as_json() for each in mine()],
        "table": [_entry_as_json(entry) for entry in board.entries],
        "frontier": [_point_as_json(entry) for entry in board.frontier],
        "complete": not work.waiting and not work.failures,
        "interrupted": interrupted,
        "trained_now": len(work.results),
        "seconds": round(work.seconds, 3),
        "failed": [{"experiment": f.experiment.name, "reason": f.reason} for f in work.failures],
    }


def _entry_as_json(entry: Entry) -> dict[str, Any]:
    columns = entry.experiment.columns if entry.experiment else None
    parameters = entry.experiment.parameters if entry.experiment else None
    said = {"model": entry.model, "way": entry.way, "rows": entry.rows, "columns": columns}
    said |= {"parameters": parameters}
    control = [_control_as_json(slot) for slot in entry.controls] or None
    told = {"note": entry.note, "how": entry.how, "why": entry.why, "control": control}
    return said | told | _result_as_json(entry)


def _control_as_json(slot: Slot) -> dict[str, Any]:
    (column,) = (slot.experiment.relevant if slot.experiment else None) or (0,)
    return {"column": column} | _result_as_json(slot)


def _point_as_json(entry: FrontierEntry) -> dict[str, Any]:
    said = {"model": entry.model, "columns": entry.columns, "counted": entry.counted}
    said |= {"parameters": entry.experiment.parameters if entry.experiment else None}
    return said | {"budget": entry.budget, "learnt": entry.learnt} | _result_as_json(entry)


def _result_as_json(slot: Slot) -> dict[str, Any]:
    if slot.result is None:
        return {"result": None}
    return {"result": slot.result.as_json() | {"command": slot.result.command}}
