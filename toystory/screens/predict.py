"""Predict: say what will happen before you watch; afterwards, what did."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Markdown, OptionList, Static
from textual.widgets.option_list import Option

from toystory.screens.stage import Stage
from toystory.widgets.options import Options

LETTERS = "abcdefgh"


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
            "a,1", "say(0)", "choose", key_display="a–d", id="predict.a", tooltip="say a choice (also 1 to 4)"
        ),
        *(
            Binding(f"{letter},{n}", f"say({n - 1})", f"say {letter}", show=False, id=f"predict.{letter}")
            for n, letter in enumerate(LETTERS[1:4], start=2)
        ),
        Binding(
            "x",
            "show_answer",
            "show me anyway",
            id="predict.answer",
            tooltip="the answer, without running the experiments",
        ),
    ]

    def compose(self) -> ComposeResult:
        prediction = self.bench.lesson.prediction
        with VerticalScroll(classes="page", can_focus=True):
            yield Markdown(prediction.question, classes="prose question", open_links=False)
            yield Choices(id="choices", compact=True, markup=False)
            yield Static(id="said", classes="prose", markup=False)
            yield Markdown(id="answer", classes="prose", open_links=False)

    def on_mount(self) -> None:
        self._drawn: object = None
        self._open_answer: bool | None = None
        self.tick()

    def home(self) -> Widget:
        return self.query_one(VerticalScroll) if self.open else self.query_one(Options)

    @property
    def left(self) -> int:
        """How many of the lesson's experiments have not run to their end."""
        return sum(study.name not in self.bench.record.finished for study in self.bench.lesson.studies)

    @property
    def open(self) -> bool:
        """Whether the answer is shown."""
        return self.bench.record.answered or self.left == 0

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return not (self.open and action in ("say", "show_answer"))

    def action_say(self, index: int) -> None:
        if index < len(self.bench.lesson.prediction.choices):
            self.bench.record.prediction = index
            self.query_one(Options).highlighted = index
            self.tick()

    def action_show_answer(self) -> None:
        self.bench.record.answered = True
        self.tick()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.action_say(event.option_index)

    def tick(self) -> None:
        state = (self.bench.record.prediction, self.left, self.open)
        if state == self._drawn:
            return
        self._drawn = state
        choices = self.query_one(Options)
        choices.display = not self.open
        if self.open:
            self._show_answer()
        else:
            self._show_choices(choices)

    def _show_choices(self, choices: OptionList) -> None:
        said = self.bench.record.prediction
        highlighted = choices.highlighted
        choices.clear_options()
        for index, text in enumerate(self.bench.lesson.prediction.choices):
            mark = ("● ", "bold $primary") if index == said else ("○ ", "$foreground 50%")
            letter = (f"{LETTERS[index]}  ", "bold $primary")
            choices.add_option(
                Option(Content.assemble(mark, letter, (text, "bold" if index == said else "")))
            )
        choices.highlighted = highlighted if highlighted is not None else said or 0
        total = len(self.bench.lesson.studies)
        done = total - self.left
        if said is None:
            words = "Which is it? A guess is worth more than none."
        else:
            words = f"You say {LETTERS[said]}. It is written down; you may change your mind."
        how = (
            f"The answer comes when all experiments under Train have run ({done} of {total}). x shows it now."
        )
        self.query_one("#said", Static).update(Content.assemble(words, "\n", (how, "$foreground 65%")))

    def _show_answer(self) -> None:
        prediction, said = self.bench.lesson.prediction, self.bench.record.prediction
        happened = Content.assemble(
            ("What happens   ", "$foreground 65%"),
            (f"{LETTERS[prediction.answer]}  ", "bold $text-success"),
            (prediction.choices[prediction.answer], "bold"),
        )
        if said is None:
            you = Content.assemble(("You said       ", "$foreground 65%"), "nothing: next time, guess first")
        else:
            right = said == prediction.answer
            you = Content.assemble(
                ("You said       ", "$foreground 65%"),
                (f"{LETTERS[said]}  ", "bold $text-success" if right else "bold $text-warning"),
                prediction.choices[said],
                ("  ✓" if right else "", "bold $text-success"),
            )
        self.query_one("#said", Static).update(Content("\n").join([you, happened]))
        if not self._open_answer:
            self._open_answer = True
            lesson = self.bench.lesson
            self.query_one("#answer", Markdown).update(
                f"{prediction.explanation}\n\n---\n\n## Recap\n\n{lesson.recap}"
            )
        self.refresh_bindings()
        if self.query_one(Options).has_focus:
            self.home().focus()

    def copy_text(self) -> str:
        prediction = self.bench.lesson.prediction
        lines = [prediction.question, *(f"{LETTERS[i]}  {text}" for i, text in enumerate(prediction.choices))]
        if self.open:
            lines += ["", prediction.explanation, "", self.bench.lesson.recap]
        return "\n".join(lines)
