"""The learner's own settings in place of a lesson's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from toystory.course.lesson import Lesson
from toystory.training.control import CONTROLS
from toystory.training.experiment import Experiment
from toystory.training.run import Study, Sweep
from toystory.training.settings import SETTINGS


def override(lessons: Sequence[Lesson], asked: Mapping[str, Any]) -> list[Lesson]:
    """`lessons` with other settings in every experiment that has them.

    A sweep keeps its columns, rows and hidden units, since these are what it is about.

    Args:
        lessons: whose experiments are changed.
        asked: new values, by the name of the setting.

    Raises:
        ValueError: in one sentence, where a setting fits no experiment or makes none.
    """
    used: set[str] = set()
    changed = [
        lesson.with_studies([_override(study, asked, used) for study in lesson.studies]) for lesson in lessons
    ]
    for name in asked:
        if name not in used:
            raise ValueError(
                f"{SETTINGS[name].option} fits no experiment that is to be run: {_why(name)}; leave it out"
            )
    return changed


def _override(study: Study, asked: Mapping[str, Any], used: set[str]) -> Study:
    if study.name == CONTROLS:
        return study  # the lesson makes them anew, from the studies that they belong to
    if isinstance(study, Sweep):
        common = {name: value for name, value in asked.items() if name in ("learning_rate", "updates")}
        used.update(common)
        return Sweep(study.name, tuple(replace(e, **common) for e in study.experiments))
    fitting = {name: value for name, value in asked.items() if _has(study, name)}
    used.update(fitting)
    return replace(study, **fitting)


def _has(experiment: Experiment, name: str) -> bool:
    if experiment.updates == 0:  # set by hand, not trained
        return False
    if name in ("rows", "columns"):
        return not experiment.given
    if name == "hidden":
        return bool(experiment.hidden)
    return True


def _why(name: str) -> str:
    if name == "hidden":
        return "logistic regression has no hidden units, and sweeps keep their own"
    return "rows that are written down stay as they are, and so do those of a sweep"
