"""Questions from memory, one by one: think or type, then open the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from toystory.course.prose import Recall
from toystory.tui.widgets.deferred import after_refresh, focus_now
from toystory.tui.widgets.text.hanging_indent import HangingIndent, HangingLine

FAINT = "$foreground 65%"
NUMBER, LABEL = 3, 11
"""Columns of a question's number, and of what says whose answer it is."""


class RecallQuestion(Vertical):
    """One question; its answer opens on enter, or on a click, and what was typed stays beside it."""

    DEFAULT_CSS = """
    RecallQuestion {
        height: auto;
        margin-bottom: 1;
        & > Input {
            margin: 0 3;
            width: 1fr;
        }
    }
    """

    @dataclass
    class Opened(Message):
        """The answer was opened. said: what was typed before, which may be nothing."""

        question: RecallQuestion
        said: str

    def __init__(self, number: int, recall: Recall, said: str | None) -> None:
        """said: what was answered at another time; None where the question is still to be asked."""
        super().__init__()
        self.recall = recall
        self.said = said
        """None until the answer is open."""
        self._next_number = number
        self._input = Input(compact=True, placeholder="from memory; enter opens the answer")
        self._below = HangingIndent()

    def compose(self) -> ComposeResult:
        question = HangingIndent()
        number = (f"{self._next_number}  ", "bold $primary")
        question.show([HangingLine(Content.assemble(number, (_plain(self.recall.question), "bold")), NUMBER)])
        yield question
        yield self._input
        yield self._below

    def on_mount(self) -> None:
        self._show()

    def ask(self) -> None:
        """Put the cursor where the learner answers."""
        focus_now(self._input)

    def forget(self) -> None:
        """Be as before it was answered."""
        self.said = None
        self._input.value = ""
        self._show()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.open_answer()

    def on_click(self, event: events.Click) -> None:
        if self._below.region.contains_point(event.screen_offset):
            self.open_answer()

    def open_answer(self) -> None:
        """Show the answer below what was typed, and let the next question come."""
        if self.said is None:
            self.said = self._input.value.strip()
            self._show()
            self.post_message(self.Opened(self, self.said))

    def _show(self) -> None:
        self._input.display = self.said is None
        if self.said is None:
            lines = [Content.assemble("   ", ("open the answer", f"underline {FAINT}"))]
        else:
            answer = (_plain(self.recall.answer), "$text-success")
            lines = [Content.assemble(("   answer  ", FAINT), answer)]
            if self.said:
                lines.insert(0, Content.assemble(("   you     ", FAINT), self.said))
        self._below.show([HangingLine(line, LABEL) for line in lines])


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

    def __init__(
        self, recall: tuple[Recall, ...], said: Mapping[str, str], *, id: str | None = None, classes: str = ""
    ) -> None:
        """said: by the questions, what was answered at another time."""
        super().__init__(id=id, classes=classes)
        self._questions = [RecallQuestion(n, one, said.get(one.question)) for n, one in enumerate(recall, 1)]

    def compose(self) -> ComposeResult:
        yield from self._questions

    def on_mount(self) -> None:
        self._show_up_to_current()

    @property
    def current(self) -> RecallQuestion | None:
        """The one that is asked; None when all are answered."""
        return next((question for question in self._questions if question.said is None), None)

    def on_recall_question_opened(self, event: RecallQuestion.Opened) -> None:
        self._turn_to_next()

    def begin_again(self) -> None:
        """Ask them all once more."""
        for question in self._questions:
            question.forget()
        self._turn_to_next()

    def _turn_to_next(self) -> None:
        self._show_up_to_current()
        if (question := self.current) is not None:
            question.ask()
        last = question or self._questions[-1]
        after_refresh(self, last.scroll_visible, animate=False)

    def _show_up_to_current(self) -> None:
        current = self.current
        for question in self._questions:
            question.display = question.said is not None or question is current
