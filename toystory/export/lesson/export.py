"""A lesson in one of the formats, as the text of a file."""

from __future__ import annotations

from collections.abc import Iterator

from toystory.course.lesson import Lesson
from toystory.course.lesson_results import LessonResult
from toystory.export.lesson import program, reading
from toystory.export.lesson.blocks import Block
from toystory.export.lesson.html import html
from toystory.export.lesson.markdown import markdown
from toystory.export.lesson.measured import measured
from toystory.export.lesson.nbgrader import nbgrader_assignment
from toystory.export.lesson.notebook import notebook
from toystory.export.lesson.otter import otter_assignment

ASSIGNMENTS = {"nbgrader": nbgrader_assignment, "otter": otter_assignment}
"""The exercises for a grader, by its name."""


def export(lesson: Lesson, format: str, result: LessonResult | None = None, solutions: bool = True) -> str:
    """The file's text, the same at every call.

    Args:
        lesson: What is exported.
        format: notebook, markdown, html, or one of ASSIGNMENTS: the exercises, solutions among them.
        result: What the lesson's experiments came to; without it, markdown and html leave the figures out. A
            notebook trains them itself.
        solutions: Whether those of the exercises go along.
    """
    if format == "notebook":
        return notebook(lesson, solutions)
    if format in ASSIGNMENTS:
        return ASSIGNMENTS[format](lesson)
    blocks = _to_read(lesson, result, drawings=format == "html", solutions=solutions)
    return html(lesson.chapter.title, blocks) if format == "html" else markdown(blocks)


def _to_read(lesson: Lesson, result: LessonResult | None, drawings: bool, solutions: bool) -> Iterator[Block]:
    yield from reading.story(lesson)
    yield from reading.question(lesson)
    yield from reading.derivation(lesson)
    yield from program.model_sources(lesson)
    if result is None:
        yield from program.experiments(lesson)
    else:
        yield from measured(result, drawings)
    yield from reading.exercises(lesson, solutions)
    yield from reading.recap(lesson)
    yield from reading.answer(lesson)
    if solutions:
        yield from reading.solutions(lesson)
