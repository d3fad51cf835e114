"""What can be done with the row that a derivation is worked out for, wherever one is shown."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from toystory.course.derivation.small_model import small_model, small_of
from toystory.course.derivation.steps import DerivationStep
from toystory.training.experiment import Experiment
from toystory.tui.screens.dialogs.row import RowScreen
from toystory.tui.screens.inspection.gradient_check import CheckedRow, GradientCheckScreen
from toystory.tui.screens.inspection.source import SourceScreen
from toystory.tui.state.inspection import Cursor, Trace
from toystory.tui.widgets.derivation.row import RowLine
from toystory.tui.widgets.derivation.steps import SymbolLine

SYMBOL = Binding(
    "S", "symbol(1)", "symbol", show=False, id="place.symbol", tooltip="what is this symbol? and the next"
)


class InspectionActions(Widget):
    """For the stage or screen that says what it reads."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "x",
            "type_row",
            "row",
            show=False,
            id="place.type",
            tooltip="type the row x that it is worked out for",
        ),
        Binding(
            "o",
            "another_row",
            "another",
            show=False,
            id="place.another",
            tooltip="another row: the next of the four, or a random one",
        ),
        Binding("n", "unit(1)", "next unit", show=False, id="place.unit", tooltip="the next hidden unit"),
        Binding(
            "N",
            "unit(-1)",
            "unit before",
            show=False,
            id="place.unit_before",
            tooltip="the hidden unit before",
        ),
        Binding(
            "less_than_sign",
            "bit(-1)",
            "one back",
            show=False,
            key_display="<",
            id="place.bit_before",
            tooltip="the bit before, for a model that reads in time; of a tower, the layer below",
        ),
        Binding(
            "greater_than_sign",
            "bit(1)",
            "one on",
            show=False,
            key_display=">",
            id="place.bit",
            tooltip="the next bit, or the layer above",
        ),
        Binding(
            "underscore",
            "small",
            "small model",
            show=False,
            key_display="_",
            id="place.small",
            tooltip="the numbers of a small model of two units, and back to the model that trains",
        ),
        SYMBOL,
        Binding(
            "C",
            "check",
            "check",
            show=False,
            id="place.check",
            tooltip="gradient check of the model as it is",
        ),
        Binding(
            "c",
            "source",
            "source",
            show=False,
            id="place.source",
            tooltip="the source, at the chosen step's line",
        ),
    ]

    class SmallModel(Message):
        """The small model has learnt, or could not. error: what went wrong; "" for nothing."""

        def __init__(self, error: str = "") -> None:
            super().__init__()
            self.error = error

    cursor: Cursor

    def current_trace(self) -> Trace:
        """The model on the chosen row."""
        raise NotImplementedError

    def source_step(self) -> DerivationStep:
        """The step whose source is asked for."""
        raise NotImplementedError

    def refresh_inspection(self, _: object = None) -> None:
        """Show the place that is chosen now."""
        raise NotImplementedError

    def action_type_row(self) -> None:
        self.app.push_screen(RowScreen(self.current_trace(), self.cursor), self.refresh_inspection)

    def action_another_row(self) -> None:
        self.cursor.next_row(self.current_trace())
        self.refresh_inspection()

    def action_unit(self, step: int) -> None:
        self.cursor.move_unit(self.current_trace(), step)
        self.refresh_inspection()

    def action_bit(self, step: int) -> None:
        self.cursor.move_bit(self.current_trace(), step)
        self.refresh_inspection()

    def action_go_to_bit(self, t: int) -> None:
        self.cursor.t = t
        self.refresh_inspection()

    def action_small(self) -> None:
        """Turn to the small model, which may have to learn first, or back to the one that trains."""
        if self.cursor.small:
            self._look_into(small=False)
        elif (small := small_of(self.current_trace().experiment)) is None:
            self.notify("this model has no hidden units: there is nothing to make smaller")
        else:
            self._learn_small(small)

    @work(thread=True, exclusive=True, group="small model")
    def _learn_small(self, experiment: Experiment) -> None:
        try:
            small_model(experiment)
        except Exception as error:  # the learner may have edited the model
            self.post_message(self.SmallModel(f"{type(error).__name__}: {error}"))
        else:
            self.post_message(self.SmallModel())

    def on_inspection_actions_small_model(self, event: SmallModel) -> None:
        event.stop()
        if event.error:
            self.notify(event.error, severity="warning", timeout=4)
        else:
            self._look_into(small=True)

    def _look_into(self, small: bool) -> None:
        self.cursor.small = small
        self.refresh_inspection()

    def action_symbol(self, step: int) -> None:
        self.query_one(SymbolLine).turn(step)

    def action_check(self) -> None:
        self.app.push_screen(GradientCheckScreen(CheckedRow.of(self.current_trace())))

    def action_source(self) -> None:
        self.app.push_screen(SourceScreen(self.current_trace().model, self.source_step()))

    async def on_row_line_change(self, event: RowLine.Change) -> None:
        event.stop()
        await self.run_action(RowLine.action_for(event))
