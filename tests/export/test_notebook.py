"""A notebook is valid, always the same, and runs in a kernel that knows nothing of this project."""

from __future__ import annotations

import ast
import json
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
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
from toystory.course.worked_example import example_to_read
from toystory.export.lesson import notebook as notebooks
from toystory.training.claim import judge
from toystory.training.run import Run, Runs, experiments_of

FROM_WHERE = """\
import toystory.training.run

print(toystory.training.run.__file__)
"""
ROOT = Path(__file__).parents[2]
SHORTENED = "not measured, since its runs were shortened"
QUICK = ("gate",)
LONGEST = 1800
"""Seconds that one cell may take."""


@cache
def notebook(lesson: Lesson) -> str:
    """Its text, made once."""
    return notebooks.notebook(lesson)


@cache
def lesson_of(name: str) -> Lesson:
    return catalogue.load(name)


def run_notebook(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The notebook of a lesson, run in a new kernel; its code cells by their ids."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
    cells = nbformat.reads(notebook(lesson_of(name)), as_version=4)
    cells.cells.append(nbformat.v4.new_code_cell(FROM_WHERE, id="from-where"))
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


def code_cells(name: str) -> Iterator[tuple[str, ast.Module]]:
    """The code of a lesson's notebook, by the ids of the cells."""
    for cell in json.loads(notebook(lesson_of(name)))["cells"]:
        if cell["cell_type"] == "code":
            yield cell["id"], ast.parse("".join(cell["source"]))


def modules_of(node: ast.AST) -> list[str]:
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def imported_names(tree: ast.Module) -> set[str]:
    return {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def defined(tree: ast.Module) -> set[str]:
    """The names that the top level of some code gives, imports left out."""
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        else:
            names |= {
                n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            }
    return names


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in NAMES]
)
def test_it_runs_from_top_to_bottom_without_us(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = lesson_of(name)
    cells = run_notebook(name, tmp_path, monkeypatch)
    verdicts = printed(cells["judge"]).splitlines()
    assert len(verdicts) == len(lesson.claims)
    assert {line.partition(":")[0] for line in verdicts} <= {"holds", SHORTENED}
    assert Path(printed(cells["from-where"]).strip()).is_relative_to(tempfile.gettempdir())
    if name in QUICK:
        assert verdicts == measured_here(lesson)
    for number, study in enumerate(lesson.studies, start=1):
        cell = cells[f"study-{number}-code"]
        assert len(printed(cell).splitlines()) == len(experiments_of(study))
        assert pictures(cell) == 1


@pytest.mark.parametrize("name", NAMES)
def test_it_is_valid_and_always_the_same(name: str) -> None:
    text = notebook(lesson_of(name))
    assert text == notebooks.notebook(catalogue.load(name))
    found = nbformat.reads(text, as_version=4)
    nbformat.validate(found)
    ids = [cell["id"] for cell in found.cells]
    assert len(set(ids)) == len(ids)
    assert all(cell.get("outputs", []) == [] for cell in found.cells)
    imported = {
        module.partition(".")[0]
        for _, tree in code_cells(name)
        for node in ast.walk(tree)
        for module in ([node.module or ""] if isinstance(node, ast.ImportFrom) else modules_of(node))
    }
    assert imported <= sys.stdlib_module_names | {"numpy", "matplotlib", "toystory"}
    assert "__future__" not in imported


@pytest.mark.parametrize("name", NAMES)
def test_the_files_it_takes_along_are_the_projects_own(name: str) -> None:
    """All that they import of the project is among them, and nothing that has to be installed first."""
    (tree,) = (tree for cell, tree in code_cells(name) if cell == "files")
    (given,) = (node.value for node in tree.body if isinstance(node, ast.Assign))
    files: dict[str, str] = ast.literal_eval(given)
    for path, text in files.items():
        assert text == (ROOT / path).read_text("utf-8")
        for node in ast.parse(text if path.endswith(".py") else "").body:
            for module in [node.module or ""] if isinstance(node, ast.ImportFrom) else modules_of(node):
                if module.partition(".")[0] == "toystory":
                    as_path = module.replace(".", "/")
                    assert {f"{as_path}.py", f"{as_path}/__init__.py"} & files.keys(), f"{path}: {module}"
                else:
                    assert module.partition(".")[0] in sys.stdlib_module_names | {"numpy"}, (
                        f"{path}: {module}"
                    )


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_imports_a_name_that_another_defines(name: str) -> None:
    """`marimo convert` makes names unique across cells, and would lose the import."""
    cells = list(code_cells(name))
    for cell, tree in cells:
        elsewhere = set().union(*(defined(other) for number, other in cells if number != cell))
        assert imported_names(tree) & elsewhere == set(), cell


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_adds_to_a_name_in_a_loop_of_its_own(name: str) -> None:
    """marimo 0.25.2 drops all but the last step of `total += k` in a loop of a later cell."""
    for cell, tree in code_cells(name):
        loops = [node for node in tree.body if isinstance(node, ast.For | ast.While)]
        assert not any(isinstance(node, ast.AugAssign) for loop in loops for node in ast.walk(loop)), cell


def test_only_what_the_lesson_is_about_stands_open() -> None:
    cells = json.loads(notebook(lesson_of("lstm")))["cells"]
    files = [cell for cell in cells if cell["id"] == "files" or cell["id"].startswith("code-")]
    opened = {cell["id"] for cell in files if not cell["metadata"].get("jupyter", {}).get("source_hidden")}
    assert opened == {"code-toystory-models-lstm", "code-toystory-lessons-lstm-experiments"}
    for cell in files:
        assert ("cellView" in cell["metadata"]) == (cell["id"] not in opened)


@pytest.mark.parametrize("name", NAMES)
def test_papermill_finds_seed_rows_and_updates(name: str) -> None:
    cells = json.loads(notebook(lesson_of(name)))["cells"]
    (tagged,) = (cell for cell in cells if "parameters" in cell["metadata"].get("tags", []))
    given = {node.targets[0].id: node.value.value for node in ast.parse("".join(tagged["source"])).body}  # type: ignore[attr-defined]
    assert given == {"seed": 0, "rows": 10_000 if name == "two-layer" else None, "updates": None}


@pytest.mark.parametrize("name", NAMES)
def test_it_holds_the_whole_lesson(name: str) -> None:
    lesson = lesson_of(name)
    cells = json.loads(notebook(lesson))["cells"]
    text = {cell["id"]: "".join(cell["source"]) for cell in cells}
    assert text["story"] == lesson.story.strip()
    assert lesson.prediction.explanation in text["answer-folded"]
    assert lesson.prediction.explanation not in text["predict"]
    for number, done in enumerate(example_to_read(lesson)[1], start=1):
        step = done.step
        assert f"$$\n{latex(step.equation)}\n$$" in text[f"step-{number}"]
        assert step.source in text[f"step-{number}"]
    order = list(text)
    for exercise in exercises_of(name):
        assert exercise.title in text[f"exercise-{exercise.name}"]
        assert order.index(f"exercise-{exercise.name}-code") < order.index("recap")
        assert order.index("sources") < order.index(f"solution-{exercise.name}-code")
    assert order.index("judge") < order.index("answer-folded")
