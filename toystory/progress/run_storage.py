"""What is written down of a lesson's sessions, and how it comes back when the lesson is opened again."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from toystory.course.lesson import Lesson
from toystory.models.history import History
from toystory.progress.checkpoints import Shelf
from toystory.progress.lesson_progress import MOST_PAST, OwnStudy, Past, name_of_past
from toystory.progress.rows import KeptSession, OwnRow, RunRow, VerdictRow, now
from toystory.progress.store import Store
from toystory.training.background import BackgroundRun
from toystory.training.checkpoint import Checkpoint, from_bytes, to_bytes
from toystory.training.claim import Verdict
from toystory.training.command_line import what_to_type
from toystory.training.loop import Progress
from toystory.training.plain_values import as_plain, from_plain
from toystory.training.run import Run, Study, Sweep, experiments_of
from toystory.training.run_checkpoint import only_curves

if TYPE_CHECKING:
    from toystory.progress.lesson_progress import Record

CURVES = ("losses", "train_accuracies", "fresh_accuracies")
POINTS, POINTS_IN_A_SWEEP = 200, 50
"""Of a curve, in the list of runs."""
LOOK_BACK = 60
"""Runs among which the last ones outside a sweep are looked for."""


class Keeper:
    """Stands between the record of one lesson and the disk."""

    def __init__(self, record: Record, lesson: Lesson, store: Store) -> None:
        self._record, self._lesson, self._store = record, lesson, store
        self._shelf = Shelf(store)

    # Writing

    def write_down(self, session: BackgroundRun) -> None:
        """The session is over: its verdicts, its runs, and itself."""
        self._store.do(lambda: self._write_down(session))

    def _write_down(self, session: BackgroundRun) -> None:
        verdicts = [VerdictRow(v.claim.text, v.measured, v.passed) for v in session.verdicts]
        if session.state not in ("finished", "diverged"):
            if verdicts:
                self._store.add_session(self._lesson.name, verdicts)
            return
        runs, kept = list(_rows(session)), session.final_checkpoint()
        study, altered, token = session.study.name, session.altered, session.token
        row = None if kept is None else KeptSession(study, altered, token, to_bytes(kept))
        self._store.add_session(self._lesson.name, verdicts, runs, row)

    def put_down(self, session: BackgroundRun) -> None:
        if (kept := session.checkpoint) is not None:
            at = (self._lesson.name, session.study.name, session.token)
            self._store.do(lambda: self._shelf.put(*at, kept))

    def let_go(self, session: BackgroundRun) -> None:
        at = (self._lesson.name, session.study.name, session.token, session.began)
        self._store.do(lambda: self._shelf.remove(*at))

    def add_own(self, own: OwnStudy) -> None:
        experiments = [as_plain(experiment) for experiment in experiments_of(own.study)]
        suggestion = own.suggestion.text if own.suggestion else None
        sweep = isinstance(own.study, Sweep)
        row = OwnRow(own.study.name, own.recipe, suggestion, experiments, sweep)
        self._store.add_own(self._lesson.name, row)

    # Reading

    def bring_back(self) -> None:
        """Fill the record with what is kept."""
        self._bring_back_own()
        self._bring_back_verdicts()
        self._bring_back_finished()
        self._bring_back_paused()
        self._bring_back_past()

    @property
    def _studies(self) -> dict[str, Study]:
        studies = (*self._lesson.studies, *(own.study for own in self._record.own))
        return {study.name: study for study in studies}

    def _bring_back_own(self) -> None:
        recipes = {study.name for study in self._lesson.studies}
        suggestions = {suggestion.text: suggestion for suggestion in self._lesson.suggestions}
        for row in self._store.own(self._lesson.name):
            if row.recipe not in recipes:
                continue  # the lesson has no such study any more
            try:
                experiments = tuple(from_plain(values) for values in row.experiments)
            except ValueError:  # nor may experiments have such settings
                continue
            study = Sweep(row.name, experiments) if row.sweep else experiments[0]
            self._record.own.append(OwnStudy(study, row.recipe, suggestions.get(row.suggestion or "")))

    def _bring_back_verdicts(self) -> None:
        measured = self._store.line(self._lesson.name).verdicts
        for claim in self._lesson.claims:
            if claim.text in measured:
                self._record.verdicts[claim.text] = Verdict(claim, measured[claim.text][0])

    def _bring_back_finished(self) -> None:
        studies = self._studies
        for row in self._store.sessions(self._lesson.name):
            if row.study not in studies:
                continue
            try:
                kept = from_bytes(row.kept, any_code=True)
            except ValueError:
                self._store.tell(f"the last run of {row.study!r} can't be read any more: it is left as it is")
                continue
            try:
                session = self._session(studies[row.study], kept)
            except ValueError:  # the study has other settings by now
                continue
            session.token = row.token
            self._record.sessions[row.study] = session
            if session.state == "finished" and not session.altered:
                self._record.finished[row.study] = session.runs

    def _bring_back_paused(self) -> None:
        for name, study in self._studies.items():
            found = self._shelf.newest(self._lesson.name, name)
            if found is None:
                continue
            token, kept = found
            try:
                session = self._session(study, kept)
            except ValueError as error:
                self._shelf.set_aside(self._lesson.name, name, token, f"can't go on, for {error}")
                continue
            session.token = token
            self._record.sessions[name] = session

    def _bring_back_past(self) -> None:
        known = {session.token: session.runs for session in self._record.sessions.values()}
        rows = [row for row in self._store.runs(self._lesson.name, LOOK_BACK) if row.of == 1]
        for row in rows[-MOST_PAST:]:
            try:
                run = known[row.session][0] if row.session in known else _run(row)
            except (ValueError, TypeError, KeyError):  # of another time, when runs were something else
                continue
            rate = list(row.rates.values())[-1] if row.altered and row.rates else None
            self._record.past.append(Past(name_of_past(row.study, rate), run))

    def _session(self, study: Study, kept: Checkpoint) -> BackgroundRun:
        earlier = {name: runs for name, runs in self._record.finished.items() if name != study.name}
        session = BackgroundRun(study, self._lesson.claims, earlier)
        session.resume(kept)
        return session


def _rows(session: BackgroundRun) -> Iterator[RunRow]:
    """Each run of a session that is over."""
    of = len(session.experiments)
    for place, (run, rates) in enumerate(zip(session.runs, session.rates, strict=True)):
        yield RunRow(
            session=session.token,
            study=session.study.name,
            place=place,
            of=of,
            altered=session.altered,
            experiment=as_plain(run.experiment),
            rates=dict(rates),
            updates=run.updates,
            loss=_number(run.loss),
            train_accuracy=_number(run.train_accuracy),
            fresh_accuracy=_number(run.fresh_accuracy),
            tie=run.tie,
            outcome=run.progress.outcome if run.progress else "",
            message=run.progress.message if run.progress else "",
            seconds=run.seconds,
            at=now(),
            command=what_to_type([run.experiment], [rates]),
            curves={
                name: _thinned(getattr(run, name), POINTS if of == 1 else POINTS_IN_A_SWEEP)
                for name in CURVES
            },
        )


def _run(row: RunRow) -> Run:
    """The curves and figures of a run that is over. Raises ValueError, TypeError or KeyError where the row
    tells of none."""
    experiment = from_plain(row.experiment)
    run = Run(experiment)
    loss = math.nan if row.loss is None else row.loss
    outcome = {"outcome": row.outcome, "message": row.message}
    run.progress = Progress(row.updates, experiment.updates, loss, math.nan, math.nan, **outcome)  # type: ignore[arg-type]
    for name in CURVES:
        points = row.curves[name]
        setattr(run, name, History.of(points, 1, len(points)))
    run.seconds, run.tie = row.seconds, row.tie
    run.train_accuracy = math.nan if row.train_accuracy is None else row.train_accuracy
    run.fresh_accuracy = math.nan if row.fresh_accuracy is None else row.fresh_accuracy
    return only_curves(run)


def _thinned(history: History, most: int) -> list[tuple[int, float]]:
    """At most about `most` of its points, the last one among them, to six digits."""
    stride = -(-len(history.points) // most) or 1
    points = history.points[::stride]
    if points and points[-1] != history.points[-1]:
        points.append(history.points[-1])
    return [(update, float(f"{value:.6g}")) for update, value in points]


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
