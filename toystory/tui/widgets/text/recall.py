"""Questions from memory, one by one: think or type, open the answer, say how well it was known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from toystory.course.text.prose import Recall
from toystory.progress.review import Known
from toystory.tui.widgets.deferred import after_refresh, focus_now
from toystory.tui.widgets.text.hanging_indent import HangingIndent, HangingLine

FAINT = "$foreground 65%"
MARKS: tuple[tuple[str, Known], ...] = (("knew it", 2), ("half", 1), ("not", 0))
"""What can be said of an answer, by the number that says it."""
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

    @dataclass
    class Marked(Message):
        """The learner has said how well it was known."""

        question: RecallQuestion
        known: Known

    def __init__(self, number: int, recall: Recall, said: str | None, lesson: str = "") -> None:
        """A question.

        Args:
            number: Its place among the others.
            recall: What is asked, and the answer.
            said: What was answered at another time; None where it is still to be asked.
            lesson: Where it is asked; "" for the lesson that is open.
        """
        super().__init__()
        self.recall = recall
        self.lesson = lesson
        self.said = said
        """None until the answer is open."""
        self.waits = False
        """Whether the answer is open, and it is to be said how well it was known."""
        self._known: Known | None = None
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
        if not self.waits:
            focus_now(self._input)

    def forget(self) -> None:
        """Be as before it was answered."""
        self.said, self.waits, self._known = None, False, None
        self._input.value = ""
        self._show()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.open_answer()

    def on_click(self, event: events.Click) -> None:
        if self._below.region.contains_point(event.screen_offset):
            self.open_answer()

    @property
    def typing(self) -> bool:
        """Whether the cursor is where the learner answers."""
        return self._input.has_focus

    @property
    def done(self) -> bool:
        """Whether there is nothing more to do with it."""
        return self.said is not None and not self.waits

    def action_mark(self, index: int) -> None:
        self.mark(index)

    def mark(self, index: int) -> None:
        """Say how well it was known: the index of one of MARKS."""
        if self.waits and index < len(MARKS):
            self.waits, self._known = False, MARKS[index][1]
            self._show()
            self.post_message(self.Marked(self, self._known))

    def open_answer(self) -> None:
        """Show the answer below what was typed, and ask how well it was known."""
        if self.said is None:
            self.said, self.waits = self._input.value.strip(), True
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
            if self.waits:
                lines.append(_choices())
            elif self._known is not None:
                word = next(word for word, known in MARKS if known == self._known)
                lines.append(Content.assemble(("   marked  ", FAINT), word))
        self._below.show([HangingLine(line, LABEL) for line in lines])


def _choices() -> Content:
    """How well was it known? The numbers are keys, and the words can be clicked."""
    parts: list[tuple[str, str]] = [("   and you ", FAINT)]
    for number, (word, _) in enumerate(MARKS, start=1):
        link = f"@click=mark({number - 1})"
        parts += [(f"{number} ", "bold $primary"), (word, f"underline {link}"), ("   ", "")]
    return Content.assemble(*parts)


def _plain(text: str) -> str:
    """Without the marks of Markdown's code."""
    return text.replace("`", "")


class RecallQuestions(Vertical):
    """Questions one after another; the next one comes when it was said how well the one before was known."""

    DEFAULT_CSS = """
    RecallQuestions {
        height: auto;
    }
    """

    def __init__(
        self,
        recall: tuple[Recall, ...],
        said: Mapping[str, str],
        *,
        id: str | None = None,
        classes: str = "",
        lessons: tuple[str, ...] = (),
    ) -> None:
        """The questions of a lesson.

        Args:
            recall: All of them.
            said: By the ids of questions, what was answered at another time.
            id: Of the widget.
            classes: Of the widget.
            lessons: Of each question, where it is asked; none for the lesson that is open.
        """
        super().__init__(id=id, classes=classes)
        of = lessons or ("",) * len(recall)
        self._questions = [
            RecallQuestion(number, one, said.get(one.id), lesson)
            for number, (one, lesson) in enumerate(zip(recall, of, strict=True), 1)
        ]

    def compose(self) -> ComposeResult:
        yield from self._questions

    def on_mount(self) -> None:
        self._show_up_to_current()

    @property
    def current(self) -> RecallQuestion | None:
        """The one that is asked, or whose mark is; None when all are answered."""
        return next((question for question in self._questions if not question.done), None)

    @property
    def left(self) -> int:
        """How many are to be asked, or marked, still."""
        return sum(not question.done for question in self._questions)

    def on_recall_question_opened(self, event: RecallQuestion.Opened) -> None:
        after_refresh(self, event.question.scroll_visible, animate=False)

    def on_recall_question_marked(self, event: RecallQuestion.Marked) -> None:
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
            question.display = question.done or question is current
