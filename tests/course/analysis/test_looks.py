"""Who looks at whom: what the pictures of attention show is what the model attends to."""

from __future__ import annotations

import numpy as np
import pytest

from toystory.course.analysis.looks import looks, sharpness
from toystory.models import Attention
from toystory.training.data import random_bits, running_parity


def looks_at_the_next_bit(scale_scores: bool) -> Attention:
    """By hand: only the distance counts, and the bit one place ahead has the advantage."""
    model = Attention(scale_scores=scale_scores)
    model.parameters["W_q"][:] = 0
    model.parameters["b_d"][:] = (0, 0, 0, 6, 0)
    return model


def test_the_looks_are_those_of_the_forward_pass() -> None:
    model = Attention(seed=2)
    seen = looks(model, (1, 0, 1, 1))
    cache = model.forward([[1, 0, 1, 1]])
    np.testing.assert_array_equal(seen.attention, cache["p"][0])
    assert seen.written.tolist() == model.think_aloud([[1, 0, 1, 1]])[0].tolist()
    assert seen.bits.tolist() == [1, 0, 1, 1]


def test_asked_at_once_there_is_one_look() -> None:
    seen = looks(Attention(thinks_aloud=False), (1, 0, 1))
    assert seen.attention.shape == (1, 4)
    assert seen.written.shape == (1,)


def test_the_diagonal_is_seen() -> None:
    seen = looks(looks_at_the_next_bit(scale_scores=False), (1, 0, 1, 1, 0))
    assert [int(np.argmax(line)) for line in seen.attention] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("length", [1, 7, 30])
def test_sharpness_is_the_share_of_the_last_place_for_the_last_bit_read(length: int) -> None:
    model = Attention(seed=3)
    rows = random_bits(np.random.default_rng(length), 4, length)
    p = model.forward(rows, running_parity(rows))["p"]
    assert sharpness(model, length) == pytest.approx(float(p[:, -1, length - 1].mean()), rel=1e-5)


def test_without_the_factor_it_softens_and_with_it_does_not() -> None:
    without, with_factor = (looks_at_the_next_bit(scaled) for scaled in (False, True))
    assert sharpness(without, 50) > 0.75
    assert sharpness(without, 2000) < 0.15
    assert sharpness(with_factor, 2000) > sharpness(with_factor, 50) > 0.75
