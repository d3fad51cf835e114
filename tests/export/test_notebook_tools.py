"""Notebooks go through the tools that people use on them. They come with the extra `notebooks`."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.export.lesson.notebook import notebook

pytestmark = pytest.mark.slow
SHORT = {"seed": "3", "rows": "300", "updates": "2"}


def run(folder: Path, *words: str) -> str:
    """What a Python module prints when it is run in a folder, without the project on the path."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"MPLBACKEND": "Agg"}
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(params=NAMES)
def short(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A lesson's notebook with few rows and updates."""
    contents = json.loads(notebook(catalogue.load(request.param)))
    (cell,) = (c for c in contents["cells"] if c["id"] == "parameters")
    cell["source"] = "\n".join(f"{name} = {value}" for name, value in SHORT.items()).splitlines(keepends=True)
    path = tmp_path / "lesson.ipynb"
    path.write_text(json.dumps(contents), encoding="utf-8")
    return path


def studies(path: Path) -> list[str]:
    """The names of the lesson's studies, from the headings above their cells."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return ["".join(c["source"]).splitlines()[0] for c in cells if c["id"].startswith("study-")][::2]


def test_marimo(short: Path) -> None:
    pytest.importorskip("marimo")
    run(short.parent, "-m", "marimo", "convert", short.name, "-o", "lesson.py")
    printed = run(short.parent, "lesson.py")
    assert printed.count("of its own rows") >= len(studies(short))
    assert "measured" in printed or "holds" in printed


def test_nbconvert_to_a_script_that_runs(short: Path) -> None:
    pytest.importorskip("nbconvert")
    run(short.parent, "-m", "nbconvert", "--to", "script", short.name)
    ast.parse((short.parent / "lesson.py").read_text("utf-8"))
    assert run(short.parent, "lesson.py").count("of its own rows") >= len(studies(short))


def test_jupytext_there_and_back(short: Path) -> None:
    pytest.importorskip("jupytext")
    run(short.parent, "-m", "jupytext", "--to", "py:percent", short.name)
    before = [c["source"] for c in json.loads(short.read_text("utf-8"))["cells"]]
    run(short.parent, "-m", "jupytext", "--to", "ipynb", "lesson.py")
    assert [c["source"] for c in json.loads(short.read_text("utf-8"))["cells"]] == before
    run(short.parent, "-m", "nbconvert", "--to", "notebook", "--execute", short.name)


@pytest.mark.parametrize("name", ["gate", "lstm"])
def test_papermill_sets_the_parameters(name: str, tmp_path: Path) -> None:
    pytest.importorskip("papermill")
    (tmp_path / "lesson.ipynb").write_text(notebook(catalogue.load(name)), encoding="utf-8")
    words = [word for key, value in SHORT.items() for word in ("-p", key, value)]
    run(tmp_path, "-m", "papermill", "lesson.ipynb", "done.ipynb", *words)
    printed = (tmp_path / "done.ipynb").read_text("utf-8")
    assert "made all 2 updates" in printed
