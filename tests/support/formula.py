"""An equation of a derivation, computed as it stands: its signs are read, and the model's arrays put in.

A product without a sign is a matrix product where the shapes allow it, else number by number. Everything has
two axes: a row of numbers is (1, n), the weights of one unit (n, 1), a number (1, 1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from toystory.course.equations.parts import (
    Bracket,
    Call,
    Fraction,
    Function,
    Name,
    Node,
    Number,
    Row,
    Scripted,
    Sign,
    Space,
    Sum,
    Words,
)
from toystory.course.equations.reader import parse

Array = np.ndarray[Any, Any]
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": np.exp,
    "ln": np.log,
    "tanh": np.tanh,
    "max": np.maximum,
    "σ": lambda z: 1 / (1 + np.exp(-z)),
}


class CannotBeComputed(LookupError):
    """A name is not known, or the equation goes on in words."""


class Formula:
    """Computes equations.

    look_up: the array of a name such as dW_hh or s_i, at a bit or None, and at a layer ('l', 'l-1', 'n', '0')
    or ''. words: what rows, labels or ± come to. t: the bit that ₜ means. bits: what Σₜ is over. summed: adds
    up over what Σ is over.
    """

    def __init__(
        self,
        look_up: Callable[[str, int | None, str], Array],
        words: Mapping[str, float],
        t: int = 0,
        bits: int = 0,
        functions: Mapping[str, Callable[..., Any]] = FUNCTIONS,
        summed: Callable[[Array], Array] = lambda terms: terms.sum(axis=0, keepdims=True),
    ) -> None:
        self.look_up, self.words, self.t, self.bits = look_up, words, t, bits
        self.functions, self.summed = functions, summed

    def results(self, equation: str) -> list[Array]:
        """What each part after = or ← comes to, as far as it can be computed."""
        told = re.split(r", (?:the|and|over|where|at) ", equation)[0]
        found = []
        for part in re.split(r" [=←] ", told)[1:]:
            try:
                found.append(self._row(parse(part)))
            except CannotBeComputed:
                continue
        return found

    def _row(self, row: Row) -> Any:
        """Sums of products, from left to right."""
        terms: list[tuple[float, list[Node]]] = [(1.0, [])]
        for node in row:
            if isinstance(node, Sign) and node.sign in "+−±" and (not terms[-1][1] or node.sign != "±"):
                sign = {"+": 1.0, "−": -1.0, "±": self.words["±"]}[node.sign]
                if terms[-1][1] and not node.leads:
                    terms.append((sign, []))
                else:
                    terms[-1] = (terms[-1][0] * sign, terms[-1][1])
            else:
                terms[-1][1].append(node)
        total: Any = 0.0
        for sign, factors in terms:
            total = total + sign * self._product(factors)
        return total

    def _product(self, nodes: list[Node]) -> Any:
        if nodes and isinstance(first := nodes[0], Sum | Scripted) and _is_sum(first):
            return self._sum(first, nodes[1:])
        result: Any = None
        by_number, sign = False, 1.0
        at = 0
        while at < len(nodes):
            node = nodes[at]
            at += 1
            if isinstance(node, Space):
                continue
            if isinstance(node, Sign):
                if node.sign in "−±":
                    sign *= -1 if node.sign == "−" else self.words["±"]
                elif node.sign in "∘·":
                    by_number = True
                else:
                    raise CannotBeComputed(node.sign)
                continue
            if isinstance(node, Sum):
                raise CannotBeComputed("a sum within a product")
            if isinstance(node, Function):  # 'ln a': of the factor that follows
                at += isinstance(nodes[at], Space)
                value = self.functions[node.name](self._value(nodes[at]))
                at += 1
            else:
                value = self._value(node)
            result = value if result is None else _times(result, value, by_number)
            by_number = False
        return sign * result

    def _sum(self, sign: Node, factors: list[Node]) -> Any:
        if isinstance(sign, Sum):
            product = self._product(factors)
            first = next(node for node in factors if not isinstance(node, Space))
            turned = isinstance(first, Scripted) and first.transposed
            return product if turned else self.summed(product)  # xᵀ dz has added up already
        total: Any = 0.0
        here = self.t
        for bit in range(self.bits):
            self.t = bit
            total = total + self._product(factors)
        self.t = here
        return total

    def _value(self, node: Node) -> Any:
        match node:
            case Number(digits):
                return float(digits)
            case Words(text):
                if text not in self.words:
                    raise CannotBeComputed(text)
                return self.words[text]
            case Bracket(inside=inside):
                return self._row(inside)
            case Fraction(above, below):
                return self._row(above) / self._row(below)
            case Call(function, bracket):
                return self._call(function, bracket.inside)
            case Name():
                return self.look_up(_letter(node), None, "")
            case Scripted():
                return self._scripted(node)
        raise CannotBeComputed(repr(node))

    def _call(self, function: Node, inside: Row) -> Any:
        base, power, primes = function, 1, 0
        if isinstance(function, Scripted):
            base, primes = function.base, function.primes
            power = 2 if function.above == (Number("2"),) else 1
        name = (base.name if isinstance(base, Function) else _letter(base)) + "′" * primes
        if name not in self.functions:
            return _times(self._value(function), self._row(inside), False)
        comma = next((i for i, node in enumerate(inside) if node == Sign(",")), None)
        parts = [inside] if comma is None else [inside[:comma], inside[comma + 1 :]]
        return self.functions[name](*(self._row(part) for part in parts)) ** power

    def _scripted(self, node: Scripted) -> Any:
        base, above = node.base, "".join(_plain(part) for part in node.above)
        below = "".join(_plain(part) for part in node.below)
        if base == Name("e") and node.above and above not in ("2", "0"):
            return np.exp(self._row(node.above))
        if isinstance(base, Bracket):
            value = self._row(base.inside)
        else:
            index, shift = _index_and_time(below)
            t = None if shift is None else self.t + shift
            layer = above if above != "2" else ""
            value = self.look_up(_letter(base) + (f"_{index}" if index else ""), t, layer)
        if above == "2":
            value = value**2
        return np.swapaxes(value, -1, -2) if node.transposed else value


def _is_sum(node: Node) -> bool:
    return isinstance(node, Sum) or (isinstance(node, Scripted) and isinstance(node.base, Sum))


def _times(left: Any, right: Any, by_number: bool) -> Any:
    if not by_number and np.ndim(left) and np.ndim(right) and left.shape[1] == right.shape[0]:
        return left @ right
    return left * right


def _letter(node: Node) -> str:
    if not isinstance(node, Name):
        raise CannotBeComputed(repr(node))
    return ("d" if node.differential else "") + node.letter + ("̂" if node.hat else "")


def _plain(node: Node) -> str:
    match node:
        case Name(letter=letter):
            return letter
        case Number(digits):
            return digits
        case Sign(sign):
            return {"−": "-"}.get(sign, sign)
    raise CannotBeComputed(repr(node))


def _index_and_time(below: str) -> tuple[str, int | None]:
    """'hh', None of W_hh; 'i', 0 of s_iₜ; '', −1 of hₜ₋₁."""
    found = re.fullmatch(r"(bit|.*?)(t([-+]1)?)?", below)
    assert found is not None
    return found[1], None if found[2] is None else int(found[3] or 0)
