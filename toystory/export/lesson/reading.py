"""The parts of a lesson that are read: the same in every format."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from toystory.course.derivation.steps import WorkedStep, source_file
from toystory.course.derivation.symbols import Symbol
from toystory.course.exercises.exercise import exercises_of
from toystory.course.lesson import Lesson
from toystory.course.worked_example import example_to_read
from toystory.export.lesson.blocks import Block, Code, Folded, Formula, Prose
from toystory.export.lesson.exercise_checks import packed_check
from toystory.export.lesson.package import literal
from toystory.training.run import Study, Sweep, experiments_of

IN_CELLS = "The cell below each says what is wrong first, with no limit on time: interrupt it if you must. "
CHECKS = '''\
from toystory.course.exercises.in_notebook import verdict

CHECKS = {{
{entries}
}}


def check_exercise(name: str) -> None:
    """Say whether the functions of the cells above are right, or what is wrong first."""
    print(f"{{name}}: {{verdict(CHECKS[name], globals())}}")
'''


def story(lesson: Lesson) -> Iterator[Block]:
    """The title and the story."""
    chapter = lesson.chapter
    yield Prose("title", f"# {chapter.number}. {chapter.title}\n\n*{chapter.about}*\n")
    yield Prose("story", lesson.story)


def question(lesson: Lesson) -> Iterator[Block]:
    """The prediction to be made, without its answer."""
    asked = lesson.prediction
    choices = [f"- **{number})** {choice}" for number, choice in enumerate(asked.choices, start=1)]
    decide = "Decide before you read on; the answer is folded up near the end."
    yield Prose("predict", "\n".join(["## Predict", "", asked.question, "", *choices, "", decide]))


def answer(lesson: Lesson) -> Iterator[Block]:
    """The answer to it."""
    asked = lesson.prediction
    right = f"**{asked.answer + 1}) {asked.choices[asked.answer]}**"
    yield Prose("answer", "## Was your prediction right?")
    yield Folded("answer-folded", "The answer", f"{right}\n\n{asked.explanation}")


def derivation(lesson: Lesson) -> Iterator[Block]:
    """Every step: its equation and sentence, its numbers, the line that computes it."""
    whose, steps = example_to_read(lesson)
    yield Prose(
        "derivation",
        f"## The derivation\n\nThe numbers are those of {whose}.\n\n{_names(lesson.symbols)}",
    )
    for done in steps:
        yield _step(done)


def recap(lesson: Lesson) -> Iterator[Block]:
    """What to keep, and where it comes from."""
    yield Prose("recap", f"## Recap\n\n{lesson.recap.replace('## ', '### ')}")
    yield Prose("sources", f"## Sources\n\n{lesson.sources}")


def exercises(lesson: Lesson, solutions: bool = True, checks: bool = False) -> Iterator[Block]:
    """The tasks with their gaps; nothing where the lesson has none.

    Args:
        lesson: Whose.
        solutions: Whether they follow.
        checks: Whether each is followed by a cell that says whether it is right.
    """
    found = exercises_of(lesson.name)
    if found:
        where = "; the solutions stand at the very end" if solutions else ""
        command = f"`toystory check {found[0].key}`"
        yield Prose(
            "exercises",
            f"## Your turn\n\nCode it yourself{where}. "
            + (IN_CELLS if checks else "")
            + f"{command} checks such a file on the command line and says what is wrong.",
        )
    if found and checks:
        entries = "\n".join(
            f'    "{exercise.name}": {literal(packed_check(exercise))},' for exercise in found
        )
        yield Code("checks", CHECKS.format(entries=entries), folded=True)
    for exercise in found:
        yield Prose(f"exercise-{exercise.name}", f"### {exercise.title}\n\n{exercise.task}")
        yield Code(f"exercise-{exercise.name}-code", without_docstring(exercise.start))
        if checks:
            yield Code(f"exercise-{exercise.name}-check", f'check_exercise("{exercise.name}")\n')


def solutions(lesson: Lesson) -> Iterator[Block]:
    """What the exercises come to."""
    found = exercises_of(lesson.name)
    if found:
        yield Prose("solutions", "## Solutions")
    for exercise in found:
        yield Prose(f"solution-{exercise.name}", f"### {exercise.title}\n\n{exercise.explanation}")
        yield Code(f"solution-{exercise.name}-code", without_docstring(exercise.solution), folded=True)


def study_line(study: Study) -> str:
    """Its settings, in words."""
    runs = f" ({len(study.experiments)} runs)" if isinstance(study, Sweep) else ""
    return f"{experiments_of(study)[0].describe()}{runs}"


def _step(done: WorkedStep) -> Formula:
    step = done.step
    return Formula(
        f"step-{done.number}",
        f"### {done.number}. {step.title}",
        step.equation,
        f"{step.sentence}\n\n```text\n{done.worked}\n```\n\nIn `{source_file(step.module)[0]}`:\n\n"
        f"```python\n{step.source}\n```",
    )


def _names(symbols: tuple[Symbol, ...]) -> str:
    rows = [f"| `{s.name}` | {_shape(s)} | {s.meaning} |" for s in symbols]
    return "\n".join(["| in the code | shape | what it is |", "|---|---|---|", *rows])


def _shape(symbol: Symbol) -> str:
    return f"({', '.join(symbol.axes)})" if symbol.axes else "a number"


def without_docstring(source: str) -> str:
    """The code without the task, which is shown as text."""
    body = ast.parse(source).body
    lines = source.splitlines()
    return "\n".join(lines[body[0].end_lineno :]).strip("\n") + "\n" if body else source
