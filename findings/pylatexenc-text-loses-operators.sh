#!/usr/bin/env bash
# pylatexenc latex2text: \dfrac{1}{2} becomes "12", and norms, root indices and brackets vanish
#
# Versions: pylatexenc 2.11, Python 3.11.
#
# Guess: formulas that have no plain text form are kept as LaTeX or shown roughly; nothing that is read as another number or
# operation. \frac is known to it, so its sisters \dfrac and \tfrac are too.
#
# Seen, with LatexNodes2Text(math_mode="text"), no warning:
# - \frac{1}{2} gives 1/2, but \dfrac{1}{2} and \tfrac{1}{2} give 12, and \binom{n}{k} gives nk: unknown macros leave their
#   arguments one after the other;
# - \|w\|_2 gives w_2, though \lVert w\rVert keeps its bars;
# - \sqrt[3]{x} gives the square root's text;
# - \frac{a+b}{c} gives a+b/c, without the brackets that \sqrt{x+1} does get;
# - \arg\max_x f gives max_x f.
#
# Expected: brackets where the text would mean something else, and the macro's name where it is unknown (keep_unknown or the like).
# One uses it to index papers or to read formulas out in a terminal; one half turned into twelve is not noticed.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pylatexenc==2.11

venv/bin/python - <<'PY'
from importlib.metadata import version

from pylatexenc.latex2text import LatexNodes2Text

print("pylatexenc", version("pylatexenc"))
SEEN = {
    r"\frac{1}{2}": "1/2",
    r"\dfrac{1}{2}": "12",
    r"\tfrac{1}{2}": "12",
    r"\binom{n}{k}": "nk",
    r"\|w\|_2": "w_2",
    r"\lVert w\rVert": "\u2016 w\u2016",
    r"\sqrt{x+1}": "\u221a(x+1)",
    r"\sqrt[3]{x}": "\u221a(x)",
    r"\frac{a+b}{c}": "a+b/c",
    r"\arg\max_x f": "max_x f",
}
converter = LatexNodes2Text(math_mode="text")
for formula, seen in SEEN.items():
    got = converter.latex_to_text(f"${formula}$")
    print(f"{formula:18} {got!r}")
    assert got == seen, formula
print("still so")
PY
