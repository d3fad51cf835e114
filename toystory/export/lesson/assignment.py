"""What a lesson's exercises need as an assignment, whichever program grades it.

The notebook is the teacher's version, with solutions and hidden tests; graders take them out for students.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from toystory.base.errors import BadRequest
from toystory.course.exercises.exercise import Exercise, exercises_of
from toystory.course.lesson import Lesson
from toystory.export.lesson.exercise_checks import MODULE, modules_of, packed_check, solution_with_regions
from toystory.export.lesson.package import as_cell, literal, needed_modules, path_of, source_of
from toystory.export.lesson.program import UNPACK
from toystory.export.lesson.reading import without_docstring

Cell = dict[str, Any]

POINTS = {"heart": 2, "whole model": 3}
"""Of an exercise by its kind; 1 of any other."""
LONGEST = 60.0
"""Seconds of processor time of a check: what may take longer is not in an assignment."""
FROM = """\
This is lesson {number} of *toystory*, *{title}*; `toystory {name}` tells its story in a terminal."""


def exercises_for(lesson: Lesson) -> list[Exercise]:
    """The exercises of an assignment.

    Raises:
        BadRequest: The lesson has none.
    """
    found = [exercise for exercise in exercises_of(lesson.name) if exercise.seconds <= LONGEST]
    if not found:
        raise BadRequest(f"lesson {lesson.name} has no exercises for an assignment")
    return found


def left_out(lesson: Lesson) -> list[str]:
    """The exercises whose checks take too long for an assignment, by name."""
    return [exercise.name for exercise in exercises_of(lesson.name) if exercise.seconds > LONGEST]


def heading(lesson: Lesson, how: str) -> str:
    """What stands above all.

    Args:
        lesson: Whose exercises.
        how: How to work, for the students.
    """
    chapter = lesson.chapter
    text = FROM.format(number=chapter.number, title=chapter.title, name=chapter.name)
    return f"# {chapter.title}: exercises\n\n{how}\n\n{text}"


def task(exercise: Exercise) -> str:
    """What is to be done."""
    return f"## {exercise.title}\n\n{exercise.task}"


def answer(exercise: Exercise, begin: str, end: str, mended: str) -> str:
    """The cell that students write in, complete.

    Args:
        exercise: What is asked.
        begin: Stands above each part that the grader takes out.
        end: Stands below it.
        mended: Stands between what has the mistake and, in a bug hunt, the solution, in place of `begin`.
    """
    if exercise.bug is None:
        return as_cell(without_docstring(solution_with_regions(exercise, begin, end)))
    begun, done = (as_cell(without_docstring(text)).strip() for text in (exercise.start, exercise.solution))
    return f"{begun}\n\n\n{mended}\n{done}\n{end}\n"


def setup(exercises: Iterable[Exercise]) -> str:
    """What the tests need of this project, and the checks: packed, for they know the right values."""
    exercises = list(exercises)
    needed = {module for exercise in exercises for module in modules_of(exercise)}
    files = needed_modules([], and_these=[MODULE, *sorted(needed)])
    entries = "\n".join(f'    "{path_of(name)}": {literal(source_of(name))},' for name in files)
    checks = "\n".join(f'    "{each.name}": {literal(packed_check(each))},' for each in exercises)
    tail = f"from {MODULE} import expect_right\n\nCHECKS = {{\n{checks}\n}}\n"
    top = "# What the tests below need. Nothing here is to be read or changed.\n"
    return f"{top}{UNPACK.format(files=entries)}\n{tail}"


def cell(kind: str, key: str, text: str, **metadata: Any) -> Cell:
    """A cell of a notebook.

    Args:
        kind: code, markdown or raw.
        key: What it is called: its id.
        text: What stands in it.
        metadata: About it.
    """
    made: Cell = {
        "cell_type": kind,
        "id": key,
        "metadata": metadata,
        "source": text.strip("\n").splitlines(keepends=True),
    }
    return made | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def notebook_of(cells: list[Cell]) -> str:
    """The text of the file."""
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
