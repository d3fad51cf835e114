"""The lesson's training run in another framework: a script to read, to copy and to run."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from toystory.base.errors import BadRequest
from toystory.course.lesson import Lesson
from toystory.export.frameworks.training import FRAMEWORKS, training_script
from toystory.training.experiment import Experiment
from toystory.tui.screens.inspection.source import CodeScreen


class FrameworkScreen(CodeScreen):
    """PyTorch first, then JAX, with the settings of the run that is looked at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,b,backspace", "dismiss", "back", key_display="esc", tooltip="back (also b, F)"),
        Binding("F", "dismiss", "PyTorch", show=False),
    ]

    def __init__(self, lesson: Lesson, experiment: Experiment) -> None:
        super().__init__(tuple(FRAMEWORKS))
        self._lesson, self._experiment = lesson, experiment

    def text_of(self, file: str) -> str:
        for experiment in (self._experiment, None):  # else the run that the lesson ends with
            try:
                return training_script(self._lesson, file, experiment)
            except (BadRequest, LookupError) as error:
                told = str(error)
        return f"# {told}\n"

    def heading(self, file: str, text: str) -> tuple[str, int | None]:
        return (
            f"{FRAMEWORKS[file].NAME}: the same training run, with its differences named. y copies it",
            None,
        )
