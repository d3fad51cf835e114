"""Look inside: a picture of what the model has become."""

from __future__ import annotations

import time
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from toystory.bench import Bench
from toystory.screens.stage import Stage
from toystory.widgets.inside import InsideView, read_bits

FIRST_BITS = (1, 0, 1, 1, 0, 0, 1, 0, 1, 1)


class Bits:
    """The row that a recurrent model reads, shared by the two places that show it."""

    def __init__(self) -> None:
        self.row: tuple[int, ...] = FIRST_BITS

    def __call__(self) -> tuple[int, ...]:
        return self.row


class InsideStage(Stage):
    """The picture of the running or last model of the chosen experiment; for a recurrent one the learner
    types the row that it reads."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll(-3)", "scroll", show=False, id="inside.up", tooltip="scroll up"),
        Binding("down", "scroll(3)", "scroll", show=False, id="inside.down", tooltip="scroll down"),
        Binding(
            "n", "next(1)", "next experiment", id="inside.next", tooltip="the model of the next experiment"
        ),
        Binding("e", "edit", "type bits", id="inside.edit", tooltip="type the bits that the model reads"),
        Binding(
            "space", "start_or_pause", "start/pause", id="inside.start", tooltip="start or pause the training"
        ),
    ]

    def __init__(self, bench: Bench, bits: Bits) -> None:
        super().__init__(bench)
        self._bits = bits
        self._asked_at = 0.0

    def compose(self) -> ComposeResult:
        yield Input("".join(map(str, self._bits())), id="bits", compact=True, select_on_focus=False)
        yield Static(id="typing", markup=False)
        yield InsideView(self._bits)

    def on_mount(self) -> None:
        self._hint("")

    @property
    def recurrent(self) -> bool:
        return self.bench.session.experiment.recurrent

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.recurrent if action == "edit" else True

    def action_scroll(self, lines: int) -> None:
        self.query_one(InsideView).scroll_relative(y=lines, animate=False)

    def action_next(self, step: int) -> None:
        self.bench.choose(self.bench.index + step)
        self.refresh_bindings()
        self.tick()

    def action_edit(self) -> None:
        self.query_one("#bits", Input).focus()

    def action_start_or_pause(self) -> None:
        self.bench.start_or_pause()

    @on(Input.Changed, "#bits")
    def _read(self, event: Input.Changed) -> None:
        try:
            self._bits.row = read_bits(event.value)
        except ValueError as error:
            self._hint(str(error))
            return
        self._hint("")
        self.tick()

    @on(Input.Submitted, "#bits")
    def _leave_input(self) -> None:
        self.focus()

    def _hint(self, problem: str) -> None:
        self.query_one("#typing", Static).update(
            problem or "e to type bits of your own, enter when done", layout=False
        )
        self.query_one("#typing", Static).set_class(bool(problem), "problem")

    def tick(self) -> None:
        session = self.bench.session
        self.query_one("#bits").display = self.recurrent
        self.query_one("#typing").display = self.recurrent
        if session.alive and time.monotonic() - self._asked_at > 0.5:
            self._asked_at = time.monotonic()
            session.ask_snapshot()
        self.query_one(InsideView).show(session.experiment, session.snapshot)

    def home(self) -> Widget:
        return self

    def copy_text(self) -> str:
        return self.query_one(InsideView).text
