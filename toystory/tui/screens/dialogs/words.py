"""The glossary over any screen: first the words that stand there, then all others."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from toystory.course.analysis.curves import NAMES, WIDTH, curve
from toystory.course.text.glossary import Word, glossary, words_in
from toystory.render.chart import Axes, Series
from toystory.tui.screens.dialogs.dialog import Dialog
from toystory.tui.widgets.options import Options
from toystory.tui.widgets.training.chart import Chart

PICTURES = {
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "relu",
    "saturated": "sigmoid",
    "derivative": "tanh",
}
"""The curve that is drawn beside a word."""
BESIDE_MOUSE = 12
"""Columns to the left and the right of the mouse in which a word counts as pointed at."""
FAINT = "$foreground 65%"


def words_shown(screen: Screen[Any]) -> list[Word]:
    """The words of the glossary that stand on a screen: the one below the mouse first, then as they are read.

    Args:
        screen: What is shown.
    """
    # Not what is docked at its edges: the names of keys, stages and steps.
    left_out = {child.region.y for child in screen.children if child.region.height == 1}
    lines = [strip.text for strip in screen._compositor.render_strips(screen.size)]
    body = "\n".join(line for y, line in enumerate(lines) if y not in left_out)
    found = words_in(body)
    x, y = (int(place) for place in screen.app.mouse_position)
    if y in left_out or not 0 <= y < len(lines):
        return found
    around = lines[y][max(x - BESIDE_MOUSE, 0) : x + BESIDE_MOUSE]
    pointed_at = words_in(around) if (x, y) != (0, 0) else []
    return list(dict.fromkeys([*pointed_at, *found]))


class WordsScreen(Dialog[None]):
    """A list of words, and what the chosen one means; a curve where one helps."""

    CSS_PATH = "words.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "back", id="words.leave"),
        Binding("w", "dismiss", "words", show=False),
    ]

    def __init__(self, here: list[Word]) -> None:
        """here: the words of the screen below, the one to begin with first."""
        super().__init__()
        self._here = here
        self._words = [*here, *(word for word in glossary() if word not in here)]

    def compose(self) -> ComposeResult:
        with Horizontal(id="dialog") as dialog:
            dialog.border_title = Content("Words")
            dialog.border_subtitle = Content("↑↓ the next word  esc leave")
            yield Options(*self._options(), id="words", compact=True, markup=False)
            with Vertical(id="meaning"):
                with VerticalScroll(can_focus=False):
                    yield Static(id="told", markup=False)
                yield Chart("the curve and its slope", id="curve")

    def on_mount(self) -> None:
        options = self.query_one(Options)
        options.highlighted = 0
        options.focus()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self._tell(next(word for word in self._words if word.word == event.option.id))

    def _options(self) -> list[Option | None]:
        """The words; a line between those that stand on the screen and the others."""
        here = [Option(Content.styled(word.word, "bold"), id=word.word) for word in self._here]
        others = [Option(word.word, id=word.word) for word in self._words[len(self._here) :]]
        return [*here, None, *others] if here and others else [*here, *others]

    def _tell(self, word: Word) -> None:
        also = Content.styled(f"  also: {', '.join(word.also)}" if word.also else "", FAINT)
        self.query_one("#told", Static).update(
            Content.assemble((word.word, "bold $primary"), also, "\n\n", word.meaning)
        )
        chart, name = self.query_one(Chart), PICTURES.get(word.word)
        chart.display = name in NAMES
        if name in NAMES:
            drawn = curve(name)
            z, a, slope = drawn.z.tolist(), drawn.a.tolist(), drawn.slope.tolist()
            low, high = min(0.0, *a), min(max(1.0, *a), 2.0)
            a_series = Series(name, z, [min(value, high) for value in a], "first")
            series = [a_series, Series(f"slope: {drawn.formula}", z, slope, "second")]
            chart.show(series, Axes("z", "a", y_limits=(low, high), x_limits=(-WIDTH, WIDTH)))

    def copy_text(self) -> str:
        """The chosen word and its meaning."""
        return str(self.query_one("#told", Static).content)
