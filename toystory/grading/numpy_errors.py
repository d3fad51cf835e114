"""What NumPy means when it complains: the few errors that everybody meets, in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable

_NUMBER = re.compile(r"size (\d+) is different from (\d+)")
_SHAPES = re.compile(r"with shapes? (\([\d, ]*\)) (\([\d, ]*\))")
_INDEX = re.compile(r"is out of bounds for axis \d+ with size (\d+)")
_AXIS = re.compile(r"axis (-?\d+) is out of bounds for array of dimension (\d+)")


def explained(message: str, line: str) -> str:
    """What an error of NumPy means and what to look at.

    Args:
        message: Of the exception.
        line: The learner's line that raised it.

    Returns:
        A sentence or two; empty for what is not known.
    """
    for part, explain in _KNOWN:
        if part in message:
            return explain(message, line)
    return ""


def _product(message: str, line: str) -> str:
    sizes = _NUMBER.search(message)
    are = f": here they are {sizes[2]} and {sizes[1]}" if sizes else ""
    turn = (
        " Is a `.T` one too many, or on the wrong one? `.T` changes nothing on an array of one dimension: "
        "for (rows, 1) write a[:, None]."
        if ".T" in line
        else " Has one of them to be turned with `.T`? Or is `*`, number by number, what you mean, or "
        "np.outer, every number with every number?"
    )
    return f"In `A @ B` the last length of A and the first of B must be the same{are}.{turn}"


def _scalar_product(message: str, line: str) -> str:
    return "`@` multiplies arrays. For a single number write `*`."


def _in_place(message: str, line: str) -> str:
    if "doesn't match the broadcast shape" in message:
        return (
            "`-=` and `+=` write into the array that is there, and the result has a larger shape: a = a + b "
            "makes a new one. But which shape do you want?"
        )
    return (
        "`-=` and `+=` write into the array that is there, and that holds whole numbers: begin with floats, "
        "such as np.zeros(3) or x.astype(float)."
    )


def _too_many(message: str, line: str) -> str:
    return "The array has fewer dimensions than there are numbers in the brackets: print its .shape."


def _outside(message: str, line: str) -> str:
    said = _INDEX.search(message)
    last = f", the last is {int(said[1]) - 1}" if said and int(said[1]) else ""
    return f"Places are counted from 0{last}."


def _ragged(message: str, line: str) -> str:
    return "An array needs rows of one length, and here they differ: print what you put into it."


def _reshape(message: str, line: str) -> str:
    return "reshape keeps all numbers: the new lengths, multiplied, must give how many there are."


def _plain_list(message: str, line: str) -> str:
    return "A list is no array: it can't be computed with number by number. np.array(…) makes one of it."


def _of_a_dict(message: str, line: str) -> str:
    return "A dict can't be computed with: take each array out of it by its name."


def _together(message: str, line: str) -> str:
    shapes = _SHAPES.search(message)
    are = f" {shapes[1].replace(',)', ')')} and {shapes[2].replace(',)', ')')}" if shapes else ""
    outer = (
        " To multiply and add up write `@`; for every number of a with every number of b np.outer(a, b)."
        if "*" in line
        else ""
    )
    return (
        f"The shapes{are} do not go together: seen from the right, two lengths must be the same, or one of "
        f"them 1. `a[:, None]` makes a column of a row.{outer}"
    )


def _axis(message: str, line: str) -> str:
    said = _AXIS.search(message)
    has = f" This one has {said[2]}: axis 0" if said and said[2] == "1" else ""
    return (
        "The axes of an array count from 0: axis=0 goes down the rows, axis=1 along a row."
        f"{has + ' is all there is.' if has else ''}"
    )


def _truth(message: str, line: str) -> str:
    return (
        "A whole array is neither true nor false. Compare number by number, and choose with "
        "np.where(condition, a, b)."
    )


def _one_number(message: str, line: str) -> str:
    return (
        "Here one number is wanted and an array is there: math.exp takes one number, np.exp takes them all."
    )


def _no_index(message: str, line: str) -> str:
    return "An index is a whole number: `int(…)` makes one, and `//` divides without a rest."


_KNOWN: tuple[tuple[str, Callable[[str, str], str]], ...] = (
    ("does not have enough dimensions", _scalar_product),
    ("gufunc signature", _product),
    ("not aligned", _product),
    ("doesn't match the broadcast shape", _in_place),
    ("could not be broadcast", _together),
    ("with casting rule 'same_kind'", _in_place),
    ("too many indices for array", _too_many),
    ("is out of bounds for axis", _outside),
    ("inhomogeneous shape", _ragged),
    ("setting an array element with a sequence", _ragged),
    ("cannot reshape array", _reshape),
    ("'dict' and", _of_a_dict),
    ("and 'dict'", _of_a_dict),
    ("'list' and", _plain_list),
    ("and 'list'", _plain_list),
    ("can't multiply sequence", _plain_list),
    ("is out of bounds for array of dimension", _axis),
    ("truth value of an array", _truth),
    ("only length-1 arrays", _one_number),
    ("only 0-dimensional arrays", _one_number),
    ("only integers, slices", _no_index),
)
"""A piece of NumPy's message, and who explains it."""
