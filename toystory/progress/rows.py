"""What stands in the record, as values, and how it is read from the tables."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from toystory.progress.connection import Kind, RecordConnection
from toystory.progress.exercise_state import STATES, ExerciseState
from toystory.progress.review import WORDS, Review, question_id


@dataclass(frozen=True)
class LessonRow:
    """Where the learner is in one lesson.

    claims: how many it makes, 0 where it was never opened. verdicts: by the texts of the claims, what was
    measured and whether it holds. recalled: by the ids of questions, what was answered from memory. marks:
    stages that were looked at, by their titles. reviews: by the ids of questions, how well they were known,
    and when they are asked again.
    """

    lesson: str
    claims: int = 0
    prediction: int | None = None
    answered: bool = False
    stage: str | None = None
    study: str | None = None
    verdicts: Mapping[str, tuple[float, bool]] = field(default_factory=dict)
    recalled: Mapping[str, str] = field(default_factory=dict)
    marks: frozenset[str] = frozenset()
    reviews: Mapping[str, Review] = field(default_factory=dict)
    exercises: Mapping[str, ExerciseState] = field(default_factory=dict)
    runs: int = 0
    seconds: float = 0.0
    last: str | None = None
    """When something was last written down, as an ISO time."""


@dataclass(frozen=True)
class RunRow:
    """One run that came to its end.

    session: the same for all runs of a sweep. place: which of `of` runs. experiment: its settings. rates:
    the learning rates set by hand, by the updates made before. curves: by name, (update, value) pairs. at:
    when it ended. command: what to type so that it runs again.
    """

    session: str
    study: str
    place: int
    of: int
    altered: bool
    experiment: dict[str, Any]
    rates: dict[int, float]
    updates: int
    loss: float | None
    train_accuracy: float | None
    fresh_accuracy: float | None
    tie: bool
    outcome: str
    message: str
    seconds: float
    at: str
    command: str
    curves: dict[str, list[tuple[int, float]]]


@dataclass(frozen=True)
class FinishedRun:
    """The last training of a study at its end. kept: as models.checkpoint.to_bytes wrote it."""

    study: str
    altered: bool
    token: str
    kept: bytes


@dataclass(frozen=True)
class VerdictRow:
    """A claim by its text, and what was measured."""

    claim: str
    measured: float
    passed: bool


@dataclass(frozen=True)
class CustomStudyRow:
    """A study that the learner made. experiments: their settings; of a sweep, or of one run."""

    name: str
    recipe: str
    suggestion: str | None
    experiments: list[dict[str, Any]]
    sweep: bool


def is_text(value: Any) -> bool:
    """Whether it is text."""
    return isinstance(value, str)


def is_number(value: Any) -> bool:
    """Whether it is a finite number."""
    return isinstance(value, int | float) and math.isfinite(value)


def is_count(value: Any) -> bool:
    """Whether it is a whole number, 0 or above."""
    return isinstance(value, int) and value >= 0


def is_choice(value: Any) -> bool:
    """Whether it is the index of one of a few choices."""
    return isinstance(value, int) and 0 <= value < 8


def is_known(value: Any) -> bool:
    """Whether it says how well an answer was known."""
    return isinstance(value, int) and 0 <= value < len(WORDS)


def is_time(value: Any) -> bool:
    """Whether it is an ISO time, with its zone, so that two can be compared."""
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def is_experiment(value: Any) -> bool:
    """Whether it may be the settings of an experiment; they need not make one any more."""
    names = {"name": str, "model": str, "seed": int}
    return isinstance(value, dict) and all(isinstance(value.get(key), kind) for key, kind in names.items())


def is_experiments(value: Any) -> bool:
    """Whether it is a list of settings, at least one."""
    return isinstance(value, list) and bool(value) and all(map(is_experiment, value))


def is_rates(value: Any) -> bool:
    """Whether it is learning rates, by the updates made before."""
    return isinstance(value, dict) and all(k.isdecimal() and is_number(v) for k, v in value.items())


def is_curves(value: Any) -> bool:
    """Whether it is curves by name, each of points (update, value)."""
    return isinstance(value, dict) and all(
        isinstance(points, list)
        and all(isinstance(p, list) and len(p) == 2 and is_count(p[0]) and is_number(p[1]) for p in points)
        for points in value.values()
    )


def or_none(kind: Kind) -> Kind:
    """Whether it is of that kind, or nothing."""
    return lambda value: value is None or kind(value)


def is_json(kind: Kind) -> Kind:
    """Whether it is the text of something of that kind."""

    def holds(value: Any) -> bool:
        try:
            return kind(json.loads(value))
        except (TypeError, ValueError, RecursionError):
            return False

    return holds


def now() -> str:
    """The time, for a record: 2026-03-09T14:05:11+01:00."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def read_lines(connection: RecordConnection) -> dict[str, LessonRow]:
    """Of every lesson that was opened, by its name."""
    found: dict[str, dict[str, Any]] = {}

    def line_of(lesson: str, at: str | None) -> dict[str, Any]:
        """What is found of a lesson, which was worked at then."""
        line = found.setdefault(lesson, {})
        line["last"] = max(filter(None, (line.get("last"), at)), key=datetime.fromisoformat, default=None)
        return line

    lessons = "SELECT name, claims, prediction, answered, stage, study, predicted FROM lesson"
    text_or_none, time_or_none = or_none(is_text), or_none(is_time)
    kinds = [is_text, is_count, or_none(is_choice), is_count, text_or_none, text_or_none, time_or_none]
    for name, claims, prediction, answered, stage, study, predicted in connection.rows(lessons, kinds):
        values = {"claims": claims, "prediction": prediction, "answered": bool(answered)}
        line_of(name, predicted).update(values, stage=stage, study=study)
    verdicts = "SELECT lesson, claim, measured, passed, at FROM verdict"
    kinds = [is_text, is_text, or_none(is_number), is_count, is_time]
    for lesson, claim, measured, passed, at in connection.rows(verdicts, kinds):
        value = math.nan if measured is None else measured
        line_of(lesson, at).setdefault("verdicts", {})[claim] = (value, bool(passed))
    kinds = [is_text, is_text, is_text, is_time]
    recalled = "SELECT lesson, question, said, at FROM recall ORDER BY julianday(at)"
    for lesson, question, said, at in connection.rows(recalled, kinds):
        line_of(lesson, at).setdefault("recalled", {})[question_id(lesson, question)] = said
    for lesson, name, at in connection.rows("SELECT lesson, name, at FROM mark", [is_text, is_text, is_time]):
        line = line_of(lesson, at)
        line["marks"] = line.get("marks", frozenset()) | {name}
    reviews = "SELECT lesson, question, known, times, due, at FROM review ORDER BY julianday(at)"
    kinds = [is_text, is_text, is_known, is_count, or_none(is_count), is_time]
    for lesson, question, known, times, due, at in connection.rows(reviews, kinds):
        of_lesson = line_of(lesson, at).setdefault("reviews", {})
        of_lesson[question_id(lesson, question)] = Review(known, times, due)
    for lesson, seconds, at in connection.rows(
        "SELECT lesson, seconds, at FROM run", [is_text, is_number, is_time]
    ):
        line = line_of(lesson, at)
        line["runs"] = line.get("runs", 0) + 1
        line["seconds"] = line.get("seconds", 0.0) + seconds
    for lesson, at in connection.rows("SELECT lesson, at FROM exercise", [is_text, is_time]):
        line_of(lesson, at)["exercises"] = read_exercises(connection, lesson)
    return {lesson: LessonRow(lesson, **values) for lesson, values in found.items()}


def read_exercises(connection: RecordConnection, lesson: str) -> dict[str, ExerciseState]:
    """The exercises of one lesson, by name.

    Args:
        connection: To the record.
        lesson: Its name.
    """
    query = "SELECT name, state, hints, solution FROM exercise WHERE lesson = ?"
    return {
        name: ExerciseState(lesson, name, state if state in STATES else "begun", hints, bool(solution))
        for name, state, hints, solution in connection.rows(
            query, (is_text, is_text, is_count, is_count), [lesson]
        )
    }


def insert(connection: sqlite3.Connection, into: str, values: tuple[object, ...]) -> None:
    """Insert a row.

    Args:
        connection: To the record.
        into: The table.
        values: In the order of the table's columns.
    """
    connection.execute(f"INSERT {into} VALUES ({', '.join('?' * len(values))})", values)


def run_values(lesson: str, run: RunRow) -> tuple[object, ...]:
    """A row of the table of runs, as `read_run` reads it.

    Args:
        lesson: Its name.
        run: The run.
    """
    return (
        *(None, run.session, lesson, run.study, run.place, run.of, run.altered),
        *(json.dumps(run.experiment), json.dumps(run.rates), run.updates, run.loss),
        *(run.train_accuracy, run.fresh_accuracy, run.tie, run.outcome, run.message),
        *(run.seconds, run.at, run.command, json.dumps(run.curves)),
    )


RUN = (
    *(is_count, is_text, is_text, is_text, is_count, is_count, is_count, is_json(is_experiment)),
    *(is_json(is_rates), is_count, or_none(is_number), or_none(is_number), or_none(is_number), is_count),
    *(is_text, is_text, is_number, is_time, is_text, is_json(is_curves)),
)
"""What the columns of the table of runs hold."""


def read_run(row: Iterable[Any]) -> RunRow:
    """A row of the table of runs."""
    _, session, _, study, place, of, altered, experiment, rates, *rest = row
    updates, loss, train, fresh, tie, outcome, message, seconds, at, command, curves = rest
    return RunRow(
        session=session,
        study=study,
        place=place,
        of=of,
        altered=bool(altered),
        experiment=json.loads(experiment),
        rates={int(update): rate for update, rate in json.loads(rates).items()},
        updates=updates,
        loss=loss,
        train_accuracy=train,
        fresh_accuracy=fresh,
        tie=bool(tie),
        outcome=outcome,
        message=message,
        seconds=seconds,
        at=at,
        command=command,
        curves={name: [(int(x), y) for x, y in points] for name, points in json.loads(curves).items()},
    )
