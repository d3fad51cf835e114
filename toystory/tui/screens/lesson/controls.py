"""What the keys of Train do to the bench: start, step, other rates and speeds, experiments of one's own."""

from __future__ import annotations

from collections.abc import Callable

from toystory.course.suggestion import Suggestion
from toystory.tui.screens.dialogs.learning_rate import LearningRateScreen
from toystory.tui.screens.dialogs.suggestions import SuggestionsScreen
from toystory.tui.screens.lesson.stage import Stage
from toystory.tui.widgets.training.experiments import Studies


class Controls(Stage):
    """A stage with the controls of the training."""

    def action_start_or_pause(self) -> None:
        self._do(self.bench.start_or_pause)

    def action_step(self) -> None:
        self._do(self.bench.step)

    def action_faster(self) -> None:
        self._do(self.bench.faster)

    def action_slower(self) -> None:
        self._do(self.bench.slower)

    def action_reset(self) -> None:
        self._do(self.bench.reset)

    def action_start_all(self) -> None:
        self._do(self.bench.start_all)

    def action_choose(self, step: int) -> None:
        self._do(lambda: self.bench.choose(self.bench.index + step))

    def on_studies_chosen(self, event: Studies.Chosen) -> None:
        self._do(lambda: self.bench.choose(event.index))

    def action_rate(self, factor: float) -> None:
        # Ten digits: a tenth, ten times, shall be the number it was.
        self._set_rate(float(f"{self.bench.session.learning_rate * factor:.10g}"))

    def action_type_rate(self) -> None:
        self.app.push_screen(LearningRateScreen(self.bench.session.learning_rate), self._set_rate)

    def _set_rate(self, value: float | None) -> None:
        if value is None:
            return
        try:
            self.bench.set_learning_rate(value)
        except ValueError as error:
            self.notify(str(error), severity="warning", timeout=4)
        self.show_now()

    def action_suggestions(self) -> None:
        suggestions = self.bench.lesson.suggestions
        tried = [self.bench.tried(suggestion) for suggestion in suggestions]
        if suggestions:
            self.app.push_screen(SuggestionsScreen(suggestions, tried), self._try)

    def _try(self, suggestion: Suggestion | None) -> None:
        if suggestion is not None:
            self._do(lambda: self.bench.try_suggestion(suggestion))

    def action_try_seeds(self) -> None:
        self._do(self.bench.try_seeds)

    def action_back_to_recipe(self) -> None:
        self._do(self.bench.back_to_recipe)

    def action_copy_command(self) -> None:
        text = self.bench.replay
        self.app.copy_to_clipboard(text)
        first, *more = text.splitlines()
        also = f"\nand {len(more)} more lines" if len(more) > 1 else "".join(f"\n{line}" for line in more)
        self.notify(f"{first}{also}", title="copied: what to type", timeout=6, markup=False)

    def _do(self, control: Callable[[], None]) -> None:
        control()
        self.show_now()

    def show_now(self) -> None:
        """Show at once what a key has changed."""
        raise NotImplementedError
