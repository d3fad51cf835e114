"""An equation as it stands on the terminal, `dhₜ = w_hyᵀ dzₜ`, taken apart into what its signs mean.

Everything that shows an equation in another writing (LaTeX, MathML) starts from here, so that there is one
equation and no second copy of it. What this grammar does not know raises UnreadableEquation.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

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

FUNCTIONS = frozenset({"exp", "ln", "log", "max", "tanh"})
GREEK = frozenset("αβγδεζηθκλμπρστφχψω")
SIGNS = frozenset("=+−·×∘←<>≤≥≈±,;")
BRACKETS = {"(": ")", "[": "]"}
_HAT = "\N{COMBINING CIRCUMFLEX ACCENT}"
_TRANSPOSED = "ᵀ"


class UnreadableEquation(ValueError):
    """The equation holds a sign that is not known, or one where it can't stand; the message says which."""


def parse(equation: str) -> Row:
    """The parts of `equation`, in order. Raises UnreadableEquation."""
    hats_apart = "".join(
        unicodedata.normalize("NFD", sign) if _HAT in unicodedata.normalize("NFD", sign) else sign
        for sign in equation
    )
    row = _Reader(equation, hats_apart).row("")
    if not row:
        raise UnreadableEquation("the equation is empty")
    return row


class _Reader:
    """Reads from left to right; `equation` is for the messages."""

    def __init__(self, equation: str, text: str) -> None:
        self.equation, self.text, self.at = equation, text, 0

    def row(self, closing: str) -> Row:
        """Everything up to `closing`, which is read too; up to the end where it is empty."""
        found: list[Node] = []
        while True:
            spaced = self._spaces()
            if self._next() == closing:
                self.at += len(closing)
                return _joined(found)
            if not self._next():
                raise self._unreadable(f"a {closing} is missing at its end")
            if self._next() == "/":
                self.at += 1
                self._spaces()
                if not found or isinstance(found[-1], Sign | Space | Words):
                    raise self._unreadable("a / has nothing above it")
                above = found.pop()
                found.append(Fraction(_bare(above), self._divisor()))
                continue
            if self._next() in SIGNS:
                found.append(Sign(self._take(), leads=not found or isinstance(found[-1], Sign)))
                continue
            if spaced and found and not isinstance(found[-1], Sign):
                found.append(Space())
            found.append(self._operand())

    def _divisor(self) -> Row:
        """What stands below a fraction: one operand, and of a sum also what is added up."""
        operand = self._operand()
        if operand != Sum():
            return _bare(operand)
        self._spaces()
        return (operand, Space(), self._operand())

    def _operand(self) -> Node:
        base = self._base()
        scripted = base if isinstance(base, Words) else self._scripts(base)
        called = scripted.base if isinstance(scripted, Scripted) else scripted
        if self._next() == "(" and isinstance(called, Name | Function):
            self.at += 1
            return Call(scripted, Bracket("(", self.row(")"), ")"))
        return scripted

    def _base(self) -> Node:
        if word := self._match(r"[A-Za-z]+"):
            return self._word(word)
        if digits := self._match(r"[0-9]+(?:\.[0-9]+)?"):
            return Number(digits)
        sign = self._take()
        if not sign:
            raise self._unreadable("its end is missing")
        if sign in BRACKETS:
            return Bracket(sign, self.row(BRACKETS[sign]), BRACKETS[sign])
        if sign == "Σ":
            return Sum()
        if sign in GREEK:
            return self._hatted(Name(sign))
        if unicodedata.decomposition(sign).startswith("<fraction>"):
            above, _, below = unicodedata.normalize("NFKC", sign).partition("⁄")
            return Fraction((Number(above),), (Number(below),))
        raise self._unreadable(f"{sign!r} is no sign that is known here")

    def _word(self, word: str) -> Node:
        if word in FUNCTIONS:
            return Function(word)
        if len(word) == 1 and not (word == "a" and self._language_follows()):
            return self._hatted(Name(word))
        if len(word) == 2 and word[0] == "d":
            return self._hatted(Name(word[1], differential=True))
        if self._next() == "_" or _script(self._next()):
            raise self._unreadable(f"{word!r} is a word and can't carry an index")
        return Words(word)

    def _language_follows(self) -> bool:
        """Whether the next word is one of plain language: then an `a` before it is the article."""
        following = re.compile(r" ([A-Za-z]+)").match(self.text, self.at)
        if following is None:
            return False
        word = following[1]
        return len(word) > 1 and word not in FUNCTIONS and not (len(word) == 2 and word[0] == "d")

    def _hatted(self, name: Name) -> Name:
        if self._next() != _HAT:
            return name
        self.at += 1
        return replace(name, hat=True)

    def _scripts(self, base: Node) -> Node:
        """`base` with its indices, exponents and primes, in whatever order they stand."""
        below: Row = ()
        above: Row = ()
        primes, transposed = 0, False
        while True:
            if self._next() == "′":
                self.at += 1
                primes += 1
            elif index := self._match(r"_(?:[A-Za-z]+|[0-9]+)"):
                below += self._index(index[1:])
            elif _script(self._next()) == "<sub>":
                below += self._index(self._run("<sub>"))
            elif self._next() == _TRANSPOSED:
                self.at += 1
                transposed = True
            elif _script(self._next()) == "<super>":
                above += self._index(self._run("<super>"))
            else:
                break
        if not (below or above or primes or transposed):
            return base
        return Scripted(base, below, above, primes, transposed)

    def _index(self, text: str) -> Row:
        """What stands in an index or exponent: every sign for itself, so that W_hh has two."""
        found: list[Node] = []
        for sign in text:
            if sign in SIGNS:
                found.append(Sign(sign, leads=not found))
            elif sign.isdecimal():
                found.append(Number(sign))
            elif sign.isalpha():
                found.append(Name(sign))
            else:
                raise self._unreadable(f"{sign!r} can't stand in an index")
        return tuple(found)

    def _run(self, kind: str) -> str:
        start = self.at
        while _script(self._next()) == kind and self._next() != _TRANSPOSED:
            self.at += 1
        return unicodedata.normalize("NFKC", self.text[start : self.at])

    def _spaces(self) -> bool:
        return bool(self._match(" +"))

    def _next(self) -> str:
        return self.text[self.at : self.at + 1]

    def _take(self) -> str:
        sign = self._next()
        self.at += 1
        return sign

    def _match(self, pattern: str) -> str:
        found = re.compile(pattern).match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found[0]

    def _unreadable(self, what: str) -> UnreadableEquation:
        return UnreadableEquation(f"can't read the equation {self.equation!r}: {what}")


def _script(sign: str) -> str:
    """'<sub>' or '<super>' for a raised or lowered sign."""
    kind = unicodedata.decomposition(sign).partition(" ")[0] if sign else ""
    return kind if kind in ("<sub>", "<super>") else ""


def _bare(node: Node) -> Row:
    """What stands in a fraction: without the bracket that held it together."""
    return node.inside if isinstance(node, Bracket) and node.opening == "(" else (node,)


def _joined(nodes: list[Node]) -> Row:
    """Words that follow each other become one phrase, and what stands beside a phrase keeps its distance."""
    joined: list[Node] = []
    for node in nodes:
        if isinstance(node, Words) and len(joined) > 1:
            before, space = joined[-2:]
            if isinstance(before, Words) and isinstance(space, Space):
                joined[-2:] = [Words(f"{before.text} {node.text}")]
                continue
        joined.append(node)
    spaced: list[Node] = []
    for i, node in enumerate(joined):
        beside = joined[i - 1 : i] + joined[i + 1 : i + 2]
        by_words = isinstance(node, Space) and any(isinstance(other, Words) for other in beside)
        spaced.append(Space("word") if by_words else node)
        follows = joined[i + 1] if i + 1 < len(joined) else None
        if node == Sign(";") or (isinstance(node, Sign) and node.sign == "," and isinstance(follows, Words)):
            spaced.append(Space("wide"))
    return tuple(spaced)
