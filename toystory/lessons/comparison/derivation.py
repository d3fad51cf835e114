"""How a model is marked: the same three lines for all of them."""

from __future__ import annotations

from pathlib import Path

from toystory.course.derivation.reader import read_derivation
from toystory.course.derivation.shared_lines import answer, loss, mark

DERIVATION, SYMBOLS = read_derivation(
    Path(__file__).with_suffix(".md"),
    {
        "an answer": answer,
        "what it costs": loss,
        "the mark": mark,
    },
)
