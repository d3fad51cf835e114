"""Two records become one: what is newer counts, and nothing of either is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from toystory.progress.connection import Kind, RecordConnection
from toystory.progress.exercise_state import STATES
from toystory.progress.review import question_id
from toystory.progress.rows import (
    RUN,
    insert,
    is_choice,
    is_count,
    is_experiments,
    is_json,
    is_known,
    is_number,
    is_text,
    is_time,
    or_none,
    read_lines,
)

Row = tuple[Any, ...]
NUMBERED = re.compile(r" \(\d+\)$")
"""What stands behind the name of a study that was called as another one."""
NEWER = "julianday(excluded.at) > julianday({table}.at)"


def _is_bytes(value: Any) -> bool:
    return isinstance(value, bytes)


COLUMNS: dict[str, tuple[Kind, ...]] = {
    "lesson": (
        *(is_text, is_count, or_none(is_choice), or_none(is_time), is_count),
        *(or_none(is_text), or_none(is_text)),
    ),
    "verdict": (is_text, is_text, or_none(is_number), is_count, is_time),
    "run": RUN,
    "session": (is_text, is_text, is_count, is_text, _is_bytes, is_time),
    "own": (is_text, is_text, is_text, or_none(is_text), is_json(is_experiments), is_count),
    "exercise": (is_text, is_text, is_text, is_count, is_count, is_time, or_none(is_time)),
    "recall": (is_text, is_text, is_text, is_time),
    "mark": (is_text, is_text, is_time),
    "review": (is_text, is_text, is_known, is_count, or_none(is_count), is_time),
    "place": (is_count, or_none(is_text), is_time),
}
"""What the columns of each table hold."""


class Other:
    """All that stands in another record, and when each of its lessons was worked at last."""

    def __init__(self, connection: RecordConnection) -> None:
        """Read it; rows that tell of nothing are left out."""
        self.tables: dict[str, list[Row]] = {
            table: list(connection.rows(f"SELECT * FROM {table}", kinds)) for table, kinds in COLUMNS.items()
        }
        self.last = {name: line.last for name, line in read_lines(connection).items()}


def merge(connection: RecordConnection, other: Other) -> dict[str, int]:
    """Take over what the other has and this one has not, or has older.

    Args:
        connection: To this record, in a transaction.
        other: The other.

    Returns:
        How many rows of each table came in.
    """
    last = {name: line.last for name, line in read_lines(connection).items()}
    add: dict[str, Callable[[RecordConnection, Row], bool]] = {
        "verdict": _add_verdict,
        "run": _add_run,
        "session": _add_session,
        "own": _add_own,
        "exercise": _add_exercise,
        "recall": _add_recall,
        "mark": _add_mark,
        "review": _add_review,
        "place": _add_place,
    }
    counted = {table: sum(add[table](connection, row) for row in other.tables[table]) for table in add}
    counted["lesson"] = sum(
        _add_lesson(connection, row, _is_later(other.last.get(row[0]), last.get(row[0])))
        for row in other.tables["lesson"]
    )
    return counted


def _add_lesson(connection: RecordConnection, row: Row, later: bool) -> bool:
    name, claims, prediction, predicted, answered, stage, study = row
    mine = connection.execute("SELECT * FROM lesson WHERE name = ?", (name,)).fetchone()
    if mine is None:
        insert(connection, "INTO lesson", row)
        return True
    _, my_claims, my_prediction, my_predicted, my_answered, my_stage, my_study = mine
    if prediction is not None and (my_prediction is None or _is_later(predicted, my_predicted)):
        my_prediction, my_predicted = prediction, predicted
    if stage is not None and (later or my_stage is None):
        my_stage, my_study = stage, study
    new = (
        *(name, my_claims or claims, my_prediction, my_predicted),
        *(max(answered, my_answered), my_stage, my_study),
    )
    if new == mine:
        return False
    insert(connection, "OR REPLACE INTO lesson", new)
    return True


def _add_verdict(connection: RecordConnection, row: Row) -> bool:
    return _upsert(
        connection,
        "INSERT INTO verdict VALUES (?, ?, ?, ?, ?) ON CONFLICT (lesson, claim) DO UPDATE SET "
        f"measured = excluded.measured, passed = excluded.passed, at = excluded.at WHERE {_newer('verdict')}",
        row,
    )


def _add_run(connection: RecordConnection, row: Row) -> bool:
    _, session, lesson, study, place, *_ = row
    query = "SELECT 1 FROM run WHERE session = ? AND lesson = ? AND study = ? AND place = ?"
    if connection.execute(query, (session, lesson, study, place)).fetchone():
        return False
    insert(connection, "INTO run", (None, *row[1:]))
    return True


def _add_session(connection: RecordConnection, row: Row) -> bool:
    return _upsert(
        connection,
        "INSERT INTO session VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (lesson, study, altered) DO UPDATE SET "
        f"token = excluded.token, kept = excluded.kept, at = excluded.at WHERE {_newer('session')}",
        row,
    )


def _add_own(connection: RecordConnection, row: Row) -> bool:
    """A study that the learner made; another one of the same name gets a number behind it."""
    lesson, name, *rest = row
    base = NUMBERED.sub("", name)
    mine: dict[str, Row] = {
        each[1]: each[2:] for each in connection.execute("SELECT * FROM own WHERE lesson = ?", (lesson,))
    }
    same = [each for other, each in mine.items() if NUMBERED.sub("", other) == base]
    if any(_plain(each) == _plain(rest) for each in same):
        return False
    number = 1
    while name in mine:
        number += 1
        name = f"{base} ({number})"
    insert(connection, "INTO own", (lesson, name, *rest))
    return True


def _plain(rest: Sequence[Any]) -> tuple[Any, ...]:
    """Recipe, suggestion, experiments and kind of a study, however its JSON is written."""
    recipe, suggestion, experiments, sweep = rest
    return recipe, suggestion, json.loads(experiments), sweep


def _add_exercise(connection: RecordConnection, row: Row) -> bool:
    lesson, name, state, hints, solution, at, passed = row
    query = "SELECT state, hints, solution, at, passed FROM exercise WHERE lesson = ? AND name = ?"
    mine = connection.execute(query, (lesson, name)).fetchone()
    if mine is None:
        insert(connection, "INTO exercise", (lesson, name, _state(state), hints, solution, at, passed))
        return True
    new = (
        max(_state(state), _state(mine[0]), key=STATES.index),
        max(hints, mine[1]),
        max(solution, mine[2]),
        at if _is_later(at, mine[3]) else mine[3],
        min(filter(None, (passed, mine[4])), key=datetime.fromisoformat, default=None),
    )
    if new == mine:
        return False
    insert(connection, "OR REPLACE INTO exercise", (lesson, name, *new))
    return True


def _by_id(row: Row) -> Row:
    """A row for a question, of a record of before too."""
    lesson, question, *rest = row
    return (lesson, question_id(lesson, question), *rest)


def _add_recall(connection: RecordConnection, row: Row) -> bool:
    return _upsert(
        connection,
        "INSERT INTO recall VALUES (?, ?, ?, ?) ON CONFLICT (lesson, question) DO UPDATE SET "
        f"said = excluded.said, at = excluded.at WHERE {_newer('recall')}",
        _by_id(row),
    )


def _add_review(connection: RecordConnection, row: Row) -> bool:
    return _upsert(
        connection,
        "INSERT INTO review VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (lesson, question) DO UPDATE SET known = "
        "excluded.known, times = excluded.times, due = excluded.due, at = excluded.at "
        f"WHERE {_newer('review')}",
        _by_id(row),
    )


def _add_mark(connection: RecordConnection, row: Row) -> bool:
    return _upsert(connection, "INSERT INTO mark VALUES (?, ?, ?) ON CONFLICT (lesson, name) DO NOTHING", row)


def _add_place(connection: RecordConnection, row: Row) -> bool:
    return _upsert(
        connection,
        "INSERT INTO place VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        f"lesson = excluded.lesson, at = excluded.at WHERE {_newer('place')}",
        row,
    )


def _upsert(connection: RecordConnection, statement: str, row: Row) -> bool:
    return connection.execute(statement, row).rowcount > 0


def _newer(table: str) -> str:
    return NEWER.format(table=table)


def _state(state: str) -> Any:
    return state if state in STATES else "begun"


def _is_later(one: str | None, other: str | None) -> bool:
    """Whether an ISO time is later than another; any is later than none."""
    if one is None or other is None:
        return one is not None
    return datetime.fromisoformat(one) > datetime.fromisoformat(other)
