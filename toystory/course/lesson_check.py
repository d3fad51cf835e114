"""Whether the parts of a lesson fit together: what its writer is told before anything of it is shown."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable
from pathlib import Path

from toystory.base.errors import BadProse
from toystory.base.nearest import nearest
from toystory.course.derivation.steps import (
    DerivationStep,
    Values,
    derives,
    evaluate,
    find_source,
    value_of,
    worked,
)
from toystory.course.derivation.symbols import Symbol
from toystory.course.lesson import Lesson
from toystory.course.own_lessons import where
from toystory.course.suggestion import Suggestion
from toystory.models.model import Model
from toystory.training.claim import Claim
from toystory.training.experiment import Experiment
from toystory.training.run import Sweep, experiments_of

_PARTS: dict[str, tuple[tuple[type, ...], str]] = {
    "derivation": ((DerivationStep,), "steps"),
    "symbols": ((Symbol,), "symbols"),
    "example": ((int,), "bits"),
    "suggestions": ((Suggestion,), "suggestions"),
    "studies": ((Experiment, Sweep), "experiments and sweeps"),
    "answers": ((str,), "names of studies"),
    "claims": ((Claim,), "claims"),
}
"""Of each part that is a tuple, what it holds, and how a writer calls that."""


def check_lesson(lesson: Lesson) -> None:
    """Look at a lesson's types and names, and work its derivation out once.

    Args:
        lesson: Of any writer.

    Raises:
        BadProse: Something does not fit; the message names the file and what to do.
    """
    file = lesson.chapter.folder / "lesson.py"
    for part, (types, called) in _PARTS.items():
        _check_tuple(f"{file}: {part}", getattr(lesson, part), types, called)
    if not lesson.example or not set(lesson.example) <= {0, 1}:
        raise BadProse(f"{file}: example is {lesson.example}: write a row of bits, such as (1, 0)")
    for study in lesson.studies:
        if isinstance(study, Sweep):
            what = f"{file}: experiments of the sweep {study.name!r}"
            _check_tuple(what, study.experiments, (Experiment,), "experiments")
    _check_names(lesson, file)
    _check_derivation(lesson)


def _check_tuple(what: str, value: object, types: tuple[type, ...], called: str) -> None:
    """Raises BadProse where a value is no tuple of these types."""
    if not isinstance(value, tuple):
        hint = " with a comma behind the only one: (…,)" if isinstance(value, types) else ""
        raise BadProse(f"{what} is {_shown(value)}: write a tuple of {called}{hint}")
    for one in value:
        if not isinstance(one, types):
            raise BadProse(f"{what} has {_shown(one)} in it: write {called} alone")


def _shown(value: object) -> str:
    return reprlib.repr(value) if isinstance(value, str | int | float) else f"one {type(value).__name__}"


def _check_names(lesson: Lesson, file: Path) -> None:
    """Raises BadProse where a study is named that the lesson does not have, or two have one name."""
    names = [study.name for study in lesson.studies]
    if not names:
        raise BadProse(f"{file}: studies is empty: write one experiment at least")
    if twice := [name for name in names if names.count(name) > 1]:
        raise BadProse(f"{file}: two studies are called {twice[0]!r}: give one of them another name")
    _check_named(f"{file}: ends_with", [lesson.ends_with], names)
    _check_named(f"{file}: answers", lesson.answers, names)
    for claim in lesson.claims:
        what = f"{file}: needs of the claim {claim.text!r}"
        _check_tuple(what, claim.needs, (str,), "names of studies")
        _check_named(what, claim.needs, names)
        if claim.control is not None:
            _check_named(f"{file}: control of the claim {claim.text!r}", [claim.control], names)


def _check_named(what: str, wanted: Iterable[object], names: list[str]) -> None:
    for name in wanted:
        if name not in names:
            near = nearest(name, names, cutoff=0.4) if isinstance(name, str) else None
            hint = f"did you mean {near!r}? " if near else ""
            listed = ", ".join(map(repr, names))
            raise BadProse(f"{what}: no study is called {_shown(name)}: {hint}the studies are {listed}")


def _check_derivation(lesson: Lesson) -> None:
    """Raises BadProse where a step has no such line of code, no such value, or can't be worked out."""
    file = lesson.chapter.folder / "derivation.md"
    for step in lesson.derivation:
        try:
            find_source(step)
        except LookupError as error:
            raise BadProse(f"{file}: the code of the step '{step.title}': {error.args[0]}") from None
    last = experiments_of(lesson.study(lesson.ends_with))[-1]
    every = [e for study in lesson.studies for e in experiments_of(study)]
    first_of_each = {e.model: e for e in reversed(every)} | {last.model: last}
    for experiment in first_of_each.values():
        model, values = _evaluated(lesson, experiment)
        if derives(lesson.derivation, values):
            _check_worked(lesson, experiment, model, values)
            return
    _, values = _evaluated(lesson, last)
    for step in lesson.derivation:
        if step.value not in values:
            raise BadProse(
                f"{file}: the step '{step.title}' names a value '{step.value}'; "
                f"the model {last.model} has {_listed(values)}"
            )


def _check_worked(lesson: Lesson, experiment: Experiment, model: Model, values: Values) -> None:
    for step in lesson.derivation:
        try:
            value_of(step, values, model)
            worked(step, values, model, experiment.learning_rate)
        except Exception as error:
            told = f"{where(error, lesson.chapter.folder)}, in the step '{step.title}'"
            known = f"; the values are {_listed(values)}" if isinstance(error, KeyError) else ""
            raise BadProse(f"{told}{known}") from error


def _evaluated(lesson: Lesson, experiment: Experiment) -> tuple[Model, Values]:
    model, row = experiment.build_model(), lesson.example_row(experiment)
    y = experiment.task.whole_rows(row).y
    return model, evaluate(model, row, y, experiment.learning_rate, experiment.clip, experiment.weight_decay)


def _listed(values: Values) -> str:
    """The names of the values, without those of the updated parameters."""
    return ", ".join(name for name in values if name[-1] not in "′″")
