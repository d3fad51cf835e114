"""NumPy's complaints in plain words, as NumPy itself raises them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from toystory.grading.numpy_errors import explained

ROW, TABLE, WHOLE = np.ones(3), np.ones((4, 2)), np.ones(3, int)
TRAPS: list[tuple[str, Callable[[], Any], str]] = [
    ("z = x @ W", lambda: TABLE @ ROW, "here they are 2 and 3"),
    ("z = x @ W.T", lambda: TABLE @ ROW.T, "`.T` changes nothing on an array of one dimension"),
    ("z = np.dot(x, W)", lambda: np.dot(TABLE, ROW), "must be the same"),
    ("z = 2 @ x", lambda: np.matmul(2, ROW), "For a single number write `*`"),
    ("dW = x * dz", lambda: ROW * np.ones(2), "(3) and (2) do not go together"),
    ("dW = x * dz", lambda: ROW * np.ones(2), "np.outer(a, b)"),
    ("dw = x * dz", lambda: TABLE * ROW, "To multiply and add up write `@`"),
    ("h.T @ W", lambda: TABLE.T @ ROW, "Is a `.T` one too many"),
    ("db = dz.sum(axis=1)", lambda: ROW.sum(axis=1), "This one has 1: axis 0 is all there is"),
    ("db = dz.sum(axis=2)", lambda: TABLE.sum(axis=2), "axis=0 goes down the rows"),
    ("if z > 0:", lambda: bool(ROW > 0), "np.where(condition, a, b)"),
    ("a = math.exp(z)", lambda: math.exp(ROW), "np.exp takes them all"),
    ("w -= step", lambda: np.subtract(WHOLE, 0.5, out=WHOLE), "that holds whole numbers"),
    ("b += dz", lambda: np.add(np.ones(1), ROW, out=np.ones(1)), "the result has a larger shape"),
    ("h[0, 1]", lambda: ROW[0, 1], "fewer dimensions than there are numbers in the brackets"),
    ("h[3]", lambda: ROW[3], "Places are counted from 0, the last is 2."),
    ("np.array([[1], [1, 2]])", lambda: np.array([[1], [1, 2]]), "rows of one length"),
    ("z[0] = h", lambda: np.ones(2).__setitem__(0, ROW), "rows of one length"),
    ("z.reshape(2, 2)", lambda: ROW.reshape(2, 2), "must give how many there are"),
    ("[1.0] - 0.1", lambda: [1.0] - 0.1, "A list is no array"),  # type: ignore[operator]
    ("[1.0] * 0.1", lambda: [1.0] * 0.1, "A list is no array"),  # type: ignore[operator]
    ("p - 0.1 * slopes", lambda: {} - 0.1, "take each array out of it"),  # type: ignore[operator]
    ("dh = dz @ w2", lambda: ROW @ np.ones(2), "np.outer, every number with every number"),
    ("x[0.5]", lambda: ROW[0.5], "An index is a whole number"),  # type: ignore[call-overload]
]


@pytest.mark.parametrize(("line", "trap", "word"), TRAPS, ids=[f"{t[0]}: {t[2][:20]}" for t in TRAPS])
def test_a_trap_is_explained(line: str, trap: Callable[[], Any], word: str) -> None:
    with pytest.raises((ValueError, TypeError, IndexError)) as caught:
        trap()
    assert word in explained(str(caught.value), line)


def test_other_errors_are_left_as_they_are() -> None:
    assert explained("division by zero", "a / 0") == ""
