"""An assignment for nbgrader: its cells, and its way through the real one (extra `classroom`)."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.notebooks import run_module, text
from toystory.base.errors import BadRequest
from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.exercises.exercise import exercises_of
from toystory.course.exercises.in_notebook import RIGHT, expect_right, verdict
from toystory.export.lesson.assignment import LONGEST, left_out
from toystory.export.lesson.exercise_checks import packed_check, source_of_check
from toystory.export.lesson.nbgrader import BEGIN_SOLUTION, MEND, nbgrader_assignment

LESSONS = [name for name in NAMES if exercises_of(name)]
COURSE = """\
c = get_config()
c.CourseDirectory.course_id = "course"
"""


def cells_of(name: str) -> dict[str, Any]:
    cells = json.loads(nbgrader_assignment(catalogue.load(name)))["cells"]
    return {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in cells}


@pytest.mark.parametrize("name", LESSONS)
def test_every_exercise_has_its_task_its_cell_and_its_test(name: str) -> None:
    cells = cells_of(name)
    assert len(cells) == len(json.loads(nbgrader_assignment(catalogue.load(name)))["cells"]), "ids are unique"
    for exercise in exercises_of(name):
        if exercise.name in left_out(catalogue.load(name)):
            assert exercise.seconds > LONGEST
            assert exercise.name not in cells
            continue
        answer, test = cells[exercise.name], cells[f"{exercise.name}-test"]
        assert answer["metadata"]["nbgrader"]["solution"]
        assert not answer["metadata"]["nbgrader"]["locked"]
        assert BEGIN_SOLUTION in text(answer)
        assert test["metadata"]["nbgrader"]["grade"]
        assert test["metadata"]["nbgrader"]["points"] >= 1
        compile(text(answer), "answer", "exec")
        compile(text(test), "test", "exec")
        assert exercise.task.split("\n")[0] in text(cells[f"{exercise.name}-task"])


@pytest.mark.parametrize("name", LESSONS)
def test_a_check_by_itself_passes_the_solution_and_no_beginning(name: str) -> None:
    for exercise in exercises_of(name):
        assert "MISTAKES" not in source_of_check(exercise)
        if exercise.seconds > 5:
            continue
        check = packed_check(exercise)
        solved: dict[str, Any] = {"__name__": "cells"}
        exec(compile(exercise.solution, "cells", "exec"), solved)
        assert verdict(check, solved) == RIGHT
        begun: dict[str, Any] = {"__name__": "cells"}
        exec(compile(exercise.start, "cells", "exec"), begun)
        with pytest.raises(AssertionError):
            expect_right(check, begun)


def test_a_lesson_without_exercises_gives_no_assignment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toystory.export.lesson.assignment.exercises_of", lambda lesson: ())
    with pytest.raises(BadRequest, match="has no exercises"):
        nbgrader_assignment(catalogue.load("gate"))


@pytest.mark.slow
def test_the_real_nbgrader_generates_collects_and_grades_it(tmp_path: Path) -> None:
    pytest.importorskip("nbgrader")
    exercises = exercises_of("gate")
    source = json.loads(nbgrader_assignment(catalogue.load("gate")))
    (tmp_path / "nbgrader_config.py").write_text(COURSE, encoding="utf-8")
    write(tmp_path / "source" / "gate" / "gate.ipynb", source)
    run_module(tmp_path, "nbgrader", "generate_assignment", "gate", "--create")

    released = json.loads((tmp_path / "release" / "gate" / "gate.ipynb").read_text(encoding="utf-8"))
    given = {cell["metadata"]["nbgrader"]["grade_id"]: text(cell) for cell in released["cells"]}
    whole = "\n".join(given.values())
    assert "HIDDEN" not in whole
    assert "SOLUTION" not in whole
    assert "1 / (1 + np.exp(-z))" not in whole
    for exercise in exercises:
        assert "raise NotImplementedError()" in given[exercise.name]
        assert given[f"{exercise.name}-test"] == f'expect_right(CHECKS["{exercise.name}"], globals())'

    # Mia has all right, Ole all but the sigmoid, and Eva hands in what she was given.
    right = {cell["metadata"]["nbgrader"]["grade_id"]: solved(text(cell)) for cell in source["cells"]}
    wrong = right | {"sigmoid": right["sigmoid"].replace("np.exp(-z)", "np.exp(z)")}
    for student, answers in (("mia", right), ("ole", wrong), ("eva", given)):
        handed_in = json.loads(json.dumps(released))
        for cell in handed_in["cells"]:
            about = cell["metadata"]["nbgrader"]
            if about["solution"]:
                cell["source"] = answers[about["grade_id"]].splitlines(keepends=True)
        write(tmp_path / "submitted" / student / "gate" / "gate.ipynb", handed_in)
    run_module(tmp_path, "nbgrader", "autograde", "gate")
    run_module(tmp_path, "nbgrader", "export")
    with (tmp_path / "grades.csv").open(encoding="utf-8") as file:
        grades = {
            row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(file)
        }
    points = sum(cell["metadata"]["nbgrader"].get("points") or 0 for cell in source["cells"])
    assert grades == {"mia": (points, points), "ole": (points - 1, points), "eva": (0, points)}
    told = (tmp_path / "autograded" / "ole" / "gate" / "gate.ipynb").read_text(encoding="utf-8")
    assert "AssertionError" in told
    assert "should be" in told


def solved(cell: str) -> str:
    """What a student who can do it writes: in a bug hunt, the mended code alone."""
    if MEND in cell:
        cell = cell.partition(BEGIN_SOLUTION)[2]
    return "\n".join(line for line in cell.splitlines() if not line.strip().startswith("###"))


def write(path: Path, notebook: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
