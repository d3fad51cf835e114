"""The decision surface, on networks whose answers are known at every point."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toystory.course.analysis.surface import decision_surface
from toystory.models import LSTM, MLP, RNN, LogisticRegression, Model, TwoLayerNet

MODELS = [
    lambda dtype: LogisticRegression(2, weights=(0.3, -0.7), bias=0.1, dtype=dtype),
    lambda dtype: TwoLayerNet(2, 3, seed=1, dtype=dtype),
    lambda dtype: MLP((2, 3, 2, 1), seed=1, dtype=dtype),
    lambda dtype: MLP((2, 1), signed=False, seed=1, dtype=dtype),
    lambda dtype: RNN(3, seed=1, dtype=dtype),
    lambda dtype: LSTM(3, seed=1, dtype=dtype),
]


def textbook_xor() -> MLP:
    """relu(x₁ + x₂) − 2 relu(x₁ + x₂ − 1) − ½: on where the sum lies between ½ and 3/2, and nowhere else."""
    model = MLP((2, 2, 1), signed=False)
    model.parameters["W1"][...] = 1
    model.parameters["b1"][...] = (0, -1)
    model.parameters["W2"][...] = [[1], [-2]]
    model.parameters["b2"][...] = -0.5
    return model


def test_the_textbook_network_answers_one_in_a_band_across_the_square() -> None:
    surface = decision_surface(textbook_xor(), rows=31, columns=23)
    for row, x2 in enumerate(surface.x2):
        for column, x1 in enumerate(surface.x1):
            assert (surface.answers[row, column] > 0.5) == (0.5 < x1 + x2 < 1.5)


def test_the_corners_are_the_four_rows() -> None:
    surface = decision_surface(textbook_xor(), rows=4, columns=4)
    assert surface.corners.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert surface.labels.tolist() == [0, 1, 1, 0]
    answer = 1 / (1 + np.exp(0.5))
    np.testing.assert_allclose(surface.corner_answers, [answer, 1 - answer, 1 - answer, answer], rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("make", MODELS)
def test_every_cell_holds_the_answer_at_its_centre(make: Any, dtype: Any) -> None:
    model: Model = make(dtype)
    surface = decision_surface(model, rows=3, columns=5, margin=0.25)
    assert surface.answers.shape == (3, 5)
    assert surface.answers.dtype == dtype
    np.testing.assert_allclose(surface.x1, [-0.1, 0.2, 0.5, 0.8, 1.1], atol=1e-12)
    np.testing.assert_allclose(surface.x2, [1.0, 0.5, 0.0], atol=1e-12)
    for row in range(3):
        for column in range(5):
            one = model.predict_proba([[surface.x1[column], surface.x2[row]]])[0]
            assert surface.answers[row, column] == pytest.approx(float(one), rel=1e-5)


def test_one_cell_is_the_middle_of_the_square() -> None:
    surface = decision_surface(textbook_xor(), rows=1, columns=1)
    assert (surface.x1.tolist(), surface.x2.tolist()) == ([0.5], [0.5])
    assert surface.cell(0, 1) == (0, 0)
    assert not surface.boundary.any()


@given(
    rows=st.integers(1, 60),
    columns=st.integers(1, 60),
    margin=st.floats(0, 2),
    x1=st.floats(-3, 4),
    x2=st.floats(-3, 4),
)
def test_a_point_lies_in_the_cell_whose_centre_is_nearest(
    rows: int, columns: int, margin: float, x1: float, x2: float
) -> None:
    surface = decision_surface(LogisticRegression(2), rows, columns, margin)
    row, column = surface.cell(x1, x2)
    for place, centres, at in ((x1, surface.x1, column), (x2, surface.x2, row)):
        distances = np.abs(centres - place)
        assert distances[at] <= distances.min() + 1e-9


def test_the_boundary_is_where_neighbours_differ() -> None:
    surface = decision_surface(TwoLayerNet(2, 4, weight_scale=3, seed=2), rows=9, columns=12)
    on = surface.answers > 0.5
    assert on.any()
    assert not on.all()
    for row in range(9):
        for column in range(12):
            neighbours = [on[r, c] for r, c in ((row, column + 1), (row + 1, column)) if r < 9 and c < 12]
            assert surface.boundary[row, column] == any(on[row, column] != n for n in neighbours)


def test_a_model_that_ties_everywhere_has_no_boundary() -> None:
    surface = decision_surface(LogisticRegression(2), 6, 6)
    np.testing.assert_array_equal(surface.answers, 0.5)
    assert not surface.boundary.any()


def test_a_cell_without_an_answer_differs_from_none() -> None:
    surface = decision_surface(LogisticRegression(2), 2, 3)
    patched = replace(surface, answers=np.array([[0.9, np.nan, 0.9], [0.9, 0.1, np.nan]]))
    assert patched.boundary.tolist() == [[False, False, False], [True, False, False]]


def test_a_model_of_another_width_is_refused() -> None:
    with pytest.raises(ValueError, match="made for 3"):
        decision_surface(TwoLayerNet(3, 2), 4, 4)
