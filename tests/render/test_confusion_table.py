"""The table of confusions fits 80 columns, whatever the classes are."""

from __future__ import annotations

import numpy as np
import pytest

from toystory.render.confusion_table import confusion_lines


def test_right_classes_stand_down_and_answers_across() -> None:
    table = np.array([[9, 1, 0], [0, 8, 2], [0, 0, 0]])
    assert confusion_lines(table, ["cat", "dog", "a horse"]) == [
        "           answered",
        "is         1  2  3    right",
        "1 cat      9  1  ·     90 %",
        "2 dog      ·  8  2     80 %",
        "3 a horse  ·  ·  ·   no row",
    ]


@pytest.mark.parametrize("classes", [2, 10, 15, 16, 40, 100])
@pytest.mark.parametrize("rows", [3, 10_000])
def test_it_fits(classes: int, rows: int) -> None:
    table = np.random.default_rng(0).integers(0, rows, (classes, classes))
    lines = confusion_lines(table, [f"class with a long name, number {i}" for i in range(classes)])
    assert max(map(len, lines)) <= 80


def test_short_names_stand_above_their_columns() -> None:
    assert confusion_lines(np.array([[9, 1], [0, 12]]), ["0", "1"]) == [
        "    answered",
        "is   0   1    right",
        "0    9   1     90 %",
        "1    ·  12    100 %",
    ]


def test_where_it_would_be_too_wide_the_commonest_mistakes_are_listed() -> None:
    table = np.diag(np.full(40, 7))
    assert confusion_lines(table, [str(i) for i in range(40)]) == [
        "no row of the 40 classes is taken for another"
    ]
    table[3, 5], table[8, 2] = 2, 4
    assert confusion_lines(table, [str(i) for i in range(40)])[1:] == [
        "  8 taken for 2: 4 of 11",
        "  3 taken for 5: 2 of 9",
    ]


def test_classes_that_begin_alike_are_told_apart() -> None:
    table = np.eye(40, dtype=np.intp) * 5
    table[3, 7] = 4
    lines = confusion_lines(table, [f"a class with quite a long name, number {i}" for i in range(40)])
    assert lines[1:] == ["  4 a class wi…e, number 3 taken for 8 a class wi…e, number 7: 4 of 9"]
    assert max(map(len, lines)) <= 80
