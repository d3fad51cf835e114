"""The derivation beside the training: every step a panel, with the running model's own numbers."""

from __future__ import annotations

from itertools import cycle, islice
from typing import NamedTuple

import numpy as np
from rich.panel import Panel
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from lessons.derivation import DerivationStep, evaluate, value_of, worked
from lessons.worked import Worked
from models.arrays import FloatArray
from models.bits import Task
from models.model import Model
from toystory import numbers
from toystory.panels import derivation_panel, derivation_text


def example_row(example: tuple[int, ...], task: Task, recurrent: bool) -> tuple[int, ...]:
    """The lesson's example row, as wide as the task where the model needs it so."""
    return example if recurrent else tuple(islice(cycle(example), task.columns))


class Numbers(NamedTuple):
    """What a step comes to now: its value, and its equation with the numbers put in. Both None where the
    model has no such value."""

    value: FloatArray | None = None
    worked: Worked | None = None


def numbers_of(
    steps: tuple[DerivationStep, ...], model: Model, row: tuple[int, ...], task: Task, learning_rate: float
) -> list[Numbers]:
    """The numbers of every step for one row."""
    x = np.array([row], dtype=np.uint8)
    with np.errstate(all="ignore"):
        values = evaluate(model, x, task.whole_rows(x).y, learning_rate)
        return [
            Numbers(value_of(step, values, model), worked(step, values, model, learning_rate))
            if step.value in values
            else Numbers()
            for step in steps
        ]


class Step(Static):
    """One step; a click chooses it."""

    def __init__(self, number: int, step: DerivationStep) -> None:
        super().__init__(markup=False)
        self.number = number
        self.step = step
        self._drawn: tuple[str, str] | None = None

    @property
    def drawn(self) -> bool:
        """Whether anything was drawn yet."""
        return self._drawn is not None

    def draw(self, now: Numbers, border: str) -> None:
        """Draw the panel, if that would change anything."""
        figures = f"{now.worked}\n{'' if now.value is None else numbers.array(now.value)}"
        if (figures, border) == self._drawn:
            return
        # Lines of another length may wrap otherwise: only then the panels below may have to move.
        layout = self._drawn is None or _lengths(figures) != _lengths(self._drawn[0])
        self._drawn = (figures, border)
        self.update(self._panel(now, border), layout=layout)

    def _panel(self, now: Numbers, border: str) -> Panel:
        try:
            panel = derivation_panel(self.number, self.step, *now)
        except LookupError as error:  # the learner may be editing the file at this moment
            panel = Panel(Text(f"{self.step.equation}\n{error.args[0]}"), title=Text(self.step.title))
        panel.border_style = border
        return panel

    def on_click(self, event: events.Click) -> None:
        if isinstance(self.parent, DerivationView):
            self.parent.choose(self.number - 1)


def _lengths(text: str) -> list[int]:
    return [len(line) for line in text.splitlines()]


class DerivationView(VerticalScroll):
    """All steps under each other, one of them chosen."""

    can_focus = False

    DEFAULT_CSS = """
    DerivationView {
        scrollbar-gutter: stable;
    }
    DerivationView > Step {
        height: auto;
    }
    """

    def __init__(self, steps: tuple[DerivationStep, ...], id: str | None = None) -> None:
        super().__init__(id=id)
        self.steps = steps
        self.chosen = 0
        self._numbers = [Numbers()] * len(steps)

    def compose(self) -> ComposeResult:
        for number, step in enumerate(self.steps, start=1):
            yield Step(number, step)

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self.draw())
        self.draw()

    def show(self, numbers: list[Numbers]) -> None:
        """Put these numbers into the panels, one each."""
        self._numbers = numbers
        self.draw()

    def choose(self, index: int) -> None:
        """Make the step at `index` the chosen one and bring it into view; beyond the ends nothing happens."""
        if 0 <= index < len(self.steps):
            self.chosen = index
            self.draw()
            self.scroll_to_widget(self.query(Step)[index], animate=False)

    def watch_scroll_y(self, before: float, after: float) -> None:
        super().watch_scroll_y(before, after)
        if round(before) != round(after):
            self.call_after_refresh(self.draw)

    def draw(self) -> None:
        """Draw the panels in view that have changed; those out of view when they come into it."""
        accent = self.app.theme_variables["primary"]
        for index, panel in enumerate(self.query(Step)):
            if not panel.drawn or panel.region.overlaps(self.region):
                panel.draw(self._numbers[index], accent if index == self.chosen else "dim")

    @property
    def text(self) -> str:
        """The chosen step as plain lines."""
        return derivation_text(self.chosen + 1, self.steps[self.chosen], *self._numbers[self.chosen])
