"""An equation in MathML, which browsers draw by themselves."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

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

_SPACES = {"thin": "0.17em", "word": "0.33em", "wide": "1em"}


def mathml(equation: str) -> str:
    """`equation` as one <math> element on a line of its own. Raises UnreadableEquation."""
    math = _element("math", _row(parse(equation)))
    math.set("display", "block")
    return ElementTree.tostring(math, encoding="unicode")


def _element(tag: str, *content: Element | str) -> Element:
    element = Element(tag)
    for part in content:
        if isinstance(part, str):
            element.text = part
        else:
            element.append(part)
    return element


def _row(row: Row) -> Element:
    return _element("mrow", *(_node(node) for node in row))


def _node(node: Node) -> Element:
    match node:
        case Name():
            return _name(node)
        case Number():
            return _element("mn", node.digits)
        case Words():
            return _element("mtext", node.text)
        case Function():
            return _element("mi", node.name)
        case Sum():
            return _element("mo", "∑")
        case Sign():
            sign = _element("mo", node.sign)
            if node.leads and node.sign in "+−±":
                sign.set("form", "prefix")
            return sign
        case Space():
            space = _element("mspace")
            space.set("width", _SPACES[node.width])
            return space
        case Bracket():
            return _bracket(node)
        case Call():
            return _element("mrow", _node(node.function), _bracket(node.bracket))
        case Fraction():
            return _element("mfrac", _row(node.above), _row(node.below))
        case Scripted():
            return _scripted(node)


def _name(node: Name) -> Element:
    letter = _element("mi", node.letter)
    if node.hat:
        letter = _element("mover", letter, _element("mo", "^"))
        letter.set("accent", "true")
    if not node.differential:
        return letter
    upright = _element("mi", "d")
    upright.set("mathvariant", "normal")
    return _element("mrow", upright, letter)


def _bracket(node: Bracket) -> Element:
    tall = any(isinstance(part, Fraction) for part in node.inside)
    opening, closing = _element("mo", node.opening), _element("mo", node.closing)
    for sign in (opening, closing):
        sign.set("stretchy", str(tall).lower())
    return _element("mrow", opening, _row(node.inside), closing)


def _scripted(node: Scripted) -> Element:
    base = _node(node.base)
    raised = [_node(part) for part in node.above] + [_element("mo", "′")] * node.primes
    transpose = _element("mi", "T")
    transpose.set("mathvariant", "normal")
    crowded = bool(raised) and node.transposed
    if node.transposed and not crowded:
        raised = [transpose]
    below, above = _row(node.below), _element("mrow", *raised)
    if isinstance(node.base, Sum):
        base = _element("munder", base, below)
    elif node.below and raised:
        base = _element("msubsup", base, below, above)
    elif node.below:
        base = _element("msub", base, below)
    elif raised:
        base = _element("msup", base, above)
    return _element("msup", _element("mrow", base), transpose) if crowded else base
