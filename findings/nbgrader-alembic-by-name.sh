#!/usr/bin/env bash
# nbgrader: the first use fails where its programs are not in PATH, and the second one works on a half-made gradebook
#
# Versions: nbgrader 0.9.6, alembic as pip brings it, Python 3.11.
#
# Guess: a program that is called by its full path, as cron and CI do, finds what it depends on.
#
# Seen: `venv/bin/nbgrader generate_assignment ps1 --create` ends with FileNotFoundError: 'alembic', since a new
# gradebook is stamped by calling `alembic` by its name. gradebook.db is there by then, without the stamp of its
# version; a second call of the same line succeeds.
#
# Expected: alembic called as a library or through sys.executable; or nothing left behind by the call that failed.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check nbgrader==0.9.6

mkdir -p source/ps1
echo 'c = get_config(); c.CourseDirectory.course_id = "course"' > nbgrader_config.py
venv/bin/python - <<'PY'
import nbformat
from nbformat.v4 import new_code_cell, new_notebook

about = {"grade": True, "grade_id": "one", "locked": True, "points": 1, "schema_version": 3, "solution": False, "task": False}
cell = new_code_cell("assert 1 + 1 == 2", metadata={"nbgrader": about})
kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
nbformat.write(new_notebook(cells=[cell], metadata={"kernelspec": kernel}), "source/ps1/ps1.ipynb")
PY

export HOME=$work PATH=/usr/bin:/bin
if command -v alembic > /dev/null; then echo "there is an alembic in $PATH already"; exit 2; fi
if venv/bin/nbgrader generate_assignment ps1 --create > first.log 2>&1; then
    echo "the first call works: it has changed"; exit 1
fi
grep -q "No such file or directory: 'alembic'" first.log
test -f gradebook.db
venv/bin/nbgrader generate_assignment ps1 --create > second.log 2>&1
test -f release/ps1/ps1.ipynb
echo "still so: the first call fails for want of 'alembic', the second succeeds"
