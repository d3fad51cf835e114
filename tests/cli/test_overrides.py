"""The learner's own settings."""

from __future__ import annotations

import pytest

from toystory.cli.overrides import override
from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.training.control import CONTROLS
from toystory.training.experiment import Experiment
from toystory.training.run import Sweep, experiments_of


def changed(name: str, **settings: object) -> list[Experiment]:
    (lesson,) = override([catalogue.load(name)], settings)
    return [e for study in lesson.studies for e in experiments_of(study)]


def trained(experiment: Experiment) -> bool:
    """Whether anything is learnt: a line that was set by hand keeps its own settings."""
    return experiment.updates > 0


def original(name: str) -> list[Experiment]:
    return [e for study in catalogue.load(name).studies for e in experiments_of(study)]


@pytest.mark.parametrize("name", NAMES)
def test_without_settings_nothing_changes(name: str) -> None:
    lesson = catalogue.load(name)
    assert override([lesson], {}) == [lesson]


@pytest.mark.parametrize("name", NAMES)
def test_learning_rate_and_updates_reach_every_experiment(name: str) -> None:
    for experiment in filter(trained, changed(name, learning_rate=0.125, updates=7)):
        assert (experiment.learning_rate, experiment.updates) == (0.125, 7)


def test_rows_columns_and_hidden_reach_what_has_them() -> None:
    in_sweeps = {e.name for s in catalogue.load("rnn").studies if isinstance(s, Sweep) for e in s.experiments}
    for experiment in changed("rnn", rows=60, columns=9, hidden=(3,)):
        assert experiment.name in in_sweeps or (experiment.rows, experiment.columns, experiment.hidden) == (
            60,
            9,
            (3,),
        )


def test_rows_that_are_written_down_and_sweeps_keep_their_own() -> None:
    before, after = original("two-layer"), changed("two-layer", rows=60, columns=9, hidden=(5,))
    wide = [i for i, e in enumerate(before) if e.columns == 50]
    assert wide
    for i, (old, new) in enumerate(zip(before, after, strict=True)):
        if i in wide:
            assert (new.rows, new.columns, new.hidden) == (60, 9, (5,))
        else:
            assert (new.rows, new.columns) == (old.rows, old.columns)
    own = [s for s in catalogue.load("two-layer").studies if s.name != CONTROLS]
    sweeps = [e for s in own if isinstance(s, Sweep) for e in s.experiments]
    assert {e.hidden for e in sweeps} == {(2,), (3,), (4,), (8,)}
    assert all(sweep in after for sweep in sweeps)


@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [
        ("gate", {"rows": 5}, "--rows fits no experiment that is to be run: rows that are written down stay"),
        ("gate", {"columns": 5}, "--columns fits no experiment"),
        (
            "regression",
            {"hidden": (4,)},
            "--hidden fits no experiment that is to be run: logistic regression",
        ),
        ("rnn", {"hidden": (4, 3)}, "RNN has one hidden layer"),
        ("mlp", {"columns": 0}, "columns is 0"),
    ],
)
def test_what_fits_nothing_or_makes_nothing_is_refused(
    name: str, settings: dict[str, object], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        changed(name, **settings)


def test_of_several_lessons_one_that_it_fits_is_enough() -> None:
    before = catalogue.load("gate")
    gate, regression = override([before, catalogue.load("regression")], {"rows": 99})
    assert gate == before
    every = [e for study in regression.studies for e in experiments_of(study)]
    assert {e.rows for e in filter(trained, every)} == {99}
