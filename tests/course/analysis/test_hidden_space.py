"""The space of the hidden units, on networks whose units are set by hand and on random ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toystory.course.analysis.hidden_space import (
    DISTANCE,
    SECOND_WIDEST,
    WIDEST,
    Line,
    bent_square,
    hidden_space,
)
from toystory.models import MLP, TwoLayerNet
from toystory.training.data import parity, random_bits, truth_table

F64: dict[str, Any] = {"dtype": np.float64}


def at_least_one_and_both(dtype: Any = np.float32) -> TwoLayerNet:
    """Unit 1 says 'at least one', unit 2 'both', as −1 or 1; the answer is 1 for one and not both."""
    model = TwoLayerNet(2, 2, dtype=dtype)
    model.parameters["W1"][...] = 40
    model.parameters["b1"][...] = (-20, -60)
    model.parameters["w2"][...] = (3, -3)
    model.parameters["b2"][...] = -3
    return model


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_two_units_are_shown_as_they_are(dtype: Any) -> None:
    space = hidden_space(at_least_one_and_both(dtype))
    assert space.axes == ("unit 1", "unit 2")
    np.testing.assert_allclose(space.points, [[-1, -1], [1, -1], [1, -1], [1, 1]], atol=1e-6)
    assert space.line == Line((3, -3), -3)
    assert space.labels.tolist() == [0, 1, 1, 0]
    assert (space.answers > 0.5).tolist() == [False, True, True, False]
    assert space.margin == pytest.approx(1 / np.sqrt(2), rel=1e-6)


def test_a_relu_layer_that_reads_zeros_and_ones() -> None:
    model = MLP((2, 2, 1), signed=False)
    model.parameters["W1"][...] = 1
    model.parameters["b1"][...] = (0, -1)
    model.parameters["W2"][...] = [[1], [-2]]
    model.parameters["b2"][...] = -0.5
    space = hidden_space(model)
    assert space.points.tolist() == [[0, 0], [1, 0], [1, 0], [2, 1]]
    assert space.margin == pytest.approx(0.5 / np.sqrt(5))


def test_the_margin_is_negative_where_a_row_lies_on_the_wrong_side() -> None:
    model = at_least_one_and_both()
    model.parameters["b2"][...] = 3  # 'both' is now needed as well: 00 is wrong
    assert hidden_space(model).margin < 0


def test_one_unit_leaves_the_second_axis_empty() -> None:
    model = TwoLayerNet(3, 1, seed=2, **F64)
    space = hidden_space(model)
    assert space.axes == ("unit 1", "")
    np.testing.assert_array_equal(space.points[:, 0], model.forward(truth_table(3))["h"][:, 0])
    assert not space.points[:, 1].any()
    assert space.line == Line((float(model.parameters["w2"][0]), 0.0), 0.0)


@given(
    columns=st.integers(1, 9),
    hidden=st.integers(3, 12),
    seed=st.integers(0, 99),
    activation=st.sampled_from(["relu", "tanh", "sigmoid"]),
    scale=st.floats(0.01, 3),
)
def test_across_is_the_distance_to_the_output_whatever_the_number_of_units(
    columns: int, hidden: int, seed: int, activation: str, scale: float
) -> None:
    model = MLP(
        (columns, hidden, 1),
        activation=activation,
        first_weights="gaussian",
        weight_scale=scale,
        seed=seed,
        **F64,
    )
    model.parameters["b2"][...] = 0.3
    space = hidden_space(model)
    cache = model.forward(space.rows)
    length = np.linalg.norm(model.parameters["W2"])
    np.testing.assert_allclose(space.points[:, 0], cache["z"] / length, rtol=1e-9, atol=1e-9)
    assert space.axes == (DISTANCE, WIDEST)
    assert space.line == Line((1.0, 0.0), 0.0)
    assert space.margin == pytest.approx((space.points[:, 0] * (2.0 * space.labels - 1)).min())
    across, upwards = space.basis.T
    assert across @ upwards == pytest.approx(0, abs=1e-9)
    assert np.linalg.norm(upwards) == pytest.approx(1) or not upwards.any()


def test_upwards_no_direction_within_the_plane_spreads_more() -> None:
    model = TwoLayerNet(4, 6, seed=3, **F64)
    space = hidden_space(model)
    h = model.forward(truth_table(4))["h"]
    normal = model.parameters["w2"] / np.linalg.norm(model.parameters["w2"])
    rng = np.random.default_rng(0)
    for _ in range(300):
        direction = rng.standard_normal(6)
        direction -= (direction @ normal) * normal
        spread = (h @ direction).std() / np.linalg.norm(direction)
        assert spread <= space.points[:, 1].std() + 1e-12


def test_more_units_than_rows_give_the_same_view_as_more_rows_than_units() -> None:
    """The direction is found from the smaller of two products: both must find the same."""
    few = TwoLayerNet(2, 3, seed=1, **F64)
    many = TwoLayerNet(2, 5, seed=1, **F64)
    for name in ("W1", "w2"):
        many.parameters[name][...] = 0
        many.parameters[name][..., :3] = few.parameters[name]
    np.testing.assert_allclose(hidden_space(many).points, hidden_space(few).points, atol=1e-12)


def test_a_lower_layer_is_seen_along_its_principal_components() -> None:
    model = MLP((4, 5, 3, 1), activation="tanh", seed=1, **F64)
    space = hidden_space(model, layer=1)
    assert (space.axes, space.line, space.layer) == ((WIDEST, SECOND_WIDEST), None, 1)
    assert np.isnan(space.margin)
    a = model.forward(truth_table(4))["a1"]
    spreads = np.sqrt(np.linalg.eigvalsh(np.cov(a.T, bias=True)))
    np.testing.assert_allclose(space.points.std(axis=0), spreads[[-1, -2]], rtol=1e-9)
    assert hidden_space(model).layer == 2


def test_an_output_that_ignores_its_units_has_no_line() -> None:
    model = TwoLayerNet(2, 4, seed=1)
    model.parameters["w2"][...] = 0
    space = hidden_space(model)
    assert (space.axes, space.line) == ((WIDEST, SECOND_WIDEST), None)
    assert np.isfinite(space.points).all()


def test_a_chosen_pair_has_no_line_unless_there_are_no_other_units() -> None:
    model = TwoLayerNet(3, 4, seed=1, **F64)
    space = hidden_space(model, units=(3, 1))
    assert (space.axes, space.line) == (("unit 4", "unit 2"), None)
    np.testing.assert_array_equal(space.points, model.forward(truth_table(3))["h"][:, [3, 1]])
    swapped = hidden_space(at_least_one_and_both(), units=(1, 0))
    assert swapped.line == Line((-3, 3), -3)


def test_all_rows_at_one_place_are_one_point() -> None:
    model = TwoLayerNet(2, 3, seed=1)
    model.parameters["W1"][...] = 0
    space = hidden_space(model)
    np.testing.assert_array_equal(space.points, np.broadcast_to(space.points[0], (4, 2)))
    (left, bottom), (right, top) = space.box
    assert left < space.points[0, 0] < right
    assert bottom < space.points[0, 1] < top


def test_a_box_around_the_largest_numbers_is_finite() -> None:
    space = hidden_space(at_least_one_and_both(np.float64))
    largest = float(np.finfo(np.float64).max)
    far = replace(space, points=np.array([[-largest, np.nan], [largest, 2.0]]))
    assert np.isfinite(far.box).all()
    assert far.box[0][1] < 2 < far.box[1][1]


def test_many_columns_are_shown_by_some_of_their_rows_always_the_same() -> None:
    model = MLP((50, 8, 1), seed=1)
    first, second = hidden_space(model), hidden_space(model)
    assert len(first.rows) < 2**8
    np.testing.assert_array_equal(first.rows, second.rows)
    np.testing.assert_array_equal(first.labels, parity(first.rows))
    assert first.points.shape == (len(first.rows), 2)


def test_given_rows_one_row_too() -> None:
    rows = random_bits(np.random.default_rng(1), 1, 6)
    space = hidden_space(TwoLayerNet(6, 5, seed=1), rows)
    assert space.points.shape == (1, 2)
    assert np.isfinite(space.points).all()


@pytest.mark.parametrize(
    ("make", "options", "message"),
    [
        (lambda: MLP((3, 1)), {}, "no hidden layer"),
        (lambda: MLP((3, 2, 1)), {"layer": 2}, "from 1 to 1"),
        (lambda: TwoLayerNet(3, 2), {"layer": 0}, "from 1 to 1"),
        (lambda: TwoLayerNet(3, 3), {"units": (0, 3)}, "from 0 to 2"),
    ],
)
def test_what_is_not_there_can_not_be_seen(make: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        hidden_space(make(), **options)


@given(
    normal=st.tuples(st.floats(-5, 5), st.floats(-5, 5)),
    offset=st.floats(-5, 5),
)
def test_a_line_ends_on_the_edge_of_the_box(normal: tuple[float, float], offset: float) -> None:
    line = Line(normal, offset)
    ends = line.across((-1, -2), (3, 2))
    corners = line.side(np.array([(x, y) for x in (-1, 3) for y in (-2, 2)]))
    if ends is None:
        assert (corners >= -1e-6).all() or (corners <= 1e-6).all()
        return
    for x, y in ends:
        assert min(abs(x + 1), abs(x - 3), abs(y + 2), abs(y - 2)) < 1e-6
        assert -1 - 1e-6 <= x <= 3 + 1e-6
        assert -2 - 1e-6 <= y <= 2 + 1e-6
        assert abs(line.side(np.array([[x, y]]))[0]) < 1e-6


def test_lines_through_a_box() -> None:
    assert Line((1, 0), -0.5).across((0, 0), (1, 1)) == ((0.5, 0), (0.5, 1))
    assert Line((0, 2), -1).across((0, 0), (1, 1)) == ((0, 0.5), (1, 0.5))
    assert Line((1, -1), 0).across((0, 0), (1, 1)) == ((0, 0), (1, 1))
    assert Line((1, 0), -7).across((0, 0), (1, 1)) is None
    assert Line((0, 0), 0).across((0, 0), (1, 1)) is None


def test_the_net_over_the_square_is_bent_as_its_points_are() -> None:
    model = TwoLayerNet(2, 2, seed=4, **F64)
    space = hidden_space(model)
    bent = bent_square(model, space, lines=3, points=5)
    assert [line.shape for line in bent] == [(5, 2)] * 6
    for k, at in enumerate((0, 0.5, 1)):
        for j, along in enumerate(np.linspace(0, 1, 5)):
            for line, point in ((bent[k], (at, along)), (bent[3 + k], (along, at))):
                np.testing.assert_allclose(line[j], model.forward([point])["h"][0], atol=1e-12)
    np.testing.assert_allclose([bent[0][0], bent[0][-1], bent[2][0], bent[2][-1]], space.points, atol=1e-12)


def test_only_two_bits_span_a_square() -> None:
    model = TwoLayerNet(3, 2)
    with pytest.raises(ValueError, match="3 columns"):
        bent_square(model, hidden_space(model))
