"""One step inside one update: forward, backward, by hand, and what it changes."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np
from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from toystory.course.analysis.network_walk import last_step, step_at
from toystory.course.derivation.one_update import Question, question, told_answer, updated
from toystory.course.derivation.steps import DerivationStep
from toystory.course.derivation.update_steps import is_of_the_update
from toystory.course.derivation.worked import number
from toystory.render.derivation_panel import derivation_panel, derivation_text
from toystory.tui.screens.breakpoints import apply_breakpoints
from toystory.tui.screens.inspection.actions import SYMBOL, InspectionActions
from toystory.tui.screens.inspection.source import source_around
from toystory.tui.screens.inspection.update_pages import (
    UpdatePage,
    by_hand_text,
    changes_text,
    feedback,
    pages_of,
    part_of,
    prime_of,
    read_answer,
    told,
    without_empty_lines,
)
from toystory.tui.screens.maximise import MAXIMISE, Maximizable
from toystory.tui.state.inspection import Cursor, Trace
from toystory.tui.widgets.deferred import after_refresh, focus_now
from toystory.tui.widgets.derivation.row import LINKS_INSIDE, RowLine
from toystory.tui.widgets.derivation.steps import SymbolLine, numbers_across
from toystory.tui.widgets.footer import Footer
from toystory.tui.widgets.pictures.canvas import Canvas, Line
from toystory.tui.widgets.pictures.network import told_bits
from toystory.tui.widgets.pictures.network_lines import network_lines

FAINT = "$foreground 65%"
BESIDE_A_LINE = 3
"""Columns of the list that are not its lines': the space left and right of them, and the scroll bar."""
LEAST_LIST, LEAST_PANEL = 54, 46
"""Columns of the list beside the panel, and those that it leaves to the panel and the edges."""
LEAST_SOURCE, MOST_SOURCE = 7, 25
"""Lines of the model's source that are shown below a step, where there is room for the least of them."""
INDENT = (0, 0, 0, 2)
"""Above, right of, below and left of what is no step: as far as the field for the answer is set in."""
WHOLE_TABLE = 1000
"""Columns, more than a table of changes has."""
LEAST_NETWORK, SHARE_OF_NETWORK, SHARE_BELOW_A_STEP = 9, 0.6, 0.5
"""Lines of the network, and its part of the page: it stays in its place while the steps go by.

Where it has the place of the list and fewer lines than the least are left, what is told is shortened; what is
too long even then is scrolled.
"""


class PageScroll(VerticalScroll):
    """What is told of a step. It says when it has another size: what is drawn in it is drawn for that."""

    class GivenRoom(Message):
        """It has another size, its scrollbar counted in."""

    _room: Size | None = None

    def on_resize(self) -> None:
        if self.outer_size != self._room:
            self._room = self.outer_size
            self.post_message(self.GivenRoom())


class DerivationScreen(Maximizable, InspectionActions):
    """Goes through one update of the model as it was when this was opened.

    What comes next is hidden until the learner asks for it.
    """

    CSS_PATH = "derivation.tcss"
    AUTO_FOCUS = ""  # not the line that an answer is typed into: its turn comes later
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "right,enter,j", "go(1)", "next", key_display="→", id="update.next", tooltip="next step (also j)"
        ),
        Binding(
            "left,k",
            "go(-1)",
            "before",
            key_display="←",
            id="update.before",
            tooltip="step before (also k)",
        ),
        Binding("home", "go(-99)", "first", show=False, id="update.first", tooltip="to the first step"),
        # The others are in the line of the row, to be clicked; `?` names all of them.
        replace(SYMBOL, show=True),
        Binding(
            "v",
            "view",
            "view",
            id="update.view",
            tooltip="the network, which follows the steps; again: the list, or the source",
        ),
        MAXIMISE,
        Binding("up", "scroll(-2)", "up", show=False, key_display="↑", id="update.up", tooltip="scroll up"),
        Binding(
            "down", "scroll(2)", "down", show=False, key_display="↓", id="update.down", tooltip="scroll down"
        ),
        Binding("escape,b,backspace", "leave", "back", key_display="esc", id="update.leave", tooltip="back"),
        Binding("i", "leave", "one update", show=False, id="update.close"),
    ]

    def __init__(self, trace: Trace, cursor: Cursor) -> None:
        super().__init__()
        self.cursor = cursor
        self.trace = trace
        self.pages = pages_of(trace.steps)
        self.at = self.reached = 0
        self._current_question: Question | None = None
        self._feedback: Content | None = None
        self._right = self._line_shown = False
        self._listed_width: int | None = None

    def compose(self) -> ComposeResult:
        apply_breakpoints(self)
        yield Static(id="title", markup=False)
        yield RowLine(LINKS_INSIDE)
        with Container(id="pages"):
            with VerticalScroll(id="list", can_focus=False):
                yield Computed(id="computed")
            with PageScroll(id="now", can_focus=False):
                yield Static(id="panel", markup=False)
                yield Input(id="answer", compact=True, placeholder="a number, then enter")
                yield Static(id="verdict", markup=False)
                with Horizontal(id="below"):
                    yield Canvas(id="network")
                    yield Static(id="source", markup=False)
        yield SymbolLine()
        yield Footer()

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self._draw())
        self.set_focus(None)
        after_refresh(self, self._draw, True)

    def on_unmount(self) -> None:
        self.app.theme_changed_signal.unsubscribe(self)

    def on_resize(self) -> None:
        after_refresh(self, self._draw)

    def on_page_scroll_given_room(self) -> None:
        self._draw()

    @property
    def page(self) -> UpdatePage:
        """The one that is shown."""
        return self.pages[self.at]

    # Keys

    def action_go(self, step: int) -> None:
        self.go_to(min(max(self.at + step, 0), len(self.pages) - 1))

    def go_to(self, index: int) -> None:
        """Show a page; with it everything before it is asked for."""
        self.at = index
        self.reached = max(self.reached, index)
        self._draw(anew=True)
        if self.page == "by hand" and not self._right:
            focus_now(self.query_one("#answer", Input))
        else:
            self.set_focus(None)

    def action_leave(self) -> None:
        if self.maximized is not None:
            self.minimize()
        elif isinstance(self.focused, Input):
            self.set_focus(None)
        else:
            self.dismiss()

    def action_view(self) -> None:
        """The network in place of the list, or of the source; and back."""
        self.cursor.other_view = not self.cursor.other_view
        self._draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return not (self._beside and self.has_class("-wide")) if action == "view" else True

    def action_scroll(self, lines: int) -> None:
        self.query_one("#now", VerticalScroll).scroll_relative(y=lines, animate=False)

    def current_trace(self) -> Trace:
        return self.trace

    def source_step(self) -> DerivationStep:
        page = self.page
        return self.trace.steps[-1] if isinstance(page, str) else page

    @property
    def panels(self) -> list[Widget]:
        return [self.query_one("#now"), self.query_one("#list")]

    def panels_changed(self, before: Widget | None, after: Widget | None) -> None:
        self._draw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Judge the answer; the field stays open until it is right. Nothing typed: tell, and then go on."""
        asked = self._question()
        text = event.value.strip()
        if not text:
            if self._line_shown:
                self.action_go(1)
            else:
                self._line_shown = True
                self._show_feedback(told(asked))
            return
        try:
            answer = read_answer(text)
        except ValueError:
            sentence = "That is not a number: type one such as 0.0547."
            self._show_feedback(Content.styled(sentence, "$text-warning"))
            return
        self._line_shown = True
        self._right = asked.judge(answer) == "right"
        self._show_feedback(feedback(asked, answer))
        if self._right:
            self.set_focus(None)

    # What is shown

    def refresh_inspection(self, _: object = None) -> None:
        """Work everything out anew for the row, the bit and the unit that are chosen now."""
        before, running = self.trace, self.trace.running
        now = self.cursor.trace(before.lesson, running.experiment, running.model, running.learning_rate)
        if (now.model, now.layer, now.row.tolist()) != (before.model, before.layer, before.row.tolist()):
            self._current_question = self._feedback = None
            self._right = self._line_shown = False
        self.trace, self.pages = now, pages_of(now.steps)
        self.reached = min(self.reached, len(self.pages) - 1)
        self.at = min(self.at, self.reached)
        self._draw()

    def _question(self) -> Question:
        if self._current_question is None:
            now = self.trace
            self._current_question = question(now.model, now.values, now.learning_rate, now.layer)
        return self._current_question

    def _show_feedback(self, said: Content) -> None:
        self._feedback = said
        self._draw()

    def _draw(self, anew: bool = False) -> None:
        now, page = self.trace, self.page
        whose = "" if now.is_small else f" · {now.experiment.name}"  # the row's line says it
        self.query_one("#title", Static).update(
            Content.assemble(
                ("inside one update ", "bold $primary"),
                (f" {self.at + 1} of {len(self.pages)}", "bold"),
                (f"   learning rate {now.learning_rate:g}{whose}", FAINT),
            )
        )
        self.query_one(RowLine).show(now)
        if (width := self._list_width()) != self._listed_width:
            self._listed_width = self.query_one("#list").styles.min_width = width
            self.query_one("#pages").set_class(width is not None, "-beside")
            after_refresh(self, self._draw)  # once more: the panel has another width then
        computed = self.query_one(Computed)
        computed.show(self._computed(), self.at)
        panel = self._panel(page)
        self.query_one("#panel", Static).update(panel)
        by_hand = page == "by hand"
        self.query_one("#answer").display = by_hand
        verdict = self.query_one("#verdict", Static)
        verdict.display = by_hand and self._feedback is not None
        verdict.update(self._told_feedback())
        if anew and by_hand and self._feedback is None:
            self.query_one("#answer", Input).value = ""
        self._draw_below(page, panel)
        symbols = [] if isinstance(page, str) else now.symbols(page)
        symbol_line = self.query_one(SymbolLine)
        symbol_line.show(symbols, anew)
        symbol_line.display = bool(symbols) or not self._alone
        # Twice: what is shown and hidden here takes its room first.
        after_refresh(self, after_refresh, self, self._scroll_to_current)

    @property
    def _beside(self) -> bool:
        """Whether the list stands beside the panel, and not below it."""
        return self._listed_width is not None

    @property
    def _alone(self) -> bool:
        """Whether the network has the place of the list."""
        return self.cursor.other_view and not self._beside

    def _draw_below(self, page: UpdatePage, panel: Panel | Padding) -> None:
        """The network at the step, and the lines of the model around it: both, or the one that is chosen."""
        beside, other = self._beside, self.cursor.other_view
        both = beside and self.has_class("-wide")
        pages = self.query_one("#pages")
        if self._alone != pages.has_class("-network"):
            pages.set_class(self._alone, "-network")
            self.query_one(RowLine).set_class(self._alone, "-close")
            after_refresh(self, self._draw)  # once more: the panel has another size then
            return
        network, source = self.query_one("#network", Canvas), self.query_one("#source", Static)
        size = self.query_one("#now").size
        left = self._lines_left(panel)
        text = None
        if isinstance(page, DerivationStep) and (both or (other and beside)):
            room = min(left, MOST_SOURCE)
            width = size.width // 2 if both else size.width
            text = source_around(page, room, width) if room >= LEAST_SOURCE else None
        source.display = text is not None
        source.update(text or "")
        network.display = both or other != beside
        if network.display and size.width:
            share = SHARE_OF_NETWORK if beside else SHARE_BELOW_A_STEP
            height = max(min(int(share * size.height), left), LEAST_NETWORK)
            network.styles.margin = (max(left - height, 0), 0, 0, 0)
            now = self.query_one("#now")
            most = now.outer_size.width - now.styles.scrollbar_size_vertical  # which may come
            taken = size.width // 2 if source.display else most
            network.show(self._network(page, (taken - 2, height)))

    def _told_feedback(self) -> Content:
        """What is said to the answer; without its empty lines where the network needs them."""
        said = self._feedback or Content()
        return Content("\n").join(line for line in said.split("\n") if line) if self._alone else said

    def _lines_left(self, panel: Panel | Padding) -> int:
        """What is left of the page for the network and the source, below what is told of a step."""
        size = self.query_one("#now").size
        console = Console(width=max(size.width, 1))
        above = len(console.render_lines(panel, pad=False))
        if self.page == "by hand":
            above += 1 + (len(self._told_feedback().plain.splitlines()) if self._feedback else 0)
        return size.height - above - self._beside

    def _network(self, page: UpdatePage, size: tuple[int, int]) -> list[Line]:
        """The wave where the step is; once weights have moved, the network that they make."""
        now, model = self.trace, self.trace.model
        sentence, walk, row = "", 0, now.row[0]
        if prime := prime_of(page, now.experiment.optimizer):
            with np.errstate(all="ignore"):
                model = updated(model, now.values, prime)
                answers = [np.asarray(cache["a"]).flat[-1] for cache in (now.values, model.forward(now.row))]
            sentence = told_answer(float(answers[0]), float(answers[1]), now.label)
        elif isinstance(page, str) or is_of_the_update(page):
            walk = last_step(model, now.bits)
        else:
            walk = step_at(model, page.value, now.bits, now.t)
        told = told_bits(row) if self._beside else ""
        return network_lines(self.app, model, row, now.label, walk, told, size, sentence=sentence)

    def _scroll_to_current(self) -> None:
        scroll = self.query_one("#list", VerticalScroll)
        line = self.query_one(Computed).line_of(self.at)
        scroll.scroll_to(y=max(line - scroll.size.height + 2, 0), animate=False)

    def _computed(self) -> list[tuple[int | None, Content]]:
        """The lines of the list: with the index of the page, or None for a heading."""
        lines: list[tuple[int | None, Content]] = []
        part = ""
        for index, page in enumerate(self.pages[: self.reached + 1]):
            if part_of(page) != part:
                part = part_of(page)
                lines.append((None, Content.styled(part, f"bold {FAINT}")))
            lines.append((index, Content(self._line(index, page))))
        left = len(self.pages) - self.reached - 1
        if left:
            lines.append((None, Content.styled(f"… {left} more: → or enter", FAINT)))
        return lines

    def _list_width(self) -> int | None:
        """Of the list beside the panel, with room for all its lines, also those to come.

        Returns:
            Columns; None where the panel would keep too few, and stands below the list.
        """
        longest = max(len(self._line(index, page)) for index, page in enumerate(self.pages))
        width = max(longest + BESIDE_A_LINE, LEAST_LIST)
        return width if width <= self.size.width - LEAST_PANEL else None

    def _line(self, index: int, page: UpdatePage) -> str:
        if isinstance(page, str):
            return f"{index + 1:>2}  {'the update by hand' if page == 'by hand' else 'what has changed'}"
        worked = self.trace.step_values(page).worked
        result = "not in this model" if worked is None else f"{worked.left} = {number(worked.result, 6)}"
        widest = max(len(step.title) for step in self.pages if isinstance(step, DerivationStep))
        return f"{index + 1:>2}  {page.title:<{widest}}  {result}"

    def _panel(self, page: UpdatePage) -> Panel | Padding:
        width = self.query_one("#now").size.width or 60
        if isinstance(page, DerivationStep):
            panel = self._step_panel(page, width)
            if self._alone and self._lines_left(panel) < LEAST_NETWORK:
                panel = self._step_panel(page, width, with_source=False)
            return panel
        if page == "by hand":
            text = by_hand_text(self._question(), self.trace)
        else:
            text = changes_text(self.trace, width - INDENT[-1])
        return Padding(Text(without_empty_lines(text) if self._alone else text), INDENT)

    def _step_panel(self, step: DerivationStep, width: int, with_source: bool = True) -> Panel:
        now = self.trace.step_values(step)
        most = numbers_across(step, now, width)
        value, worked = now.value, now.worked
        if self._alone and worked is not None:
            # The network draws them, in the room that is left.
            value = None
            worked = replace(worked, below=())
        try:
            panel = derivation_panel(self.at + 1, step, value, worked, most=most, with_source=with_source)
        except LookupError as error:  # the learner may be editing the file at this moment
            panel = Panel(Text(f"{step.equation}\n{error.args[0]}"), title=Text(step.title))
        panel.border_style = self.app.theme_variables["primary"]
        return panel

    def copy_text(self) -> str:
        """The row, what has been computed, and the page, as plain lines."""
        now, page = self.trace, self.page
        bits = "".join(map(str, now.row[0]))
        lines = [f"{self.trace.experiment.name}: row {bits}, label {now.label}", ""]
        lines += [line.plain for _, line in self._computed()]
        if page == "by hand":
            lines += [
                "",
                by_hand_text(self._question(), self.trace).rstrip(),
                *([self._feedback.plain] if self._feedback else []),
            ]
        elif page == "changes":
            lines += ["", changes_text(self.trace, WHOLE_TABLE)]
        else:
            assert isinstance(page, DerivationStep)
            found = now.step_values(page)
            lines += ["", derivation_text(self.at + 1, page, found.value, found.worked)]
            lines.append(f"   {self.query_one(SymbolLine).text}")
        return "\n".join(lines)


class Computed(Static):
    """What has been computed so far, a line a step; a click goes back to it."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._lines: list[tuple[int | None, Content]] = []

    def show(self, lines: list[tuple[int | None, Content]], at: int) -> None:
        """Show these lines, the page at one of them marked.

        Args:
            lines: Each with the page that it leads to; None for no page.
            at: The page that is marked.
        """
        self._lines = lines
        drawn = [line.stylize("bold reverse") if index == at else line for index, line in lines]
        self.update(Content("\n").join(drawn))

    def line_of(self, page: int) -> int:
        """Where the line of a page stands."""
        return next((k for k, (index, _) in enumerate(self._lines) if index == page), 0)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if (
            offset is None
            or not 0 <= offset.y < len(self._lines)
            or not isinstance(self.screen, DerivationScreen)
        ):
            return
        index, _ = self._lines[offset.y]
        if index is not None:
            self.screen.go_to(index)
        elif offset.y == len(self._lines) - 1:
            self.screen.action_go(1)
