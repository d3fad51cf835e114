"""The learner's own settings in place of a lesson's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from toystory.course.lesson import Lesson
from toystory.training.control import CONTROLS
from toystory.training.experiment import Experiment
from toystory.training.run import Study, Sweep


@dataclass(frozen=True)
class Overrides:
    """What was asked for on the command line; None where nothing was."""

    rows: int | None = None
    columns: int | None = None
    hidden: tuple[int, ...] | None = None
    learning_rate: float | None = None
    updates: int | None = None

    def given(self) -> dict[str, object]:
        """The settings that were asked for."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


def override(lessons: Sequence[Lesson], overrides: Overrides) -> list[Lesson]:
    """`lessons` with other settings in every experiment that has them.

    A sweep keeps its columns, rows and hidden units, since these are what it is about. Raises ValueError,
    in one sentence, where a setting fits no experiment or makes none.
    """
    asked = overrides.given()
    used: set[str] = set()
    changed = [
        lesson.with_studies([_override(study, asked, used) for study in lesson.studies]) for lesson in lessons
    ]
    for name in asked:
        if name not in used:
            raise ValueError(
                f"--{name.replace('_', '-')} fits no experiment that is to be run: {_why(name)}; leave it out"
            )
    return changed


def _override(study: Study, asked: dict[str, object], used: set[str]) -> Study:
    if study.name == CONTROLS:
        return study  # the lesson makes them anew, from the studies that they belong to
    if isinstance(study, Sweep):
        common = {name: value for name, value in asked.items() if name in ("learning_rate", "updates")}
        used.update(common)
        return Sweep(study.name, tuple(_changed(e, common) for e in study.experiments))
    fitting = {name: value for name, value in asked.items() if _has(study, name)}
    used.update(fitting)
    return _changed(study, fitting)


def _changed(experiment: Experiment, values: dict[str, object]) -> Experiment:
    return replace(experiment, **values)  # type: ignore[arg-type]


def _has(experiment: Experiment, name: str) -> bool:
    if name in ("rows", "columns"):
        return not experiment.given
    if name == "hidden":
        return bool(experiment.hidden)
    return True


def _why(name: str) -> str:
    if name == "hidden":
        return "logistic regression has no hidden units, and sweeps keep their own"
    return "rows that are written down stay as they are, and so do those of a sweep"
