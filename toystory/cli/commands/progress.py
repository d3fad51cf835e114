"""`toystory progress`: how far the learner is."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from shutil import get_terminal_size
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from toystory.base.errors import BadRequest
from toystory.cli.learner_progress import Progress, lesson_as_json, progress_of
from toystory.cli.messages import print_json, print_sentences
from toystory.cli.output import new_console
from toystory.course import catalogue
from toystory.progress.store import Store

NARROWEST = 80
"""Columns that the table needs."""
DONE, PART, OPEN = "●", "◐", "○"


def answer(args: argparse.Namespace) -> int:
    """Print the record as a table, as lines, or as JSON; 0. With --of, those of a class.

    Raises:
        BadRequest: what was asked for makes no sense, or is no record.
    """
    if args.of:
        from toystory.cli.commands.class_progress import answer as of_a_class

        return of_a_class(args)
    if args.csv:
        raise BadRequest("--csv is for a class: --of FILE…")
    store = Store()
    store.check()
    found = progress_of(store, catalogue.load_all())
    # Before the table, which may be long, and which its reader may close.
    print_sentences(store.notices())
    if args.json:
        print_json(_as_json(store, found))
    elif args.plain or not sys.stdout.isatty() or get_terminal_size().columns < NARROWEST:
        _print_lines(found)
    else:
        _print_table(found)
    return 0


def _print_lines(found: list[Progress]) -> None:
    for one in found:
        record, name = one.record, one.lesson.name
        said = "no prediction" if record.prediction is None else f"prediction {_said(one)}"
        parts = [said, f"{one.reached} of {len(one.claims)} claims"]
        if record.exercise_names:
            parts.append(f"{record.passed} of {len(record.exercise_names)} exercises")
        parts.append(f"{len(one.runs)} run{'' if len(one.runs) == 1 else 's'}")
        if one.line.last:
            parts.append(f"last {_day(one.line.last)}")
        state = "holds" if record.holds else "begun" if one.begun else "open"
        print(f"{one.lesson.chapter.number}  {name}: {state}; {', '.join(parts)}")
    print(f"{_held(found)} of {len(found)} lessons done")


def _print_table(found: list[Progress]) -> None:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), title="Your progress", title_justify="left")
    for heading in ("", "lesson", "prediction", "claims", "exercises", "runs", "sec", "last"):
        table.add_column(heading, justify="right" if heading in ("runs", "sec") else "left")
    for one in found:
        record, exercises = one.record, len(one.record.exercise_names)
        table.add_row(
            _sign(2 if record.holds else int(one.begun), 2),
            f"{one.lesson.chapter.number} {one.lesson.name}",
            Text.assemble(_sign(int(record.prediction is not None), 1), " ", _said(one)),
            Text.assemble(_sign(one.reached, len(one.claims)), f" {one.reached} of {len(one.claims)}"),
            Text.assemble(_sign(record.passed, exercises), f" {record.passed} of {exercises}")
            if exercises
            else Text("–"),
            str(len(one.runs)),
            f"{one.line.seconds:,.0f}",
            _day(one.line.last)[:10],
        )
    console = new_console()
    console.print(table)
    console.print(f"{_held(found)} of {len(found)} lessons done.", end="  ")
    console.print(f"{DONE} done  {PART} begun  {OPEN} open", style="dim")


def _sign(done: int, of: int) -> Text:
    if done and done == of:
        return Text(DONE, style="bold green")
    return Text(PART, style="yellow") if done else Text(OPEN, style="dim")


def _said(one: Progress) -> str:
    said = one.record.prediction
    if said is None:
        return "–"
    return f"{said + 1}, {'right' if one.right else 'otherwise'}"


def _held(found: list[Progress]) -> int:
    return sum(one.record.holds for one in found)


def _day(time: str | None) -> str:
    """An ISO time as a reader likes it."""
    return f"{datetime.fromisoformat(time):%Y-%m-%d %H:%M}" if time else "–"


def _as_json(store: Store, found: list[Progress]) -> dict[str, Any]:
    return {
        "folder": str(store.folder),
        "place": store.place(),
        "hold": _held(found),
        "lessons": [lesson_as_json(one) for one in found],
    }
