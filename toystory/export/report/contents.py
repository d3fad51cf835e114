"""What there is to report: what the comparison and the learner's record keep. Nothing is trained."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby

from toystory.compare.results import Entry, FrontierEntry, stored_frontier, stored_table, with_mine
from toystory.course import catalogue
from toystory.course.catalogue import chapters
from toystory.course.chapter import Chapter
from toystory.course.text.prose import Prediction, read_prediction
from toystory.progress.rows import LessonRow, RunRow
from toystory.progress.store import Store
from toystory.training.checkpoints.plain_values import from_plain
from toystory.training.checkpoints.result_store import Result
from toystory.training.claim import Bar
from toystory.training.experiment import Experiment
from toystory.training.pools.train_all import nameless


@dataclass(frozen=True)
class Session:
    """The runs of one study that came to their end together: one, or those of a sweep."""

    runs: tuple[RunRow, ...]

    @property
    def study(self) -> str:
        return self.runs[0].study

    @property
    def altered(self) -> bool:
        """Whether a learning rate was changed on the way."""
        return any(run.altered for run in self.runs)

    @property
    def settings(self) -> str:
        """Those of the first run, in words."""
        try:
            said = from_plain(self.runs[0].experiment).describe()
        except ValueError as error:  # written by a version that knew other settings
            return f"its settings can't be read: {error}"
        return f"{said} ({len(self.runs)} runs)" if len(self.runs) > 1 else said


@dataclass(frozen=True)
class LessonFindings:
    """What the learner did in one lesson, or in the sandbox, which asks for no prediction.

    exercises: the names of all it has. bars: what is asked of each claim, by its text, for those that
    the lesson still makes.
    """

    title: str
    prediction: Prediction | None
    line: LessonRow
    sessions: tuple[Session, ...]
    exercises: tuple[str, ...]
    bars: Mapping[str, Bar]

    @property
    def passed(self) -> int:
        """How many of the exercises pass."""
        states = self.line.exercises
        return sum(name in states and states[name].state == "passed" for name in self.exercises)


@dataclass(frozen=True)
class Findings:
    """notices: sentences about what could not be read."""

    table: tuple[Entry, ...]
    frontier: tuple[FrontierEntry, ...]
    lessons: tuple[LessonFindings, ...]
    notices: tuple[str, ...]


def findings() -> Findings:
    """Everything that is kept; lessons in which nothing was done are left out."""
    store = Store()
    complaints: list[str] = []
    table = with_mine(with_runs_of_the_app(stored_table(complaints=complaints), store.runs("comparison")))
    frontier = stored_frontier(complaints=complaints)
    lines = {name: line for name, line in store.lines().items() if _begun(line)}
    in_lessons = [
        _of_lesson(chapter, lines.pop(chapter.name), store) for chapter in chapters() if chapter.name in lines
    ]
    elsewhere = [_of_sandbox(line, store) for _, line in sorted(lines.items())]
    return Findings(tuple(table), tuple(frontier), (*in_lessons, *elsewhere), (*complaints, *store.notices()))


def with_runs_of_the_app(table: Sequence[Entry], rows: Sequence[RunRow]) -> list[Entry]:
    """The table with what was trained in the app, where nothing else is kept of a cell.

    Args:
        table: As it is kept.
        rows: Runs of the lesson that has the table, the latest last.
    """
    trained = {}
    for row in rows:
        if row.of == 1 and not row.altered:
            with suppress(ValueError):  # of a version that knew other settings
                trained[nameless(from_plain(row.experiment))] = row
    return [_filled(entry, trained) for entry in table]


def _filled(entry: Entry, trained: Mapping[Experiment, RunRow]) -> Entry:
    row = trained.get(nameless(entry.experiment)) if entry.experiment is not None else None
    if row is None or entry.experiment is None or entry.result is not None:
        return entry
    nan = math.nan
    result = Result(
        experiment=entry.experiment,
        updates=row.updates,
        loss=nan if row.loss is None else row.loss,
        train_accuracy=nan if row.train_accuracy is None else row.train_accuracy,
        fresh_accuracy=nan if row.fresh_accuracy is None else row.fresh_accuracy,
        tie=row.tie,
        diverged=row.outcome == "diverged",
        message=row.message,
        seconds=row.seconds,
        memory=None,
        loss_curve=tuple(row.curves.get("losses", ())),
        fresh_curve=tuple(row.curves.get("fresh_accuracies", ())),
        trained=row.at,
    )
    how = "; ".join(filter(None, (entry.how, "trained in the app")))
    return replace(entry, result=result, how=how)


def _of_lesson(chapter: Chapter, line: LessonRow, store: Store) -> LessonFindings:
    claims = [claim for lesson in catalogue.load_all([chapter.name]) for claim in lesson.claims]
    return LessonFindings(
        f"{chapter.number}. {chapter.title}",
        read_prediction(chapter.folder / "predict.md"),
        line,
        _sessions(store, line),
        chapter.exercise_names,
        {claim.text: claim.bar for claim in claims if line.verdicts},
    )


def _of_sandbox(line: LessonRow, store: Store) -> LessonFindings:
    """Runs outside the story: sandbox-LSTM, one for each model."""
    name = line.lesson.replace("sandbox-", "The sandbox: ")
    return LessonFindings(name, None, line, _sessions(store, line), (), {})


def _sessions(store: Store, line: LessonRow) -> tuple[Session, ...]:
    rows = store.runs(line.lesson)
    return tuple(Session(tuple(together)) for _, together in groupby(rows, key=lambda row: row.session))


def _begun(line: LessonRow) -> bool:
    """Whether there is anything to tell."""
    return line.prediction is not None or bool(line.verdicts or line.runs or line.exercises)
