#!/usr/bin/env bash
# papermill -p: a short commit hash becomes infinity, and 007 becomes 7
#
# Versions: papermill 2.7.0, Python 3.11.
#
# Guess: -p takes numbers for numbers (5, 0.5), and what is no plain number stays text; -y reads the same word as YAML does.
#
# Seen: whatever Python's int() or float() accepts is a number: commit=12e3456 is injected as float('inf'), 1234e56 as
# 1.234e+59, 007 as 7, 1_000 as 1000, nan as float('nan'). In YAML (-y "commit: 12e3456") the same hash is text.
#
# Expected: text where the number can't be written back as it was given. Of commit hashes of seven hexadecimal digits
# about one in 54 has this form, digits around one e, and of those every second is too large for a float: such runs
# are recorded under "inf". -r always gives text.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check papermill==2.7.0 nbformat==5.11.1

venv/bin/python - <<'PY'
import subprocess
import sys

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
cell = new_code_cell("commit = ''", metadata={"tags": ["parameters"]})
nbformat.write(new_notebook(cells=[cell], metadata=kernel), "given.ipynb")


def injected(*words):
    command = [sys.executable, "-m", "papermill", "--prepare-only", "given.ipynb", "made.ipynb", *words]
    subprocess.run(command, check=True, capture_output=True)
    cells = nbformat.read("made.ipynb", as_version=4).cells
    (made,) = (c.source for c in cells if "injected-parameters" in c.metadata.get("tags", []))
    value = made.split("commit = ")[1].strip()
    print(*words, "->", value)
    return value


assert injected("-p", "commit", "5") == "5" and injected("-p", "commit", "0.5") == "0.5"
assert injected("-p", "commit", "a1b2c3d") == '"a1b2c3d"'
assert injected("-p", "commit", "12e3456") == "float('inf')"
assert injected("-p", "commit", "1234e56") == "1.234e+59"
assert injected("-p", "commit", "007") == "7"
assert injected("-p", "commit", "1_000") == "1000"
assert injected("-p", "commit", "nan") == "float('nan')"
assert injected("-y", "commit: 12e3456") == '"12e3456"'
assert injected("-r", "commit", "12e3456") == '"12e3456"'
print("still so")
PY
