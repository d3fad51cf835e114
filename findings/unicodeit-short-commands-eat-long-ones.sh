#!/usr/bin/env bash
# unicodeit: \log becomes "łog" and \left becomes "≤ft": a short command is found inside a longer one
#
# Versions: unicodeit 0.7.5, Python 3.11.
#
# Guess: a command of LaTeX ends where its letters end, so \l and \le are not looked for inside \log, \left or \lVert;
# commands that are unknown stay as they are.
#
# Seen: \log_2 8 gives "łog₂ 8" (\l is the Polish letter), \left( gives "≤ft(" (\le is the relation),
# \lVert "łVert" and \operatorname "øperatorname" (\o is the Danish letter). \exp and \max, with no such beginning, stay
# as they are. x_{1:t} gives "x₁_:ₜ".
#
# Expected: \log_2 8 with the 2 lowered and \log kept or turned to "log".
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check unicodeit==0.7.5

venv/bin/python - <<'PY'
from importlib.metadata import version

import unicodeit

print("unicodeit", version("unicodeit"))
SEEN = {
    r"\log_2 8": "\u0142og\u2082 8",
    r"\left(x\right)": "\u2264ft(x\\right)",
    r"\lVert w": "\u0142Vert w",
    r"\operatorname{softmax}": "\u00f8peratorname{softmax}",
    r"\exp(x)": r"\exp(x)",
    r"x_{1:t}": "x\u2081_:\u209c",
    r"x_{ij}": "x\u1d62\u2c7c",
}
for text, seen in SEEN.items():
    got = unicodeit.replace(text)
    print(f"{text:24} {got}")
    assert got == seen, (text, got)
print("still so")
PY
