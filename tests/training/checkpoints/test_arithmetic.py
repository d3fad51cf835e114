"""Golden figures: what every model comes to under this version of the arithmetic, in float64.

What was kept under a version is good for as long as these hold. Are other figures meant? Then raise `VERSION`
in training/checkpoints/arithmetic.py, and write them anew with
`python -m tests.training.checkpoints.test_arithmetic`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from toystory.models import fast_form
from toystory.training.checkpoints import arithmetic
from toystory.training.experiment import Experiment
from toystory.training.loop import Training

FILE = Path(__file__).parents[2] / "data" / "golden_figures.json"
BASE = Experiment(
    name="",
    model="MLP",
    columns=7,
    hidden=(5,),
    rows=60,
    batch=16,
    updates=8,
    learning_rate=0.05,
    dtype="float64",
)
EXPERIMENTS = {
    "logistic regression": replace(BASE, model="LogisticRegression", hidden=(), optimizer="momentum"),
    "logistic regression, fresh rows of an AND": replace(
        BASE, model="LogisticRegression", hidden=(), rows=None, gate="and", relevant=(0, 3)
    ),
    "two layers": replace(BASE, model="TwoLayerNet", optimizer="gradient descent"),
    "two layers by autograd": replace(BASE, model="AutogradNet", rows=12, batch=6, updates=3),
    "MLP": replace(BASE, hidden=(6, 4), final_learning_rate=0.1),
    "MLP, tanh": replace(BASE, activation="tanh", first_weights="gaussian", signed=False, clip=0.01),
    "MLP, ±1": replace(BASE, activation="sigmoid", first_weights="signs", batch=None),
    "RNN": replace(BASE, model="RNN", rows=None, lengths="one per batch", clip=1.0),
    "RNN, small weights": replace(BASE, model="RNN", weight_scale=0.1, bit_scale=0.5, signed=False),
    "LSTM": replace(BASE, model="LSTM", rows=None, lengths="one per batch", clip=1.0),
    "LSTM, labels at every step": replace(
        BASE, model="LSTM", lengths="mixed", labels="every step", forget_bias=3.0
    ),
    "attention": replace(BASE, model="Attention", labels="every step"),
    "attention at once": replace(BASE, model="Attention", thinks_aloud=False, scale_scores=False),
}


def figures(experiment: Experiment) -> Iterator[list[float]]:
    """Loss and norm of the gradients at every update, and at the end the loss on fresh rows."""
    for progress in Training(experiment):
        yield [progress.loss, progress.gradient_norm]
    assert progress.fresh_loss is not None
    yield [progress.fresh_loss]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_figures_are_those_of_this_version(name: str) -> None:
    written = json.loads(FILE.read_text(encoding="utf-8"))
    assert written["version"] == arithmetic.VERSION, "write the figures of this version: see above"
    for now, then in zip(figures(EXPERIMENTS[name]), written["figures"][name], strict=True):
        assert now == pytest.approx(then, rel=1e-8), "raise the version, or mend what has changed"


def test_a_changed_model_is_another_arithmetic(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = arithmetic.arithmetic(["RNN"])
    assert usual == str(arithmetic.VERSION) == arithmetic.arithmetic(["LSTM", "RNN"])
    monkeypatch.setattr(arithmetic, "is_changed", lambda kind: kind.__name__ == "RNN")
    monkeypatch.setattr(arithmetic, "fingerprint_of", lambda kind: f"{kind.__name__} as it is now")
    assert arithmetic.arithmetic(["LSTM"]) == usual
    assert arithmetic.arithmetic(["LSTM", "RNN"]) == f"{usual} RNN as it is now"


def test_a_class_without_a_fast_form_is_watched_too() -> None:
    assert "AutogradNet" in {kind.__name__ for kind in fast_form.registered_classes()}


if __name__ == "__main__":
    found = {name: list(figures(experiment)) for name, experiment in EXPERIMENTS.items()}
    FILE.write_text(
        json.dumps({"version": arithmetic.VERSION, "figures": found}, indent=1) + "\n", encoding="utf-8"
    )
