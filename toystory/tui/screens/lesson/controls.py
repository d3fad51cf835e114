"""What the keys of Train do in a lesson: start, step, other rates and speeds, experiments of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from toystory.base.served import has_clipboard
from toystory.course.suggestion import Suggestion
from toystory.tui.screens.dialogs.learning_rate import LearningRateScreen
from toystory.tui.screens.dialogs.rate_finder import RateFinderScreen
from toystory.tui.screens.dialogs.suggestions import SuggestionsScreen
from toystory.tui.screens.stage import Stage
from toystory.tui.widgets.training.experiments import ExperimentList


class Controls(Stage):
    """A stage with the controls of the training."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "start_or_pause", "run", id="train.start", tooltip="start, pause, go on"),
        Binding(
            "full_stop",
            "step",
            "step",
            key_display=".",
            id="train.step",
            tooltip="one update",
        ),
        Binding(
            "plus,equals_sign",
            "faster",
            "faster",
            show=False,
            key_display="+",
            id="train.faster",
            tooltip="more updates a second",
        ),
        Binding(
            "minus",
            "slower",
            "slower",
            show=False,
            key_display="-",
            id="train.slower",
            tooltip="fewer updates a second, to watch closely",
        ),
        Binding(
            "left_square_bracket",
            "rate(0.1)",
            "less",
            show=False,
            key_display="[",
            id="train.rate_down",
            tooltip="a tenth of the learning rate",
        ),
        Binding(
            "right_square_bracket",
            "rate(10)",
            "more",
            show=False,
            key_display="]",
            id="train.rate_up",
            tooltip="ten times the learning rate",
        ),
        Binding("e", "type_rate", "type", id="train.rate", tooltip="type a learning rate, such as 0.003"),
        Binding(
            "r",
            "reset",
            "anew",
            id="train.reset",
            tooltip="back to the first weights and the recipe; once more: back to the finished run",
        ),
        Binding("a", "start_all", "all", id="train.all", tooltip="run all experiments, one after another"),
        Binding(
            "up",
            "choose(-1)",
            "experiment before",
            show=False,
            key_display="↑",
            id="train.up",
            tooltip="the experiment before",
        ),
        Binding(
            "down",
            "choose(1)",
            "next experiment",
            show=False,
            key_display="↓",
            id="train.down",
            tooltip="the next experiment",
        ),
        Binding("I", "suggestions", "ideas", show=False, id="train.ideas", tooltip="ideas: what else to try"),
        Binding(
            "J",
            "find_rate",
            "find rate",
            show=False,
            id="train.find_rate",
            tooltip="which learning rate to begin with: a short run over many",
        ),
        Binding(
            "H",
            "run_seeds",
            "20 seeds",
            show=False,
            id="train.seeds",
            tooltip="how many of 20 seeds solve it? with these settings",
        ),
        Binding(
            "K",
            "run_control",
            "control",
            show=False,
            id="train.control",
            tooltip="the control: can these settings learn to copy one bit?",
        ),
        Binding(
            "X",
            "back_to_recipe",
            "recipe",
            show=False,
            id="train.recipe",
            tooltip="back to the lesson's recipe, from settings of your own",
        ),
        Binding(
            "W",
            "copy_command",
            "command",
            show=False,
            id="train.command",
            tooltip="what to type to run this again: copies the command",
        ),
    ]

    def action_start_or_pause(self) -> None:
        self._do(self.lesson_state.start_or_pause)

    def action_step(self) -> None:
        self._do(self.lesson_state.step)

    def action_faster(self) -> None:
        self._do(self.lesson_state.faster)

    def action_slower(self) -> None:
        self._do(self.lesson_state.slower)

    def action_reset(self) -> None:
        self._do(self.lesson_state.reset)

    def action_start_all(self) -> None:
        self._do(self.lesson_state.start_all)

    def action_choose(self, step: int) -> None:
        self._do(lambda: self.lesson_state.choose(self.lesson_state.index + step))

    def on_experiment_list_chosen(self, event: ExperimentList.Chosen) -> None:
        self._do(lambda: self.lesson_state.choose(event.index))

    def action_rate(self, factor: float) -> None:
        # Ten digits: a tenth, ten times, shall be the number it was.
        self._set_rate(float(f"{self.lesson_state.session.learning_rate * factor:.10g}"))

    def action_type_rate(self) -> None:
        self.app.push_screen(LearningRateScreen(self.lesson_state.session.learning_rate), self._set_rate)

    def _set_rate(self, value: float | None) -> None:
        if value is None:
            return
        try:
            self.lesson_state.set_learning_rate(value)
        except ValueError as error:
            self.notify(str(error), severity="warning", timeout=4)
        self.show_now()

    def action_find_rate(self) -> None:
        self.app.push_screen(RateFinderScreen(self.lesson_state.session.experiment), self._set_rate)

    def action_suggestions(self) -> None:
        suggestions = self.lesson_state.lesson.suggestions
        has_run = [self.lesson_state.has_run(suggestion) for suggestion in suggestions]
        if suggestions:
            self.app.push_screen(SuggestionsScreen(suggestions, has_run), self._try)

    def _try(self, suggestion: Suggestion | None) -> None:
        if suggestion is not None:
            self._do(lambda: self.lesson_state.run_suggestion(suggestion))

    def action_run_control(self) -> None:
        self._do(self.lesson_state.run_control)

    def action_run_seeds(self) -> None:
        self._do(self.lesson_state.run_seeds)

    def action_back_to_recipe(self) -> None:
        self._do(self.lesson_state.back_to_recipe)

    def action_copy_command(self) -> None:
        text = self.lesson_state.command
        self.app.copy_to_clipboard(text)
        if not has_clipboard():
            return  # the page shows it
        first, *more = text.splitlines()
        also = f"\nand {len(more)} more lines" if len(more) > 1 else "".join(f"\n{line}" for line in more)
        self.notify(f"{first}{also}", title="copied: what to type", timeout=6, markup=False)

    def _do(self, control: Callable[[], str | None]) -> None:
        if told := control():
            self.notify(told, timeout=5)
        self.show_now()

    def show_now(self) -> None:
        """Show at once what a key has changed."""
        raise NotImplementedError
