"""The noise of a batch's gradient."""

from __future__ import annotations

import numpy as np
import pytest

from toystory.course.analysis.gradient_noise import MOST_BITS, gradient_noise
from toystory.models import MLP, RNN, LogisticRegression
from toystory.models.parts.optimizers import gradient_norm
from toystory.training.data import Task


def test_it_falls_by_the_root_of_the_batch() -> None:
    found = gradient_noise(MLP((10, 20, 1)), Task(10))
    assert found.batches == (16, 32, 64, 128, 256)
    for rows, noise in zip(found.batches, found.noise, strict=True):
        assert noise == pytest.approx(found.by_formula(rows), rel=0.15)


def test_of_a_memory_it_is_that_of_rows_of_full_length() -> None:
    full, one = (gradient_noise(RNN(8), Task(6, lengths=rule)) for rule in ("full", "one per batch"))
    assert full == one
    assert full.batches == (16, 32)
    assert full.noise[1] == pytest.approx(full.by_formula(32), rel=0.25)
    assert gradient_noise(RNN(8), Task(6, lengths="mixed")) != full
    long, longest = (gradient_noise(RNN(2), Task(bits)) for bits in (MOST_BITS, 10**6))
    assert long == longest, "of a row that is very long a part is enough"


def test_of_a_line_that_says_nothing_it_is_what_can_be_worked_out() -> None:
    """Each row's gradient is ±½ of its bits, and ±½ of the bias: 10 · 1/8 + 1/4 is its mean square."""
    found = gradient_noise(LogisticRegression(10), Task(10))
    assert found.noise[0] == pytest.approx(np.sqrt(1.5 / 16), rel=0.05)
    assert found.gradient < found.noise[-1], "parity says nothing to a line"
    assert not found.balance < 256


def test_the_gradient_is_that_of_all_rows() -> None:
    model, task = MLP((6, 8, 1), seed=1), Task(6, relevant=(0,))
    rows = task.whole_rows(np.array([[row >> bit & 1 for bit in range(6)] for row in range(64)], np.uint8))
    _, gradients = model.loss_and_gradients(rows.x, rows.y)
    assert gradient_noise(model, task).gradient == pytest.approx(gradient_norm(gradients), rel=0.1)
    assert gradient_noise(model, task, seed=1).balance == pytest.approx(
        gradient_noise(model, task, seed=2).balance, rel=0.3
    )
