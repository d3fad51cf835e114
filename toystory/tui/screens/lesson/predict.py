"""Predict: say what will happen before you watch; afterwards, what did."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from toystory.tui.navigation import navigation
from toystory.tui.screens.lesson.status_text import summary
from toystory.tui.screens.stage import Stage
from toystory.tui.widgets.deferred import focus_now
from toystory.tui.widgets.focusable import FocusableScroll
from toystory.tui.widgets.options import Options
from toystory.tui.widgets.text.hanging_indent import HangingIndent, HangingLine, hanging_text
from toystory.tui.widgets.text.prose import Prose
from toystory.tui.widgets.text.recall import MARKS, RecallQuestion, RecallQuestions

MOST_CHOICES = 4
"""How many choices have a key."""
INDENT = 5
"""Columns before the words of a choice: its mark and its number."""
SAID = 18
"""Columns before the words of what was said: who said it, and the number."""
MARGINS, LEAST, WIDEST = 12, 20, 67
"""Columns that are left of a row for a choice's words: all but so many, within these bounds."""
MOST_OPEN = 3
"""How many experiments that have not run are named one by one."""
WIDEST_NAME = 24
"""Names up to so many columns stand in a column of their own."""
FAINT = "$foreground 65%"


class Choices(Options):
    """The choices; its keys are shown in the footer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "cursor_down", "move", key_display="↑↓", id="choices.down", tooltip="mark a choice"),
        Binding("enter", "select", "say it", id="choices.say", tooltip="say the marked choice"),
    ]


class PredictStage(Stage):
    """The question and its choices; once the experiments have run, or on request, answer and recap."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "1",
            "choose(0)",
            "how well",
            key_display=f"1–{len(MARKS)}",
            id="predict.mark",
            tooltip="say how well you knew an answer",
        ),
        Binding(
            "1",
            "say(0)",
            "choose",
            key_display=f"1–{MOST_CHOICES}",
            id="predict.1",
            tooltip="say a choice, or how well you knew an answer, by its number",
        ),
        *(
            Binding(f"{n}", f"say({n - 1})", f"say {n}", show=False, id=f"predict.{n}")
            for n in range(2, MOST_CHOICES + 1)
        ),
        Binding(
            "enter",
            "recall",
            "from memory",
            id="predict.recall",
            tooltip="answer the next question from memory",
        ),
        Binding(
            "r",
            "recall_again",
            "anew",
            id="predict.again",
            tooltip="answer the questions from memory once more",
        ),
        Binding(
            "A",
            "show_answer",
            "answer",
            id="predict.answer",
            tooltip="the answer, without running the experiments",
        ),
    ]

    def compose(self) -> ComposeResult:
        prediction = self.lesson_state.lesson.prediction
        with FocusableScroll(classes="page", can_focus=True):
            yield Prose(prediction.question, classes="prose question")
            yield Choices(id="choices", compact=True, markup=False)
            yield HangingIndent(id="said", classes="prose")
            yield HangingIndent(id="measured", classes="prose")
            yield Prose(id="answer", classes="prose")
            said = self.lesson_state.record.recalled
            yield RecallQuestions(self.lesson_state.lesson.recall, said, id="recall", classes="prose")

    def on_mount(self) -> None:
        self._drawn: object = None
        self._open_answer: bool | None = None
        self._asking = False
        """Whether the questions are being answered: from memory, so what they ask for is out of sight."""
        self._led_to_reason = False
        """Whether the next step has been followed to the reason already."""
        self.tick()

    def focus_target(self) -> Widget:
        return self.query_one(FocusableScroll) if self.open else self.query_one(Options)

    @property
    def left(self) -> list[str]:
        """Those of the experiments that answer the question which have not run to their end."""
        return [
            name for name in self.lesson_state.lesson.answers if name not in self.lesson_state.record.finished
        ]

    @property
    def open(self) -> bool:
        """Whether the answer is shown: when all has run, and not before something was said; or on request."""
        record = self.lesson_state.record
        return record.answered or (not self.left and record.prediction is not None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "recall":
            return self.open and self.query_one(RecallQuestions).current is not None
        if action == "recall_again":
            return self.open and self.query_one(RecallQuestions).current is None
        if action == "choose" and not self.open:
            return False
        if action == "choose" or (action == "say" and self.open):
            current = self.query_one(RecallQuestions).current
            waits = current is not None and current.waits
            return waits and (action == "choose" or parameters[0] in range(1, len(MARKS)))
        return not (self.open and action == "show_answer")

    def action_say(self, index: int) -> None:
        if self.open:
            if (question := self.query_one(RecallQuestions).current) is not None:
                question.mark(index)
        elif index < len(self.lesson_state.lesson.prediction.choices):
            self.lesson_state.record.prediction = index
            self.query_one(Options).highlighted = index
            self.tick()

    def action_choose(self, index: int) -> None:
        self.action_say(index)

    @property
    def form(self) -> str:
        question = self.query_one(RecallQuestions).current if self.open else None
        if question is None:
            return ""
        if question.waits:
            return f"how well did you know it? 1–{len(MARKS)} says it"
        return "answer from memory, then enter" if question.typing else ""

    def follow(self) -> None:
        """Turn to the reason; once it is in sight, ask from memory."""
        page, reason = self.query_one(FocusableScroll), self.query_one("#answer")
        if not (self._asking or self._led_to_reason):
            self._led_to_reason, before = True, page.scroll_y
            page.scroll_to(y=reason.virtual_region.y, animate=False, immediate=True)
            if page.scroll_y != before:
                return
        self.action_recall()

    def action_recall(self) -> None:
        if (question := self.query_one(RecallQuestions).current) is not None:
            self._ask_from_memory(True)
            question.ask()
            question.scroll_visible(animate=False)

    def action_recall_again(self) -> None:
        self._ask_from_memory(True)
        self.query_one(RecallQuestions).begin_again()

    def on_recall_question_opened(self, event: RecallQuestion.Opened) -> None:
        self.lesson_state.record.recall(event.question.recall.id, event.said)
        focus_now(self.focus_target())
        self.refresh_bindings()

    def on_recall_question_marked(self, event: RecallQuestion.Marked) -> None:
        learner, record = navigation(self).learner, self.lesson_state.record
        number = self.lesson_state.lesson.chapter.number
        record.review(event.question.recall.id, event.known, number, learner.last)
        left = self.query_one(RecallQuestions).current
        self._ask_from_memory(left is not None)
        if left is None:
            focus_now(self.focus_target())
        self.refresh_bindings()

    def _ask_from_memory(self, asking: bool) -> None:
        """Put what was read out of sight while the questions are answered, and back when they are."""
        self._asking = asking
        for part in ("#said", "#measured", "#answer"):
            self.query_one(part).display = self.open and not asking

    def field_left(self) -> None:
        self._ask_from_memory(False)

    def on_hide(self) -> None:
        if self._asking:
            self._ask_from_memory(False)

    def action_show_answer(self) -> None:
        self.lesson_state.record.answered = True
        self.tick()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.action_say(event.option_index)

    def tick(self) -> None:
        if not self.is_attached:
            return
        record = self.lesson_state.record
        state = (record.prediction, tuple(self.left), self.open, len(record.verdicts), self.app.size.width)
        if state == self._drawn:
            return
        self._drawn = state
        choices = self.query_one(Options)
        choices.display = not self.open
        for part in ("#measured", "#answer", "#recall"):
            self.query_one(part).display = self.open and not (self._asking and part != "#recall")
        if self.open:
            self._show_answer()
        else:
            self._show_choices(choices)

    def _show_choices(self, choices: OptionList) -> None:
        said = self.lesson_state.record.prediction
        highlighted = choices.highlighted
        room = INDENT + max(LEAST, min(WIDEST, self.app.size.width - MARGINS))
        choices.clear_options()
        for index, text in enumerate(self.lesson_state.lesson.prediction.choices):
            mark = ("● ", "bold $primary") if index == said else ("○ ", "$foreground 50%")
            number = (f"{index + 1}  ", "bold $primary")
            shown = Content.assemble(mark, number, (text, "bold" if index == said else ""))
            choices.add_option(Option(hanging_text(HangingLine(shown, INDENT), room)))
        choices.highlighted = highlighted if highlighted is not None else said or 0
        if said is None:
            words = "Which is it? A guess is worth more than none."
        else:
            words = f"You say {said + 1}. It is written down; you may change your mind."
        self.query_one("#said", HangingIndent).show(
            [HangingLine(Content(words)), HangingLine(Content.styled(self._when(), FAINT))]
        )

    def _when(self) -> str:
        """When the answer comes."""
        left, total = self.left, len(self.lesson_state.lesson.answers)
        if not left:
            return "The answer comes as you say it. A shows it now."
        what = f"“{left[0]}”" if total == 1 else f"{total} experiments"
        done = "" if total == 1 else f" ({total - len(left)} of {total})"
        return f"{what} under Train will tell{done}. A shows the answer now."

    def _show_answer(self) -> None:
        prediction, said = self.lesson_state.lesson.prediction, self.lesson_state.record.prediction
        happened = Content.assemble(
            ("What happens   ", FAINT),
            (f"{prediction.answer + 1}  ", "bold $text-success"),
            (prediction.choices[prediction.answer], "bold"),
        )
        if said is None:
            you = Content.assemble(("You said       ", FAINT), "nothing: next time, guess first")
        else:
            right = said == prediction.answer
            you = Content.assemble(
                ("You said       ", FAINT),
                (f"{said + 1}  ", "bold $text-success" if right else "bold $text-warning"),
                prediction.choices[said],
                ("  ✓" if right else "", "bold $text-success"),
            )
        self.query_one("#said", HangingIndent).show([HangingLine(you, SAID), HangingLine(happened, SAID)])
        self.query_one("#measured", HangingIndent).show(self._measured())
        if not self._open_answer:
            self._open_answer = True
            lesson = self.lesson_state.lesson
            self.query_one("#answer", Prose).update(
                f"{prediction.explanation}\n\n---\n\n## Recap\n\n{lesson.to_keep}\n\n## From memory"
            )
        self.refresh_bindings()
        if self.query_one(Options).has_focus:
            focus_now(self.focus_target())

    def _measured(self) -> list[HangingLine]:
        """What the experiments that answer the question came to in the learner's own runs."""
        record, answers, left = self.lesson_state.record, self.lesson_state.lesson.answers, self.left
        lines = [HangingLine(Content.styled("Measured on your bench", "bold"))]
        one_by_one = [name for name in answers if name not in left or len(left) <= MOST_OPEN]
        widest = max(map(len, one_by_one), default=0)
        name_width = widest if widest <= WIDEST_NAME else 0
        for name in one_by_one:
            runs = record.finished.get(name)
            result = summary(runs) if runs else "has not run to its end yet"
            said = Content.assemble((f"{name:<{name_width}}  ", FAINT), (result, "bold" if runs else FAINT))
            lines.append(HangingLine(said, indent=name_width + 2))
        if len(left) > MOST_OPEN:
            lines.append(
                HangingLine(Content.styled(f"{len(left)} experiments have not run to their end yet", FAINT))
            )
        known = [
            record.verdicts.get(c.text)
            for c in self.lesson_state.lesson.claims
            if set(c.needs) <= set(answers)
        ]
        verdicts = [verdict for verdict in known if verdict is not None]
        width = max((len(verdict.shown) for verdict in verdicts), default=0)
        for verdict in verdicts:
            color = "$text-success" if verdict.passed else "$text-error"
            said = Content.assemble((f"{verdict.shown:<{width}}  ", color), (verdict.claim.text, FAINT))
            lines.append(HangingLine(said, indent=width + 2))
        return lines

    def copy_text(self) -> str:
        prediction = self.lesson_state.lesson.prediction
        lines = [prediction.question, *(f"{i}  {text}" for i, text in enumerate(prediction.choices, 1))]
        if self.open:
            lines += [
                "",
                *(line.content.plain for line in self._measured()),
                "",
                prediction.explanation,
                "",
                self.lesson_state.lesson.recap,
            ]
        return "\n".join(lines)
