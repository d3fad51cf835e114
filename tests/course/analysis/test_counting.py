"""Units and answers as functions of a count, on networks built to count and on one that has learnt to."""

from __future__ import annotations

from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toystory.course.analysis.counting import answers_by_count, count_agreements, rows_by_count
from toystory.models import LSTM, MLP, RNN, LogisticRegression, TwoLayerNet
from toystory.training.data import parity
from toystory.training.experiment import Experiment
from toystory.training.loop import Training


def zigzag(columns: int, dtype: Any = np.float32) -> MLP:
    """Parity by counting: relu(s − k) for k = 0 … columns − 1, added up with slopes +1, −2, +2, −2 …, so that
    the sum goes up at the first one, down at the second, up at the third."""
    model = MLP((columns, columns, 1), signed=False, dtype=dtype)
    model.parameters["W1"][...] = 1
    model.parameters["b1"][...] = -np.arange(columns)
    turns = np.where(np.arange(columns) % 2, -2.0, 2.0)
    turns[0] = 1
    model.parameters["W2"][:, 0] = 8 * turns
    model.parameters["b2"][...] = -4
    return model


@given(columns=st.integers(1, 30), patterns=st.integers(1, 5))
def test_rows_by_count_have_that_many_ones(columns: int, patterns: int) -> None:
    rows = rows_by_count(columns, patterns)
    assert rows.shape == ((columns + 1) * patterns, columns)
    assert rows.sum(axis=1).tolist() == [count for count in range(columns + 1) for _ in range(patterns)]


def test_every_column_takes_its_turn_at_being_the_one() -> None:
    ones = rows_by_count(6, 200).reshape(7, 200, 6)[1].sum(axis=0)
    assert ones.min() > 15


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("columns", [1, 2, 9, 50])
def test_the_answer_of_a_zigzag_turns_at_every_one(columns: int, dtype: Any) -> None:
    answers = answers_by_count(zigzag(columns, dtype), columns)
    high = 1 / (1 + np.exp(-4))
    expected = [high if count % 2 else 1 - high for count in range(columns + 1)]
    np.testing.assert_allclose(answers.mean, expected, atol=1e-4)
    np.testing.assert_allclose(answers.lowest, answers.highest, atol=1e-5)
    np.testing.assert_array_equal(answers.right, 1)
    assert answers.counts.tolist() == list(range(columns + 1))
    assert answers.labels.tolist() == [count % 2 for count in range(columns + 1)]


def test_answers_by_count_against_a_slow_loop() -> None:
    model = TwoLayerNet(5, 3, seed=1, dtype=np.float64)
    model.parameters["w2"][...] *= 3
    answers = answers_by_count(model, 5, patterns=4)
    rows = rows_by_count(5, 4)
    for count in range(6):
        some = [row for row in rows if row.sum() == count]
        said = [float(model.predict_proba([row])[0]) for row in some]
        right = [(p > 0.5) == label for p, label in zip(said, parity(np.array(some)), strict=True)]
        assert answers.mean[count] == pytest.approx(sum(said) / 4)
        assert answers.lowest[count] == pytest.approx(min(said))
        assert answers.highest[count] == pytest.approx(max(said))
        assert answers.right[count] == sum(right) / 4


def test_any_model_can_be_asked() -> None:
    for model in (LogisticRegression(6), TwoLayerNet(6, 2), MLP((6, 2, 1)), RNN(2), LSTM(2)):
        assert answers_by_count(model, 6, patterns=2).mean.shape == (7,)
    np.testing.assert_array_equal(answers_by_count(LogisticRegression(6), 6).mean, 0.5)
    with pytest.raises(ValueError, match="made for 6"):
        answers_by_count(LogisticRegression(6), 5)


def test_no_answer_is_not_a_right_one() -> None:
    answers = answers_by_count(LogisticRegression(3, bias=float("nan")), 3)
    assert np.isnan(answers.mean).all()
    assert answers.right.tolist() == [0, 0, 0, 0]


def test_a_unit_with_even_weights_minds_the_count_alone() -> None:
    model = MLP((6, 1, 1))
    signs = np.array([[1], [-1], [1], [1], [-1], [-1]])
    model.parameters["W1"][...] = 0.5 * signs
    model.parameters["b1"][...] = -1
    counting = count_agreements(model, signs)
    expected = [max(0.0, 0.5 * (2 * k - 6) - 1) for k in range(7)]
    np.testing.assert_allclose(counting.activation[:, 0], expected, atol=1e-6)
    np.testing.assert_allclose(counting.spread, 0, atol=1e-6)
    assert counting.evenness.tolist() == pytest.approx([1])
    against = count_agreements(model, -signs)
    np.testing.assert_allclose(against.activation[:, 0], expected[::-1], atol=1e-6)
    assert against.evenness.tolist() == pytest.approx([-1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "make",
    [
        lambda dtype: MLP((5, 4, 1), first_weights="signs", seed=3, dtype=dtype),
        lambda dtype: MLP((5, 4, 1), first_weights="shared signs", seed=3, dtype=dtype),
        lambda dtype: MLP((5, 4, 2, 1), signed=False, seed=3, dtype=dtype),
        lambda dtype: MLP((5, 4, 1), activation="sigmoid", signed=False, seed=3, dtype=dtype),
        lambda dtype: MLP((5, 4, 1), activation="tanh", seed=3, dtype=dtype),
        lambda dtype: TwoLayerNet(5, 4, seed=3, dtype=dtype),
        lambda dtype: MLP((1, 1, 1), seed=3, dtype=dtype),
    ],
)
def test_agreements_against_a_slow_loop(make: Any, dtype: Any) -> None:
    """For each unit, build the rows that agree with its signs, bit by bit, and ask the model itself."""
    model = make(dtype)
    first = {name: parameter.copy() for name, parameter in model.parameters.items()}
    rng = np.random.default_rng(0)
    for parameter in model.parameters.values():
        parameter += 0.3 * rng.standard_normal(parameter.shape)
    counting = count_agreements(model, patterns=3)
    columns, units = first["W1"].shape
    np.testing.assert_array_equal(counting.signs, np.sign(first["W1"]))
    for unit in range(units):
        signs = counting.signs[:, unit]
        for count in range(columns + 1):
            said = []
            for agrees in rows_by_count(columns, 3)[3 * count : 3 * count + 3]:
                bits = [int((s > 0) == bool(a)) for s, a in zip(signs, agrees, strict=True)]
                cache = model.forward([bits])
                said.append(float(cache["h" if isinstance(model, TwoLayerNet) else "a1"][0, unit]))
            assert counting.activation[count, unit] == pytest.approx(np.mean(said), rel=1e-4, abs=1e-5)
            assert counting.spread[count, unit] == pytest.approx(np.std(said), rel=1e-3, abs=1e-5)
        W = model.parameters["W1"][:, unit]
        assert counting.evenness[unit] == pytest.approx(
            float(W @ signs / np.linalg.norm(W) / np.sqrt(columns)), rel=1e-5
        )


def test_votes_are_turned_round_once_for_every_minus_sign() -> None:
    model = MLP((3, 4, 1))
    signs = np.array([[1, 1, 1, 1], [1, -1, -1, 1], [1, 1, -1, -1]])
    model.parameters["W2"][:, 0] = (2, 2, -2, 0)
    assert count_agreements(model, signs).votes.tolist() == [1, -1, -1, 0]
    deeper = MLP((3, 4, 2, 1))
    assert count_agreements(deeper, signs).votes.tolist() == [0, 0, 0, 0]


def test_signs_at_the_start_are_those_of_the_first_weights_whatever_became_of_them() -> None:
    model = MLP((4, 3, 1), first_weights="signs", seed=5)
    signs = np.sign(model.parameters["W1"])
    model.parameters["W1"] *= -2
    counting = count_agreements(model)
    np.testing.assert_array_equal(counting.signs, signs)
    np.testing.assert_allclose(counting.evenness, -1, rtol=1e-6)


def test_a_unit_without_weights_counts_nothing() -> None:
    model = MLP((4, 1, 1))
    model.parameters["W1"][...] = 0
    counting = count_agreements(model)
    assert np.isnan(counting.evenness[0])
    assert not counting.spread.any()


def test_a_network_without_a_hidden_layer_has_no_units() -> None:
    with pytest.raises(ValueError, match="no hidden layer"):
        count_agreements(MLP((4, 1)))


def test_counters_that_have_learnt_parity_vote_together_and_their_answer_is_a_zigzag() -> None:
    """A bend in the middle of its count goes along with 'odd' more often than not, or less often, as the
    number of columns has it; turned round for every minus sign, that is how a counter should vote."""
    columns = 8
    training = Training(
        Experiment(
            name="eight columns",
            model="MLP",
            columns=columns,
            hidden=(32,),
            first_weights="signs",
            updates=1500,
            batch=256,
            learning_rate=9e-3,
            stop_at=1.0,
            evaluate_every=100,
        )
    )
    model = training.model
    assert isinstance(model, MLP)
    before = count_agreements(model)
    np.testing.assert_allclose(before.evenness, 1, rtol=1e-6)
    assert abs(before.votes.mean()) < 0.5
    for _ in training:
        pass
    answers = answers_by_count(model, columns)
    np.testing.assert_array_equal(answers.right, 1)
    assert (np.diff(answers.mean) * np.where(np.arange(columns) % 2, -1, 1) > 0.5).all()

    after = count_agreements(model)
    counters = after.evenness > 0.99
    assert counters.sum() >= 10
    odd_goes_with_the_bend = sum(
        comb(columns, k) * max(0, 2 * k - columns) * (1 if k % 2 else -1) for k in range(columns + 1)
    )
    assert after.votes[counters].mean() * np.sign(odd_goes_with_the_bend) > 0.8
    # a bend: nothing up to half of the agreements, then a straight line
    bend = after.activation[:, counters]
    assert np.abs(bend[: columns // 2]).max() < 0.1 * bend.max()
    assert np.abs(np.diff(bend[columns // 2 + 1 :], n=2, axis=0)).max() < 0.1 * bend.max()
