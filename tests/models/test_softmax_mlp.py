"""The network for real numbers and several classes: gradients, dropout, weight decay, columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from toystory.models import SoftmaxMLP, gradient_check
from toystory.models.parts.activations import softmax
from toystory.models.parts.loss import binary_cross_entropy, softmax_cross_entropy

RNG = np.random.default_rng(7)
X = RNG.normal((3.0, -200.0, 0.01), (2.0, 50.0, 0.001), (9, 3))
Y = np.array([0, 1, 2, 3, 0, 1, 2, 3, 3])
CLOSE = 1e-6


def net(*hidden: int, **options: Any) -> SoftmaxMLP:
    model = SoftmaxMLP((3, *hidden, 4), seed=1, dtype=np.float64, **options)
    model.standardise(X)
    for parameter in model.parameters.values():  # zeros hide mistakes
        parameter += 0.3 * np.random.default_rng(5).standard_normal(parameter.shape)
    return model


@pytest.mark.parametrize("hidden", [(), (5,), (6, 4), (5, 4, 3)])
@pytest.mark.parametrize("weight_decay", [0.0, 0.3])
def test_its_gradients_are_the_slopes_of_its_loss(hidden: tuple[int, ...], weight_decay: float) -> None:
    checks = gradient_check(net(*hidden, weight_decay=weight_decay), X, Y)
    assert max(check.relative_difference for check in checks) < CLOSE
    assert all(np.any(check.analytic) for check in checks)


def test_with_dropout_too_the_masks_held_still() -> None:
    model = net(6, 5, dropout=0.4, weight_decay=0.1)
    masks = model.drawn_by_chance(len(X))["masks"]
    assert {0.0} < set(np.unique(masks[0])) <= {0.0, 1 / 0.6}
    checks = gradient_check(model, X, Y)
    assert max(check.relative_difference for check in checks) < CLOSE
    one = {check.name: check for check in gradient_check(model, X[:1], Y[:1])}
    dropped = model.drawn_by_chance(1)["masks"][1][0] == 0
    assert dropped.any()
    assert not one["b2"].measured[dropped].any()
    _, without = net(6, 5, weight_decay=0.1).loss_and_gradients(X, Y)
    assert np.abs(checks[0].analytic - without["W1"]).max() > 0.01


def test_a_dropped_unit_sends_nothing_up_and_nothing_back() -> None:
    model = net(4, dropout=0.5)
    mask = np.ones((len(X), 4)) * 2
    mask[:, 2] = 0
    cache = model.forward(X, [mask])
    gradients = model.backward(cache, Y)
    assert not cache["a1"][:, 2].any()
    assert not gradients["W1"][:, 2].any()
    assert not gradients["W2"][2].any()


def test_dropout_is_off_when_it_answers_and_on_when_it_learns() -> None:
    without, model = net(50), net(50, dropout=0.5)
    np.testing.assert_array_equal(model.predict_proba(X), without.predict_proba(X))
    assert model.loss(X, Y) == without.loss(X, Y)
    assert model.loss_and_gradients(X, Y)[0] != model.loss_and_gradients(X, Y)[0]
    assert without.loss_and_gradients(X, Y)[0] == without.loss(X, Y)


def test_what_is_kept_makes_up_for_what_is_dropped() -> None:
    masks = SoftmaxMLP((3, 200, 4), dropout=0.3, seed=2).draw_masks(500)
    assert masks[0].mean() == pytest.approx(1, abs=0.01)
    assert (masks[0] == 0).mean() == pytest.approx(0.3, abs=0.01)


def test_dropout_has_a_random_stream_of_its_own() -> None:
    first, second = SoftmaxMLP((3, 8, 4), seed=3), SoftmaxMLP((3, 8, 4), dropout=0.5, seed=3)
    np.testing.assert_array_equal(first.parameters["W1"], second.parameters["W1"])
    again = SoftmaxMLP((3, 8, 4), dropout=0.5, seed=3)
    np.testing.assert_array_equal(second.draw_masks(5)[0], again.draw_masks(5)[0])


def test_logits_of_any_size_give_finite_losses_and_probabilities() -> None:
    z = np.array([[1000.0, -1000.0, 0.0], [-1e4, -1e4, -1e4]])
    np.testing.assert_allclose(softmax(z), [[1, 0, 0], [1 / 3] * 3])
    losses = softmax_cross_entropy(z, np.array([1, 2]))
    np.testing.assert_allclose(losses, [2000, np.log(3)])


def test_of_two_classes_it_is_the_sigmoid_and_its_loss() -> None:
    z, y = np.linspace(-5, 5, 11), np.arange(11) % 2
    both = np.column_stack([np.zeros(11), z])
    np.testing.assert_allclose(softmax(both)[:, 1], 1 / (1 + np.exp(-z)))
    np.testing.assert_allclose(softmax_cross_entropy(both, y), binary_cross_entropy(z, y.astype(float)))


def test_columns_are_standardised_whatever_their_size() -> None:
    model = net()
    a0 = model.forward(X)["a0"]
    np.testing.assert_allclose(a0.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(a0.std(axis=0), 1)
    years = np.column_stack([2_000_000_000 + np.arange(9), np.full(9, 0.1), np.arange(9)])
    narrow = SoftmaxMLP((3, 4))
    narrow.standardise(years)
    a0 = narrow.forward(years)["a0"]
    np.testing.assert_allclose(a0[:, 0], a0[:, 2], rtol=1e-6)
    np.testing.assert_allclose(a0[:, 1], 0, atol=1e-12)


def moons(rows: int) -> tuple[NDArray[Any], NDArray[Any]]:
    rng = np.random.default_rng(0)
    t, y = rng.uniform(0, np.pi, rows), np.arange(rows) % 2
    x = np.column_stack([np.cos(t) + y, np.sin(t) * (1 - 2 * y) + 0.5 * y])
    return x + rng.normal(0, 0.1, x.shape), y


def test_it_learns_what_no_straight_line_can() -> None:
    x, y = moons(300)
    fit = {"updates": 300, "batch": 64, "learning_rate": 0.02}
    bent = SoftmaxMLP((2, 16, 2)).fit(x, y, **fit)  # type: ignore[arg-type]
    line = SoftmaxMLP((2, 2)).fit(x, y, **fit)  # type: ignore[arg-type]
    assert bent.score(x, y) > 0.98
    assert line.score(x, y) < 0.93
    assert bent.loss_curve_[-1][1] < 0.1 < line.loss(x, y)


def test_weight_decay_makes_weights_smaller() -> None:
    x, y = moons(60)
    sizes = []
    for decay in (0.0, 0.05):
        model = SoftmaxMLP((2, 16, 2), weight_decay=decay).fit(x, y, updates=200, learning_rate=0.02)
        sizes.append(float(np.abs(model.parameters["W2"]).sum()))
        assert model.cross_entropy(x, y) == pytest.approx(
            model.loss(x, y) - decay / 2 * sum(float((model.parameters[w] ** 2).sum()) for w in ("W1", "W2")),
            rel=1e-5,
        )
    assert sizes[1] < sizes[0] / 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"layer_sizes": (3, 1)}, "2 to 100 classes"),
        ({"layer_sizes": (3, 0, 2)}, "hidden layers"),
        ({"dropout": 1.0}, "below 1"),
        ({"weight_decay": -1.0}, "zero or above"),
        ({"weight_decay": np.nan}, "zero or above"),
        ({"column_names": ("a",)}, "expected 3"),
        ({"class_names": ("a",)}, "expected 4"),
        ({"means": (1, 2, 3), "spreads": (1, 0, 1)}, "above zero"),
        ({"means": (1, 2), "spreads": (1, 1)}, "3 numbers"),
    ],
)
def test_what_makes_no_model(arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        SoftmaxMLP(**{"layer_sizes": (3, 4), **arguments})


@pytest.mark.parametrize(
    ("x", "y", "sentence"),
    [
        ([[1.0, 2.0]], [0], "2 columns"),
        ([[1.0, np.nan, 2.0]], [0], "finite"),
        ([["a", "b", "c"]], [0], "finite"),
        ([[1.0, 2.0, 3.0]], [4], "0 to 3"),
        ([[1.0, 2.0, 3.0]], [-1], "0 to 3"),
        ([[1.0, 2.0, 3.0]], [0.5], "0 to 3"),
        ([[1.0, 2.0, 3.0]], [0, 1], "a label for every row"),
    ],
)
def test_what_it_does_not_learn(x: Any, y: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        SoftmaxMLP((3, 4)).fit(x, y)
