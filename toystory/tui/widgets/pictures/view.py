"""A look inside a model: pictures with a sentence each, drawn anew only when what they show has changed."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import numpy as np
from rich.color import Color as RichColor
from rich.style import Style
from textual import events
from textual.app import App, ComposeResult, RenderResult
from textual.color import Color
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from toystory.render.chart import AXIS
from toystory.training.background import Snapshot
from toystory.training.experiment import Experiment
from toystory.tui.widgets.pictures import pictures_for
from toystory.tui.widgets.pictures.canvas import Canvas, ColorScale
from toystory.tui.widgets.pictures.scene import Drawing, Inks, Picture, Room, Scene


def color_scale_of(app: App[object]) -> ColorScale:
    """Blue, the paper, amber; without colours only lightness is left to tell plus from minus."""
    if app.no_color:
        return ColorScale((0, 0, 0), (110, 110, 110), (255, 255, 255), (190, 190, 190))
    shaded = app.console.color_system != "standard"
    if app.current_theme.dark:
        return ColorScale((74, 144, 226), (38, 41, 50), (245, 178, 76), (217, 222, 231), shaded)
    return ColorScale((32, 98, 178), (240, 240, 236), (224, 126, 10), (60, 66, 76), shaded)


def inks_of(app: App[object]) -> Inks:
    """The styles of the theme."""
    colors = app.theme_variables
    paper, text = Color.parse(colors["background"]), Color.parse(colors["foreground"])

    def ink(color: Color) -> Style:
        return Style(color=RichColor.from_rgb(*color.rgb))

    def named(name: str) -> Style:
        return ink(Color.parse(colors[name]))

    blue, amber = named("primary"), named("warning")
    faint, axis = ink(paper.blend(text, 0.65)), ink(paper.blend(text, 0.5))
    return Inks(
        strong=Style(bold=True),
        faint=faint,
        on=amber,
        off=blue,
        good=named("success"),
        bad=named("error"),
        chart={
            AXIS: axis,
            "train": blue,
            "fresh": amber,
            "earlier": ink(paper.blend(text, 0.4)),
            "first": blue,
            "second": amber,
            "third": named("success"),
            "fourth": named("error"),
            "fifth": ink(text),
        },
    )


LEAST_LINES = 2
"""Of a picture's sentence."""


class PictureView(Vertical):
    """One picture in a frame, with its sentence below."""

    DEFAULT_CSS = """
    PictureView {
        height: 1fr;
        width: 1fr;
        border: round $foreground 30%;
        border-title-color: $foreground;
        padding: 0 1;
    }
    PictureView > VerticalScroll {
        height: 1fr;
    }
    PictureView > Static {
        height: 2;
        color: $foreground 80%;
    }
    PictureView.-narrow > Static {
        height: 3;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.draws = 0
        """How often it was drawn: for those who want to know that nothing is drawn in vain."""
        self._shown: object = None
        self._caption = ""
        self._titled: Picture | None = None
        self._sentence_lines = LEAST_LINES
        self._canvas, self._sentence = Canvas(), Static(markup=False)
        self._scroll = VerticalScroll(self._canvas, can_focus=False)

    def compose(self) -> ComposeResult:
        yield self._scroll
        yield self._sentence

    def show(self, picture: Picture, scene: Scene, *, log: bool = True) -> None:
        """Draw `picture` of `scene`; nothing happens if that is what is drawn, or there is no room.

        Args:
            picture: Which picture.
            scene: The model as it is now.
            log: Whether the axes are logarithmic.
        """
        size = self._scroll.size
        if size.width < 10 or size.height < 2:
            return
        wanted = (picture, scene, size, self.app.theme, log)
        if wanted == self._shown:
            return
        self._shown = wanted
        self.draws += 1
        self.border_title = picture.title
        room = Room(
            size.width - 2,
            size.height,
            color_scale_of(self.app),
            inks_of(self.app),
            marks=self.app.no_color,
            log=log,
        )
        drawing = drawn(picture, scene, room)
        self._canvas.show(drawing.lines)
        if drawing.caption != self._caption:
            self._caption = drawing.caption
            self._sentence.update(drawing.caption, layout=False)
        self._make_room(picture, size.width)

    def _make_room(self, picture: Picture, width: int) -> None:
        """Lines for the whole sentence; of one picture they are not taken away again, so that it stays."""
        needed = max(len(textwrap.wrap(self._caption, width)), LEAST_LINES)
        if picture == self._titled:
            needed = max(needed, self._sentence_lines)
        self._titled = picture
        if needed != self._sentence_lines:
            self._sentence_lines = needed
            self._sentence.styles.height = needed

    def scroll_by(self, lines: int) -> None:
        """Move what does not fit."""
        self._scroll.scroll_relative(y=lines, animate=False)

    @property
    def text(self) -> str:
        """What stands there in words."""
        return f"{self.border_title}\n{self._canvas.text}\n{self._caption}"


def drawn(picture: Picture, scene: Scene, room: Room) -> Drawing:
    """`picture` of `scene`; of a model that has diverged too.

    Args:
        picture: Which picture.
        scene: The model as it is now.
        room: What there is to draw with.
    """
    with np.errstate(all="ignore"):
        return picture.draw(scene, room)


class InsideView(Vertical):
    """The first picture of a model, and a line that says which model it is."""

    DEFAULT_CSS = """
    InsideView > PictureView {
        border: none;
        padding: 0;
    }
    InsideView > Static {
        height: 1;
    }
    """

    def __init__(self, bits: Callable[[], tuple[int, ...]], id: str | None = None) -> None:
        """bits: asked for the row that a recurrent model reads."""
        super().__init__(id=id)
        self._bits = bits
        self._scene: Scene | None = None
        self._age, self._picture = Static(markup=False), PictureView()

    def compose(self) -> ComposeResult:
        yield self._age
        yield self._picture

    def show(self, experiment: Experiment, snapshot: Snapshot | None) -> None:
        """Draw the model of the snapshot, or the untrained one; nothing happens if that is what is drawn.

        Args:
            experiment: The experiment.
            snapshot: The model at one moment; None before any training.
        """
        scene, bits = self._scene, self._bits()
        if scene is None or (scene.experiment, scene.snapshot, scene.bits) != (experiment, snapshot, bits):
            scene = self._scene = Scene(experiment, snapshot, bits)
            self._age.update(scene.age, layout=False)
        self._picture.show(pictures_for(experiment, experiment)[0], scene)

    def set_compact(self, on: bool) -> None:
        """Leave the line about the model out, and give the sentence a row more: it is narrow there."""
        self._age.display = not on
        self._picture.set_class(on, "-narrow")

    @property
    def text(self) -> str:
        """What stands there in words."""
        return f"{self._age.content}\n{self._picture.text}"


class PictureNames(Widget):
    """The names of all pictures in a row, those on show marked; a click turns to one."""

    DEFAULT_CSS = """
    PictureNames {
        height: 1;
    }
    """
    GAPS = (3, 2, 1)
    """Columns between two names, the widest that leaves room for all of them."""

    class Chosen(Message):
        """A name was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._marked: frozenset[int] = frozenset()

    def show(self, names: tuple[str, ...], on_show: frozenset[int]) -> None:
        """Draw these; nothing happens if they are what is drawn.

        Args:
            names: In their order.
            on_show: The places of those that can be seen.
        """
        if (names, on_show) != (self._names, self._marked):
            self._names, self._marked = names, on_show
            self.refresh()

    @property
    def _shown(self) -> tuple[str, ...]:
        """The names, without their articles where one space would not tell them apart."""
        needed = sum(map(len, self._names)) + self.GAPS[1] * (len(self._names) - 1)
        if needed <= self.size.width:
            return self._names
        return tuple(name.removeprefix("the ") for name in self._names)

    @property
    def _gap(self) -> int:
        left = self.size.width - sum(map(len, self._shown))
        return next((gap for gap in self.GAPS if gap * (len(self._names) - 1) <= left), self.GAPS[-1])

    def render(self) -> RenderResult:
        parts = []
        for index, name in enumerate(self._shown):
            shown = index in self._marked
            parts.append((name, "bold $primary underline" if shown else "$foreground 65%"))
            parts.append((" " * self._gap, ""))
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        start = 0
        for index, name in enumerate(self._shown):
            if start <= offset.x < start + len(name) + self._gap:
                self.post_message(self.Chosen(index))
                return
            start += len(name) + self._gap
