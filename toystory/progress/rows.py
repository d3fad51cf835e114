"""What stands in the record, as values, and how it is read from the tables."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from toystory.progress.exercise_state import STATES, ExerciseState


@dataclass(frozen=True)
class Line:
    """Where the learner is in one lesson. claims: how many it makes, 0 where it was never opened. verdicts:
    by the texts of the claims, what was measured and whether it holds. recalled: by the questions, what was
    answered from memory."""

    lesson: str
    claims: int = 0
    prediction: int | None = None
    answered: bool = False
    stage: str | None = None
    study: str | None = None
    verdicts: Mapping[str, tuple[float, bool]] = field(default_factory=dict)
    recalled: Mapping[str, str] = field(default_factory=dict)
    exercises: Mapping[str, ExerciseState] = field(default_factory=dict)
    runs: int = 0
    seconds: float = 0.0
    last: str | None = None
    """When something was last written down, as an ISO time."""


@dataclass(frozen=True)
class RunRow:
    """One run that came to its end. session: the same for all runs of a sweep. place: which of `of` runs.
    experiment: its settings. rates: the learning rates set by hand, by the updates made before. curves: by
    name, (update, value) pairs. at: when it ended. command: what to type so that it runs again."""

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
class KeptSession:
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
class OwnRow:
    """A study that the learner made. experiments: their settings; of a sweep, or of one run."""

    name: str
    recipe: str
    suggestion: str | None
    experiments: list[dict[str, Any]]
    sweep: bool


def now() -> str:
    """The time, for a record: 2026-03-09T14:05:11+01:00."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def read_lines(connection: sqlite3.Connection) -> dict[str, Line]:
    """Of every lesson that was opened, by its name."""
    found: dict[str, dict[str, Any]] = {}
    lessons = "SELECT name, claims, prediction, answered, stage, study, predicted FROM lesson"
    for name, claims, prediction, answered, stage, study, predicted in connection.execute(lessons):
        found[name] = {
            "claims": claims,
            "prediction": prediction,
            "answered": bool(answered),
            "stage": stage,
            "study": study,
            "last": predicted,
        }
    verdicts = "SELECT lesson, claim, measured, passed, at FROM verdict"
    for lesson, claim, measured, passed, at in connection.execute(verdicts):
        line = found.setdefault(lesson, {})
        value = float("nan") if measured is None else measured
        line.setdefault("verdicts", {})[claim] = (value, bool(passed))
        line["last"] = _later(line.get("last"), at)
    for lesson, question, said, at in connection.execute("SELECT lesson, question, said, at FROM recall"):
        line = found.setdefault(lesson, {})
        line.setdefault("recalled", {})[question] = said
        line["last"] = _later(line.get("last"), at)
    runs = "SELECT lesson, count(*), sum(seconds), max(at) FROM run GROUP BY lesson"
    for lesson, count, seconds, at in connection.execute(runs):
        line = found.setdefault(lesson, {})
        line |= {"runs": count, "seconds": seconds, "last": _later(line.get("last"), at)}
    for lesson, at in connection.execute("SELECT lesson, max(at) FROM exercise GROUP BY lesson"):
        line = found.setdefault(lesson, {})
        line |= {"exercises": read_exercises(connection, lesson), "last": _later(line.get("last"), at)}
    return {lesson: Line(lesson, **values) for lesson, values in found.items()}


def _later(a: str | None, b: str | None) -> str | None:
    """The later of two ISO times."""
    return max((time for time in (a, b) if time), key=datetime.fromisoformat, default=None)


def read_exercises(connection: sqlite3.Connection, lesson: str) -> dict[str, ExerciseState]:
    """Of one lesson, by name."""
    query = "SELECT name, state, hints, solution FROM exercise WHERE lesson = ?"
    return {
        name: ExerciseState(lesson, name, state if state in STATES else "begun", hints, bool(solution))
        for name, state, hints, solution in connection.execute(query, (lesson,))
    }


def insert(connection: sqlite3.Connection, into: str, values: tuple[object, ...]) -> None:
    """A row, its values in the order of the table's columns."""
    connection.execute(f"INSERT {into} VALUES ({', '.join('?' * len(values))})", values)


def run_values(lesson: str, run: RunRow) -> tuple[object, ...]:
    """A row of the table of runs, as `read_run` reads it."""
    return (
        *(None, run.session, lesson, run.study, run.place, run.of, run.altered),
        *(json.dumps(run.experiment), json.dumps(run.rates), run.updates, run.loss),
        *(run.train_accuracy, run.fresh_accuracy, run.tie, run.outcome, run.message),
        *(run.seconds, run.at, run.command, json.dumps(run.curves)),
    )


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
