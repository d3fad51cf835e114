"""Where a screen can send the learner: what the app offers to its screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from textual.binding import Keymap
from textual.widget import Widget

from toystory.progress.lesson_progress import CourseProgress

if TYPE_CHECKING:  # the first picture of the app waits for no NumPy
    from toystory.training.experiment import Experiment


class Navigation(Protocol):
    """The app, as far as a screen needs to know it."""

    learner: CourseProgress
    changed_keys: Keymap
    """Keys that the learner has changed, by the names of their bindings."""

    def open_lesson(self, name: str) -> None:
        """Open the lesson called `name`, from wherever one is."""

    def ask_sandbox(self) -> None:
        """Ask for a model, a gate and settings, and open the sandbox with them."""

    def open_real_numbers(self) -> None:
        """Rows of real numbers, over what is shown."""

    def open_sandbox(self, experiment: Experiment | None) -> None:
        """Open the sandbox with this experiment, from wherever one is; None: stay."""


def navigation(widget: Widget) -> Navigation:
    """The app that `widget` is in."""
    return cast(Navigation, widget.app)
