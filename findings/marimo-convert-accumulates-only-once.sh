#!/usr/bin/env bash
# marimo convert: a loop that adds to a variable of an earlier cell keeps only the last step
#
# Versions: marimo 0.25.2, nbformat 5.11.1, Python 3.11.
#
# Guess: converting a Jupyter notebook gives a marimo notebook that computes the same, or a message about what
# cannot be converted. "loss = 0" in one cell and "loss += ..." in a loop of the next is ordinary code.
#
# Seen: the converter gives the second cell's variable a new name and rewrites the statement to
# "loss_1 = loss + part" - inside the loop. Each turn starts again from the first cell's 0, so the loop ends
# with its last term alone. The notebook prints 6, the converted one 3. Exit status 0, no message.
# With the same loop and its "loss = 0" in one cell, the conversion is right.
#
# Expected: 6, or a refusal. Sums over batches, counts of right answers and Monte Carlo averages have this form, and
# the converted figures are plausible.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check marimo==0.25.2 nbformat==5.11.1

venv/bin/python - <<'PY'
import re
import subprocess
import sys

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

CELLS = ["loss = 0", "for part in [1, 2, 3]:\n    loss += part", "print('loss', loss)"]


def converted_output(cells, name):
    notebook = new_notebook(cells=[new_code_cell(c) for c in cells])
    nbformat.validate(notebook)
    nbformat.write(notebook, f"{name}.ipynb")
    command = [sys.executable, "-m", "marimo", "-q", "convert", f"{name}.ipynb", "-o", f"{name}.py"]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=True)
    assert "loss" not in done.stdout + done.stderr, "a message about the variable"
    run = subprocess.run([sys.executable, f"{name}.py"], capture_output=True, text=True, check=True)
    return run.stdout.strip(), open(f"{name}.py").read()


def notebook_output(cells):
    run = subprocess.run([sys.executable, "-c", "\n".join(cells)], capture_output=True, text=True, check=True)
    return run.stdout.strip()


version = subprocess.run([sys.executable, "-m", "marimo", "--version"], capture_output=True, text=True, check=True)
print("marimo", version.stdout.strip())
converted, source = converted_output(CELLS, "apart")
print("notebook:", notebook_output(CELLS), "| converted:", converted)
print("the converter's line:", re.search(r"loss_1 = .*", source)[0])
assert notebook_output(CELLS) == "loss 6" and converted == "loss 3"
together, _ = converted_output(["\n".join(CELLS[:2]), CELLS[2]], "together")
assert together == "loss 6"
print("still so")
PY
