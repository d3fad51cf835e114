"""How far a learner is with each lesson: what the lesson asks for beside what the record says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from toystory.course.lesson import Lesson
from toystory.progress.lesson_progress import CourseProgress, LessonProgress
from toystory.progress.rows import LessonRow, RunRow
from toystory.progress.store import Store


@dataclass(frozen=True)
class Progress:
    """Of one lesson: what it asks for, and what was done."""

    lesson: Lesson
    record: LessonProgress
    line: LessonRow
    runs: list[RunRow]

    @property
    def claims(self) -> list[tuple[str, float | None, bool]]:
        """Every claim: its text, what was measured last, and whether that holds."""
        measured = self.line.verdicts
        return [(c.text, *measured.get(c.text, (None, False))) for c in self.lesson.claims]

    @property
    def reached(self) -> int:
        return sum(passed for _, _, passed in self.claims)

    @property
    def begun(self) -> bool:
        """Whether anything was done."""
        return self.record.begun or bool(self.runs)

    @property
    def right(self) -> bool | None:
        """Whether the prediction was right; None where none was made."""
        said = self.record.prediction
        return None if said is None else said == self.lesson.prediction.answer


def progress_of(store: Store, lessons: Sequence[Lesson]) -> list[Progress]:
    """How far the learner of a record is with each lesson."""
    learner, lines = CourseProgress(store), store.lines()
    found = []
    for lesson in lessons:
        name = lesson.name
        record = learner.record(name)
        record.claims = len(lesson.claims)
        found.append(Progress(lesson, record, lines.get(name, LessonRow(name)), store.runs(name)))
    return found


def lesson_as_json(one: Progress) -> dict[str, Any]:
    """All of it, plain."""
    record, line, chapter = one.record, one.line, one.lesson.chapter
    questions = {asked.id: asked.question for asked in one.lesson.recall}
    return {
        "number": chapter.number,
        "name": chapter.name,
        "title": chapter.title,
        "holds": record.holds,
        "prediction": None if record.prediction is None else record.prediction + 1,
        "right": one.right,
        "answer_shown": record.answered,
        "recalled": [
            {"question": questions.get(id, id), "said": said} for id, said in record.recalled.items()
        ],
        "stage": line.stage,
        "experiment": line.study,
        "claims": [
            {"claim": text, "passed": passed, "measured": _number(measured)}
            for text, measured, passed in one.claims
        ],
        "exercises": [
            {"name": name, "state": state.state, "hints": state.hints, "solution_shown": state.solution}
            for name, state in ((name, record.exercise(name)) for name in record.exercise_names)
        ],
        "runs": [_run_as_json(run) for run in one.runs],
        "seconds": round(line.seconds, 3),
        "last": line.last,
    }


def _run_as_json(run: RunRow) -> dict[str, Any]:
    return {
        "experiment": run.experiment["name"],
        "part_of": run.study if run.of > 1 else None,
        "model": run.experiment["model"],
        "seed": run.experiment["seed"],
        "updates": run.updates,
        "loss": run.loss,
        "train_accuracy": run.train_accuracy,
        "fresh_accuracy": run.fresh_accuracy,
        "tie": run.tie,
        "outcome": run.outcome,
        "rates_by_hand": run.rates,
        "seconds": round(run.seconds, 3),
        "at": run.at,
        "command": run.command,
    }


def _number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
