"""The background runs of a lesson, saved as they end or pause, and loaded when the lesson is opened again."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from toystory.course.lesson import Lesson
from toystory.models.parts.history import History
from toystory.progress.checkpoints import PausedRuns
from toystory.progress.rows import CustomStudyRow, FinishedRun, RunRow, VerdictRow, now
from toystory.progress.store import Store
from toystory.progress.studies import MOST_PAST, CustomStudy, PastRun, name_of_past
from toystory.training.background import BackgroundRun
from toystory.training.checkpoints.checkpoint import Checkpoint, from_bytes, to_bytes
from toystory.training.checkpoints.plain_values import as_plain, finite_or_none, from_plain
from toystory.training.checkpoints.run_checkpoint import without_model
from toystory.training.claim import Verdict
from toystory.training.command_line import what_to_type
from toystory.training.loop import Progress
from toystory.training.run import CURVES, Run, Study, Sweep, experiments_of

POINTS, POINTS_IN_A_SWEEP = 200, 50
"""Of a curve, in the list of runs."""
LOOK_BACK = 60
"""Runs among which the last ones outside a sweep are looked for."""


@dataclass
class StoredRuns:
    """What the store knows of a lesson.

    Attributes:
        own: The learner's studies, in the order they were made.
        verdicts: By the text of the claim.
        last: The last background run of each study, by the study's name.
        finished: The runs of each study that was finished by its recipe.
        past: The last runs that came to their end, sweeps left out.
    """

    own: list[CustomStudy] = field(default_factory=list)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    last: dict[str, BackgroundRun] = field(default_factory=dict)
    finished: dict[str, list[Run]] = field(default_factory=dict)
    past: list[PastRun] = field(default_factory=list)


class RunStorage:
    """Saves the background runs of one lesson, and loads them."""

    def __init__(self, lesson: Lesson, store: Store) -> None:
        """Read nothing yet."""
        self._lesson, self._store = lesson, store
        self._paused = PausedRuns(store)

    # Saving

    def save_ended(self, ended: BackgroundRun) -> None:
        """Write the verdicts and runs of one that is over, and itself."""
        self._store.do(lambda: self._save_ended(ended))

    def _save_ended(self, ended: BackgroundRun) -> None:
        verdicts = [VerdictRow(v.claim.text, v.measured, v.passed) for v in ended.verdicts]
        if ended.state not in ("finished", "diverged"):
            if verdicts:
                self._store.add_session(self._lesson.name, verdicts)
            return
        runs, checkpoint = list(_rows(ended)), ended.final_checkpoint()
        study, altered, token = ended.study.name, ended.altered, ended.token
        row = None if checkpoint is None else FinishedRun(study, altered, token, to_bytes(checkpoint))
        self._store.add_session(self._lesson.name, verdicts, runs, row)

    def save_paused(self, paused: BackgroundRun) -> None:
        """Save the checkpoint of one that is paused, if it has one."""
        if (checkpoint := paused.checkpoint) is not None:
            at = (self._lesson.name, paused.study.name, paused.token)
            self._store.do(lambda: self._paused.save(*at, checkpoint))

    def delete_paused(self, paused: BackgroundRun) -> None:
        """Delete the checkpoint of one that is over, or begins anew, and what is older of its study."""
        at = (self._lesson.name, paused.study.name, paused.token, paused.began)
        self._store.do(lambda: self._paused.delete(*at))

    def add_own(self, own: CustomStudy) -> None:
        """Write a study that the learner made."""
        experiments = [as_plain(experiment) for experiment in experiments_of(own.study)]
        suggestion = own.suggestion.text if own.suggestion else None
        sweep = isinstance(own.study, Sweep)
        row = CustomStudyRow(own.study.name, own.recipe, suggestion, experiments, sweep)
        self._store.add_own(self._lesson.name, row)

    # Loading

    def load(self) -> StoredRuns:
        """Read all there is of the lesson; what can't be read is told, what fits no more is left out."""
        stored = StoredRuns(own=self._load_own(), verdicts=self._load_verdicts())
        studies = {study.name: study for study in (*self._lesson.studies, *(own.study for own in stored.own))}
        self._load_ended(stored, studies)
        self._load_paused(stored, studies)
        self._load_past(stored)
        return stored

    def _load_own(self) -> list[CustomStudy]:
        recipes = {study.name for study in self._lesson.studies}
        suggestions = {suggestion.text: suggestion for suggestion in self._lesson.suggestions}
        found = []
        for row in self._store.own(self._lesson.name):
            if row.recipe not in recipes:
                continue  # the lesson has no such study any more
            try:
                experiments = tuple(from_plain(values) for values in row.experiments)
            except ValueError:  # nor may experiments have such settings
                continue
            study = Sweep(row.name, experiments) if row.sweep else experiments[0]
            found.append(CustomStudy(study, row.recipe, suggestions.get(row.suggestion or "")))
        return found

    def _load_verdicts(self) -> dict[str, Verdict]:
        measured = self._store.line(self._lesson.name).verdicts
        claims = [claim for claim in self._lesson.claims if claim.text in measured]
        return {claim.text: Verdict(claim, measured[claim.text][0]) for claim in claims}

    def _load_ended(self, stored: StoredRuns, studies: Mapping[str, Study]) -> None:
        for row in self._store.sessions(self._lesson.name):
            if row.study not in studies:
                continue
            try:
                checkpoint = from_bytes(row.kept, any_arithmetic=True)
            except ValueError:
                self._store.tell(f"the last run of {row.study!r} can't be read any more: it is left as it is")
                continue
            with suppress(ValueError):  # where the study has other settings by now
                ended = self._resumed(studies[row.study], checkpoint, row.token, stored)
                stored.last[row.study] = ended
                if ended.state == "finished" and not ended.altered:
                    stored.finished[row.study] = ended.runs

    def _load_paused(self, stored: StoredRuns, studies: Mapping[str, Study]) -> None:
        for name, study in studies.items():
            found = self._paused.newest(self._lesson.name, name)
            if found is None:
                continue
            token, checkpoint = found
            try:
                stored.last[name] = self._resumed(study, checkpoint, token, stored)
            except ValueError as error:
                self._paused.set_aside(self._lesson.name, name, token, f"can't go on, for {error}")

    def _load_past(self, stored: StoredRuns) -> None:
        known = {background.token: background.runs for background in stored.last.values()}
        rows = [row for row in self._store.runs(self._lesson.name, LOOK_BACK) if row.of == 1]
        for row in rows[-MOST_PAST:]:
            try:
                run = known[row.session][0] if row.session in known else _run(row)
            except (ValueError, TypeError, KeyError):  # of another time, when runs were something else
                continue
            rate = list(row.rates.values())[-1] if row.altered and row.rates else None
            stored.past.append(PastRun(name_of_past(row.study, rate), run))

    def _resumed(self, study: Study, checkpoint: Checkpoint, token: str, stored: StoredRuns) -> BackgroundRun:
        """The background run of a checkpoint. Raises ValueError where the study is another one now."""
        earlier = {name: runs for name, runs in stored.finished.items() if name != study.name}
        background = BackgroundRun(study, self._lesson.claims, earlier)
        background.resume(checkpoint)
        background.token = token
        return background


def _rows(ended: BackgroundRun) -> Iterator[RunRow]:
    """Each run of one that is over."""
    of = len(ended.experiments)
    for place, (run, rates) in enumerate(zip(ended.runs, ended.rates, strict=True)):
        yield RunRow(
            session=ended.token,
            study=ended.study.name,
            place=place,
            of=of,
            altered=ended.altered,
            experiment=as_plain(run.experiment),
            rates=dict(rates),
            updates=run.updates,
            loss=finite_or_none(run.loss),
            train_accuracy=finite_or_none(run.train_accuracy),
            fresh_accuracy=finite_or_none(run.fresh_accuracy),
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
    """The curves and figures of a run that is over.

    Raises:
        ValueError, TypeError, KeyError: The row tells of none.
    """
    experiment = from_plain(row.experiment)
    run = Run(experiment)
    loss = math.nan if row.loss is None else row.loss
    outcome = {"outcome": row.outcome, "message": row.message}
    run.progress = Progress(row.updates, experiment.updates, loss, math.nan, math.nan, **outcome)  # type: ignore[arg-type]
    for name in CURVES:
        points = row.curves.get(name, [])  # a row of before has fewer
        setattr(run, name, History.of(points, 1, len(points)))
    run.seconds, run.tie = row.seconds, row.tie
    run.train_accuracy = math.nan if row.train_accuracy is None else row.train_accuracy
    run.fresh_accuracy = math.nan if row.fresh_accuracy is None else row.fresh_accuracy
    return without_model(run)


def _thinned(history: History, most: int) -> list[tuple[int, float]]:
    """At most about `most` of its points, the last one among them, to six digits."""
    stride = -(-len(history.points) // most) or 1
    points = history.points[::stride]
    if points and points[-1] != history.points[-1]:
        points.append(history.points[-1])
    return [(update, float(f"{value:.6g}")) for update, value in points]
