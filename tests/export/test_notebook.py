"""A notebook is valid, always the same, and runs in a kernel that knows nothing of this project."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.equations.latex import latex
from toystory.course.exercises.exercise import exercises_of
from toystory.course.lesson import Lesson
from toystory.export.lesson.notebook import notebook
from toystory.training.claim import judge
from toystory.training.run import Run, Runs, experiments_of

WITHOUT_US = """\
import sys


class Absent:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in {"models", "lessons", "toystory"}:
            raise ModuleNotFoundError(f"{name} is not installed here")


sys.meta_path.insert(0, Absent)
"""
QUICK = ("gate",)
LONGEST = 1800
"""Seconds that one cell may take."""


def run_notebook(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The notebook of a lesson, run in a new kernel; its code cells by their ids."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
    cells = nbformat.reads(notebook(catalogue.load(name)), as_version=4)
    cells.cells.insert(0, nbformat.v4.new_code_cell(WITHOUT_US))
    work = folder / "work"
    work.mkdir()
    NotebookClient(
        cells, timeout=LONGEST, kernel_name="python3", resources={"metadata": {"path": str(work)}}
    ).execute()
    assert list(work.iterdir()) == []
    return {cell["id"]: cell for cell in cells.cells if cell["cell_type"] == "code"}


def printed(cell: Any) -> str:
    return "".join(output["text"] for output in cell["outputs"] if output["output_type"] == "stream")


def pictures(cell: Any) -> int:
    return sum("image/png" in output.get("data", {}) for output in cell["outputs"])


def measured_here(lesson: Lesson) -> list[str]:
    """What the notebook should print of the claims, from the project's own run of the lesson."""
    runs = {study.name: [Run(experiment) for experiment in experiments_of(study)] for study in lesson.studies}
    for run in (run for together in runs.values() for run in together):
        for _ in run:
            pass
    verdicts = [judge(claim, Runs(runs)) for claim in lesson.claims]
    return [f"holds: {v.claim.text}: {v.shown} (asked: {v.claim.bar.text})" for v in verdicts]


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in NAMES]
)
def test_it_runs_from_top_to_bottom_without_us(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = catalogue.load(name)
    cells = run_notebook(name, tmp_path, monkeypatch)
    verdicts = printed(cells["judge"]).splitlines()
    assert [line.partition(":")[0] for line in verdicts] == ["holds"] * len(lesson.claims)
    speaking = {cell_id for cell_id, cell in cells.items() if cell["outputs"]}
    assert speaking == {"judge", *(f"study-{n}-code" for n in range(1, len(lesson.studies) + 1))}
    if name in QUICK:
        assert verdicts == measured_here(lesson)
    for number, study in enumerate(lesson.studies, start=1):
        cell = cells[f"study-{number}-code"]
        assert len(printed(cell).splitlines()) == len(experiments_of(study))
        assert pictures(cell) == 1


@pytest.mark.parametrize("name", NAMES)
def test_it_is_valid_and_always_the_same(name: str) -> None:
    text = notebook(catalogue.load(name))
    assert text == notebook(catalogue.load(name))
    found = nbformat.reads(text, as_version=4)
    nbformat.validate(found)
    ids = [cell["id"] for cell in found.cells]
    assert len(set(ids)) == len(ids)
    assert all(cell.get("outputs", []) == [] for cell in found.cells)
    code = "\n".join(cell["source"] for cell in found.cells if cell["cell_type"] == "code")
    imported = {
        line.split()[1].partition(".")[0]
        for line in code.splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imported <= sys.stdlib_module_names | {"numpy", "matplotlib"}


def test_only_what_the_lesson_is_about_stands_open() -> None:
    cells = json.loads(notebook(catalogue.load("lstm")))["cells"]
    files = [cell for cell in cells if cell["id"].startswith("code-")]
    opened = {cell["id"] for cell in files if not cell["metadata"].get("jupyter", {}).get("source_hidden")}
    assert opened == {"code-models-lstm", "code-lessons-lstm-experiments"}


@pytest.mark.parametrize("name", NAMES)
def test_it_holds_the_whole_lesson(name: str) -> None:
    lesson = catalogue.load(name)
    cells = json.loads(notebook(lesson))["cells"]
    text = {cell["id"]: "".join(cell["source"]) for cell in cells}
    assert text["story"] == lesson.story.strip()
    assert lesson.prediction.explanation in text["answer-folded"]
    assert lesson.prediction.explanation not in text["predict"]
    for number, step in enumerate(lesson.derivation, start=1):
        assert f"$$\n{latex(step.equation)}\n$$" in text[f"step-{number}"]
        assert step.source in text[f"step-{number}"]
    order = list(text)
    for exercise in exercises_of(name):
        assert exercise.title in text[f"exercise-{exercise.name}"]
        assert order.index(f"exercise-{exercise.name}-code") < order.index("recap")
        assert order.index("sources") < order.index(f"solution-{exercise.name}-code")
    assert order.index("judge") < order.index("answer-folded")
