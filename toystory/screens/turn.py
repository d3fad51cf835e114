"""Your turn: a task to do in one's own Python, with the code of this package."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Markdown

from lessons.derivation import find_source
from lessons.lesson import Lesson
from toystory.screens.stage import Stage

TASKS = Path(__file__).parent / "turn"
HONEST = (
    "You do this one outside the app, in a Python prompt or a notebook of your own, and judge the outcome "
    "yourself: exercises that the program checks are not part of this version."
)


def task(lesson: Lesson) -> str:
    """The task of a lesson, as Markdown."""
    return (TASKS / f"{lesson.name}.md").read_text(encoding="utf-8")


def code_of(lesson: Lesson) -> str:
    """Where the file stands that the lesson's derivation begins in."""
    try:
        module = find_source(lesson.derivation[0]).file.removesuffix(".py").replace("/", ".")
    except LookupError:  # the learner has edited it
        module = f"models.{lesson.derivation[0].module}"
    return str(import_module(module).__file__)


class TurnStage(Stage):
    """The task, and where the code stands."""

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="page"):
            yield Markdown(self._markdown(), classes="prose", open_links=False)

    def home(self) -> Widget:
        return self.query_one(VerticalScroll)

    def _markdown(self) -> str:
        lesson = self.bench.lesson
        return f"# Your turn\n\n{HONEST}\n\n{task(lesson)}\n\nThe code is in `{code_of(lesson)}`.\n"

    def copy_text(self) -> str:
        return self._markdown()
