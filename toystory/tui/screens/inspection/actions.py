"""What can be done with the row that a derivation is worked out for, wherever one is shown."""

from __future__ import annotations

from textual.widget import Widget

from toystory.course.derivation.steps import DerivationStep
from toystory.tui.screens.dialogs.row import RowScreen
from toystory.tui.screens.inspection.gradient_check import GradientCheckScreen
from toystory.tui.screens.inspection.source import SourceScreen
from toystory.tui.state.inspection import Place, Reading
from toystory.tui.widgets.derivation.row import RowLine
from toystory.tui.widgets.derivation.steps import SymbolLine


class PlaceActions(Widget):
    """The actions of `PLACE_BINDINGS`, for the stage or screen that says what it reads."""

    place: Place

    def read_now(self) -> Reading:
        """The model on the chosen row."""
        raise NotImplementedError

    def source_step(self) -> DerivationStep:
        """The step whose source is asked for."""
        raise NotImplementedError

    def look(self, _: object = None) -> None:
        """Show the place that is chosen now."""
        raise NotImplementedError

    def action_type_row(self) -> None:
        self.app.push_screen(RowScreen(self.read_now(), self.place), self.look)

    def action_another_row(self) -> None:
        self.place.another(self.read_now())
        self.look()

    def action_unit(self, step: int) -> None:
        self.place.move_unit(self.read_now(), step)
        self.look()

    def action_bit(self, step: int) -> None:
        self.place.move_bit(self.read_now(), step)
        self.look()

    def action_go_to_bit(self, t: int) -> None:
        self.place.t = t
        self.look()

    def action_symbol(self, step: int) -> None:
        self.query_one(SymbolLine).turn(step)

    def action_check(self) -> None:
        self.app.push_screen(GradientCheckScreen(self.read_now()))

    def action_source(self) -> None:
        self.app.push_screen(SourceScreen(self.read_now().model, self.source_step()))

    async def on_row_line_change(self, event: RowLine.Change) -> None:
        event.stop()
        await self.run_action(RowLine.action_for(event))
