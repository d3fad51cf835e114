"""A training put down and taken up again goes on to the same figures, to the last bit."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice, product
from typing import Any

import numpy as np
import pytest

from toystory.training.checkpoints import arithmetic
from toystory.training.checkpoints.checkpoint import (
    Checkpoint,
    OtherArithmetic,
    from_bytes,
    resume,
    save,
    to_bytes,
)
from toystory.training.experiment import Experiment
from toystory.training.loop import Progress, Training
from toystory.training.settings import OPTIMIZER_NAMES

SHORT = Experiment(
    name="short",
    model="LogisticRegression",
    columns=12,  # more rows than are measured on: measuring draws some
    batch=16,
    updates=30,
    learning_rate=1e-2,
    final_learning_rate=0.3,
    evaluate_every=7,
)
MODELS: dict[str, dict[str, Any]] = {
    "LogisticRegression": {},
    "TwoLayerNet": {"hidden": (4,)},
    "MLP": {"hidden": (5, 3)},
    "RNN": {"hidden": (4,)},
    "LSTM": {"hidden": (3,)},
}
ROWS: dict[str, dict[str, Any]] = {
    "fresh rows": {},
    "fixed rows in batches": {"rows": 50},
    "all rows at once": {"rows": 50, "batch": None},
    "given rows": {"columns": 2, "given": ((0, 0), (0, 1), (1, 0), (1, 1)), "batch": None},
}
CUTS = [
    {"lengths": lengths, "labels": labels}
    for lengths, labels in product(("mixed", "one per batch", "full"), ("end", "every step"))
]


def both_ways(experiment: Experiment, cut: int) -> None:
    """Run it as a whole, and with a break after `cut` pulls; what is left of both must be the same."""
    whole = Training(experiment)
    expected = list(whole)
    first = Training(experiment)
    before = list(islice(first, cut))
    kept = from_bytes(to_bytes(save(first)))
    second = resume(kept)
    assert second.progress == (before[-1] if before else None)
    if before:
        assert np.array_equal(second.batch.x, first.batch.x)
        assert np.array_equal(second.batch.y, first.batch.y)
    assert before + list(second) == expected, "every figure of every Progress"
    for name, parameter in whole.model.parameters.items():
        assert np.array_equal(second.model.parameters[name], parameter)
    assert second.train_accuracy(100) == whole.train_accuracy(100)


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("model", MODELS)
def test_it_goes_on_to_the_last_bit(model: str, rows: str, optimizer: str):
    settings = MODELS[model] | ROWS[rows] | {"model": model, "optimizer": optimizer, "clip": 0.2}
    for cut in (0, 1, 18, 31):
        both_ways(replace(SHORT, **settings), cut)


@pytest.mark.parametrize("cut", CUTS, ids=str)
@pytest.mark.parametrize("rows", ["fresh rows", "fixed rows in batches", "all rows at once"])
def test_rows_of_every_length_go_on_to_the_last_bit(rows: str, cut: dict[str, Any]):
    both_ways(replace(SHORT, model="RNN", hidden=(3,), **ROWS[rows], **cut), 9)


def test_float64_goes_on_to_the_last_bit():
    both_ways(replace(SHORT, model="TwoLayerNet", hidden=(3,), dtype="float64"), 9)


def test_a_run_past_its_goal_still_knows_when_to_stop():
    easy = replace(SHORT, relevant=(0,), learning_rate=0.3, stop_at=0.9, stop_after=6, evaluate_every=2)
    pulls = list(Training(easy))
    (reached,) = [p.update for p in pulls if p.fresh_accuracy is not None and p.fresh_accuracy >= 0.9][:1]
    assert pulls[-1].update == reached + 6 < easy.updates
    both_ways(easy, reached + 3)


def test_a_run_that_may_stop_early_still_has_its_best_weights():
    by_heart = replace(SHORT, model="MLP", hidden=(20,), rows=30, batch=10, updates=300, learning_rate=0.03)
    by_heart = replace(by_heart, optimizer="adam", patience=20, evaluate_every=2, columns=20)
    pulls = list(Training(by_heart))
    assert 20 < pulls[-1].update < 300
    both_ways(by_heart, pulls[-1].update - 3)


def test_a_learning_rate_that_was_set_goes_on():
    def rated(training: Training) -> list[Progress]:
        found = list(islice(training, 10))
        training.learning_rate = 0.5
        return found + list(islice(training, 5))

    whole, first = Training(SHORT), Training(SHORT)
    rated(whole)
    rated(first)
    assert list(resume(save(first))) == list(whole)


def test_what_was_kept_does_not_change_with_the_training():
    training = Training(replace(SHORT, model="MLP", hidden=(3,)))
    list(islice(training, 5))
    kept = save(training)
    before = {name: array.copy() for name, array in kept.arrays.items()}
    list(training)
    assert all(np.array_equal(kept.arrays[name], array) for name, array in before.items())


def test_rows_are_drawn_again_and_not_kept():
    rows = replace(SHORT, rows=100_000, updates=2)
    training = Training(rows)
    list(islice(training, 2))
    kept = to_bytes(save(training))
    assert len(kept) < 20_000
    assert np.array_equal(resume(from_bytes(kept)).bits, training.bits)


def test_other_arithmetic_is_told_from_damage(monkeypatch: pytest.MonkeyPatch):
    kept = to_bytes(save(Training(SHORT)))
    monkeypatch.setattr(arithmetic, "VERSION", 0)
    with pytest.raises(OtherArithmetic):
        from_bytes(kept)
    assert from_bytes(kept, any_arithmetic=True).facts["learning_rate"] == SHORT.learning_rate


def flipped(contents: bytes) -> bytes:
    middle = len(contents) // 2
    return contents[:middle] + bytes([contents[middle] ^ 255]) + contents[middle + 1 :]


@pytest.mark.parametrize(
    "damaged", [lambda c: b"", lambda c: c[: len(c) // 2], lambda c: b"no" + c[2:], flipped, lambda c: c[:-1]]
)
def test_damage_is_a_value_error(damaged: Any):
    kept = to_bytes(save(Training(replace(SHORT, model="MLP", hidden=(30,)))))
    with pytest.raises(ValueError, match="nothing that this program kept"):
        from_bytes(damaged(kept))


def test_what_does_not_fit_is_a_value_error():
    kept = save(Training(replace(SHORT, model="MLP", hidden=(3,))))
    other = kept.facts["experiment"] | {"hidden": [4]}
    with pytest.raises(ValueError, match="another shape"):
        resume(Checkpoint(kept.facts | {"experiment": other}, kept.arrays))
