"""By hand: gates without any training

"Before it learns," said Sami, "could you *set* one?" A gate says σ(w₁x₁ + w₂x₂ + b).
Each switch that is up gives its weight, and `b` is what they have to overcome, or what
they have to wear down. Three numbers, and Alex may choose them as he likes.

**First**, `weights()`: for each of `"and"`, `"or"` and `"nand"` three numbers
`(w1, w2, b)`. AND says 1 if both switches are up, OR if at least one is, and NAND says
just the opposite of AND. Be sure of it: at least 0.9 where 1 is right, and at most 0.1
where 0 is.

There are no such three numbers for XOR, as you know. But gates can be wired together.

**Then**, `circuit()`: an XOR gate made of your three kinds, as a list of gates in the
order in which they work. A gate is a tuple `(input, input, kind)`. An input is `"x1"` or
`"x2"`, or the place of an earlier gate in the list, 0 for the first. The last gate gives
the answer, and it should be sure as well. For example

    [("x1", "x2", "or"), (0, "x2", "nand")]

asks `"or"` of the two switches, and then `"nand"` of that answer and the second switch.
How many gates you use is for you to choose; there is more than one way.

`answers(x1, x2)` says what every gate of your circuit says. So it is done when

    >>> rows = [(0, 0), (0, 1), (1, 0), (1, 1)]
    >>> [round(answers(x1, x2)[-1]) for x1, x2 in rows]
    [0, 1, 1, 0]
"""

from __future__ import annotations

import math

from toystory.course.exercises.checks import expect_keys
from toystory.course.exercises.exercise import Code, Mistake, Value, Wrong


def gate(weights: tuple[float, float, float], x1: float, x2: float) -> float:
    """What one gate says: σ(w1 x1 + w2 x2 + b)."""
    w1, w2, b = weights
    return 0.5 * math.tanh(0.5 * (w1 * x1 + w2 * x2 + b)) + 0.5


def weights() -> dict[str, tuple[float, float, float]]:
    """For "and", "or" and "nand" the three numbers (w1, w2, b)."""
    # TODO: for each of the three ask: what should z be with no switch up, with one, with two?
    # --- gap
    return {"and": (10, 10, -15), "or": (10, 10, -5), "nand": (-10, -10, 15)}
    # --- end of gap


def circuit() -> list[tuple[str | int, str | int, str]]:
    """Gates (input, input, kind) in their order; the last one says XOR."""
    # TODO: say in words when exactly one switch is up, using "and", "or" and "nand".
    # --- gap
    return [("x1", "x2", "or"), ("x1", "x2", "nand"), (0, 1, "and")]
    # --- end of gap


def answers(x1: float, x2: float) -> list[float]:
    """What every gate of the circuit says to the row (x1, x2)."""
    said: list[float] = []
    for first, second, kind in circuit():
        inputs = [{"x1": x1, "x2": x2}[i] if isinstance(i, str) else said[i] for i in (first, second)]
        said.append(gate(weights()[kind], inputs[0], inputs[1]))
    return said


# --- the check: not part of the learner's file

ORDER = 4
KIND = "extension"
MISTAKES = (
    Mistake("AND's threshold is OR's", "(10, 10, -15)", "(10, 10, -5)"),
    Mistake("AND right on the threshold", "(10, 10, -15)", "(10, 10, -20)"),
    Mistake("OR with AND's threshold", "(10, 10, -5)", "(10, 10, -15)"),
    Mistake("OR without a threshold: unsure of (0,0)", "(10, 10, -5)", "(10, 10, 0)"),
    Mistake("right, but not sure", "(10, 10, -15)", "(1, 1, -1.5)"),
    Mistake("NAND with only the bias turned", "(-10, -10, 15)", "(10, 10, 15)"),
    Mistake("NAND that hears one switch", "(-10, -10, 15)", "(-10, 0, 5)"),
    Mistake("the last gate is an or", '(0, 1, "and")', '(0, 1, "or")'),
    Mistake("the last gate hears the switches", '(0, 1, "and")', '("x1", "x2", "and")'),
    Mistake("places are counted from 1", '(0, 1, "and")', '(1, 2, "and")'),
    Mistake("the nand is forgotten", ', ("x1", "x2", "nand"), (0, 1, "and")', ""),
    Mistake("a kind that is not there", '(0, 1, "and")', '(0, 1, "xor")'),
)
ROWS = ((0, 0), (0, 1), (1, 0), (1, 1))
RIGHT = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "nand": (1, 1, 1, 0), "xor": (0, 1, 1, 0)}
SURE = 0.9


def check(code: Code) -> None:
    found = code("weights")
    expect_keys(found, ("and", "or", "nand"), "weights()")
    for kind, numbers in found.items():
        _check_weights(kind, numbers)
    gates = code("circuit")
    _check_wires(gates, found)
    for (x1, x2), right in zip(ROWS, RIGHT["xor"], strict=True):
        said: list[float] = []
        for first, second, kind in gates:
            inputs = [{"x1": x1, "x2": x2}[i] if isinstance(i, str) else said[i] for i in (first, second)]
            said.append(_said(found[kind], *inputs))
        if not _is_sure(said[-1], right):
            sentence = f"Your circuit says {said[-1]:.3g} to the row ({x1},{x2}), where XOR is {right}."
            if len(gates) == 1:
                sentence += " It is a single gate, and none can do it alone."
            each = {
                f"gate {i}, {g[2]} of {g[0]} and {g[1]}": a
                for i, (g, a) in enumerate(zip(gates, said, strict=True))
            }
            raise Wrong(sentence, _bar(right), said[-1], each)


def _check_weights(kind: str, numbers: Value) -> None:
    is_three = isinstance(numbers, tuple | list) and len(numbers) == 3
    if not is_three or not all(_is_number(n) for n in numbers):
        raise Wrong(f'weights()["{kind}"] should be three numbers (w1, w2, b)', None, numbers)
    for row, right in zip(ROWS, RIGHT[kind], strict=True):
        said = _said(numbers, *row)
        if _is_sure(said, right):
            continue
        w1, w2, b = numbers
        z = w1 * row[0] + w2 * row[1] + b
        what = "is not sure enough" if (said > 0.5) == bool(right) and said != 0.5 else "is wrong"
        raise Wrong(
            f'Your "{kind}" {what}: to the row ({row[0]},{row[1]}) it says {said:.3g}, and {right} is right. '
            f"Its sum is z = {z:g} there, and should be well {'above' if right else 'below'} 0.",
            _bar(right),
            said,
            {"w1": w1, "w2": w2, "b": b},
        )


def _check_wires(gates: Value, kinds: dict[str, Value]) -> None:
    if not isinstance(gates, list | tuple) or not gates:
        raise Wrong("circuit() should return a list of gates, and it has at least one", None, gates)
    for place, wires in enumerate(gates):
        if not isinstance(wires, tuple | list) or len(wires) != 3:
            raise Wrong(f"Gate {place} should be a tuple (input, input, kind)", None, wires)
        *inputs, kind = wires
        if not isinstance(kind, str) or kind not in kinds:
            raise Wrong(f"Gate {place} is of no kind that you have weights for", ", ".join(kinds), kind)
        for wire in inputs:
            earlier = isinstance(wire, int) and not isinstance(wire, bool) and 0 <= wire < place
            if wire not in ("x1", "x2") and not earlier:
                places = f", or an earlier gate: 0 to {place - 1}" if place > 1 else ", or gate 0" * place
                raise Wrong(
                    f"Gate {place} hears something that is not there: places are counted from 0.",
                    f'"x1" or "x2"{places}',
                    wire,
                )


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and abs(value) < 1e9


def _said(weights: Value, x1: float, x2: float) -> float:
    w1, w2, b = weights
    return 0.5 * math.tanh(0.5 * (w1 * x1 + w2 * x2 + b)) + 0.5


def _is_sure(said: float, right: int) -> bool:
    return said >= SURE if right else said <= 1 - SURE


def _bar(right: int) -> str:
    return f"at least {SURE:g}" if right else f"at most {1 - SURE:.1f}"
