"""Answers: their shapes, their agreement with the forward pass, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from toystory.models import LSTM, MLP, RNN, LogisticRegression, Model, TwoLayerNet
from toystory.training.data import parity, random_bits, running_parity


def untrained(dtype: Any = np.float32) -> list[Model]:
    return [
        LogisticRegression(5, weights=(0.3, -0.2, 0.5, 0.1, -0.9), bias=0.1, dtype=dtype),
        TwoLayerNet(5, 3, dtype=dtype),
        MLP((5, 4, 3, 1), dtype=dtype),
        RNN(3, dtype=dtype),
        LSTM(3, dtype=dtype),
    ]


ids = [type(model).__name__ for model in untrained()]
every_model = pytest.mark.parametrize("model", untrained(), ids=ids)
X = random_bits(np.random.default_rng(0), 40, 5)


def answers(model: Model) -> np.ndarray[Any, Any]:
    """The forward pass's own: at the last bit, where there is one a bit."""
    a: np.ndarray[Any, Any] = model.forward(X)["a"]
    return a if a.ndim == 1 else a[-1]


@every_model
def test_probabilities_are_the_forward_passs_last_answers(model: Model) -> None:
    a = model.predict_proba(X)
    assert a.shape == (40,)
    assert ((a > 0) & (a < 1)).all()
    np.testing.assert_allclose(a, answers(model), rtol=1e-6)


@every_model
def test_predictions_are_bits(model: Model) -> None:
    predictions = model.predict(X)
    assert predictions.dtype == np.uint8
    assert predictions.tolist() == (answers(model) > 0.5).astype(int).tolist()


@every_model
def test_score_is_the_share_of_right_answers(model: Model) -> None:
    right = model.predict(X)
    assert model.score(X, right) == 1.0
    assert model.score(X, 1 - right) == 0.0
    right[:10] ^= 1
    assert model.score(X, right) == 0.75


@every_model
def test_one_row_no_row_and_lists(model: Model) -> None:
    assert model.predict([[0, 1, 1, 0, 1]]).shape == (1,)
    assert model.predict_proba(np.zeros((0, 5))).shape == (0,)
    assert model.predict(X.tolist()).tolist() == model.predict(X).tolist()


@every_model
def test_many_rows_are_answered_as_few_are(model: Model) -> None:
    many = random_bits(np.random.default_rng(1), 2 * model.rows_at_once + 70, 5)
    a = model.predict_proba(many)
    np.testing.assert_allclose(a[-50:], model.predict_proba(many[-50:]), rtol=1e-5)
    seam = slice(model.rows_at_once - 10, model.rows_at_once + 10)
    np.testing.assert_allclose(a[seam], model.predict_proba(many[seam]), rtol=1e-5)


@every_model
def test_what_is_not_rows_with_labels_is_refused(model: Model) -> None:
    y = parity(X)
    for x in (X[0], X[None], 1, np.zeros((4, 0))):
        with pytest.raises(ValueError, match=r"expected \(rows, columns\)"):
            model.predict(x)
    for use in (model.score, model.loss):
        with pytest.raises(ValueError, match="label for every row"):
            use(X, y[:-1])
        with pytest.raises(ValueError, match="label for every row"):
            use(X[:0], y[:0])
        with pytest.raises(ValueError, match="label for each answer"):
            use(X, y[:, None])
    with pytest.raises(ValueError, match="label for each answer"):
        model.backward(model.forward(X), y[:-1])


@pytest.mark.parametrize("model", untrained()[:3], ids=ids[:3])
def test_rows_of_another_width_are_refused(model: Model) -> None:
    for use in (model.predict, model.predict_proba, model.forward):
        with pytest.raises(ValueError, match=r"x has 4 columns: this model was made for 5"):
            use(X[:, :4])


@pytest.mark.parametrize("model", untrained()[3:], ids=ids[3:])
def test_labels_at_every_step_have_no_score(model: Model) -> None:
    square = X[:5]
    with pytest.raises(ValueError, match="label for each answer"):
        model.score(square, running_parity(square))


@pytest.mark.parametrize("model", untrained(np.float64)[3:], ids=ids[3:])
def test_long_rows_in_pieces_are_as_in_one_pass(model: Model) -> None:
    x = random_bits(np.random.default_rng(2), 30, 200)
    lengths = np.random.default_rng(3).integers(1, 201, size=30)
    lengths[:6] = (1, 63, 64, 65, 128, 200)
    a = model.forward(x)["a"]
    np.testing.assert_allclose(model.predict_proba(x), a[-1], rtol=1e-12)
    np.testing.assert_allclose(model.predict_proba(x, lengths), a[lengths - 1, np.arange(30)], rtol=1e-12)


@pytest.mark.parametrize("model", untrained(np.float64)[3:], ids=ids[3:])
def test_many_rows_of_many_lengths_are_as_in_one_pass(model: Model) -> None:
    x = random_bits(np.random.default_rng(2), 1030, 9)
    lengths = np.random.default_rng(3).integers(1, 10, size=1030)
    a = model.forward(x)["a"]
    np.testing.assert_allclose(model.predict_proba(x, lengths), a[lengths - 1, np.arange(1030)], rtol=1e-12)


@pytest.mark.parametrize("model", untrained(np.float64)[3:], ids=ids[3:])
def test_a_row_cut_to_its_length_gets_the_same_answer(model: Model) -> None:
    lengths = np.array([1, 2, 3, 4, 5])
    a = model.predict_proba(X[:5], lengths)
    alone = [model.predict_proba(X[i : i + 1, :n])[0] for i, n in enumerate(lengths)]
    np.testing.assert_allclose(a, alone, rtol=1e-12)


@pytest.mark.parametrize(("signed", "values"), [(True, {-1, 1}), (False, {0, 1})])
def test_signed_models_read_minus_one_and_one(signed: bool, values: set[int]) -> None:
    assert set(np.unique(MLP((5, 2, 1), signed=signed).forward(X)["a0"])) == values
    assert set(np.unique(RNN(2, signed=signed).forward(X)["x"])) == values


@pytest.mark.parametrize("make", [lambda n: RNN(n), lambda n: LSTM(n), lambda n: TwoLayerNet(2, n)])
@pytest.mark.parametrize("hidden", [0, -1])
def test_a_model_needs_hidden_units(make: Any, hidden: int) -> None:
    with pytest.raises(ValueError, match=f"hidden is {hidden}"):
        make(hidden)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: LogisticRegression(0), "columns is 0"),
        (lambda: TwoLayerNet(0, 2), "columns is 0"),
        (lambda: LogisticRegression(3, weights=(1.0, 2.0)), "2 weights for 3 columns"),
        (lambda: MLP((4,)), "layer sizes"),
        (lambda: MLP((4, 3)), "1 at the end"),
        (lambda: MLP((4, 0, 1)), "layer sizes"),
        (lambda: MLP((4, 1), activation="step"), "'step'.*relu"),
        (lambda: MLP((4, 1), first_weights="zeros"), "'zeros'.*signs"),  # type: ignore[arg-type]
        (lambda: RNN(2, dtype=np.float16), "float16.*float32 or float64"),
    ],
)
def test_what_makes_no_model_is_refused(make: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


def test_a_models_name_and_size() -> None:
    assert repr(MLP((50, 4, 3, 1))).startswith("MLP(layer_sizes=(50, 4, 3, 1), ")
    assert repr(TwoLayerNet(2, 3)).endswith(" with 13 parameters")
    assert LSTM(16).size == 4 * (16 * 16 + 16 + 16) + 16 + 1
    assert RNN(16).size == 16 * 16 + 16 + 16 + 16 + 1


@pytest.mark.parametrize("odd", [float("nan"), -1, 2, 0.5])
def test_what_is_no_bit_is_refused(odd: float) -> None:
    with pytest.raises(ValueError, match="something else than bits"):
        RNN(2).predict([[0, odd]])
