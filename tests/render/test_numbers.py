"""Numbers as people read them."""

import math

import numpy as np
import pytest

from toystory.render import numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.000000"),
        (0.6467993925, "0.646799"),
        (-1.5, "-1.500000"),
        (1e-4, "0.000100"),
        (9.99e-5, "9.990e-05"),
        (-3e-12, "-3.000e-12"),
        (999_999.0, "999999.000000"),
        (1e6, "1.000e+06"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
    ],
)
def test_scalar(value: float, text: str) -> None:
    assert numbers.scalar(value) == text


def test_an_array_of_no_axes_is_a_scalar() -> None:
    assert numbers.array(np.array(0.25)) == "0.250000"


def test_an_array_says_its_shape_and_its_first_entries() -> None:
    assert numbers.array(np.array([0.5, -0.25])) == "[ 0.5000  -0.2500 ]   (2)"
    assert numbers.array(np.arange(50) / 100, most=3) == "[ 0.0000   0.0100   0.0200 …]   (50)"
    assert numbers.array(np.zeros(2)) == "[ 0.0000   0.0000 ]   (2)"


def test_a_matrix_stands_in_rows() -> None:
    text = numbers.array(np.ones((1000, 2)))
    assert text.splitlines() == ["[ 1.0000   1.0000 ]"] * 3 + [" … 1,000 rows   (1,000×2)"]
    assert numbers.array(np.ones((2, 1))).splitlines()[-1].endswith("(2×1)")


def test_small_and_large_entries_keep_their_digits() -> None:
    assert numbers.array(np.array([1e-5, -2e-7])) == "[ 1.00e-05  -2.00e-07 ]   (2)"
    assert numbers.array(np.array([1e5, 1.0])) == "[ 1.00e+05   1.00e+00 ]   (2)"


@pytest.mark.parametrize("scale", [1.0, -1.0, 1e-5, 9e8])
@pytest.mark.parametrize("shape", [(4,), (50,), (1000, 8), (4, 2, 6)])
@pytest.mark.parametrize("width", [49, 53, 60, 90, 190])
def test_as_many_entries_as_fit_stand_beside_each_other(
    scale: float, shape: tuple[int, ...], width: int
) -> None:
    value = np.full(shape, 1.2345 * scale)
    most = numbers.across(value, "dW1", width)
    text = "dW1 = " + numbers.array(value, most)
    assert len(text.splitlines()[0]) <= width
    assert most >= min(width // 20, 10)


def test_four_units_are_seen_whole_beside_the_curves() -> None:
    assert numbers.across(np.array([3.9452, -1.7192, 0.5, 12.0]), "z1", 53) >= 4


def test_entries_that_are_no_numbers_are_shown() -> None:
    assert numbers.array(np.array([math.nan, 1.0, -math.inf])) == "[ nan   1.0000  -inf ]   (3)"
    assert numbers.array(np.full(2, math.nan)) == "[ nan   nan ]   (2)"


@pytest.mark.parametrize(
    ("value", "tie", "text"),
    [
        (0.5, False, "50.00 %"),
        (1.0, False, "100.00 %"),
        (0.25, True, "25.00 % (a tie)"),
        (math.nan, False, "–"),
    ],
)
def test_accuracy(value: float, tie: bool, text: str) -> None:
    assert numbers.accuracy(value, tie) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0.0 s"), (4.25, "4.2 s"), (59.94, "59.9 s"), (59.96, "1 min 00 s"), (60, "1 min 00 s"),
     (119.6, "2 min 00 s"), (3725, "62 min 05 s")],
)  # fmt: skip
def test_seconds(value: float, text: str) -> None:
    assert numbers.seconds(value) == text
