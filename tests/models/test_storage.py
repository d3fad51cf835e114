"""Models in files: what was saved comes back, and nothing else does."""

from __future__ import annotations

import json
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toystory.models import (
    LSTM,
    MLP,
    RNN,
    Attention,
    AutogradNet,
    LogisticRegression,
    Model,
    SoftmaxMLP,
    TwoLayerNet,
    load,
)
from toystory.models.loading import LOADABLE
from toystory.training.data import parity, random_bits

X = random_bits(np.random.default_rng(0), 30, 5)
BUILT: list[Model] = [
    LogisticRegression(5, weights=(0.5, 1.0, -2.0, 0.1, 0.2)),
    TwoLayerNet(5, 3, weight_scale=0.5, seed=3),
    MLP((5, 4, 3, 1), activation="tanh", first_weights="signs", signed=False),
    MLP((5, 4, 1), first_weights="shared signs"),
    MLP((5, 2, 1), dtype=np.float64),
    RNN(3),
    RNN(3, weight_scale=0.2, signed=False),
    LSTM(4, forget_bias=0.5, dtype=np.float64),
    AutogradNet(5, 2, weight_scale=0.5),
    Attention(4, 6, scale_scores=False),
    Attention(4, 6, thinks_aloud=False, dtype=np.float64),
    SoftmaxMLP((5, 4, 2), dropout=0.2, weight_decay=1, column_names="abcde", class_names=("no", "yes")),
    SoftmaxMLP((5, 3), means=range(5), spreads=(1, 2, 3, 4, 0.1), label_name="kind", dtype=np.float64),
]


def refused(path: Path) -> bool:
    """Whether `load` says in one sentence that this file holds no model."""
    with pytest.raises(ValueError, match="holds no model") as caught:
        load(path)
    sentence = str(caught.value)
    return str(path) in sentence and "\n" not in sentence and ". " not in sentence


@pytest.mark.parametrize("model", BUILT, ids=repr)
def test_a_saved_model_comes_back_the_same(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    model.fit(X, parity(X), updates=3)
    model.save(path)
    back = load(path)
    assert type(back) is type(model)
    assert back.settings == model.settings
    assert back.dtype == model.dtype
    assert list(back.parameters) == list(model.parameters)
    for name, parameter in model.parameters.items():
        assert back.parameters[name].dtype == parameter.dtype
        np.testing.assert_array_equal(back.parameters[name], parameter)
    np.testing.assert_array_equal(back.predict_proba(X), model.predict_proba(X))
    assert repr(back) == repr(model)


def test_a_model_that_came_back_can_learn_on(tmp_path: Path) -> None:
    model = TwoLayerNet(5, 3)
    model.save(tmp_path / "m")
    curve = model.fit(X, parity(X), updates=4).loss_curve_
    assert load(tmp_path / "m").fit(X, parity(X), updates=4).loss_curve_ == curve


def test_every_model_is_tried_here() -> None:
    assert {type(model) for model in BUILT} == set(LOADABLE.values())


@pytest.mark.parametrize("name", ["model", "model.npz", "model.v1", "a model"])
def test_the_path_is_used_as_it_is(name: str, tmp_path: Path) -> None:
    RNN(2).save(str(tmp_path / name))
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert isinstance(load(str(tmp_path / name)), RNN)


def test_numpys_numbers_may_be_settings(tmp_path: Path) -> None:
    RNN(np.int64(3), seed=np.int32(2)).save(tmp_path / "m")  # type: ignore[arg-type]
    assert load(tmp_path / "m").settings["hidden"] == 3


def test_the_file_holds_plain_arrays_and_one_text(tmp_path: Path) -> None:
    model = MLP((5, 2, 1))
    model.save(tmp_path / "m")
    with np.load(tmp_path / "m", allow_pickle=False) as file:
        arrays = dict(file)
    assert json.loads(str(arrays.pop("model")))["class"] == "MLP"
    assert set(arrays) == set(model.parameters)


def arrays_of(model: Model, tmp_path: Path) -> dict[str, Any]:
    model.save(tmp_path / "right")
    with np.load(tmp_path / "right") as file:
        return dict(file)


def described(**settings: Any) -> np.ndarray[Any, Any]:
    return np.array(json.dumps({"class": "TwoLayerNet", "settings": settings}))


def broken_files() -> dict[str, dict[str, Any]]:
    """What to change in the arrays of a TwoLayerNet(5, 3); None takes one out."""
    return {
        "no description": {"model": None},
        "no text": {"model": np.array("hello")},
        "a list": {"model": np.array("[1, 2]")},
        "nothing said": {"model": np.array("{}")},
        "unknown class": {"model": np.array('{"class": "Oracle", "settings": {}}')},
        "unknown setting": {"model": described(columns=5, hidden=3, magic=1)},
        "missing setting": {"model": described(columns=5)},
        "no units": {"model": described(columns=5, hidden=0)},
        "half a unit": {"model": described(columns=5, hidden=2.5)},
        "units in words": {"model": described(columns=5, hidden="three")},
        "more units than weights": {"model": described(columns=5, hidden=4)},
        "a world of units": {"model": described(columns=5, hidden=2**62)},
        "another dtype": {"model": described(columns=5, hidden=3, dtype="float64")},
        "no such dtype": {"model": described(columns=5, hidden=3, dtype="float31")},
        "an array too few": {"b2": None},
        "an array too many": {"b3": np.zeros(1, np.float32)},
        "wrong shape": {"W1": np.zeros((3, 5), np.float32)},
        "a shape that would broadcast": {"W1": np.zeros((1, 1), np.float32)},
        "texts": {"b2": np.array(["1.5"])},
        "complex numbers": {"b2": np.array([1j])},
    }


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("what", broken_files())
def test_files_that_hold_no_model_are_refused(what: str, tmp_path: Path) -> None:
    arrays = {**arrays_of(TwoLayerNet(5, 3), tmp_path), **broken_files()[what]}
    path = tmp_path / "broken"
    with path.open("wb") as file:
        np.savez(file, **{name: array for name, array in arrays.items() if array is not None})
    assert refused(path)


def test_the_same_arrays_unchanged_are_a_model(tmp_path: Path) -> None:
    """So that each refusal above is for the one thing that was changed."""
    arrays = arrays_of(TwoLayerNet(5, 3), tmp_path)
    arrays["model"] = described(columns=5, hidden=3)
    with (tmp_path / "whole").open("wb") as file:
        np.savez(file, **arrays)
    assert isinstance(load(tmp_path / "whole"), TwoLayerNet)


class Trap:
    """Unpickling this writes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("name", ["model", "W1"])
def test_nothing_in_a_file_is_executed(name: str, tmp_path: Path) -> None:
    trap = np.array([Trap(tmp_path / "executed")], dtype=object)
    arrays = {**arrays_of(TwoLayerNet(5, 3), tmp_path), name: trap}
    path = tmp_path / "trap"
    with path.open("wb") as file:
        np.savez(file, **arrays)
    assert refused(path)
    pickled = tmp_path / "pickled"
    pickled.write_bytes(pickle.dumps(Trap(tmp_path / "executed")))
    assert refused(pickled)
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize("contents", [b"", b"hello\n", b"\x93NUMPY", b"PK\x03\x04", bytes(1000)])
def test_other_files_are_refused(contents: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other"
    path.write_bytes(contents)
    assert refused(path)


def test_a_lone_array_and_a_zip_of_texts_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "lone.npy", np.zeros(3))
    assert refused(tmp_path / "lone.npy")
    with zipfile.ZipFile(tmp_path / "texts", "w") as archive:
        archive.writestr("model", "not an array")
    assert refused(tmp_path / "texts")


def test_a_truncated_file_is_refused_wherever_it_was_cut(tmp_path: Path) -> None:
    TwoLayerNet(5, 3).save(tmp_path / "whole")
    contents = (tmp_path / "whole").read_bytes()
    path = tmp_path / "cut"
    for end in range(0, len(contents), 37):
        path.write_bytes(contents[:end])
        assert refused(path), end


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_file_is_a_model_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    TwoLayerNet(5, 3).save(tmp_path / "whole")
    contents = bytearray((tmp_path / "whole").read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(contents) - 1), min_size=1, max_size=4)):
        contents[place] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged"
    path.write_bytes(contents)
    try:
        assert isinstance(load(path), TwoLayerNet)
    except ValueError:
        assert refused(path)


def test_a_path_that_cannot_be_used_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "missing")
    with pytest.raises(OSError, match="directory"):
        load(tmp_path)
    with pytest.raises(FileNotFoundError):
        RNN(2).save(tmp_path / "missing" / "model")


@pytest.mark.parametrize(
    ("model", "settings"),
    [
        (LSTM(2), {"hidden": 30_000}),
        (RNN(2), {"hidden": 30_000}),
        (TwoLayerNet(5, 3), {"columns": 100_000, "hidden": 100_000}),
        (MLP((5, 3, 1)), {"layer_sizes": [100_000, 100_000, 1]}),
        (LogisticRegression(5), {"columns": 10**12}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_small_file_that_asks_for_a_huge_model_is_refused_before_it_is_built(
    model: Model, settings: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.keys() <= model.settings.keys()
    monkeypatch.setattr(model, "settings", model.settings | settings)
    model.save(tmp_path / "m")
    monkeypatch.setattr(type(model), "__init__", lambda *_, **__: pytest.fail("it was built"))
    with pytest.raises(ValueError, match="holds no model"):
        load(tmp_path / "m")


def test_numbers_that_are_not_finite_are_no_model(tmp_path: Path) -> None:
    model = RNN(2)
    model.parameters["w_hy"][0] = np.nan
    model.save(tmp_path / "m")
    with pytest.raises(ValueError, match="holds no model"):
        load(tmp_path / "m")
