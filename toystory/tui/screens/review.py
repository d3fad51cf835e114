"""Questions from memory that were not known before: asked again, over all chapters."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from toystory.course.catalogue import chapters
from toystory.course.text.prose import recall_of
from toystory.progress.review import Due
from toystory.tui.navigation import navigation
from toystory.tui.screens.base import BaseScreen
from toystory.tui.screens.breakpoints import apply_breakpoints
from toystory.tui.widgets.deferred import focus_now
from toystory.tui.widgets.footer import Footer
from toystory.tui.widgets.header import Header
from toystory.tui.widgets.text.recall import MARKS, RecallQuestion, RecallQuestions
from toystory.tui.widgets.too_small import TooSmall


class ReviewScreen(BaseScreen[None]):
    """One question after another; what is known now comes later, or never again."""

    DEFAULT_CSS = """
    ReviewScreen {
        & > VerticalScroll {
            padding: 1 2;
        }
        #told {
            margin-bottom: 1;
            color: $foreground 75%;
        }
        #done {
            display: none;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                f"{number}",
                f"choose({number - 1})",
                "how well" if number == 1 else word,
                show=number == 1,
                key_display=f"1–{len(MARKS)}",
                tooltip="say how well you knew it, by the number" if number == 1 else "",
            )
            for number, (word, _) in enumerate(MARKS, start=1)
        ),
        Binding("enter", "ask", "from memory", id="review.ask", tooltip="answer the question from memory"),
        Binding("escape,b,backspace", "leave", "back", key_display="esc", id="review.leave", tooltip="back"),
        Binding("Q", "leave", "questions", show=False),
    ]

    def __init__(self, due: list[Due]) -> None:
        super().__init__()
        folders = {chapter.name: chapter for chapter in chapters()}
        found = [(one, recall_of(folders[one.lesson].folder, one.question)) for one in due]
        # A question that its chapter has no more is not asked.
        self._due = [one for one, recall in found if recall is not None]
        self._recall = tuple(recall for _, recall in found if recall is not None)

    def compose(self) -> ComposeResult:
        apply_breakpoints(self)
        yield Header("From memory, once more")
        with VerticalScroll(can_focus=True):
            yield Static("What you did not know comes back: think, or type, then open the answer.", id="told")
            lessons = tuple(one.lesson for one in self._due)
            yield RecallQuestions(self._recall, {}, id="recall", classes="prose", lessons=lessons)
            yield Static("That was all. What you did not know comes back later.", id="done", markup=False)
        yield TooSmall()
        yield Footer()

    def on_mount(self) -> None:
        self.action_ask()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action not in ("choose", "ask") or not self.is_mounted:
            return True
        current = self.query_one(RecallQuestions).current
        return current is not None and current.waits == (action == "choose")

    def action_ask(self) -> None:
        if (question := self.query_one(RecallQuestions).current) is not None:
            question.ask()

    def action_choose(self, index: int) -> None:
        if (question := self.query_one(RecallQuestions).current) is not None:
            question.mark(index)

    def action_leave(self) -> None:
        if isinstance(self.focused, Input):
            focus_now(self.query_one(VerticalScroll))
            self.refresh_bindings()
        else:
            self.dismiss()

    def on_recall_question_opened(self, event: RecallQuestion.Opened) -> None:
        learner, question = navigation(self).learner, event.question
        learner.record(question.lesson).recall(question.recall.id, event.said)
        focus_now(self.query_one(VerticalScroll))
        self.refresh_bindings()

    def on_recall_question_marked(self, event: RecallQuestion.Marked) -> None:
        question = event.question
        navigation(self).learner.review(Due(question.lesson, question.recall.id), event.known)
        if self.query_one(RecallQuestions).current is None:
            self.query_one("#done").display = True
            focus_now(self.query_one(VerticalScroll))
        self.refresh_bindings()

    def copy_text(self) -> str:
        """The questions, and the answers that are open."""
        return "\n".join(
            f"{one.question}\n{one.answer}" for one in self._recall[: len(self._recall) - self._left()]
        )

    def _left(self) -> int:
        return self.query_one(RecallQuestions).left
