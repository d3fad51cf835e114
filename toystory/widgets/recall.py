"""Questions from memory, one by one: think or type, then open the answer."""

from __future__ import annotations

import textwrap

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from lessons.prose import Recall
from toystory.widgets.in_time import after_refresh, focus_now

FAINT = "$foreground 65%"
LEAST, WIDEST = 20, 74
"""Columns of a line: as many as the page gives, within these bounds."""
MARGINS = 6
"""Columns of the terminal that are not the page's."""


class RecallQuestion(Vertical):
    """One question; its answer opens on enter, or on a click, and what was typed stays beside it."""

    DEFAULT_CSS = """
    RecallQuestion {
        height: auto;
        margin-bottom: 1;
        & > Static {
            height: auto;
        }
        & > Input {
            margin: 0 3;
            width: 1fr;
        }
    }
    """

    def __init__(self, number: int, recall: Recall) -> None:
        super().__init__()
        self.recall = recall
        self.opened = False
        self._number = number
        self._input = Input(compact=True, placeholder="from memory; enter opens the answer")
        self._below = Static(markup=False)

    def compose(self) -> ComposeResult:
        question = self._hanging(_plain(self.recall.question), 3)
        words = Content.assemble((f"{self._number}  ", "bold $primary"), (question, "bold"))
        yield Static(words, markup=False)
        yield self._input
        yield self._below

    def on_mount(self) -> None:
        self._below.update(Content.assemble("   ", ("open the answer", f"underline {FAINT}")))

    def ask(self) -> None:
        """Put the cursor where the learner answers."""
        focus_now(self._input)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.open_answer()

    def on_click(self, event: events.Click) -> None:
        if self._below.region.contains_point(event.screen_offset):
            self.open_answer()

    def open_answer(self) -> None:
        """Show the answer below what was typed, and let the next question come."""
        if self.opened:
            return
        self.opened = True
        typed = self._input.value.strip()
        self._input.display = False
        said = Content.assemble(("   you     ", FAINT), typed, "\n") if typed else Content()
        words = self._hanging(_plain(self.recall.answer), 11)
        answer = Content.assemble(("   answer  ", FAINT), (words, "$text-success"))
        self._below.update(said + answer)
        if isinstance(self.parent, RecallQuestions):
            self.parent.turn_to_next()

    def _hanging(self, text: str, indent: int) -> str:
        """The text in lines, all but the first indented."""
        room = min(WIDEST, self.app.size.width - MARGINS) - indent
        return ("\n" + " " * indent).join(textwrap.wrap(text, max(LEAST, room)))


def _plain(text: str) -> str:
    """Without the marks of Markdown's code."""
    return text.replace("`", "")


class RecallQuestions(Vertical):
    """The questions of a lesson; the next one comes when the answer to the one before is open."""

    DEFAULT_CSS = """
    RecallQuestions {
        height: auto;
    }
    """

    def __init__(self, recall: tuple[Recall, ...], *, id: str | None = None, classes: str = "") -> None:
        super().__init__(id=id, classes=classes)
        self._questions = [RecallQuestion(n, one) for n, one in enumerate(recall, start=1)]

    def compose(self) -> ComposeResult:
        yield from self._questions

    def on_mount(self) -> None:
        for question in self._questions[1:]:
            question.display = False

    @property
    def current(self) -> RecallQuestion | None:
        """The one that is asked; None when all are answered."""
        return next((question for question in self._questions if not question.opened), None)

    def turn_to_next(self) -> None:
        """Ask the next question."""
        if (question := self.current) is not None:
            question.display = True
            question.ask()
            after_refresh(self, question.scroll_visible, animate=False)
        else:
            after_refresh(self, self._questions[-1].scroll_visible, animate=False)
