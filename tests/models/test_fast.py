"""The form that training runs, held to the one that is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.support.memory import peak_of_update
from toystory.models import LSTM, MLP, RNN, LogisticRegression, Model, TwoLayerNet
from toystory.models.fast_form import FastForm, fast_form
from toystory.models.parts.arrays import Cache, Parameters
from toystory.models.parts.batches import Batch
from toystory.models.train_step import TrainStep, make_optimizer
from toystory.training.data import Task

COLUMNS = 9
CLOSE = {"float64": 1e-11, "float32": 1e-4}
FEED_FORWARD = (Task(COLUMNS),)
RECURRENT = (
    Task(COLUMNS),
    Task(COLUMNS, lengths="one per batch"),
    Task(COLUMNS, lengths="mixed"),
    Task(COLUMNS, labels="every step"),
    Task(COLUMNS, lengths="mixed", labels="every step"),
)


def every_model(dtype: str) -> Iterator[Model]:
    """Away from their first weights, so that nothing is zero by chance."""
    d: dict[str, Any] = {"dtype": dtype, "seed": 3}
    models: list[Model] = [LogisticRegression(COLUMNS, **d)]
    models += [TwoLayerNet(COLUMNS, hidden, **d) for hidden in (5, COLUMNS + 3)]
    for activation in ("relu", "tanh", "sigmoid"):
        for hidden in ((6,), (COLUMNS + 1,), (6, 4), (12, 4), (5, 4, 3)):
            for signed in (True, False):
                models.append(MLP((COLUMNS, *hidden, 1), activation=activation, signed=signed, **d))
    models += [RNN(5, **d), RNN(1, signed=False, **d), LSTM(5, **d), LSTM(1, **d)]
    rng = np.random.default_rng(1)
    for model in models:
        for parameter in model.parameters.values():
            parameter += 0.3 * rng.standard_normal(parameter.shape)
        yield model


def batches_for(model: Model) -> Iterator[Batch]:
    """Of several sizes and kinds in turn, so that every buffer is used again for another batch."""
    rng = np.random.default_rng(2)
    for rows in (7, 1, 30, 7, 2, 11, 13, 30):
        for task in RECURRENT if isinstance(model, RNN | LSTM) else FEED_FORWARD:
            yield task.fresh(rng, rows)


def form_of(model: Model) -> FastForm:
    form = fast_form(model)
    assert form is not None, "its source has changed: hold the form to it, then tools/hold_fast_forms.py"
    return form


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_loss_and_gradients_are_those_of_the_plain_form(dtype: str) -> None:
    for model in every_model(dtype):
        form = form_of(model)
        for batch in batches_for(model):
            plain_loss, plain = model.loss_and_gradients(*batch)
            loss, gradients = form.loss_and_gradients(*batch)
            assert loss == pytest.approx(plain_loss, rel=CLOSE[dtype])
            assert list(gradients) == list(plain)
            for name, gradient in plain.items():
                assert gradients[name].shape == gradient.shape
                assert gradients[name].dtype == gradient.dtype == dtype
                size = np.abs(gradient).max() + CLOSE[dtype]
                np.testing.assert_allclose(gradients[name], gradient, atol=CLOSE[dtype] * size, rtol=0)


def test_a_handful_of_bits_in_python_s_own_numbers_comes_to_the_same() -> None:
    for columns, rows in ((2, 1), (2, 4), (1, 8), (8, 1), (3, 2)):
        model = LogisticRegression(columns, dtype="float64", weights=(0.7,) * columns, bias=-0.3)
        form, batch = form_of(model), Task(columns).fresh(np.random.default_rng(rows), rows)
        for _ in range(20):
            plain_loss, plain = model.loss_and_gradients(*batch)
            loss, gradients = form.loss_and_gradients(*batch)
            assert loss == pytest.approx(plain_loss, rel=CLOSE["float64"])
            for name, parameter in model.parameters.items():
                np.testing.assert_allclose(gradients[name], plain[name], rtol=1e-9, atol=CLOSE["float64"])
                parameter -= 2.0 * gradients[name]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_logits_are_those_of_the_plain_form(dtype: str) -> None:
    rng = np.random.default_rng(3)
    for model in every_model(dtype):
        form = form_of(model)
        for columns in (1, 8, COLUMNS, 31) if isinstance(model, RNN | LSTM) else (COLUMNS,):
            x = Task(columns).fresh(rng, 12).x
            z = model.forward(x)["z"]
            expected = z[-1] if z.ndim == 2 else z
            np.testing.assert_allclose(form.logits(x), expected, atol=10 * CLOSE[dtype])


@pytest.mark.parametrize("kind", [RNN, LSTM])
def test_answering_leaves_nothing_behind_for_training(kind: type[RNN | LSTM]) -> None:
    model = kind(4, dtype=np.float64)
    form, batch = form_of(model), Task(20).fresh(np.random.default_rng(0), 6)
    before = form.loss_and_gradients(*batch)[0]
    form.logits(batch.x)
    assert form.loss_and_gradients(*batch)[0] == before


def test_a_confident_answer_costs_to_the_last_digit() -> None:
    """e⁻³⁰ is lost beside 1 in float32, and beside 30 too."""
    model = LogisticRegression(1, weights=(60.0,), bias=-30.0)
    x, y = np.array([[1], [0]], np.uint8), np.array([1, 0], np.uint8)
    assert form_of(model).loss_and_gradients(x, y)[0] == pytest.approx(np.exp(-30), rel=1e-5)
    assert form_of(model).loss_and_gradients(x, 1 - y)[0] == pytest.approx(30)


def test_a_class_with_equations_of_its_own_has_no_fast_form() -> None:
    class Other(LSTM):
        pass

    assert fast_form(Other(2)) is None
    assert fast_form(MLP((3, 1))) is None


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        (LogisticRegression, (6,)),
        (TwoLayerNet, (6, 3)),
        (MLP, ((6, 5, 1),)),
        (RNN, (4,)),
        (LSTM, (4,)),
    ],
)
def test_training_goes_the_same_way_with_either_form(kind: type[Model], arguments: tuple[Any, ...]) -> None:
    plain_kind = type("Plain", (kind,), {})
    ways = []
    for each in (kind, plain_kind):
        model = each(*arguments, dtype=np.float64, seed=1)  # type: ignore[misc, arg-type]
        train_step = TrainStep(model, make_optimizer("adam", 0.01), clip=1.0)
        rng = np.random.default_rng(0)
        looks = []
        for _ in range(12):
            looks.append(train_step.compute_gradients(Task(6).fresh(rng, 5300)))
            train_step.apply_gradients()
        ways.append((looks, train_step.evaluate(Task(6).fresh(rng, 700))))
    (looks, measured), (plain_looks, plain_measured) = ways
    np.testing.assert_allclose(looks, plain_looks, rtol=1e-8)
    assert measured == pytest.approx(plain_measured, rel=1e-8)


def test_what_cannot_be_learnt_is_refused_in_the_models_own_words() -> None:
    x, y = np.zeros((4, COLUMNS), np.uint8), np.zeros(4, np.uint8)
    with pytest.raises(ValueError, match="this model was made for 9"):
        form_of(LogisticRegression(COLUMNS)).loss_and_gradients(x[:, :3], y)
    with pytest.raises(ValueError, match="it takes no lengths"):
        form_of(TwoLayerNet(COLUMNS, 2)).loss_and_gradients(x, y, np.ones(4, np.intp))
    with pytest.raises(ValueError, match="a label for each answer"):
        form_of(MLP((COLUMNS, 2, 1))).loss_and_gradients(x, y[:3])
    for model in (RNN(2), LSTM(2)):
        with pytest.raises(ValueError, match="a label for each answer"):
            form_of(model).loss_and_gradients(x, y[:3])
        with pytest.raises(ValueError, match="each from 1 to 9"):
            form_of(model).loss_and_gradients(x, y, np.zeros(4, np.intp))


@pytest.mark.parametrize("model", [MLP((50, 1024, 1)), RNN(16), LSTM(16)], ids=["MLP", "RNN", "LSTM"])
def test_an_update_allocates_next_to_nothing(model: Model) -> None:
    """What is left are NumPy's own buffers, of one size whatever the model. An array of all states would be
    ten times that, and the units of the MLP four times."""
    batch = Task(50).fresh(np.random.default_rng(0), 128)
    train_step = TrainStep(model, make_optimizer("adam", 0.01), clip=1.0)
    assert peak_of_update(train_step, batch) < 128 * 1024


def test_another_backward_pass_is_the_one_that_trains() -> None:
    class Blind(TwoLayerNet):
        def backward(self, cache: Cache, y: Any) -> Parameters:
            return {name: 0 * gradient for name, gradient in super().backward(cache, y).items()}

    model = Blind(3, 2)
    before = model.parameters["W1"].copy()
    batch = Task(3).fresh(np.random.default_rng(0), 8)
    model.fit(batch.x, batch.y, updates=3)
    np.testing.assert_array_equal(model.parameters["W1"], before)
