"""Small experiments that the tests of this folder share."""

from __future__ import annotations

from dataclasses import replace

import pytest

from toystory.training.experiment import Experiment

BASE = Experiment(name="small", model="MLP", columns=6, updates=12, batch=8, learning_rate=0.01, hidden=(5,))

SMALL = {
    "logistic regression": replace(BASE, model="LogisticRegression", hidden=()),
    "two layers": replace(BASE, model="TwoLayerNet"),
    "MLP": BASE,
    "MLP, momentum, fixed rows": replace(BASE, optimizer="momentum", rows=50),
    "MLP, gradient descent, all rows": replace(BASE, optimizer="gradient descent", rows=50, batch=None),
    "RNN": replace(BASE, model="RNN", lengths="one per batch", clip=1.0),
    "LSTM": replace(BASE, model="LSTM", lengths="mixed", labels="every step", rows=30),
    "autograd": replace(BASE, model="AutogradNet", dtype="float64", evaluate_every=12, columns=3),
    "attention": replace(BASE, model="Attention", lengths="one per batch", labels="every step", clip=1.0),
    "attention, at once": replace(BASE, model="Attention", thinks_aloud=False, width=4, rows=30),
}


@pytest.fixture(params=list(SMALL.values()), ids=list(SMALL))
def small(request: pytest.FixtureRequest) -> Experiment:
    """One experiment for every model and every way to make batches; milliseconds each."""
    experiment: Experiment = request.param
    return experiment


@pytest.fixture
def base() -> Experiment:
    """A small MLP on fresh rows."""
    return BASE
