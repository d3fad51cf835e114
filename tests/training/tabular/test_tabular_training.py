"""Made tasks, the split of rows, early stopping, and what comes of a run."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from toystory.cli import main as cli
from toystory.cli.commands.train_table import read_tabular_settings
from toystory.training.settings import WrongSetting
from toystory.training.tabular.dataset import split_rows
from toystory.training.tabular.experiment import TabularExperiment
from toystory.training.tabular.tasks import TASKS, make_dataset
from toystory.training.tabular.training import TabularTraining, confusion

MOONS = TabularExperiment(name="moons", data="moons", rows=200, updates=300, hidden=(16,), evaluate_every=10)


def carried_out(experiment: TabularExperiment) -> TabularTraining:
    training = TabularTraining(experiment)
    for _ in training:
        pass
    return training


@pytest.mark.parametrize("name", TASKS)
def test_made_rows_are_even_and_come_again_from_their_seed(name: str) -> None:
    data = make_dataset(name, 120, None, np.random.default_rng(1))
    again = make_dataset(name, 120, None, np.random.default_rng(1))
    np.testing.assert_array_equal(data.x, again.x)
    assert len(set(data.counts)) == 1
    assert data.columns == {"majority": 11, "parity": 20}.get(name, 2)


def test_without_noise_the_classes_are_what_they_are_said_to_be() -> None:
    rng = np.random.default_rng(0)
    circle, majority = (make_dataset(name, 400, 0.0, rng) for name in ("circle", "majority"))
    np.testing.assert_array_equal(np.hypot(*circle.x.T) > 1.2, circle.y == 1)
    np.testing.assert_array_equal((majority.x > 0).sum(axis=1) > 5, majority.y == 1)
    switches = make_dataset("parity", 400, 0.0, rng)
    np.testing.assert_array_equal((switches.x > 0).sum(axis=1) % 2, switches.y)


def test_a_split_has_every_row_once_and_every_class_everywhere() -> None:
    y = np.repeat([0, 1, 2], [100, 33, 5]).astype(np.uint8)
    split = split_rows(y, np.random.default_rng(0))
    parts = (split.training, split.validation, split.test)
    assert sorted(np.concatenate(parts).tolist()) == list(range(138))
    assert [np.bincount(y[part]).tolist() for part in parts] == [[60, 20, 3], [20, 7, 1], [20, 6, 1]]
    other = split_rows(y, np.random.default_rng(1))
    assert split.training.tolist() != other.training.tolist()


def test_columns_are_standardised_by_the_training_rows_alone() -> None:
    training = TabularTraining(MOONS)
    rows = training.data.x[training.split.training]
    np.testing.assert_allclose(training.model.means, rows.mean(axis=0))
    np.testing.assert_allclose(training.model.spreads, rows.std(axis=0))


def test_the_bent_border_beats_the_straight_one() -> None:
    bent, straight = carried_out(MOONS), carried_out(replace(MOONS, hidden=()))
    assert bent.parts()[2].accuracy >= 0.95
    assert straight.parts()[2].accuracy < bent.parts()[2].accuracy
    assert [part.rows for part in bent.parts()] == [120, 40, 40]
    assert all(part.confusion.sum() == part.rows for part in bent.parts())


def test_it_stops_early_and_keeps_the_best_weights() -> None:
    # Few rows, many units and labels that are mostly noise: what it learns soon holds for these rows only.
    training = carried_out(
        replace(MOONS, data="majority", rows=60, noise=2.0, hidden=(64,), patience=100, updates=2000)
    )
    assert training.progress is not None
    assert training.progress.update == training.best_update + 100 < 2000
    assert f"the weights of update {training.best_update} are kept" in training.progress.message
    validation = training.parts()[1].loss
    assert validation == pytest.approx(training.best_loss)
    assert validation == min(loss for _, loss in training.validation_losses.points)
    assert training.validation_losses.points[-1][1] > validation


def test_the_same_seed_makes_the_same_run_and_another_seed_another() -> None:
    first, again, other = (carried_out(replace(MOONS, seed=s, dropout=0.2)) for s in (0, 0, 1))
    assert first.losses.points == again.losses.points
    np.testing.assert_array_equal(first.model.parameters["W1"], again.model.parameters["W1"])
    assert first.losses.points != other.losses.points


def test_looking_at_the_validation_rows_changes_nothing() -> None:
    often, seldom = (
        carried_out(replace(MOONS, evaluate_every=n, patience=None, dropout=0.3)) for n in (1, 300)
    )
    assert often.losses.points == seldom.losses.points


def test_one_that_diverges_says_so() -> None:
    training = carried_out(replace(MOONS, optimizer="gradient descent", learning_rate=1e9))
    assert training.diverged
    assert training.progress is not None
    assert "smaller learning rate" in training.progress.message


def test_confusion_counts_right_classes_down_and_answers_across() -> None:
    y, answers = np.array([0, 0, 1, 2], np.uint8), np.array([0, 2, 1, 1], np.uint8)
    assert confusion(y, answers, 3).tolist() == [[1, 0, 1], [0, 1, 0], [0, 1, 0]]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"hidden": (), "noise": 0.5, "dropout": 0.1, "optimizer": "gradient descent"},
        {
            "rows": None,
            "data": "my table.csv",
            "label": "a kind",
            "without": ("id", "note"),
            "drop_missing": True,
        },
        {"hidden": (64, 32), "weight_decay": 1e-3, "patience": 50, "seed": 3},
    ],
)
def test_what_to_type_makes_the_same_experiment(change: dict[str, Any]) -> None:
    experiment = replace(MOONS, **change)
    args = cli._parse(shlex.split(experiment.command)[1:])
    assert replace(read_tabular_settings(args), name="moons") == experiment


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"hidden": (0,)}, "hidden units"),
        ({"updates": 0}, "updates is 0"),
        ({"batch": 0}, "batch is 0"),
        ({"learning_rate": float("nan")}, "learning rate is nan"),
        ({"dropout": 1.0}, "dropout is 1.0"),
        ({"weight_decay": -1.0}, "weight decay is -1.0"),
        ({"patience": 0}, "patience"),
        ({"rows": 9}, "rows is 9: expected a whole number from 10"),
        ({"noise": -1.0}, "noise is -1.0"),
        ({"label": "kind"}, "moons is a task"),
        ({"data": "a.csv"}, "rows is for tasks"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_values_that_make_no_experiment(change: dict[str, Any], said: str) -> None:
    with pytest.raises(WrongSetting, match=said):
        replace(MOONS, **change)
