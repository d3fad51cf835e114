"""An equation in LaTeX, for notebooks and Markdown."""

from __future__ import annotations

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

_SIGNS = {
    "−": "-",
    "·": r"\cdot",
    "×": r"\times",
    "∘": r"\circ",
    "←": r"\leftarrow",
    "≤": r"\leq",
    "≥": r"\geq",
    "≈": r"\approx",
    "±": r"\pm",
}
_SPACES = {"thin": r"\,", "word": r"\;", "wide": r"\quad"}
_GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "varepsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "φ": "varphi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
}


def latex(equation: str) -> str:
    r"""`equation` in LaTeX, without dollar signs and in ASCII. Raises UnreadableEquation.

    >>> print(latex("dhₜ = w_hyᵀ dzₜ"))
    \mathrm{d}h_{t} = w_{hy}^{\top}\, \mathrm{d}z_{t}
    """
    return _row(parse(equation))


def _row(row: Row) -> str:
    parts = []
    for i, node in enumerate(row):
        if node == Space() and any(map(_is_operator, row[max(i - 1, 0) : i + 2])):
            continue  # LaTeX keeps the distance of operators by itself
        parts.append(_node(node))
    return " ".join(parts)


def _index(row: Row) -> str:
    """Close together, as indices are."""
    return "".join(_node(node) for node in row)


def _node(node: Node) -> str:
    match node:
        case Name():
            letter = rf"\{_GREEK[node.letter]}" if node.letter in _GREEK else node.letter
            letter = rf"\hat{{{letter}}}" if node.hat else letter
            return rf"\mathrm{{d}}{letter}" if node.differential else letter
        case Number():
            return node.digits
        case Words():
            return rf"\text{{{node.text}}}"
        case Function():
            return rf"\{node.name}"
        case Sum():
            return r"\sum"
        case Sign():
            return _SIGNS.get(node.sign, node.sign)
        case Space():
            return _SPACES[node.width]
        case Bracket():
            return _bracket(node)
        case Call():
            return _node(node.function) + _bracket(node.bracket)
        case Fraction():
            return rf"\frac{{{_row(node.above)}}}{{{_row(node.below)}}}"
        case Scripted():
            return _scripted(node)


def _bracket(node: Bracket) -> str:
    tall = any(isinstance(part, Fraction) for part in node.inside)
    left, right = (r"\left", r"\right") if tall else ("", "")
    return f"{left}{node.opening}{_row(node.inside)}{right}{node.closing}"


def _scripted(node: Scripted) -> str:
    written = _node(node.base) + "'" * node.primes
    if node.below:
        written += f"_{{{_index(node.below)}}}"
    if node.above:
        written += f"^{{{_index(node.above)}}}"
    if node.transposed:
        crowded = node.above or node.primes
        written = (f"{{{written}}}" if crowded else written) + r"^{\top}"
    return written


def _is_operator(node: Node) -> bool:
    base = node.function if isinstance(node, Call) else node
    base = base.base if isinstance(base, Scripted) else base
    return isinstance(base, Function | Sum)
