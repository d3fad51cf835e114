"""A lesson's exercises as an assignment for Otter-Grader: the notebook that `otter assign` is given.

Raw cells mark the questions, solutions and tests
(https://otter-grader.readthedocs.io/en/latest/otter_assign/notebook_format.html).
"""

from __future__ import annotations

from toystory.course.exercises.exercise import Exercise
from toystory.course.lesson import Lesson
from toystory.export.lesson import assignment
from toystory.export.lesson.assignment import POINTS, Cell
from toystory.export.lesson.exercise_checks import MODULE, hidden_seed, packed_check
from toystory.export.lesson.package import literal

BEGIN_SOLUTION, END_SOLUTION = "# BEGIN SOLUTION", "# END SOLUTION"
HOW = """\
Each exercise has a task, a cell to write in and a cell that says what is wrong first: run it as often as you
like. Write where three dots stand, `...`; where a mistake is to be found, mend what is there. When you are
done, restart the kernel, run all cells, and hand in the file that the last one makes."""
CONFIGURATION = """\
# ASSIGNMENT CONFIG
name: {name}
requirements:
  - numpy
tests:
  ok_format: false
export_cell:
  pdf: false
"""
QUESTION = """\
# BEGIN QUESTION
name: {name}
points: {points}
all_or_nothing: true
"""
TEST = """\
def test_{function}(env):
    env["expect_right"](env["CHECKS"]["{name}"], env)
"""
HIDDEN = """\
\"\"\" # BEGIN TEST CONFIG
hidden: true
\"\"\" # END TEST CONFIG
def test_{function}_with_other_inputs(env):
    from {module} import expect_right

    check = {check}
    expect_right(check, env, seed={seed})
"""


def otter_assignment(lesson: Lesson) -> str:
    """The notebook's file, for `otter assign`.

    Args:
        lesson: Whose exercises.

    Raises:
        BadRequest: It has none.
    """
    exercises = assignment.exercises_for(lesson)
    cells = [
        assignment.cell("raw", "configuration", CONFIGURATION.format(name=lesson.name)),
        assignment.cell("markdown", "title", assignment.heading(lesson, HOW)),
        assignment.cell("code", "setup", assignment.setup(exercises), jupyter={"source_hidden": True}),
    ]
    for exercise in exercises:
        cells += _cells_of(exercise)
    return assignment.notebook_of(cells)


def _cells_of(exercise: Exercise) -> list[Cell]:
    name, points = exercise.name, POINTS.get(exercise.kind, 1)
    answer = assignment.answer(exercise, BEGIN_SOLUTION, END_SOLUTION, f"{BEGIN_SOLUTION} NO PROMPT")
    tests = [
        assignment.cell("code", f"{name}-test-{number}", text) for number, text in enumerate(_tests(exercise))
    ]
    return [
        assignment.cell("raw", f"{name}-question", QUESTION.format(name=name, points=points)),
        assignment.cell("markdown", f"{name}-task", assignment.task(exercise)),
        *_between(name, "SOLUTION", [assignment.cell("code", name, answer)]),
        *_between(name, "TESTS", tests),
        assignment.cell("raw", f"{name}-end", "# END QUESTION"),
    ]


def _between(name: str, what: str, cells: list[Cell]) -> list[Cell]:
    begin, end = (
        assignment.cell("raw", f"{name}-{word}-{what.lower()}", f"# {word.upper()} {what}")
        for word in ("begin", "end")
    )
    return [begin, *cells, end]


def _tests(exercise: Exercise) -> list[str]:
    function = exercise.name.replace("-", "_")
    tests = [TEST.format(function=function, name=exercise.name)]
    seed = hidden_seed(exercise)
    if seed is not None:
        # With other inputs, and its own copy of the check: a student may give the names above anew.
        check = literal(packed_check(exercise))
        tests.append(HIDDEN.format(function=function, module=MODULE, check=check, seed=seed))
    return tests
