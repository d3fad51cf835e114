#!/usr/bin/env bash
# marimo convert: a function goes on using the first value of a variable that a later cell sets anew
#
# Versions: marimo 0.25.2, nbformat 5.11.1, Python 3.11.
#
# Guess: a name that two cells assign is renamed so that every later reader, functions included, sees the value that it
# saw in the notebook; else the converter says so.
#
# Seen: cell 1 sets "w = 1" and defines predict(x) that returns w * x; cell 2 sets "w = 2"; cell 3 prints
# predict(10). The notebook prints 20. The converted file makes both names private to their cells ("_w"), the
# function keeps the first one, and it prints 10. The same with a helper function defined anew in a later
# cell: its caller keeps the old helper (notebook 2, converted 1). Exit status 0, no message.
#
# Expected: 20 and 2, or a refusal: here the notebook's meaning needs one shared variable. "Define the model,
# train the weights in the next cells, call predict" is how teaching notebooks look; after conversion they
# evaluate the untrained weights.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check marimo==0.25.2 nbformat==5.11.1

venv/bin/python - <<'PY'
import subprocess
import sys

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

VARIABLE = ["w = 1\ndef predict(x):\n    return w * x", "w = 2", "print('result', predict(10))"]
HELPER = ["def f():\n    return 1\ndef g():\n    return f()", "def f():\n    return 2", "print('result', g())"]


def converted_output(cells, name):
    notebook = new_notebook(cells=[new_code_cell(c) for c in cells])
    nbformat.validate(notebook)
    nbformat.write(notebook, f"{name}.ipynb")
    command = [sys.executable, "-m", "marimo", "-q", "convert", f"{name}.ipynb", "-o", f"{name}.py"]
    subprocess.run(command, stdin=subprocess.DEVNULL, check=True)
    run = subprocess.run([sys.executable, f"{name}.py"], capture_output=True, text=True, check=True)
    return run.stdout.strip()


def notebook_output(cells):
    run = subprocess.run([sys.executable, "-c", "\n".join(cells)], capture_output=True, text=True, check=True)
    return run.stdout.strip()


version = subprocess.run([sys.executable, "-m", "marimo", "--version"], capture_output=True, text=True, check=True)
print("marimo", version.stdout.strip())
for name, cells, right, wrong in (("variable", VARIABLE, 20, 10), ("helper", HELPER, 2, 1)):
    notebook, converted = notebook_output(cells), converted_output(cells, name)
    print(f"{name}: notebook: {notebook} | converted: {converted}")
    assert notebook == f"result {right}" and converted == f"result {wrong}"
print("still so")
PY
