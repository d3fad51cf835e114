"""Rows of bits, their parity, and how they become batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toystory.models.parts.arrays import Bits
from toystory.models.parts.batches import Batch, given_batches
from toystory.training.data import (
    FixedBatches,
    Task,
    fresh_batches,
    parity,
    random_bits,
    running_parity,
    truth_table,
)
from toystory.training.settings import LABEL_RULES, LENGTH_RULES


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def slow_parity(row: list[int]) -> int:
    """The slow and obvious loop."""
    odd = 0
    for bit in row:
        if bit == 1:
            odd = 1 - odd
    return odd


rows_of_bits = st.integers(1, 12).flatmap(
    lambda columns: st.lists(
        st.lists(st.integers(0, 1), min_size=columns, max_size=columns), min_size=1, max_size=8
    )
)
quick = settings(max_examples=60)


@quick
@given(rows_of_bits)
def test_parity_is_what_the_slow_loop_says(rows: list[list[int]]) -> None:
    answers = parity(np.array(rows, np.uint8))
    assert answers.tolist() == [slow_parity(row) for row in rows]
    assert answers.dtype == np.uint8


@quick
@given(rows_of_bits, st.data())
def test_only_relevant_columns_count(rows: list[list[int]], data: st.DataObject) -> None:
    relevant = data.draw(st.lists(st.integers(0, len(rows[0]) - 1), unique=True))
    answers = parity(np.array(rows, np.uint8), relevant)
    assert answers.tolist() == [slow_parity([row[i] for i in relevant]) for row in rows]


@quick
@given(rows_of_bits)
def test_running_parity_is_the_parity_of_every_beginning(rows: list[list[int]]) -> None:
    running = running_parity(np.array(rows, np.uint8))
    assert running.tolist() == [[slow_parity(row[: t + 1]) for t in range(len(row))] for row in rows]
    assert running.dtype == np.uint8


def test_truth_table_has_every_row_once_in_counting_order() -> None:
    assert truth_table(2).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    table = truth_table(9)
    assert table.dtype == np.uint8
    assert (table @ (1 << np.arange(8, -1, -1))).tolist() == list(range(512))


@pytest.mark.parametrize("columns", [1, 7, 8, 9, 50])
def test_random_bits_are_fair_coins_kept_as_bytes(columns: int) -> None:
    bits = random_bits(rng(), 4000, columns)
    assert bits.shape == (4000, columns)
    assert bits.dtype == np.uint8
    assert set(np.unique(bits)) == {0, 1}
    assert np.abs(bits.mean(axis=0) - 0.5).max() < 0.05
    assert bits.nbytes == 4000 * columns


@pytest.mark.parametrize("labels", LABEL_RULES)
@pytest.mark.parametrize("relevant", [None, (0, 3, 5)])
@pytest.mark.parametrize("lengths", LENGTH_RULES)
def test_a_batch_is_cut_and_labelled_as_its_rules_say(
    lengths: Any, relevant: tuple[int, ...] | None, labels: Any
) -> None:
    task = Task(7, relevant, lengths, labels)
    randomness, widths = rng(), set()
    for _ in range(60):
        batch = task.fresh(randomness, 5)
        assert batch.x.dtype == batch.y.dtype == np.uint8
        rows, columns = batch.x.shape
        widths.add(columns)
        ends = [columns] * rows if batch.lengths is None else batch.lengths.tolist()
        assert (batch.lengths is not None) == (lengths == "mixed")
        assert all(1 <= end <= 7 for end in ends)
        for x, y, end in zip(batch.x.tolist(), batch.y.tolist(), ends, strict=True):
            counted = [x[i] if relevant is None or i in relevant else 0 for i in range(end)]
            if labels == "end":
                assert y == slow_parity(counted)
            else:
                assert y[:end] == [slow_parity(counted[: t + 1]) for t in range(end)]
        assert batch.labelled == (rows if labels == "end" else sum(ends))
        assert batch.at_the_end().y.tolist() == [
            slow_parity([x[i] for i in range(end) if relevant is None or i in relevant])
            for x, end in zip(batch.x.tolist(), ends, strict=True)
        ]
    expected = {"one per batch": set(range(1, 8)), "one even per batch": {2, 4, 6}}
    assert widths == expected.get(lengths, {7})


def test_mixed_lengths_are_of_every_size() -> None:
    lengths = Task(5, lengths="mixed").fresh(rng(), 500).lengths
    assert lengths is not None
    assert set(lengths.tolist()) == {1, 2, 3, 4, 5}


def test_test_rows_are_all_there_are_or_drawn() -> None:
    task = Task(3, relevant=(0, 2), lengths="mixed", labels="every step")
    whole = task.test_rows(rng(), 8)
    assert whole.x.tolist() == truth_table(3).tolist()
    assert whole.y.tolist() == [slow_parity([a, c]) for a, _, c in whole.x.tolist()]
    assert whole.lengths is None
    assert task.test_rows(rng(), 7).x.shape == (7, 3)
    longer = task.test_rows(rng(), 40, columns=90)
    assert longer.x.shape == (40, 90)
    assert longer.y.tolist() == [slow_parity([row[0], row[2]]) for row in longer.x.tolist()]
    assert task.test_rows(rng(), 4, columns=2).y.tolist() == [0, 0, 1, 1]


def as_counter(batches: Iterator[Batch], how_many: int) -> Counter[tuple[int, ...]]:
    return Counter(tuple(row) for batch in islice(batches, how_many) for row in batch.x.tolist())


@pytest.mark.parametrize("size", [1, 4, 7, 31])
def test_every_epoch_visits_every_row_once(size: int) -> None:
    bits = truth_table(5)
    batches_an_epoch = -(-32 // size)
    batches = FixedBatches(Task(5), rng(), bits, size)
    once = Counter(tuple(row) for row in bits.tolist())
    first = list(islice(batches, batches_an_epoch))
    assert as_counter(iter(first), batches_an_epoch) == once
    second = list(islice(batches, batches_an_epoch))
    assert as_counter(iter(second), batches_an_epoch) == once
    assert any((a.x != b.x).any() for a, b in zip(first, second, strict=True)), "shuffled anew"


@pytest.mark.parametrize("size", [None, 32, 40])
def test_a_batch_of_all_rows_is_all_rows_in_order(size: int | None) -> None:
    bits = truth_table(5)
    for batch in islice(FixedBatches(Task(5), rng(), bits, size), 3):
        assert batch.x.tolist() == bits.tolist()
        assert batch.y.tolist() == parity(bits).tolist()


def test_all_rows_at_once_are_cut_anew_for_every_update() -> None:
    bits = random_bits(rng(), 30, 9)
    for rule in ("one per batch", "mixed"):
        a, b = islice(FixedBatches(Task(9, lengths=rule), rng(), bits, None), 2)
        assert a.x.shape != b.x.shape or np.any(a.lengths != b.lengths)


def test_fresh_batches_differ() -> None:
    a, b = islice(fresh_batches(Task(40), rng(), 6), 2)
    assert a.x.shape == b.x.shape == (6, 40)
    assert not {tuple(row) for row in a.x.tolist()} & {tuple(row) for row in b.x.tolist()}


@pytest.mark.parametrize("size", [3, None])
def test_given_rows_keep_their_own_labels_and_lengths(size: int | None) -> None:
    x: Bits = truth_table(3)
    whole = Batch(x, np.array([1, 0, 0, 1, 1, 1, 0, 0], np.uint8), np.arange(8) % 3 + 1)
    seen = []
    for batch in islice(given_batches(whole, rng(), size), 3 if size else 1):
        assert batch.lengths is not None
        seen += list(zip(map(tuple, batch.x.tolist()), batch.y.tolist(), batch.lengths.tolist(), strict=True))
    assert whole.lengths is not None
    told = list(zip(map(tuple, x.tolist()), whole.y.tolist(), whole.lengths.tolist(), strict=True))
    assert sorted(seen) == sorted(told)


def test_parts_are_the_whole_in_order() -> None:
    batch = Task(5, lengths="mixed", labels="every step").fresh(rng(), 10)
    parts = list(batch.parts(4))
    assert [len(part.x) for part in parts] == [4, 4, 2]
    assert sum(part.labelled for part in parts) == batch.labelled
    assert np.concatenate([part.x for part in parts]).tolist() == batch.x.tolist()
    assert np.concatenate([part.y for part in parts]).tolist() == batch.y.tolist()
    assert batch.lengths is not None
    assert [n for part in parts if part.lengths is not None for n in part.lengths] == batch.lengths.tolist()
