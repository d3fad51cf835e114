"""Rows too many for a byte a bit: the same bits, the same figures, in an eighth of the room."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.support.memory import peak
from toystory.models.parts import packed_bits as packed
from toystory.models.parts.packed_bits import ROWS_DRAWN, PackedBits, draw_bits, draw_rows
from toystory.training.data import Task, parity, random_bits
from toystory.training.experiment import Experiment
from toystory.training.loop import Training, train


def test_drawing_in_parts_gives_the_bits_that_drawing_at_once_gives() -> None:
    rows, columns = 2 * ROWS_DRAWN + 3, 11
    at_once = np.random.default_rng(3).integers(0, 256, size=(rows, 2), dtype=np.uint8)
    rng = np.random.default_rng(3)
    assert (random_bits(rng, rows, columns) == np.unpackbits(at_once, axis=1, count=columns)).all()


def test_packed_rows_are_those_that_would_be_kept_as_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = draw_rows(np.random.default_rng(5), 1000, 13)
    monkeypatch.setattr(packed, "BITS_UNPACKED", 0)
    rows = draw_rows(np.random.default_rng(5), 1000, 13)
    assert isinstance(kept, np.ndarray)
    assert isinstance(rows, PackedBits)
    assert (len(rows), rows.shape) == (1000, (1000, 13))
    chosen = np.array([7, 999, 7, 0])
    assert (rows[chosen] == kept[chosen]).all()
    assert (rows[100:200] == kept[100:200]).all()
    assert (rows[:] == draw_bits(np.random.default_rng(5), 1000, 13)).all()


def test_packed_rows_get_their_labels() -> None:
    bits = draw_bits(np.random.default_rng(1), ROWS_DRAWN + 77, 9)
    rows = PackedBits(np.packbits(bits, axis=1), 9)
    assert (Task(9).whole_rows(rows).y == parity(bits)).all()
    assert (Task(9, gate="and").whole_rows(rows).y == bits.all(axis=1)).all()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"batch": 64},
        {"model": "RNN", "hidden": (4,), "batch": 100, "lengths": "one per batch"},
        {"model": "RNN", "hidden": (4,), "lengths": "mixed", "labels": "every step"},
        {"model": "LSTM", "hidden": (3,), "labels": "every step"},
    ],
)
def test_training_comes_to_the_same_figures(
    changes: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = replace(
        Experiment(
            name="x", model="MLP", columns=7, hidden=(5,), rows=3000, updates=40, learning_rate=1e-2,
            evaluate_every=10,
        ),
        **changes,  # type: ignore[arg-type]
    )  # fmt: skip
    as_bytes = list(train(experiment))
    monkeypatch.setattr(packed, "BITS_UNPACKED", 0)
    training = Training(experiment)
    assert isinstance(training.bits, PackedBits)
    assert list(training) == as_bytes


def test_ten_times_the_rows_take_less_than_their_bits() -> None:
    """The rows, their labels, their order and an update with them: all that grows."""

    def most(rows: int, batch: int | None) -> int:
        experiment = Experiment(
            name="x", model="MLP", columns=50, hidden=(4,), rows=rows, batch=batch, updates=1,
            learning_rate=0.1,
        )  # fmt: skip
        return peak(lambda: list(train(experiment)))

    for batch in (None, 128):
        assert most(1_400_000, batch) - most(140_000, batch) < (1_400_000 - 140_000) * 50 / 2
