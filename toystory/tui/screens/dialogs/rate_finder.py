"""Which learning rate to begin with: a short run over many, drawn as it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Label
from textual.worker import get_current_worker

from toystory.render.rate_chart import AXES, series_of
from toystory.training.experiment import Experiment
from toystory.training.rate_finder import RateCurve, find_rate
from toystory.tui.screens.dialogs.dialog import Dialog
from toystory.tui.widgets.training.chart import Chart


class _Cancelled(Exception):
    """Nobody waits for it any more."""


class RateFinderScreen(Dialog[float | None]):
    """Answers with the rate it found, if the learner takes it, else with None."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "take it", id="rate_finder.take"),
        Binding("escape", "dismiss(None)", "leave", id="rate_finder.leave"),
    ]

    @dataclass
    class Found(Message):
        """The run is over. problem: what went wrong, in a sentence."""

        curve: RateCurve | None
        problem: str = ""

    def __init__(self, experiment: Experiment) -> None:
        super().__init__()
        self._experiment = experiment
        self.curve: RateCurve | None = None

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Label("which learning rate?", id="title", markup=False)
            yield Chart(axes=AXES, without="a short run over many rates …")
            yield Label("", id="hint", markup=False)

    def on_mount(self) -> None:
        self._find()

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _find(self) -> None:
        worker = get_current_worker()

        def interrupt() -> None:
            if worker.is_cancelled:
                raise _Cancelled

        try:
            self.post_message(self.Found(find_rate(self._experiment, interrupt=interrupt)))
        except _Cancelled:
            return
        except Exception as error:  # the learner may have edited the model
            self.post_message(self.Found(None, f"{type(error).__name__}: {error}"))

    def on_rate_finder_screen_found(self, event: Found) -> None:
        self.curve = event.curve
        said = event.problem
        if event.curve is not None:
            self.query_one(Chart).show(series_of(event.curve), AXES)
            keys = "escape leaves it" if event.curve.suggested is None else "enter takes it, escape leaves it"
            said = f"{event.curve.verdict} {keys}"
        self.query_one("#hint", Label).update(said)
        self.query_one("#hint").set_class(bool(event.problem), "problem")

    def action_take(self) -> None:
        self.dismiss(self.curve.suggested if self.curve else None)
