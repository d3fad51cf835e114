"""A lesson's exercises as an assignment for nbgrader: the teacher's version, from which it makes the others.

The cells carry nbgrader's metadata (schema 3). `generate_assignment` takes the solutions and the hidden tests
out; `autograde` puts the tests back and gives the points.
"""

from __future__ import annotations

from typing import Any

from toystory.course.exercises.exercise import Exercise
from toystory.course.lesson import Lesson
from toystory.export.lesson import assignment
from toystory.export.lesson.assignment import POINTS, Cell
from toystory.export.lesson.exercise_checks import MODULE, hidden_seed, packed_check
from toystory.export.lesson.package import literal

SCHEMA = 3
BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
HOW = """\
Each exercise has a task, a cell to write in and a cell that says what is wrong first: run it as often as you
like. Write where it says `# YOUR CODE HERE`, and take the line `raise NotImplementedError()` away. The cells
that judge are locked. When you are done, restart the kernel and run all cells."""
MEND = "# Mend what stands above, and take the two lines below away."


def nbgrader_assignment(lesson: Lesson) -> str:
    """The notebook's file: `source/‹assignment›/‹name›.ipynb` in a course of nbgrader.

    Args:
        lesson: Whose exercises.

    Raises:
        BadRequest: It has none.
    """
    exercises = assignment.exercises_for(lesson)
    cells = [
        _read_only("title", assignment.heading(lesson, HOW)),
        _cell("setup", assignment.setup(exercises), code=True, locked=True),
    ]
    for exercise in exercises:
        cells += _cells_of(exercise)
    return assignment.notebook_of(cells)


def _cells_of(exercise: Exercise) -> list[Cell]:
    name = exercise.name
    answer = assignment.answer(exercise, BEGIN_SOLUTION, END_SOLUTION, f"{MEND}\n{BEGIN_SOLUTION}")
    points = POINTS.get(exercise.kind, 1)
    return [
        _read_only(f"{name}-task", assignment.task(exercise)),
        _cell(name, answer, code=True, solution=True),
        _cell(f"{name}-test", _test(exercise), code=True, grade=True, locked=True, points=points),
    ]


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


def _read_only(key: str, text: str) -> Cell:
    return _cell(key, text, locked=True)


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
    folded = {"jupyter": {"source_hidden": True}} if key == "setup" else {}
    return assignment.cell("code" if code else "markdown", key, text, nbgrader=about, **folded)
