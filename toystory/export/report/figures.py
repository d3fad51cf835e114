"""Figures and sentences as both forms of the report write them."""

from __future__ import annotations

import math
import shlex
from collections.abc import Sequence
from datetime import datetime

from toystory.compare.results import Entry, FrontierEntry
from toystory.export.page.figures import NOTHING, ended, number, seconds, share
from toystory.export.report.contents import LessonFindings, Session
from toystory.grading.own_model.results import OwnResult
from toystory.lessons.comparison.cells import WORKS
from toystory.progress.rows import RunRow
from toystory.training.claim import Bar
from toystory.training.run import tested_on

BLOCKS = "▁▂▃▄▅▆▇█"
NO_LONGER_ASKED = Bar(-math.inf, math.inf, NOTHING)
NO_TABLE = "Nothing has been trained for the result table yet: `toystory compare` fills it."
NO_FRONTIER = "Nothing has been trained for the frontier yet: `toystory compare --frontier` fills it."
NO_LESSONS = "Nothing was done in the lessons yet: `toystory` opens them."


def when(time: str) -> str:
    """An ISO time, to the minute."""
    try:
        return f"{datetime.fromisoformat(time):%Y-%m-%d %H:%M}"
    except ValueError:
        return time


def megabytes(memory: int | None) -> str:
    """An amount of memory; a dash where it is not known."""
    return NOTHING if memory is None else f"{memory / 1e6:,.0f} MB"


def size_name(rows: int | None) -> str:
    """The head of a column of the table."""
    return f"{rows:,} rows" if rows else "fresh rows"


def filled(table: Sequence[Entry]) -> list[Entry]:
    """The cells with something in them: a run of ours, or what the learner's own model came to."""
    return [entry for entry in table if entry.result or entry.own]


def loss_curve(entry: Entry) -> Sequence[tuple[int, float]]:
    """Of the cell's run; of the learner's own model, of the seed that is shown."""
    if entry.own is not None:
        return entry.own.shown.curve
    return entry.result.loss_curve if entry.result is not None else ()


def how_it_was_run(entry: Entry) -> tuple[str, str, str]:
    """Settings, when it was trained, and the command that does it again."""
    if entry.own is not None:
        own = entry.own
        return f"{own.file}, {own.units}", when(own.trained), f"toystory train --file {shlex.quote(own.file)}"
    assert entry.result is not None
    result = entry.result
    return result.experiment.describe(), when(result.trained), result.command


def result_lines(entry: Entry) -> list[tuple[str, str]]:
    """What stands in a cell of the table that is filled, by name."""
    if entry.own is not None:
        return _own_lines(entry.own)
    result = entry.result
    assert result is not None
    if result.diverged:
        return [("ended", result.message), ("seconds", seconds(result.seconds))]
    fresh = f"{share(result.fresh_accuracy)}{' (a tie)' if result.tie else ''}"
    return [
        ("fresh rows", fresh),
        ("its own rows", share(result.train_accuracy)),
        ("loss", number(result.loss)),
        ("parameters", f"{result.experiment.parameters:,}"),
        ("updates", f"{result.updates:,}"),
        ("time", seconds(result.seconds)),
        ("memory", megabytes(result.memory)),
    ]


def _own_lines(own: OwnResult) -> list[tuple[str, str]]:
    one = own.shown
    return [
        ("fresh rows", f"{share(one.share)} of {own.tested_on} ({own.of_seeds})"),
        ("loss", number(one.loss)),
        ("parameters", f"{own.numbers:,}"),
        ("updates", f"{one.updates:,}" if one.updates else NOTHING),
        ("time", seconds(one.seconds)),
    ]


def empty_cell(entry: Entry) -> str:
    """What stands in a cell without a result."""
    return entry.why or "not run yet"


def run_line(run: RunRow) -> str:
    """How a run of the learner's ended."""
    if run.outcome == "diverged":
        return run.message
    e = run.experiment
    rows = tested_on(e["columns"], e["rows"] or len(e["given"]) or run.updates * (e["batch"] or 1))
    return ended(run.updates, run.seconds, run.loss, run.train_accuracy, run.fresh_accuracy, run.tie, rows)


def session_line(session: Session) -> str:
    """How a session ended: its only run, or how many runs were right on every fresh row."""
    if len(session.runs) == 1:
        return run_line(session.runs[0])
    right = sum(run.fresh_accuracy is not None and run.fresh_accuracy >= 1 for run in session.runs)
    spent = sum(run.seconds for run in session.runs)
    return f"{right} of {len(session.runs)} runs right on every fresh row, {seconds(spent)} in all"


def commands(session: Session) -> str:
    """What to type so that it runs again, a line a run."""
    return "\n".join(run.command for run in session.runs)


def frontier_commands(entries: Sequence[FrontierEntry]) -> str:
    """What to type so that a cell of the frontier runs again, a line each for those that were run."""
    return "\n".join(entry.result.command for entry in entries if entry.result)


def prediction_line(lesson: LessonFindings) -> str:
    """What was predicted, and whether it came true; nothing where nothing is asked."""
    if lesson.prediction is None:
        return ""
    chosen, choices = lesson.line.prediction, lesson.prediction.choices
    if chosen is None or not 0 <= chosen < len(choices):
        return "No prediction was made."
    right = chosen == lesson.prediction.answer
    came = "And so it was." if right else f"It was otherwise: {choices[lesson.prediction.answer]}"
    return f"Predicted: {choices[chosen]} {came}"


def progress_line(lesson: LessonFindings) -> str:
    """Claims and exercises, counted; nothing where there are none."""
    hold = sum(passed for _, passed in lesson.line.verdicts.values())
    claims, exercises = lesson.line.claims or len(lesson.line.verdicts), len(lesson.exercises)
    parts = [f"{hold} of {claims} claims measured and held"] if claims else []
    parts += [f"{lesson.passed} of {exercises} exercises passed"] if exercises else []
    return "; ".join(parts) + "." if parts else ""


def claim_rows(lesson: LessonFindings) -> list[tuple[str, str, str, str]]:
    """Verdict, claim, what was measured and what is asked."""
    rows = []
    for text, (measured, passed) in lesson.line.verdicts.items():
        bar = lesson.bars.get(text, NO_LONGER_ASKED)
        shown = bar.shown(measured) if math.isfinite(measured) else NOTHING
        rows.append(("holds" if passed else "fails", text, shown, bar.text))
    return rows


def sparkline(values: list[float], width: int = 16) -> str:
    """A curve in a line of text, from its lowest value to its highest.

    Args:
        values: Of the curve.
        width: Characters.
    """
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return ""
    count = min(width, len(finite))
    picked = [finite[round(i * (len(finite) - 1) / max(count - 1, 1))] for i in range(count)]
    low, high = min(picked), max(picked)
    scale = (len(BLOCKS) - 1) / (high - low) if high > low else 0.0
    return "".join(BLOCKS[round((value - low) * scale)] for value in picked)


def way_name(entry: Entry) -> str:
    """Alex's, or the one that works; with what was changed."""
    return f"{entry.way} ({entry.note})" if entry.note and entry.way != WORKS else entry.way
