"""An experiment: plain values, checked, from which a run can be built again."""

from __future__ import annotations

import pickle
from dataclasses import MISSING, FrozenInstanceError, fields, replace
from typing import Any

import numpy as np
import pytest

from toystory.models import (
    LSTM,
    MLP,
    MODELS,
    RNN,
    Attention,
    AutogradNet,
    LogisticRegression,
    TwoLayerNet,
)
from toystory.models.parts.activations import ACTIVATIONS
from toystory.training.experiment import Experiment
from toystory.training.settings import MODEL_NAMES, SETTINGS, WrongSetting

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"model": "Transformer"}, "model is 'Transformer'.*LSTM"),
    ({"activation": "step"}, "activation is 'step'.*relu, tanh, sigmoid"),
    ({"first_weights": "zeros"}, "first weights is 'zeros'.*signs"),
    ({"optimizer": "sgd"}, "optimizer is 'sgd'.*adam"),
    ({"lengths": "random"}, "lengths is 'random'.*mixed"),
    ({"labels": "start"}, "labels is 'start'.*every step"),
    ({"dtype": "float16"}, "dtype is 'float16'.*float32, float64"),
    ({"columns": 0}, "columns is 0.*from 1 to 100,000"),
    ({"columns": 2.5}, "columns is 2.5.*whole number"),
    ({"updates": -1}, "updates is -1"),
    ({"seed": -1}, "seed is -1"),
    ({"seed": 2**63}, "seed is 9,223,372,036,854,775,808"),
    ({"hidden": (0,)}, "hidden units is 0"),
    ({"rows": 0}, "rows is 0"),
    ({"batch": 0}, "batch is 0"),
    ({"evaluate_every": 0}, "evaluate every is 0"),
    ({"learning_rate": 0.0}, "learning rate is 0.0.*above zero"),
    ({"learning_rate": float("nan")}, "learning rate is nan"),
    ({"learning_rate": float("inf")}, "learning rate is inf"),
    ({"final_learning_rate": -0.5}, "final learning rate is -0.5.*from 0 to 1"),
    ({"weight_scale": float("nan")}, "weight scale is nan"),
    ({"weight_scale": -1.0}, "weight scale is -1.0"),
    ({"clip": -1.0}, "clip is -1.0"),
    ({"weight_decay": -0.1}, "weight decay is -0.1.*zero or above"),
    ({"patience": 0}, "patience is 0.*from 1 to"),
    ({"stop_at": 2.0}, "stop at is 2.0.*from 0 to 1"),
    ({"batch": None}, "need a batch size"),
    ({"relevant": (0, 6)}, "outside the 6 columns"),
    ({"relevant": (-1,)}, "outside the 6 columns"),
    ({"relevant": (1, 1)}, "named twice"),
    ({"given": ((0, 1),)}, "given row has not 6 bits"),
    ({"given": ((0, 1, 0, 1, 0, 2),)}, "something else than bits"),
    ({"given": ((0, 1, 0, 1, 0, 1),), "rows": 5}, "rows are given"),
    ({"model": "LogisticRegression"}, "no hidden units"),
    ({"model": "TwoLayerNet", "hidden": ()}, "TwoLayerNet has one hidden layer"),
    ({"model": "RNN", "hidden": (3, 3)}, "RNN has one hidden layer"),
    ({"start": (0.5,)}, "only logistic regression"),
    ({"model": "LogisticRegression", "hidden": (), "start": (0.5,)}, "start has 1 numbers: expected 7"),
    ({"lengths": "mixed"}, "MLP reads whole rows"),
    ({"labels": "every step"}, "MLP reads whole rows"),
    ({"rows": 100_000_000, "columns": 101}, "100,000,000 rows of 101 bits are too many.*10,000,000,000"),
    ({"batch": 100_000_000, "columns": 101}, "100,000,000 rows of 101 bits are too many"),
    (
        {"hidden": (100_000, 100_000)},
        r"MLP would hold 5e\+10 numbers at once.*1e\+09.*fewer columns or hidden",
    ),
    ({"model": "TwoLayerNet", "columns": 100_000, "hidden": (100_000,)}, "TwoLayerNet would hold"),
    ({"model": "RNN", "hidden": (20_000,)}, "RNN would hold"),
    ({"model": "LSTM", "hidden": (16,), "columns": 100_000}, "LSTM would hold"),
    ({"model": "Attention", "hidden": (16, 3), "labels": "every step"}, "one hidden layer"),
    ({"model": "Attention"}, "labels must be at every step"),
    ({"model": "Attention", "thinks_aloud": False, "labels": "every step"}, "labels must be at the end"),
    ({"model": "Attention", "labels": "every step", "lengths": "mixed"}, "full or one per batch"),
    ({"model": "Attention", "labels": "every step", "width": 0}, "width is 0"),
    (
        {"model": "Attention", "labels": "every step", "columns": 100_000, "hidden": (99,)},
        "Attention would hold",
    ),
    ({"model": "AutogradNet", "hidden": ()}, "one hidden layer"),
]


@pytest.mark.parametrize(("changes", "words"), REFUSED, ids=[str(changes) for changes, _ in REFUSED])
def test_what_makes_no_experiment_is_refused_in_one_sentence(
    base: Experiment, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        replace(base, **changes)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert ". " not in sentence
    assert len(sentence) < 120


def test_experiments_are_values(base: Experiment) -> None:
    assert replace(base, seed=3) == replace(base, seed=3)
    assert hash(replace(base, seed=3)) == hash(replace(base, seed=3))
    assert replace(base, seed=3) != base
    with pytest.raises(FrozenInstanceError):
        base.seed = 4  # type: ignore[misc]


def test_the_model_is_the_same_at_every_call(small: Experiment) -> None:
    first, second = small.build_model(), small.build_model()
    assert type(first).__name__ == small.model
    assert first is not second
    for name, parameter in first.parameters.items():
        np.testing.assert_array_equal(parameter, second.parameters[name])


def test_every_model_can_be_named() -> None:
    assert tuple(MODELS) == MODEL_NAMES


def test_settings_reach_the_model(base: Experiment) -> None:
    def built(**changes: Any) -> dict[str, Any]:
        return replace(base, **changes).build_model().settings

    f64: dict[str, Any] = {"seed": 9, "dtype": "float64"}
    start: dict[str, Any] = {"hidden": (), "start": (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)}
    gate = replace(base, model="LogisticRegression", **start).build_model()
    assert gate.parameters["w"].tolist() == [1, 2, 3, 4, 5, 6]
    assert gate.parameters["b"].tolist() == [7]
    assert built(model="LogisticRegression", hidden=(), **f64) == LogisticRegression(6, **f64).settings
    assert built(model="TwoLayerNet", **f64) == TwoLayerNet(6, 5, **f64).settings
    assert built(model="TwoLayerNet", weight_scale=0.01)["weight_scale"] == 0.01
    assert built(**f64) == MLP((6, 5, 1), **f64).settings
    told: dict[str, Any] = {
        "activation": "tanh",
        "first_weights": "gaussian",
        "weight_scale": 0.3,
        "signed": False,
    }
    assert built(hidden=(4, 3), **told, **f64) == MLP((6, 4, 3, 1), **told, **f64).settings
    assert built(model="RNN", **f64) == RNN(5, **f64).settings
    assert built(model="LSTM", **f64) == LSTM(5, **f64).settings
    assert built(model="AutogradNet", weight_scale=0.3, **f64) == (
        AutogradNet(6, 5, weight_scale=0.3, **f64).settings
    )
    assert built(model="Attention", labels="every step", **f64) == Attention(8, 5, **f64).settings
    aside: dict[str, Any] = {"width": 4, "thinks_aloud": False, "scale_scores": False}
    assert built(model="Attention", **aside, **f64) == Attention(hidden=5, **aside, **f64).settings


def test_what_is_large_but_fits_is_not_refused(base: Experiment) -> None:
    replace(base, rows=100_000_000, columns=100)
    replace(base, columns=100_000)
    replace(base, hidden=(4096, 4096))
    replace(base, model="RNN", columns=5000, hidden=(64,))
    replace(base, model="LSTM", columns=5000, hidden=(32,))


def test_settings_in_one_line(base: Experiment) -> None:
    assert base.describe() == (
        "MLP 6-5-1, fresh rows of 6 bits, batches of 8, adam at learning rate 0.01, 12 updates"
    )
    stored = replace(base, hidden=(4, 3), rows=10_000, batch=None, updates=5000, stop_at=0.9)
    assert stored.describe() == (
        "MLP 6-4-3-1, 10,000 rows of 6 bits, adam at learning rate 0.01, at most 5,000 updates"
    )
    recurrent = replace(base, model="LSTM", lengths="one per batch").describe()
    assert recurrent.startswith(
        "LSTM 5 hidden units, fresh rows of 6 bits, one length a batch, batches of 8, "
    )
    assert "the rows 00 11," in replace(base, columns=2, given=((0, 0), (1, 1))).describe()
    some = replace(base, relevant=(0, 3, 4), updates=1)
    assert some.describe().startswith("MLP 6-5-1, fresh rows of 6 bits, 3 of which count, batches of 8, ")
    assert some.describe().endswith(", 1 update")
    told = replace(base, model="RNN", labels="every step", lengths="mixed").describe()
    assert "fresh rows of 6 bits, a length each, a label at every step, batches of 8" in told
    assert "fresh rows of 6 bits, asked for nand, batches of 8" in replace(base, gate="nand").describe()


def test_every_field_has_its_line_in_the_table_of_settings() -> None:
    table = {field.name: field for field in fields(Experiment) if field.name != "name"}
    assert {*table} == {*SETTINGS}
    for name, setting in SETTINGS.items():
        assert setting.required == (table[name].default is MISSING), name
        assert setting.label
        assert setting.help
        if not setting.choices:
            assert setting.hint
            assert setting.none or table[name].default is not None, f"{name} needs a word for None"
    assert SETTINGS["activation"].choices == tuple(ACTIVATIONS)


def test_what_is_wrong_names_its_field(base: Experiment) -> None:
    wrong: dict[str, Any] = {"seed": -1, "lengths": "mixed", "batch": None}
    for field, value in wrong.items():
        with pytest.raises(WrongSetting) as caught:
            replace(base, **{field: value})
        assert caught.value.setting == field
        assert pickle.loads(pickle.dumps(caught.value)).setting == field
