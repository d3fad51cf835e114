"""What the checks of the exercises compare with: each of these raises Wrong with the first thing wrong.

Their order is always the same: is anything there, is it an array or a number, its shape, its kind of number,
NaN, and its values last. Nothing is broadcast.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toystory.base.nearest import nearest
from toystory.course.exercises.exercise import Wrong
from toystory.course.exercises.value_text import number, pair

STEP = 1e-6
"""Of the central differences."""
GRADIENT_TOLERANCE = 1e-6
"""Relative to the largest entry."""
ROUNDING = 1e-9
"""What a central difference of a loss near 1 may be off by rounding alone, with room."""
WHOLE = 24
"""An array of at most this many entries is shown whole beside the expected one."""
KINDS = {
    "b": "True and False",
    "i": "whole numbers",
    "u": "whole numbers",
    "f": "floats",
    "c": "complex numbers",
}
FORMATS = {2: "float16", 4: "float32"}

Array = NDArray[Any]


def expect_same(
    found: object, expected: object, what: str, /, *, tolerance: float = 1e-6, **given: object
) -> None:
    """Expect `found` to be what is expected.

    Args:
        found: What the learner's function returned.
        expected: A number, an array, a truth value, a string, None, or a tuple, list or dict of these.
        what: Its name in a sentence, such as "sigmoid(z)".
        tolerance: Relative to each entry.
        **given: The input by name, shown with the verdict.

    Raises:
        Wrong: With the first difference.
    """
    if isinstance(expected, dict):
        expect_keys(found, tuple(expected), what, **given)
        assert isinstance(found, dict)
        for key, value in expected.items():
            expect_same(found[key], value, f'{what}["{key}"]', tolerance=tolerance, **given)
    elif isinstance(expected, tuple | list):
        parts = _parts(found, len(expected), what, given)
        for index, (part, value) in enumerate(zip(parts, expected, strict=True)):
            expect_same(part, value, f"{what}[{index}]", tolerance=tolerance, **given)
    elif isinstance(expected, str | None):
        if found is None and expected is not None:
            raise _nothing(what, given)
        if found != expected or type(found) is not type(expected):
            raise Wrong(f"{what} is not what was expected", repr(expected), _said(found), given)
    else:
        right = np.asarray(expected)
        array = _of_its_form(found, right, what, given)
        same = _nearly(array, right, tolerance)
        if not same.all():
            raise _differs(array, right, same, what, " should be {} and is {}", given)


def expect_gradient(
    found: object, loss: Callable[[Any], float], at: Any, what: str, /, **given: object
) -> None:
    """Expect `found` to be the gradient of a loss, by central differences in float64.

    Args:
        found: What the learner's function returned.
        loss: A trusted function of one array like `at`.
        at: The array (or number) at which the gradient is taken.
        what: Its name, such as "dw".
        **given: The input by name, shown with the verdict.

    Raises:
        Wrong: With the first difference.
    """
    point = np.array(at, dtype=np.float64)
    right = _central_differences(loss, point)
    array = _of_its_form(found, right, what, given)
    scale = np.abs(right).max(initial=0.0)
    here = abs(float(loss(point.copy() if point.ndim else float(point))))
    same = np.abs(array - right) <= GRADIENT_TOLERANCE * scale + ROUNDING * max(1.0, here)
    if not same.all():
        raise _differs(array, right, same, what, ": by finite differences it is {}, you say {}", given)


def expect_gradients(
    found: object, loss: Callable[[Any], float], parameters: Mapping[str, Any], what: str, /, **given: object
) -> None:
    """Expect `found` to hold the gradient of a loss with respect to every parameter.

    Args:
        found: What the learner's function returned: a dict with the names of `parameters`.
        loss: A trusted function of such a dict.
        parameters: Arrays by name, at which the gradients are taken.
        what: Its name, such as "gradients".
        **given: The input by name, shown with the verdict.

    Raises:
        Wrong: With the first difference.
    """
    expect_keys(found, tuple(parameters), what, **given)
    assert isinstance(found, dict)
    for name, at in parameters.items():
        alone = partial(_loss_of_one, loss, parameters, name)
        expect_gradient(found[name], alone, at, f'{what}["{name}"]', **given)


def expect_array(found: object, shape: tuple[int, ...], what: str, /, **given: object) -> NDArray[np.float64]:
    """Expect `found` to be an array of finite numbers, whole ones too.

    Args:
        found: What the learner's function returned.
        shape: Of the array.
        what: Its name in a sentence.
        **given: The input by name, shown with the verdict.

    Returns:
        The array as float64.

    Raises:
        Wrong: It is none, or of another shape.
    """
    whole = isinstance(found, np.ndarray) and found.dtype.kind in "iu"
    array = _of_its_form(found, np.zeros(shape, int if whole else float), what, given)
    if not np.isfinite(array).all():
        raise Wrong(f"{what}{_at(_first(~np.isfinite(array)))} is not a finite number", None, array, given)
    return array.astype(np.float64)


def expect_parts(found: object, length: int, what: str, /, **given: object) -> tuple[Any, ...]:
    """Expect `found` to be a tuple or list of so many parts, whatever they are.

    Args:
        found: What the learner's function returned.
        length: How many parts.
        what: Its name in a sentence.
        **given: The input by name, shown with the verdict.

    Returns:
        The parts.

    Raises:
        Wrong: It is none, or has another length.
    """
    return _parts(found, length, what, given)


def expect_keys(found: object, names: Collection[str], what: str, /, **given: object) -> None:
    """Expect `found` to be a dict with exactly these keys.

    Args:
        found: What the learner's function returned.
        names: The keys.
        what: Its name in a sentence.
        **given: The input by name, shown with the verdict.

    Raises:
        Wrong: A key is missing, or one was not asked for.
    """
    if found is None:
        raise _nothing(what, given)
    if not isinstance(found, dict):
        raise Wrong(f"{what} should be a dict and is {_said(found)}", _listed(names), None, given)
    for name in names:
        if name not in found:
            lower = {str(key).lower(): str(key) for key in found if key not in names}
            near = nearest(name.lower(), lower)
            hint = f": is it your {lower[near]!r}?" if near else ""
            raise Wrong(f"{what} has no key {name!r}{hint}", _listed(names), _listed(found), given)
    for key in found:
        if key not in names:
            raise Wrong(
                f"{what} has a key {key!r} that was not asked for", _listed(names), _listed(found), given
            )


def _loss_of_one(loss: Callable[[Any], float], parameters: Mapping[str, Any], name: str, value: Any) -> float:
    return loss({**parameters, name: value})


def _nearly(array: Array, right: Array, tolerance: float) -> NDArray[np.bool_]:
    """Which entries are the same. Infinity is like itself only, and so is NaN."""
    finite = np.isfinite(right)
    scale = np.abs(right[finite]).max(initial=0.0) if right.dtype.kind in "fc" else 0.0
    allowed = tolerance * (np.abs(np.where(finite, right, 0.0)) + 1e-3 * (scale or 1.0))
    with np.errstate(all="ignore"):
        near = finite & (np.abs(array - 1.0 * right) <= allowed)
    both_nan = np.isnan(array) & np.isnan(right)
    return np.asarray((array == right) | near | both_nan)


def _central_differences(loss: Callable[[Any], float], point: NDArray[np.float64]) -> NDArray[np.float64]:
    gradient = np.zeros_like(point)
    for index in np.ndindex(point.shape):
        sides = []
        for step in (STEP, -STEP):
            moved = point.copy()
            moved[index] += step
            sides.append(float(loss(moved if moved.ndim else float(moved))))
        gradient[index] = (sides[0] - sides[1]) / (2 * STEP)
    return gradient


def _of_another_shape(found: tuple[int, ...], right: tuple[int, ...]) -> str:
    """How that comes about, most often; empty where nothing is known."""
    if len(found) == 2 and found == right[::-1]:
        return ": transposed?"
    if len(right) == 1 and found == (right[0], right[0]) and right[0] > 1:
        return ": every number with every other. Is a column (n, 1) beside a row (n,) somewhere?"
    if len(found) == len(right) + 1 and found[:-1] == right and found[-1] > 1:
        return ": nothing was added up along the last axis. Is it `*` where `@` is meant, or a sum left out?"
    if len(found) == len(right) + 1 and found[1:] == right and found[0] > 1:
        return ": nothing was added up over the rows. Is it `*` for `@`, or a sum over axis 0 left out?"
    if len(right) == 2 and len(found) == 1 and found[0] in right:
        return ": one axis is gone. Is something added up that should stay, or np.outer meant?"
    return ""


def _of_its_form(found: object, right: Array, what: str, given: Mapping[str, object]) -> Array:
    """Return `found` as an array, once it has the shape and kind of the right one, and no NaN."""
    if found is None:
        raise _nothing(what, given)
    asked = f"an array of shape {right.shape}" if right.ndim else "a number"
    if not isinstance(found, np.ndarray | np.generic | bool | int | float | complex):
        hint = ": did you forget np.array(…)?" if isinstance(found, list) and right.ndim else ""
        raise Wrong(f"{what} should be {asked} and is {_said(found)}{hint}", None, None, given)
    array = np.asarray(found)
    if array.shape != right.shape:
        if not array.ndim:
            hint = ": is all of it added up? With axis=0 only the rows are" if right.size > 1 else ""
            raise Wrong(
                f"{what} should be {asked} and is one number, {number(array)}{hint}", None, None, given
            )
        hint = _of_another_shape(array.shape, right.shape)
        raise Wrong(f"{what} should be {asked} and has shape {array.shape}{hint}", None, array, given)
    _expect_kind(array, right, what, given)
    wrong = np.isnan(array) & ~np.isnan(right) if array.dtype.kind in "fc" else np.zeros(array.shape, bool)
    if wrong.any():
        first = _first(wrong)
        raise Wrong(
            f"{what}{_at(first)} is NaN, not a number, and should be {number(right[first])}",
            _whole(right),
            _whole(array),
            given,
        )
    return array


def _expect_kind(array: Array, right: Array, what: str, given: Mapping[str, object]) -> None:
    a, b = (KINDS.get(each.dtype.kind, str(each.dtype)) for each in (right, array))
    # A loss of 0 may well be the whole number 0; an array of whole numbers loses what is added to it.
    plain = not right.ndim and {a, b} == {"whole numbers", "floats"}
    if a != b and not plain:
        raise Wrong(
            f"{what} should hold {a} and holds {b}", f"dtype {right.dtype}", f"dtype {array.dtype}", given
        )


def _differs(
    array: Array,
    right: Array,
    same: NDArray[np.bool_],
    what: str,
    how: str,
    given: Mapping[str, object],
) -> Wrong:
    first = _first(~same)
    parts = [f"{what}{_at(first)}{how.format(*pair(right[first], array[first]))}"]
    wrong = int((~same).sum())
    if right.size > 1:
        parts.append(f"{wrong} of {right.size} entries are wrong")
    if factor := _factor(array, right):
        parts.append(f"all of it is {factor} times what it should be")
    if array.dtype.kind == "f" and array.dtype.itemsize < right.dtype.itemsize:
        parts.append(f"{FORMATS[array.dtype.itemsize]} holds fewer digits than {right.dtype}")
    return Wrong("; ".join(parts), _whole(right), _whole(array), given)


def _factor(array: Array, right: Array) -> str | None:
    """What every entry was multiplied by, if it is the same whole number or a part of one; else None."""
    there = right != 0
    if array.dtype.kind != "f" or there.sum() < 2 or not np.isfinite(array).all() or array[~there].any():
        return None
    ratios = array[there] / right[there]
    factor = float(np.median(ratios))
    if factor == 0 or not np.allclose(ratios, factor, rtol=1e-5, atol=0):
        return None
    # Twice, a third, −1: a factor that tells something.
    for value, form in ((factor, "{}"), (1 / factor, "1/{}")):
        if abs(value - round(value)) < 1e-4 and round(value) != 1:
            return form.format(round(value))
    return None


def _parts(found: object, length: int, what: str, given: Mapping[str, object]) -> tuple[Any, ...]:
    if found is None:
        raise _nothing(what, given)
    if not isinstance(found, tuple | list):
        raise Wrong(f"{what} should be {length} values and is {_said(found)}", None, None, given)
    if len(found) != length:
        raise Wrong(f"{what} should be {length} values and is {len(found)}", None, None, given)
    return tuple(found)


def _nothing(what: str, given: Mapping[str, object]) -> Wrong:
    called = what.endswith(")")
    return Wrong(
        f"{what} returned nothing: is a `return` missing?" if called else f"{what} is None", None, None, given
    )


def _said(found: object) -> str:
    """What it is, in a few words."""
    if isinstance(found, np.ndarray):
        return f"an array of shape {found.shape}"
    if isinstance(found, bool | np.bool_ | None):
        return str(found)
    if isinstance(found, int | float | complex | np.generic):
        return f"the number {number(found)}"
    if isinstance(found, tuple | list | dict):
        return f"a {type(found).__name__} of {len(found)}"
    return f"the string {found!r:.60}" if isinstance(found, str) else f"a {type(found).__name__}"


def _first(wrong: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(wrong)[0]) if wrong.ndim else ()


def _at(index: tuple[int, ...]) -> str:
    return f"[{', '.join(str(i) for i in index)}]" if index else ""


def _whole(array: Array) -> Array | None:
    """The array, if it is worth a look beside the other: neither one number nor a long list of them."""
    return array if 1 < array.size <= WHOLE else None


def _listed(names: Collection[object]) -> str:
    return ", ".join(repr(name) for name in names) or "no keys"
