"""What chapters show without training: the line that counts, and elimination."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from tests.support.runs import finished
from toystory.lessons.mlp.elimination import columns_that_count, found_by_elimination
from toystory.lessons.regression.counting import right_by_counting
from toystory.lessons.regression.experiments import counting_line
from toystory.lessons.rnn.experiments import ALEX, LONG_ROWS, QUIET_BITS
from toystory.training.data import parity, random_bits


@pytest.mark.parametrize(("columns", "share"), [(2, 0.75), (10, 0.6230), (50, 0.5561)])
def test_counting_is_right_on_more_than_half(columns: int, share: float) -> None:
    assert round(right_by_counting(columns), 4) == share


@pytest.mark.parametrize("columns", [1, 2, 3, 6, 10])
def test_the_counting_line_says_what_was_worked_out(columns: int) -> None:
    run = finished(counting_line(columns))
    assert run.accuracy_on_all_rows() == right_by_counting(columns)


@pytest.mark.parametrize("columns", [2, 3, 4])
def test_no_line_is_right_on_more(columns: int) -> None:
    """All there are: whole weights up to 3 make every line of four bits."""
    rows = np.array(list(itertools.product((0, 1), repeat=columns)))
    sums = np.array(list(itertools.product(range(-3, 4), repeat=columns))) @ rows.T
    thresholds = np.arange(-3 * columns - 0.5, 3 * columns + 1)
    says_one = sums[:, None, :] > thresholds[:, None]
    counting = right_by_counting(columns)
    best = (says_one == rows.sum(axis=1) % 2).mean(axis=2).max()
    assert best == max(counting, 1 - counting)  # of three bits and of four it is right when turned over


def test_elimination_finds_the_columns_that_count() -> None:
    bits = random_bits(np.random.default_rng(3), 40, 20)
    assert columns_that_count(bits, parity(bits, (2, 5, 19))) == (2, 5, 19)


def test_too_few_rows_leave_it_open() -> None:
    bits = random_bits(np.random.default_rng(0), 19, 20)
    assert columns_that_count(bits, parity(bits)) is None


def test_sixty_rows_do_nearly_always() -> None:
    assert found_by_elimination(50, 60, draws=200) >= 197
    assert found_by_elimination(50, 50, draws=50) < 30


def test_the_bend_takes_the_error_from_loud_bits_and_small_weights_take_alexs() -> None:
    """What one step back leaves of an error, before any update: by the weights, and by the bends."""
    left = {}
    for name, experiment in (("loud", LONG_ROWS), ("quiet", QUIET_BITS), ("Alex's", ALEX)):
        model = replace(experiment, dtype="float64").build_model()
        h = model.forward(random_bits(np.random.default_rng(0), 64, 50))["h"][:50]
        left[name] = (np.linalg.norm(model.parameters["W_hh"], 2), np.sqrt(np.mean((1 - h**2) ** 2)))
    assert left["loud"] == (pytest.approx(1), pytest.approx(0.6, abs=0.1))
    assert left["quiet"] == (pytest.approx(1), pytest.approx(0.95, abs=0.05))
    assert left["Alex's"] == (pytest.approx(0.1, abs=0.02), pytest.approx(1, abs=1e-3))
