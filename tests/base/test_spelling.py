"""Signs that an encoding lacks are spelled, and no question mark stands in for one."""

from __future__ import annotations

import codecs
import io

import pytest

from toystory.base import spelling
from toystory.course import catalogue
from toystory.course.catalogue import NAMES


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("z = w₁x₁ + w₂x₂", "z = w_1 x_1 + w_2 x_2"),
        ("(1 − y)² and 10⁻³", "(1 - y)^2 and 10^-3"),
        ("σ(z), ŷ, y\u0302, ∂L/∂w, κ, Ω", "sigma(z), y^, y^, dL/dw, kappa, Omega"),
        ("“Why?” … ‘so’", "\"Why?\" ... 'so'"),
        ("┌──┐│⣿█▀●◐○", "+--+|###*o."),
        ("Łódź, naïve, 猫", "\\u0141odz, naive, \\u732b"),
        ("w₁₂ᵀ", "w_12^T"),
        ("plain", "plain"),
    ],
)
def test_signs_are_spelled(text: str, spelled: str) -> None:
    assert spelling.spell(text) == spelled


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "latin-1"])
@pytest.mark.parametrize("name", NAMES)
def test_what_a_lesson_says_can_be_read_in_every_code_page(name: str, encoding: str) -> None:
    codecs.register_error("spelled", spelling.handle)
    lesson = catalogue.load(name)
    said = "\n".join([lesson.story, lesson.recap, *(step.equation for step in lesson.derivation), "w₁x₁"])
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="spelled")
    stream.write(said)
    stream.seek(0)
    found = stream.read()
    assert "\\u" not in found
    assert found.count("?") == said.count("?")
    assert found.endswith("w_1 x_1")
