"""Weights as pictures: which way round they lie, and their scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from toystory.course.analysis.weights import weight_picture, weight_pictures
from toystory.models import LSTM, MLP, RNN, LogisticRegression, TwoLayerNet


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_units_lie_down_and_inputs_across(dtype: Any) -> None:
    shapes = {
        LogisticRegression(5, dtype=dtype): {"w": (1, 5), "b": (1, 1)},
        TwoLayerNet(5, 3, dtype=dtype): {"W1": (3, 5), "b1": (3, 1), "w2": (1, 3), "b2": (1, 1)},
        MLP((5, 4, 1), dtype=dtype): {"W1": (4, 5), "b1": (4, 1), "W2": (1, 4), "b2": (1, 1)},
        RNN(3, dtype=dtype): {"W_hh": (3, 3), "W_xh": (3, 1), "b_h": (3, 1), "w_hy": (1, 3), "b_y": (1, 1)},
        LSTM(3, dtype=dtype): {
            "W_hh": (12, 3),
            "W_xh": (12, 1),
            "b_h": (12, 1),
            "w_hy": (1, 3),
            "b_y": (1, 1),
        },
    }
    for model, expected in shapes.items():
        pictures = weight_pictures(model, biases=True)
        assert {p.name: p.values.shape for p in pictures} == expected
        assert {p.values.dtype for p in pictures} == {np.dtype(dtype)}
        weights = [name for name in expected if not name.startswith("b")]
        assert [p.name for p in weight_pictures(model)] == weights


def test_a_row_is_what_one_unit_hears() -> None:
    """Each picture times what comes in is the sum of the unit, in both kinds of model."""
    x = np.array([[1, 0, 1, 1]])
    mlp = MLP((4, 3, 1), seed=1, dtype=np.float64)
    cache = mlp.forward(x)
    np.testing.assert_allclose(weight_picture(mlp, "W1").values @ cache["a0"][0], cache["z1"][0])
    rnn = RNN(3, seed=1, dtype=np.float64)
    h = rnn.forward(x)["h"][:, 0]
    sums = weight_picture(rnn, "W_hh").values @ h[0] + weight_picture(rnn, "W_xh").values[:, 0] * -1
    np.testing.assert_allclose(np.tanh(sums), h[1])


def test_the_scale_is_symmetric() -> None:
    model = TwoLayerNet(2, 2)
    model.parameters["W1"][...] = [[1, -4], [2, 0]]
    picture = weight_picture(model, "W1")
    assert picture.scale == 4
    assert picture.shades.tolist() == [[0.25, 0.5], [-1, 0]]


def test_a_given_scale_compares_two_pictures_and_cuts_off_what_is_beyond() -> None:
    model = TwoLayerNet(2, 2)
    model.parameters["W1"][...] = [[1, -4], [2, 0]]
    assert weight_picture(model, "W1", scale=2).shades.tolist() == [[0.5, 1], [-1, 0]]


def test_weights_of_zero_are_all_zero() -> None:
    picture = weight_picture(LogisticRegression(3), "w")
    assert picture.scale == 0
    assert picture.shades.tolist() == [[0, 0, 0]]


def test_what_is_infinite_is_not_a_number_and_does_not_count() -> None:
    model = LogisticRegression(4)
    model.parameters["w"][...] = (np.inf, -2, np.nan, 1)
    picture = weight_picture(model, "w")
    assert picture.scale == 2
    np.testing.assert_array_equal(picture.shades, [[np.nan, -1, np.nan, 0.5]])
    model.parameters["w"][...] = np.inf
    assert weight_picture(model, "w").scale == 0
    assert np.isnan(weight_picture(model, "w").shades).all()


def test_the_parts_of_an_lstm_are_its_gates() -> None:
    model = LSTM(3, seed=1, forget_bias=2.5)
    for name in ("W_hh", "W_xh", "b_h"):
        picture = weight_picture(model, name)
        assert picture.parts == ("i", "f", "o", "g")
        stacked = np.concatenate([picture.part(part) for part in picture.parts])
        np.testing.assert_array_equal(stacked, picture.values)
    assert weight_picture(model, "b_h").part("f").tolist() == [[2.5]] * 3
    assert weight_picture(model, "b_h").part("i").tolist() == [[0]] * 3
    assert weight_picture(model, "w_hy").parts == ()


def test_pictures_are_copies_in_that_training_leaves_them_alone() -> None:
    model = LogisticRegression(2, weights=(1.0, 2.0))
    picture = weight_picture(model, "w")
    model.parameters["w"][...] = 7
    assert picture.values.tolist() == [[1, 2]]


def test_an_unknown_name() -> None:
    with pytest.raises(KeyError):
        weight_picture(TwoLayerNet(2, 2), "W7")
