"""What an equation is made of, once it is read: a tree, the same for every writing of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Name:
    """A letter. differential: with a d before it, dz."""

    letter: str
    differential: bool = False
    hat: bool = False


@dataclass(frozen=True)
class Number:
    """A number as it stands in the equation."""

    digits: str


@dataclass(frozen=True)
class Words:
    """Plain language between the signs."""

    text: str


@dataclass(frozen=True)
class Function:
    """A function with a name of several letters."""

    name: str


@dataclass(frozen=True)
class Sum:
    """Σ."""


@dataclass(frozen=True)
class Sign:
    """An operator, a relation, or a comma. leads: nothing stands before it that it could join to the next."""

    sign: str
    leads: bool = False


@dataclass(frozen=True)
class Space:
    """Between two factors, beside words, or between two statements."""

    width: Literal["thin", "word", "wide"] = "thin"


@dataclass(frozen=True)
class Bracket:
    """What stands in brackets, and which."""

    opening: str
    inside: Row
    closing: str


@dataclass(frozen=True)
class Call:
    """A function and its bracket, with nothing between them."""

    function: Node
    bracket: Bracket


@dataclass(frozen=True)
class Fraction:
    """above / below; a bracket that only held it together is gone."""

    above: Row
    below: Row


@dataclass(frozen=True)
class Scripted:
    """What carries an index or an exponent."""

    base: Node
    below: Row = ()
    above: Row = ()
    primes: int = 0
    transposed: bool = False


Node = Name | Number | Words | Function | Sum | Sign | Space | Bracket | Call | Fraction | Scripted
Row = tuple[Node, ...]
