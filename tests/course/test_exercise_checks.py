"""What the checks of exercises say: the first thing wrong, in a fixed order, and nothing is broadcast."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from toystory.course.exercises.checks import expect_gradient, expect_keys, expect_same
from toystory.course.exercises.exercise import BadExercise, Mistake, Wrong, learners_part
from toystory.course.exercises.value_text import MOST_SIGNS, short_text

E = np.arange(6.0).reshape(2, 3)


def said(found: Any, expected: Any, **more: Any) -> str:
    with pytest.raises(Wrong) as wrong:
        expect_same(found, expected, "f(x)", **more)
    return wrong.value.sentence


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (E + 1e-9, E),
        (E.astype(np.float32), E),
        (1, 1.0),
        (np.float32(0.5), 0.5),
        (np.array(0.5), 0.5),
        (True, True),
        (np.bool_(True), True),
        ("a", "a"),
        (None, None),
        ((E, 1), (E, 1.0)),
        ([E, 1], (E, 1.0)),
        ({"a": E}, {"a": E}),
        (np.array([np.inf, np.nan]), np.array([np.inf, np.nan])),
        (np.zeros((0, 3)), np.zeros((0, 3))),
    ],
)
def test_what_is_the_same_passes(found: Any, expected: Any) -> None:
    expect_same(found, expected, "f(x)")


@pytest.mark.parametrize(
    ("found", "expected", "sentence"),
    [
        (None, E, "f(x) returned nothing: is a `return` missing?"),
        ("x", E, "an array of shape (2, 3) and is the string 'x'"),
        ([[1, 2]], E, "is a list of 1: did you forget np.array(…)?"),
        (5.0, E, "should be an array of shape (2, 3) and is one number, 5"),
        (E.T, E, "has shape (3, 2): transposed?"),
        (E[:, :1], E, "has shape (2, 1)"),
        (np.ones((3, 3)), np.ones(3), "Is a column (n, 1) beside a row (n,) somewhere?"),
        (E, E[:, 0], "nothing was added up along the last axis"),
        (E[:, :1], E[0, :1], "nothing was added up over the rows"),
        (E[0, 0], E[0], "is all of it added up?"),
        (E[0], E, "one axis is gone"),
        (E[None], E, "has shape (1, 2, 3)"),
        (np.array([1.0]), 1.0, "should be a number and has shape (1,)"),
        (E.astype(int), E, "should hold floats and holds whole numbers"),
        (E > 2, E.astype(int), "should hold whole numbers and holds True and False"),
        (True, 1.0, "should hold floats and holds True and False"),
        (E * np.nan, E, "f(x)[0, 0] is NaN, not a number, and should be 0"),
        (E + 1, E, "f(x)[0, 0] should be 0 and is 1; 6 of 6 entries are wrong"),
        (-E, E, "all of it is -1 times what it should be"),
        (E / 3, E, "all of it is 1/3 times what it should be"),
        (np.array([1.0, 2.0]), np.array([1.0, np.nan]), "f(x)[1] should be nan and is 2"),
        (1.0, np.inf, "f(x) should be inf and is 1"),
        (np.inf, 1.0, "f(x) should be 1 and is inf"),
        (1.00001, 1.0, "f(x) should be 1 and is 1.00001"),
        (1 + 2e-6, 1.0, "f(x) should be 1.0 and is 1.000002"),
        ((E,), (E, E), "should be 2 values and is 1"),
        (E, (E, E), "should be 2 values and is an array of shape (2, 3)"),
        ({"a": 1, "B": 2}, {"a": 1, "b": 2}, "f(x) has no key 'b': is it your 'B'?"),
        ({"a": 1, "b": 2}, {"a": 1}, "a key 'b' that was not asked for"),
        ({"a": None}, {"a": E}, 'f(x)["a"] is None'),
        ("a", "b", "is not what was expected"),
    ],
)
def test_the_first_thing_wrong_is_named(found: Any, expected: Any, sentence: str) -> None:
    assert sentence in said(found, expected)


def test_a_small_entry_beside_large_ones_is_not_overlooked() -> None:
    right = np.array([1e6, 1e-1])
    assert "[1]" in said(np.array([1e6, 2e-1]), right)


def test_the_tolerance_is_relative() -> None:
    expect_same(1.01e-8, 1e-8, "f(x)", tolerance=0.1)
    assert "should be 1e-08" in said(1.3e-8, 1e-8, tolerance=0.1)


def test_the_verdict_has_expected_found_and_given() -> None:
    with pytest.raises(Wrong) as wrong:
        expect_same(E + 1, E, "f(x)", x=np.arange(3), k=2)
    assert wrong.value.expected == "[[0. 1. 2.]\n [3. 4. 5.]]"
    assert wrong.value.found == "[[1. 2. 3.]\n [4. 5. 6.]]"
    assert wrong.value.given == {"x": "[0 1 2]", "k": "2"}


def cubes(w: Any) -> float:
    return float(np.sum(np.asarray(w) ** 3))


@pytest.mark.parametrize("at", [np.array([0.5, -2.0, 1.0]), np.array([[0.3]]), 1.5, np.zeros((2, 0))])
def test_a_gradient_is_compared_with_finite_differences(at: Any) -> None:
    expect_gradient(3 * np.asarray(at) ** 2 if np.ndim(at) else 3 * at**2, cubes, at, "dw")


@pytest.mark.parametrize(
    ("factor", "sentence"),
    [
        (0.5, "dw[0]: by finite differences it is 0.75, you say 0.375"),
        (1 + 1e-5, "dw[1]: by finite differences it is 12, you say 12.0001; 2 of 3"),
    ],
)
def test_a_wrong_gradient_is_told_by_its_first_wrong_entry(factor: float, sentence: str) -> None:
    at = np.array([0.5, -2.0, 1.0])
    with pytest.raises(Wrong) as wrong:
        expect_gradient(3 * at**2 * factor, cubes, at, "dw", w=at)
    assert sentence in wrong.value.sentence


def test_a_gradient_of_another_shape_is_not_broadcast() -> None:
    with pytest.raises(Wrong, match=r"should be an array of shape \(3,\) and is one number"):
        expect_gradient(3.0, lambda w: float(np.sum(w) * 3), np.ones(3), "dw")


def test_the_loss_sees_a_copy() -> None:
    at = np.ones(2)

    def spoil(w: Any) -> float:
        total = float(np.sum(w))
        w *= 0
        return total

    expect_gradient(np.ones(2), spoil, at, "dw")
    assert (at == 1).all()


def test_keys() -> None:
    expect_keys({"a": 1, "b": 2}, ("b", "a"), "d")
    with pytest.raises(Wrong, match="should be a dict and is the number 3"):
        expect_keys(3, ("a",), "d")


@pytest.mark.parametrize(
    "value", [np.zeros((200, 200)), "x" * 9999, list(range(9999)), {str(i): 1 for i in range(9999)}, 10**4000]
)
def test_what_is_shown_is_short(value: Any) -> None:
    assert len(short_text(value)) <= MOST_SIGNS + 2


FILE = '''"""Twice: a number, doubled

What to do.
"""

from __future__ import annotations

import numpy as np

from toystory.course.exercises.exercise import Code, Mistake
from toystory.models.parts.loss import sigmoid

ONE = np.ones(1)


def twice(x: float) -> float:
    """2x."""
    # TODO: one line
    # is enough.
    # --- gap
    return 2 * x
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 1
'''
TOP = '''"""Twice: a number, doubled

What to do.

Exercise gate/twice: `toystory check` says whether it is right.
"""

from __future__ import annotations

import numpy as np

ONE = np.ones(1)


def twice(x: float) -> float:
    """2x."""
'''


def test_the_learners_part_of_a_file(tmp_path: Any) -> None:
    solution, start = learners_part(FILE, "gate/twice", tmp_path / "twice.py")
    assert solution == TOP + "    return 2 * x\n"
    assert start == TOP + "    # TODO: one line\n    # is enough.\n"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("# --- the check", "# the check", "there is no line"),
        ("    # --- end of gap\n", "", "a gap without its line"),
        ("    # --- gap\n", "", "without its other one"),
    ],
)
def test_a_file_that_is_not_built_so_is_told(tmp_path: Any, old: str, new: str, what: str) -> None:
    with pytest.raises(BadExercise, match=what):
        learners_part(FILE.replace(old, new), "gate/twice", tmp_path / "twice.py")


def test_a_mistake_is_made_in_one_place() -> None:
    solution = '"""2 * x"""\ndef f(x): return 2 * x\n'
    assert Mistake("thrice", "2 * x", "3 * x").made_in(solution) == '"""2 * x"""\ndef f(x): return 3 * x\n'
    for old in ("x", "y"):
        with pytest.raises(BadExercise, match="times in the solution"):
            Mistake("?", old, "").made_in(solution)
