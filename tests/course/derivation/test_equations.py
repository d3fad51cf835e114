"""One equation, three writings: the terminal's, LaTeX, MathML."""

from __future__ import annotations

import unicodedata
from collections import Counter
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser

from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.equations.latex import latex
from toystory.course.equations.mathml import mathml
from toystory.course.equations.parts import Bracket, Name, Number, Scripted, Sign, Space, Words
from toystory.course.equations.reader import UnreadableEquation, parse

EQUATIONS = sorted({step.equation for name in NAMES for step in catalogue.load(name).derivation})


def signs(text: str) -> Counter[str]:
    """What an equation is made of, whatever is raised, lowered or put above something else; but for the
    brackets and strokes that a fraction does without, and what only says that something is raised."""
    apart = unicodedata.normalize("NFKD", text).replace("ᵀ", "T")
    return Counter(
        sign for sign in apart if not sign.isspace() and sign not in "()/⁄_^\N{COMBINING CIRCUMFLEX ACCENT}"
    )


def test_there_are_equations() -> None:
    assert len(EQUATIONS) > 30


@pytest.mark.parametrize("equation", EQUATIONS)
def test_every_equation_of_every_lesson_is_drawn(equation: str) -> None:
    written = latex(equation)
    assert written.isascii()
    _, _, depth, _, drawn = MathTextParser("path").parse(f"${written}$")[:5]
    assert len(drawn) >= 0
    assert depth >= 0


@pytest.mark.parametrize("equation", EQUATIONS)
def test_nothing_of_an_equation_is_lost_or_added(equation: str) -> None:
    drawn = "".join(ElementTree.fromstring(mathml(equation)).itertext())
    assert signs(drawn.replace("∑", "Σ")) == signs(equation)


@pytest.mark.parametrize(
    ("equation", "expected"),
    [
        ("dhₜ = w_hyᵀ dzₜ", r"\mathrm{d}h_{t} = w_{hy}^{\top} \, \mathrm{d}z_{t}"),
        ("a = σ(z) = 1 / (1 + e⁻ᶻ)", r"a = \sigma(z) = \frac{1}{1 + e^{-z}}"),
        ("dz = dL/dz = a − y", r"\mathrm{d}z = \frac{\mathrm{d}L}{\mathrm{d}z} = a - y"),
        ("p = exp(s) / Σ exp(s)", r"p = \frac{\exp(s)}{\sum \exp(s)}"),
        ("κ = C / max(C, N)", r"\kappa = \frac{C}{\max(C , N)}"),
        ("dWˡ = aˡ⁻¹ᵀ dzˡ", r"\mathrm{d}W^{l} = {a^{l-1}}^{\top} \, \mathrm{d}z^{l}"),
        ("dW_hh = Σₜ dsₜ hₜ₋₁ᵀ", r"\mathrm{d}W_{hh} = \sum_{t} \mathrm{d}s_{t} \, h_{t-1}^{\top}"),
        ("f′(zˡ⁻¹) ∘ tanh²(cₜ)", r"f'(z^{l-1}) \circ \tanh^{2}(c_{t})"),
        ("w ← w − η dw", r"w \leftarrow w - \eta \, \mathrm{d}w"),
        ("ŷ = 1 where a > ½", r"\hat{y} = 1 \; \text{where} \; a > \frac{1}{2}"),
        ("(a − y) / labels, and 0", r"\frac{a - y}{\text{labels}} , \quad \text{and} \; 0"),
        ("[1 / x]", r"\left[\frac{1}{x}\right]"),
        ("y log a + log(1 − a)", r"y \log a + \log(1 - a)"),
    ],
)
def test_what_latex_is_written(equation: str, expected: str) -> None:
    assert latex(equation) == expected


def test_a_is_the_article_before_a_word_and_a_letter_elsewhere() -> None:
    assert parse("z, a quarter of it")[-1] == Words("a quarter of it")
    assert parse("the last a = 1")[2] == Name("a")
    assert parse("a dz")[0] == Name("a")


def test_a_minus_after_another_sign_leads() -> None:
    found = [node for node in parse("L = −[y] − z") if isinstance(node, Sign)]
    assert [(sign.sign, sign.leads) for sign in found] == [("=", False), ("−", True), ("−", False)]


def test_a_factor_after_a_space_is_no_argument() -> None:
    assert parse("f (z)") == (Name("f"), Space(), Bracket("(", (Name("z"),), ")"))


def test_an_index_may_hold_a_step() -> None:
    assert parse("hₜ₊₁") == (Scripted(Name("h"), below=(Name("t"), Sign("+"), Number("1"))),)


@pytest.mark.parametrize(
    ("equation", "why"),
    [
        ("", "empty"),
        ("a # b", "'#' is no sign"),
        ("a \\frac b", "'\\\\\\\\' is no sign"),
        ("a $ b", "is no sign"),
        ("(a + b", r"a \) is missing"),
        ("a + b)", "is no sign"),
        ("a + b /", "its end is missing"),
        ("/ b", "nothing above"),
        ("rows₁", "'rows' is a word"),
        ("x_{1}", "is no sign"),
    ],
)
def test_what_it_does_not_know_raises(equation: str, why: str) -> None:
    with pytest.raises(UnreadableEquation, match=why):
        latex(equation)


@given(st.text(alphabet="abdzhWLσηΣŷ½ₜ₋₁ˡ⁻ᵀ′ ()[]/=+−·∘←,;_019.#<&", max_size=25))
def test_any_text_is_written_or_refused(text: str) -> None:
    try:
        written = latex(text)
    except UnreadableEquation:
        return
    assert written.isascii()
    assert written.count("{") == written.count("}")
    ElementTree.fromstring(mathml(text))
