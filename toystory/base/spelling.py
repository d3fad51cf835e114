"""Signs that an encoding lacks, spelled with those that every encoding has: w₁ x₁ becomes w_1 x_1."""

from __future__ import annotations

import re
import unicodedata

_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-()aehijklmnoprstuvx", strict=True))
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁱⁿᵀ", "0123456789+-()inT", strict=True))
_RUN = re.compile(f"([{''.join(_SUBSCRIPTS)}]+)|([{re.escape(''.join(_SUPERSCRIPTS))}]+)")
_SPELLED = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "×": "x", "·": "*", "⋅": "*", "∘": "o", "⊙": "(*)",
    "÷": "/", "±": "+-", "≈": "~", "≠": "!=", "≤": "<=", "≥": ">=", "≡": "==", "∝": "~", "∞": "infinity",
    "√": "sqrt", "∂": "d", "∇": "grad ", "Σ": "sum", "∑": "sum", "∏": "product", "∈": "in", "⊕": "xor",
    "∧": "and", "∨": "or", "¬": "not ", "→": "->", "←": "<-", "↑": "up", "↓": "down", "↔": "<->", "⇒": "=>",
    "λ": "lambda", "ℓ": "l", "ŷ": "y^", "…": "...", "‘": "'", "’": "'", "“": '"',
    "”": '"', "„": '"', "‹": "<", "›": ">", "«": "<<", "»": ">>", "•": "*", "●": "*", "◐": "o", "○": ".",
    "■": "#", "□": "-", "▪": "*", "✓": "v", "✗": "x", "✔": "v", "✘": "x", "▶": ">", "◀": "<", "▲": "^",
    "▼": "v", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u200b": "", "°": " degrees", "′": "'", "″": "''",
}  # fmt: skip


def spell(text: str) -> str:
    """`text` in ASCII, as near as a reader can be helped."""
    text = _RUN.sub(_at_another_height, text)
    return "".join(_SPELLED[sign] if sign in _SPELLED else _nearest(sign) for sign in text)


def _at_another_height(found: re.Match[str]) -> str:
    """A subscript after _, a superscript after ^, and apart from a letter behind it: w_1 x_1."""
    low, high = found.groups()
    spelled = "_" + "".join(_SUBSCRIPTS[sign] for sign in low) if low else ""
    spelled += "^" + "".join(_SUPERSCRIPTS[sign] for sign in high) if high else ""
    behind = found.string[found.end() : found.end() + 1]
    return spelled + " " * (behind.isalpha() and behind not in _SUPERSCRIPTS)


def _nearest(sign: str) -> str:
    if sign.isascii():
        return sign
    if unicodedata.combining(sign):
        return "^" if sign == "\u0302" else ""
    plain = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
    if plain:
        return plain
    name = unicodedata.name(sign, "")
    if name.startswith("GREEK"):
        letter = name.split()[-1]
        return letter.capitalize() if "CAPITAL" in name else letter.lower()
    if name.startswith("BOX DRAWINGS"):
        return "-" if name.endswith("HORIZONTAL") else "|" if name.endswith("VERTICAL") else "+"
    if name.startswith(("BRAILLE PATTERN", "BLOCK", "QUADRANT")) or "BLOCK" in name:
        return " " if name.endswith("BLANK") else "#"
    return sign.encode("ascii", "backslashreplace").decode()


def handle(error: UnicodeError) -> tuple[str, int]:
    """Called by a stream for signs in a row that its encoding lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    behind = error.object[error.end : error.end + 1]
    return spell(error.object[error.start : error.end] + behind).removesuffix(spell(behind)), error.end
