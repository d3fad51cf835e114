"""The record: what is written at which event, and what is read again."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import TypeVar

from toystory.base.paths import home, home_notice
from toystory.progress.connection import RecordConnection, RecordFile
from toystory.progress.exercise_state import ExerciseState
from toystory.progress.review import Review
from toystory.progress.rows import (
    RUN,
    CustomStudyRow,
    FinishedRun,
    LessonRow,
    RunRow,
    VerdictRow,
    insert,
    is_count,
    is_experiments,
    is_json,
    is_text,
    now,
    or_none,
    read_exercises,
    read_lines,
    read_run,
    run_values,
)
from toystory.progress.write_queue import WriteQueue

T = TypeVar("T")


class Store:
    """Reads at once; writes at once, or `behind`, where nobody shall wait for a disk.

    Writing touches only what has changed, so that two programs at a time keep each other's doings.
    """

    def __init__(self, folder: Path | None = None, behind: bool = False) -> None:
        self._file = RecordFile(home() if folder is None else folder)
        self._writer = WriteQueue(self._failed) if behind else None
        if folder is None and (notice := home_notice()):
            self.tell(notice)

    @property
    def folder(self) -> Path:
        return self._file.folder

    def check(self) -> None:
        """Find damage now, before anyone relies on the record."""
        self._file.check()

    def notices(self) -> list[str]:
        """What went wrong since the last call, in a sentence each."""
        told = list(self._file.notices)
        del self._file.notices[: len(told)]
        return told

    def tell(self, sentence: str) -> None:
        """Have it among the notices, once."""
        self._file.tell(sentence)

    def tell_cant_write(self, reason: str) -> None:
        """Have it among the notices, once, that what is done now is not kept."""
        self._file.tell_cant_write(reason)

    def finish(self, timeout: float | None = None) -> None:
        """Wait until everything is written."""
        if self._writer:
            self._writer.finish(timeout)

    def do(self, work: Callable[[], object]) -> None:
        """Do `work` in its turn among what is written."""
        if self._writer:
            self._writer.do(work)
        else:
            work()

    def _failed(self, error: Exception) -> None:
        self.tell(f"something of what you did is not kept ({type(error).__name__}: {error})")

    # Where the learner was

    def place(self) -> str | None:
        """The lesson that was open last; None for the chapters."""
        return self._read(_place, None)

    def set_place(self, lesson: str | None) -> None:
        self._write("INSERT OR REPLACE INTO place VALUES (1, ?, ?)", lesson, now())

    # A lesson

    def opened(self, lesson: str, claims: int) -> None:
        """A lesson was opened.

        Args:
            lesson: Its name.
            claims: How many it makes.
        """
        self._set(lesson, claims=claims)

    def set_at(self, lesson: str, stage: str, study: str) -> None:
        """The stage and the study that are looked at.

        Args:
            lesson: Its name.
            stage: Of the lesson.
            study: The experiment or sweep.
        """
        self._set(lesson, stage=stage, study=study)

    def set_prediction(self, lesson: str, choice: int) -> None:
        """What the learner guessed.

        Args:
            lesson: Its name.
            choice: From 0.
        """
        self._set(lesson, prediction=choice, predicted=now())

    def set_answered(self, lesson: str) -> None:
        self._set(lesson, answered=1)

    def set_recalled(self, lesson: str, question: str, said: str) -> None:
        """What the learner answered from memory; the last answer counts.

        Args:
            lesson: Its name.
            question: As the recap has it.
            said: The answer.
        """
        self._write("INSERT OR REPLACE INTO recall VALUES (?, ?, ?, ?)", lesson, question, said, now())

    def set_review(self, lesson: str, question: str, review: Review) -> None:
        """How well an answer was known, and when the question is asked again.

        Args:
            lesson: Its name.
            question: As the recap has it.
            review: How it stands.
        """
        values = (lesson, question, review.known, review.times, review.due, now())
        self._write("INSERT OR REPLACE INTO review VALUES (?, ?, ?, ?, ?, ?)", *values)

    def set_mark(self, lesson: str, name: str, on: bool) -> None:
        """Note something of a lesson, or forget it.

        Args:
            lesson: Its name; "" for what is noted of the app.
            name: A stage that was looked at; or what the learner has put away.
            on: Whether it is so.
        """
        if on:
            self._write("INSERT OR REPLACE INTO mark VALUES (?, ?, ?)", lesson, name, now())
        else:
            self._write("DELETE FROM mark WHERE lesson = ? AND name = ?", lesson, name)

    def lines(self) -> dict[str, LessonRow]:
        """Where the learner is in every lesson that was opened, by the lesson's name."""
        return self._read(read_lines, {})

    def line(self, lesson: str) -> LessonRow:
        return self.lines().get(lesson, LessonRow(lesson))

    # Runs

    def add_session(
        self,
        lesson: str,
        verdicts: Sequence[VerdictRow] = (),
        runs: Sequence[RunRow] = (),
        kept: FinishedRun | None = None,
    ) -> None:
        """A training has come to its end. All of it is written, or nothing.

        Args:
            lesson: Of the study.
            verdicts: What was judged.
            runs: Its runs.
            kept: Itself, which takes the place of the one of the same study that was there.
        """

        def add(connection: RecordConnection) -> None:
            for verdict in verdicts:
                insert(connection, "OR REPLACE INTO verdict", (lesson, *astuple(verdict), now()))
            for run in runs:
                insert(connection, "INTO run", run_values(lesson, run))
            if kept is not None:
                insert(connection, "OR REPLACE INTO session", (lesson, *astuple(kept), now()))

        self.do(lambda: self._file.write(add, None))

    def runs(self, lesson: str, last: int | None = None) -> list[RunRow]:
        """The runs of a lesson in the order of their ends.

        Args:
            lesson: Its name.
            last: Only so many, the last ones; None for all.
        """
        query = (
            "SELECT * FROM (SELECT * FROM run WHERE lesson = ? ORDER BY julianday(at) DESC, id DESC LIMIT ?) "
            "ORDER BY julianday(at), id"
        )
        return self._read(
            lambda c: [read_run(row) for row in c.rows(query, RUN, (lesson, -1 if last is None else last))],
            [],
        )

    def sessions(self, lesson: str) -> list[FinishedRun]:
        """The last trainings of the lesson's studies, the latest last."""
        query = (
            "SELECT study, altered, token, kept FROM session WHERE lesson = ? ORDER BY julianday(at), rowid"
        )
        kinds = (is_text, is_count, is_text, lambda kept: isinstance(kept, bytes))
        return self._read(
            lambda c: [FinishedRun(s, bool(a), t, k) for s, a, t, k in c.rows(query, kinds, [lesson])], []
        )

    # The learner's own studies

    def add_own(self, lesson: str, own: CustomStudyRow) -> None:
        """Add a study of the learner's own.

        Args:
            lesson: Where it was made.
            own: With its settings.
        """
        self._write(
            "INSERT OR REPLACE INTO own VALUES (?, ?, ?, ?, ?, ?)",
            *(lesson, own.name, own.recipe, own.suggestion, json.dumps(own.experiments), own.sweep),
        )

    def own(self, lesson: str) -> list[CustomStudyRow]:
        """In the order they were made."""
        query = "SELECT name, recipe, suggestion, experiments, sweep FROM own WHERE lesson = ? ORDER BY rowid"
        kinds = (is_text, is_text, or_none(is_text), is_json(is_experiments), is_count)
        return self._read(
            lambda c: [
                CustomStudyRow(name, recipe, suggestion, json.loads(experiments), bool(sweep))
                for name, recipe, suggestion, experiments, sweep in c.rows(query, kinds, [lesson])
            ],
            [],
        )

    # Exercises

    def exercise(self, lesson: str, name: str) -> ExerciseState:
        """How far the learner is with an exercise.

        Args:
            lesson: Its name.
            name: Of the exercise.
        """
        return self.exercises(lesson).get(name, ExerciseState(lesson, name))

    def exercises(self, lesson: str) -> dict[str, ExerciseState]:
        """By name, those that were begun."""
        return self._read(lambda c: read_exercises(c, lesson), {})

    def note_exercise(
        self,
        lesson: str,
        name: str,
        *,
        begun: bool = False,
        passed: bool = False,
        hints: int = 0,
        solution: bool = False,
    ) -> None:
        """Something was done: nothing that was reached before is lost, and what was passed stays passed.

        Args:
            lesson: Its name.
            name: Of the exercise.
            begun: Whether there is a file.
            passed: Whether the check found nothing wrong.
            hints: How many have been shown by now.
            solution: Whether it was shown.
        """
        state = "passed" if passed else "begun" if begun or hints or solution else "new"
        at = now()
        self._write(
            """INSERT INTO exercise VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (lesson, name) DO UPDATE SET
            state = CASE WHEN 'passed' IN (state, excluded.state) THEN 'passed'
                         WHEN 'begun' IN (state, excluded.state) THEN 'begun' ELSE 'new' END,
            hints = max(hints, excluded.hints), solution = max(solution, excluded.solution),
            at = excluded.at, passed = coalesce(passed, excluded.passed)""",
            *(lesson, name, state, hints, solution, at, at if passed else None),
        )

    # All of it

    def is_untouched(self) -> bool:
        """Whether nothing was done yet but looking around; False where that can't be known."""

        def look(connection: RecordConnection) -> bool:
            done = ("verdict", "run", "session", "own", "exercise", "recall")
            if any(connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in done):
                return False
            guessed = "SELECT 1 FROM lesson WHERE prediction IS NOT NULL OR answered LIMIT 1"
            return connection.execute(guessed).fetchone() is None

        return self._read(look, False)

    def forget(self, lesson: str | None) -> bool:
        """Delete the record of a lesson, of everything where it is None; whether that was done."""
        tables = {"lesson": "name", "verdict": "lesson", "run": "lesson", "session": "lesson"}
        tables |= {"own": "lesson", "exercise": "lesson", "recall": "lesson", "mark": "lesson"}
        tables |= {"review": "lesson", "place": "lesson"}

        def delete(connection: RecordConnection) -> bool:
            for table, column in tables.items():
                if lesson is None:
                    connection.execute(f"DELETE FROM {table}")
                else:
                    connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (lesson,))
            return True

        self.finish(timeout=5.0)
        return self._file.write(delete, False)

    def _read(self, work: Callable[[RecordConnection], T], otherwise: T) -> T:
        self.finish(timeout=5.0)
        return self._file.read(work, otherwise)

    def _write(self, statement: str, *values: object) -> None:
        self.do(lambda: self._file.write(lambda c: c.execute(statement, values), None))

    def _set(self, lesson: str, **values: object) -> None:
        names = ", ".join(values)
        updates = ", ".join(f"{name} = excluded.{name}" for name in values)
        self._write(
            f"INSERT INTO lesson (name, {names}) VALUES (?{', ?' * len(values)}) "
            f"ON CONFLICT (name) DO UPDATE SET {updates}",
            *(lesson, *values.values()),
        )


def _place(connection: RecordConnection) -> str | None:
    return next(
        (lesson for (lesson,) in connection.rows("SELECT lesson FROM place", [or_none(is_text)])), None
    )
