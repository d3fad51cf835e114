"""An assignment for Otter-Grader: its cells, and its way through the real one (extra `classroom`)."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.notebooks import run_module, text
from toystory.course import catalogue
from toystory.course.exercises.exercise import exercises_of
from toystory.export.lesson.assignment import LONGEST
from toystory.export.lesson.otter import BEGIN_SOLUTION, END_SOLUTION, otter_assignment

NO_PROMPT = f"{BEGIN_SOLUTION} NO PROMPT"


def cells_of(name: str) -> list[Any]:
    cells: list[Any] = json.loads(otter_assignment(catalogue.load(name)))["cells"]
    return cells


def solved(cell: str) -> str:
    """What a student who can do it writes: in a bug hunt, the mended code alone."""
    mended = cell.partition(NO_PROMPT)[2] or cell
    return "\n".join(
        line for line in mended.splitlines() if line.strip() not in (BEGIN_SOLUTION, END_SOLUTION)
    )


@pytest.mark.parametrize("name", ["gate", "lstm"])
def test_a_question_has_its_task_its_solution_and_its_tests(name: str) -> None:
    found = cells_of(name)
    raw = [text(cell).splitlines()[0] for cell in found if cell["cell_type"] == "raw"]
    asked = [exercise for exercise in exercises_of(name) if exercise.seconds <= LONGEST]
    of_each = ["BEGIN QUESTION", "BEGIN SOLUTION", "END SOLUTION", "BEGIN TESTS", "END TESTS", "END QUESTION"]
    assert raw == ["# ASSIGNMENT CONFIG", *(f"# {mark}" for _ in asked for mark in of_each)]
    cells = {cell["id"]: cell for cell in found}
    assert len(cells) == len(found), "ids are unique"
    for exercise in asked:
        assert f"name: {exercise.name}\n" in text(cells[f"{exercise.name}-question"])
        assert text(cells[exercise.name]).count(BEGIN_SOLUTION) >= 1
        compile(solved(text(cells[exercise.name])), "answer", "exec")
        compile(text(cells[f"{exercise.name}-test-0"]), "test", "exec")


@pytest.mark.slow
def test_the_real_otter_makes_the_students_version_and_grades_it(tmp_path: Path) -> None:
    pytest.importorskip("otter")
    (tmp_path / "gate.ipynb").write_text(otter_assignment(catalogue.load("gate")), encoding="utf-8")
    run_module(tmp_path, "otter", "assign", "gate.ipynb", "dist")  # runs its own tests on the solutions, too

    student = json.loads((tmp_path / "dist" / "student" / "gate.ipynb").read_text(encoding="utf-8"))
    whole = "\n".join(map(text, student["cells"])) + str(student["metadata"])
    assert "1 / (1 + np.exp(-z))" not in whole
    assert "SOLUTION" not in whole
    assert "hidden=True" not in whole
    for exercise in exercises_of("gate"):
        assert f'grader.check("{exercise.name}")' in whole

    # Mia has all right, Ole all but the sigmoid, Kai names the tests away, Eva hands in what she was given.
    right = {cell["id"]: solved(text(cell)) for cell in cells_of("gate") if cell["cell_type"] == "code"}
    (archive,) = (tmp_path / "dist" / "autograder").glob("*.zip")
    points = {"sigmoid": 1, "loss": 1, "update": 2, "by_hand": 1, "bug_hunt": 1}
    for name, answers, lost in (
        ("mia", right, set()),
        ("ole", right | {"sigmoid": right["sigmoid"].replace("np.exp(-z)", "np.exp(z)")}, {"sigmoid"}),
        ("kai", {"sigmoid": "def expect_right(*_):\n    pass\n"}, set(points)),
        ("eva", {}, set(points)),
    ):
        handed_in = copy.deepcopy(student)
        for cell in handed_in["cells"]:
            if "otter_answer_cell" in cell["metadata"].get("tags", ()) and cell["id"] in answers:
                cell["source"] = answers[cell["id"]].splitlines(keepends=True)
        folder = tmp_path / name
        folder.mkdir()
        (folder / "gate.ipynb").write_text(json.dumps(handed_in), encoding="utf-8")
        run_module(folder, "otter", "run", "gate.ipynb", "-a", str(archive), "-o", str(folder))
        graded = json.loads((folder / "results.json").read_text(encoding="utf-8"))["tests"]
        found = {test["name"]: test["score"] for test in graded if test["name"] in points}
        assert found == {key: 0 if key in lost else value for key, value in points.items()}, name
        if name == "ole":
            assert "sigmoid(z)[0] should be" in graded[0]["output"]
