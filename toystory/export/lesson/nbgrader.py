"""A lesson's exercises as an assignment for nbgrader: the teacher's version, from which it makes the others.

The cells carry nbgrader's metadata (schema 3). `generate_assignment` takes the solutions and the hidden tests
out; `autograde` puts the tests back and gives the points.
"""

from __future__ import annotations

import json
from typing import Any

from toystory.base.errors import BadRequest
from toystory.course.exercises.exercise import Exercise, exercises_of
from toystory.course.lesson import Lesson
from toystory.export.lesson.exercise_checks import (
    MODULE,
    hidden_seed,
    modules_of,
    packed_check,
    solution_with_regions,
)
from toystory.export.lesson.package import as_cell, literal, needed_modules, path_of, source_of
from toystory.export.lesson.program import UNPACK
from toystory.export.lesson.reading import without_docstring

Cell = dict[str, Any]

SCHEMA = 3
BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
POINTS = {"heart": 2, "whole model": 3}
"""Of an exercise by its kind; 1 of any other."""
LONGEST = 60.0
"""Seconds of processor time of a check: what may take longer is not in an assignment."""
HOW = """\
Each exercise has a task, a cell to write in and a cell that says what is wrong first: run it as often as you
like. Write where it says `# YOUR CODE HERE`, and take the line `raise NotImplementedError()` away. The cells
that judge are locked. When you are done, restart the kernel and run all cells.

This is lesson {number} of *toystory*, *{title}*; `toystory {name}` tells its story in a terminal."""
MEND = "# Mend what stands above, and take the two lines below away."


def nbgrader_assignment(lesson: Lesson) -> str:
    """The notebook's file: `source/‹assignment›/‹name›.ipynb` in a course of nbgrader.

    Args:
        lesson: Whose exercises.

    Raises:
        BadRequest: It has none.
    """
    found = [exercise for exercise in exercises_of(lesson.name) if exercise.seconds <= LONGEST]
    if not found:
        raise BadRequest(f"lesson {lesson.name} has no exercises for an assignment")
    chapter = lesson.chapter
    text = HOW.format(number=chapter.number, title=chapter.title, name=chapter.name)
    cells = [
        _read_only("title", f"# {chapter.title}: exercises\n\n{text}"),
        _read_only("setup", _setup(found), code=True),
    ]
    for exercise in found:
        cells += _cells_of(exercise)
    contents = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(contents, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def left_out(lesson: Lesson) -> list[str]:
    """The exercises whose checks take too long for an assignment, by name."""
    return [exercise.name for exercise in exercises_of(lesson.name) if exercise.seconds > LONGEST]


def _cells_of(exercise: Exercise) -> list[Cell]:
    name = exercise.name
    points = POINTS.get(exercise.kind, 1)
    task = f"## {exercise.title}\n\n{exercise.task}"
    return [
        _read_only(f"{name}-task", task),
        _cell(name, _answer(exercise), code=True, solution=True),
        _cell(f"{name}-test", _test(exercise), code=True, grade=True, locked=True, points=points),
    ]


def _answer(exercise: Exercise) -> str:
    """The cell that students write in, complete; nbgrader takes what is between the lines out."""
    if exercise.bug is not None:
        mended = as_cell(without_docstring(exercise.solution)).strip()
        begun = as_cell(without_docstring(exercise.start)).strip()
        return f"{begun}\n\n\n{MEND}\n{BEGIN_SOLUTION}\n{mended}\n{END_SOLUTION}\n"
    return as_cell(without_docstring(solution_with_regions(exercise, BEGIN_SOLUTION, END_SOLUTION)))


def _test(exercise: Exercise) -> str:
    lines = [f'expect_right(CHECKS["{exercise.name}"], globals())']
    seed = hidden_seed(exercise)
    if seed is not None:
        # With other inputs, and its own copy of the check: both names above may be given anew by a student.
        lines += [
            BEGIN_HIDDEN,
            f"from {MODULE} import expect_right as _expect_right",
            f"_expect_right({literal(packed_check(exercise))}, globals(), seed={seed})",
            END_HIDDEN,
        ]
    return "\n".join(lines) + "\n"


def _setup(exercises: list[Exercise]) -> str:
    """What the tests need of this project, and the checks: packed, for they know the right values."""
    needed = {module for exercise in exercises for module in modules_of(exercise)}
    files = needed_modules([], and_these=[MODULE, *sorted(needed)])
    entries = "\n".join(f'    "{path_of(name)}": {literal(source_of(name))},' for name in files)
    checks = "\n".join(f'    "{each.name}": {literal(packed_check(each))},' for each in exercises)
    tail = f"from {MODULE} import expect_right\n\nCHECKS = {{\n{checks}\n}}\n"
    top = "# What the tests below need. Nothing here is to be read or changed.\n"
    return f"{top}{UNPACK.format(files=entries)}\n{tail}"


def _read_only(key: str, text: str, code: bool = False) -> Cell:
    return _cell(key, text, code=code, locked=True)


def _cell(
    key: str,
    text: str,
    *,
    code: bool = False,
    grade: bool = False,
    solution: bool = False,
    locked: bool = False,
    points: int | None = None,
) -> Cell:
    about: dict[str, Any] = {
        "grade": grade,
        "grade_id": key,
        "locked": locked,
        "schema_version": SCHEMA,
        "solution": solution,
        "task": False,
    }
    if grade:
        about["points"] = points
    cell: Cell = {
        "cell_type": "code" if code else "markdown",
        "id": key,
        "metadata": {"nbgrader": about},
        "source": text.strip("\n").splitlines(keepends=True),
    }
    if key == "setup":
        cell["metadata"]["jupyter"] = {"source_hidden": True}
    return cell | ({"execution_count": None, "outputs": []} if code else {})
