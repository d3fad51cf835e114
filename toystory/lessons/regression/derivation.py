"""Why a million rows teach a line nothing: every weight's gradient is an average of opposites."""

from __future__ import annotations

from pathlib import Path

from toystory.course.derivation.reader import read_derivation
from toystory.course.derivation.shared_lines import answer, bias_share, error, loss, updated
from toystory.lessons.gate.derivation import SYMBOLS as SYMBOLS
from toystory.lessons.gate.derivation import weighted_sum, weights_share

DERIVATION, _ = read_derivation(
    Path(__file__).with_suffix(".md"),
    {
        "fifty bits, one sum": weighted_sum,
        "the answer": answer,
        "the loss": loss,
        "the error": error,
        "the weights' share": weights_share,
        "the bias's share": bias_share("b", "dz"),
        "the update": updated("w"),
    },
)
