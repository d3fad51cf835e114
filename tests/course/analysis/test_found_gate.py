"""The gate inside attention: four questions, sorted out of all the places of a row."""

from __future__ import annotations

import numpy as np
import pytest

from toystory.course.analysis.found_gate import found_gate
from toystory.models import Attention
from toystory.training.data import random_bits, running_parity


def test_the_means_are_those_of_the_forward_pass() -> None:
    model = Attention(seed=3)
    rows = random_bits(np.random.default_rng(0), 8, 50)
    written = running_parity(rows)
    cache = model.forward(rows, written)
    found = found_gate(model)
    there = (written[:, :-1] == 1) & (rows[:, 1:] == 0)
    assert found.questions[2].tolist() == [1, 0]
    assert found.answers[2] == pytest.approx(float(cache["a"][:, 1:][there].mean()), rel=1e-5)
    np.testing.assert_allclose(found.hidden[2], cache["h"][:, 1:][there].mean(axis=0), rtol=1e-4, atol=1e-6)


def test_untrained_it_is_no_xor() -> None:
    assert not found_gate(Attention(seed=3)).is_xor
