"""What the exercises' checks trust is the lesson's own model: the same answers, and its gradients pass."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from toystory.course.exercises.exercise import Wrong
from toystory.lessons.lstm import trusted as lstm_trusted
from toystory.lessons.mlp import trusted as mlp_trusted
from toystory.lessons.rnn import trusted as rnn_trusted
from toystory.models import LSTM, MLP, RNN

BITS = np.random.default_rng(0).integers(0, 2, size=(5, 4))
LABELS = BITS.sum(axis=1) % 2
RUNNING = np.cumsum(BITS, axis=1) % 2


def shaken(model: Any) -> Any:
    """The model with parameters that are nowhere zero."""
    rng = np.random.default_rng(1)
    for parameter in model.parameters.values():
        parameter += rng.uniform(0.1, 0.3, size=parameter.shape)
    return model


def test_mlp() -> None:
    model = shaken(MLP((4, 6, 5, 1), signed=False, dtype=np.float64))
    x, y = BITS.astype(float), LABELS.astype(float)
    cache = model.forward(BITS)
    trusted = mlp_trusted.trusted_forward(model.parameters, x)
    assert np.allclose(trusted["a"], cache["a"], rtol=1e-12)
    gradients = model.backward(cache, LABELS)
    mlp_trusted.expect_tower_gradients(gradients, model.parameters, x, y, "backward")
    gradients["W1"] *= 1.001
    with pytest.raises(Wrong, match="W1"):
        mlp_trusted.expect_tower_gradients(gradients, model.parameters, x, y, "backward")


@pytest.mark.parametrize(
    ("model", "trusted", "last"),
    [
        (RNN(3, dtype=np.float64), rnn_trusted, "b_h"),
        (LSTM(3, dtype=np.float64), lstm_trusted, "b_h"),
    ],
    ids=["rnn", "lstm"],
)
def test_in_time(model: Any, trusted: Any, last: str) -> None:
    shaken(model)
    cache = model.forward(BITS)
    assert np.allclose(trusted.trusted_cache(model.parameters, cache["x"])["a"], cache["a"], rtol=1e-12)
    gradients = model.backward(cache, RUNNING)
    everywhere = np.full(cache["a"].shape, True)
    asked = (model.parameters, cache["x"], RUNNING.T.astype(float), everywhere, "backward")
    trusted.expect_gradients_in_time(gradients, *asked)
    gradients[last] *= 1.001
    with pytest.raises(Wrong, match=f'"{last}"'):
        trusted.expect_gradients_in_time(gradients, *asked)
