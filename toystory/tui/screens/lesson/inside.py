"""Look inside: pictures of what the model has become."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.widget import Widget
from textual.widgets import Input, Static

from toystory.course.analysis.starts import OWN, Start
from toystory.training.run import compared_setting
from toystory.tui.screens.maximise import MAXIMISE
from toystory.tui.screens.stage import Stage
from toystory.tui.state.health_history import HealthHistory
from toystory.tui.state.inspection import read_bits
from toystory.tui.state.lesson_state import LessonState
from toystory.tui.widgets.deferred import after_refresh, focus_now
from toystory.tui.widgets.pictures import GRAPH, NETWORK, READING, START, WIRED, pictures_for
from toystory.tui.widgets.pictures.scene import Picture, Scene
from toystory.tui.widgets.pictures.view import PictureNames, PictureView

FIRST_BITS = (1, 0, 1, 1, 0, 0, 1, 0, 1, 1)
SNAPSHOT_INTERVAL = 0.5
"""Seconds between two snapshots of a model that trains."""
MOST_PICTURES = 6


class Bits:
    """The row that a recurrent model reads, shared by the two places that show it."""

    def __init__(self) -> None:
        self.row: tuple[int, ...] = FIRST_BITS

    def __call__(self) -> tuple[int, ...]:
        return self.row


class InsideStage(Stage):
    """Pictures of the running or last model of the chosen experiment, as many as there is room for.

    For a recurrent model the learner types the row that it reads.
    """

    DEFAULT_CSS = """
    InsideStage #pictures {
        layout: grid;
        grid-gutter: 0 1;
        height: 1fr;
    }
    InsideStage #typing-row {
        height: 1;
        & > #bits {
            width: 1fr;
        }
        & > #typing {
            width: auto;
            margin: 0 0 0 2;
        }
    }
    InsideStage #which {
        height: 1;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll(-3)", "scroll", show=False, id="inside.up", tooltip="scroll up"),
        Binding("down", "scroll(3)", "scroll", show=False, id="inside.down", tooltip="scroll down"),
        Binding("v", "view", "view", id="inside.view", tooltip="turn to the next picture"),
        Binding(
            "full_stop",
            "walk(1)",
            "step",
            show=False,
            key_display=".",
            id="inside.walk",
            tooltip="the graph node by node, the network layer by layer: forward, then back",
        ),
        Binding(
            "comma",
            "walk(-1)",
            "back",
            show=False,
            key_display=",",
            id="inside.walk_back",
            tooltip="one node back",
        ),
        # The picture of the first weights names these keys.
        Binding(
            "left_square_bracket",
            "scale(-1)",
            "less",
            show=False,
            key_display="[",
            id="inside.smaller",
            tooltip="first weights: smaller",
        ),
        Binding(
            "right_square_bracket",
            "scale(1)",
            "more",
            show=False,
            key_display="]",
            id="inside.larger",
            tooltip="first weights: larger",
        ),
        Binding(
            "o",
            "other_start",
            "another",
            show=False,
            id="inside.start_kind",
            tooltip="first weights: its own, He's, orthogonal",
        ),
        Binding("V", "next(1)", "model", id="inside.next", tooltip="the model of the next experiment"),
        # The line beside the bits names this key.
        Binding(
            "x", "edit", "row", show=False, id="inside.edit", tooltip="type the bits that the model reads"
        ),
        Binding(
            "G",
            "log",
            "log",
            id="inside.log",
            tooltip="axes with steps of ten times, or even ones (gradients, health)",
        ),
        replace(MAXIMISE, action="screen.maximise", id="inside.maximise", show=True),
        Binding("space", "start_or_pause", "run", id="inside.start", tooltip="start or pause the training"),
    ]

    def __init__(self, lesson_state: LessonState, bits: Bits, health: HealthHistory) -> None:
        super().__init__(lesson_state)
        self._bits = bits
        self._snapshot_asked_at = 0.0
        self.turned_to = 0
        """The first picture on show."""
        self._log = True
        self._walk = 0
        self._start = OWN
        self._at_once = 0
        self._problem = ""
        """What is wrong with the bits that are typed."""
        self._health = health
        self._seen: object = None
        self._scene: Scene | None = None
        self._views = [PictureView() for _ in range(MOST_PICTURES)]

    def compose(self) -> ComposeResult:
        yield Static(id="which", markup=False)
        yield PictureNames()
        with Horizontal(id="typing-row"):
            yield Input(self._bits_read, id="bits", compact=True)
            yield Static(id="typing", markup=False)
        with Container(id="pictures"):
            yield from self._views

    def on_resize(self) -> None:
        after_refresh(self, self.tick)

    @property
    def reading(self) -> list[int]:
        """Which pictures show a row that the learner types."""
        return [index for index, picture in enumerate(self.pictures) if picture in READING]

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All there are of the model that is looked at."""
        return pictures_for(self.lesson_state.study, self.lesson_state.session.experiment)

    @property
    def views(self) -> list[PictureView]:
        """The frames on show, in their order."""
        return self._views[: self._at_once]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "view":
            return len(self.pictures) > self.room
        if action == "walk":
            return self._walked is not None
        if action in ("scale", "other_start"):
            return START in self.pictures
        return bool(self.reading) if action == "edit" else True

    def action_scroll(self, lines: int) -> None:
        for view in self.views:
            view.scroll_by(lines)

    def action_view(self) -> None:
        self.turn_to(self.turned_to + self.room)

    def action_walk(self, step: int) -> None:
        """One node on or back; before the first and after the last one the whole graph is shown."""
        if (walked := self._walked) is None:
            return
        self._walk += step
        self.turned_to = self.pictures.index(walked) if self.room < len(self.pictures) else self.turned_to
        self.tick()

    def action_scale(self, steps: int) -> None:
        """Turn the dial of the first weights."""
        self._turn_dial(self._start.turned(steps))

    def action_other_start(self) -> None:
        self._turn_dial(self._start.next_kind())

    def _turn_dial(self, start: Start) -> None:
        """Have the first weights drawn anew, and their picture be on show."""
        self._start = start
        on_show = {view.border_title for view in self.views}
        self.turned_to = self.pictures.index(START) if START.title not in on_show else self.turned_to
        self.tick()

    @property
    def _walked(self) -> Picture | None:
        """The picture that is walked through: one that is on show, else the first there is."""
        there = [picture for picture in self.pictures if picture in (GRAPH, NETWORK)]
        shown = [
            self.pictures[(self.turned_to + k) % len(self.pictures)] for k in range(max(self._at_once, 1))
        ]
        return next((picture for picture in there if picture in shown), there[0] if there else None)

    def action_next(self, step: int) -> None:
        self.lesson_state.choose(self.lesson_state.index + step)
        self.refresh_bindings()
        self.tick()

    def action_log(self) -> None:
        self._log = not self._log
        self.tick()

    def action_edit(self) -> None:
        """Type the row, with a picture on show that reads it."""
        if not self.query_one("#typing-row").display:
            self.turn_to(self.reading[0])
        focus_now(self.query_one("#bits", Input))

    @property
    def _reads_few(self) -> bool:
        """Whether the model reads as many bits as it has columns, and a picture does not go beyond."""
        experiment = self.lesson_state.session.experiment
        return not experiment.any_length and WIRED not in self.pictures

    @property
    def _bits_read(self) -> str:
        """The row as it is typed, as far as the model reads it."""
        columns = self.lesson_state.session.experiment.columns
        return "".join(map(str, self._bits()[: columns if self._reads_few else None]))

    def _show_bits(self) -> None:
        """Have the field hold what the model reads, unless something is typed there."""
        field = self.query_one("#bits", Input)
        if not (field.has_focus or self._problem):
            with self.prevent(Input.Changed):
                field.value = self._bits_read

    def action_start_or_pause(self) -> None:
        if told := self.lesson_state.start_or_pause():
            self.notify(told, timeout=5)

    @on(PictureNames.Chosen)
    def _choose(self, event: PictureNames.Chosen) -> None:
        self.turn_to(event.index)

    def turn_to(self, index: int) -> None:
        """Show the pictures from this one on.

        Args:
            index: Of the first, from 0; after the last the first comes again.
        """
        self.turned_to = index % len(self.pictures)
        self.tick()

    @on(Input.Changed, "#bits")
    def _read(self, event: Input.Changed) -> None:
        try:
            self._bits.row = read_bits(event.value)
            self._problem = ""
        except ValueError as error:
            self._problem = str(error)
        self.tick()

    @on(Input.Submitted, "#bits")
    def _leave_input(self) -> None:
        focus_now(self)

    def _show_hint(self) -> None:
        hint, told = self.query_one("#typing", Static), self._problem or self._hint
        if told != hint.content:
            hint.update(told)
            hint.set_class(bool(self._problem), "problem")

    @property
    def _hint(self) -> str:
        if self._reads_few:
            columns = self.lesson_state.session.experiment.columns
            missing = columns - len(self._bits())
            if missing > 0 and self.query_one("#bits", Input).has_focus:
                return f"it reads {columns} bits: type {missing} more, else they repeat"
            return f"x to type bits; it reads {columns} of them"
        return "x to type bits of your own, enter when done"

    def tick(self) -> None:
        if not self.is_attached or not self.query("#typing-row"):  # left while this was still to come
            return
        self._ask()
        scene = self._look()
        on_show = self._lay_out()
        self.query_one("#typing-row").display = bool(set(on_show).intersection(self.reading))
        self._show_hint()
        for view, index in zip(self.views, on_show, strict=True):
            view.show(self.pictures[index], scene, log=self._log)

    def _ask(self) -> None:
        """Have the snapshot renewed now and then, if the model has moved on since."""
        session, now = self.lesson_state.session, time.monotonic()
        run, snapshot = session.run, session.snapshot
        stale = run is not None and (snapshot is None or snapshot.update != run.updates)
        if session.alive and stale and now - self._snapshot_asked_at > SNAPSHOT_INTERVAL:
            self._snapshot_asked_at = now
            session.request_snapshot()

    def _look(self) -> Scene:
        """The model of now; the same scene as before where nothing has changed."""
        session = self.lesson_state.session
        done = tuple(run for run in list(session.runs) if run.finished)
        snapshot = session.snapshot
        if snapshot and snapshot.experiment != session.experiment:
            snapshot = None
        seen = (session, session.experiment, snapshot, len(done), self._bits(), self._walk, self._start)
        if self._scene is None or seen != self._seen:
            self._seen = seen
            self._show_bits()
            history = self._health.look(session)
            widths = frozenset(experiment.columns for experiment in session.experiments)
            look = (self._walk, self._start, compared_setting(session.experiments))
            self._scene = Scene(session.experiment, snapshot, self._bits(), done, widths, history, *look)
            self.query_one("#which", Static).update(
                f"{session.experiment.name} · {self._scene.age}", layout=False
            )
        return self._scene

    @property
    def panels(self) -> list[Widget]:
        return [*self.views]

    @property
    def room(self) -> int:
        """How many pictures there is room for at once."""
        width, height = self.app.size
        if width >= 160 and height >= 32:
            return MOST_PICTURES
        return 2 if width >= 100 else 1

    def _lay_out(self) -> list[int]:
        """Give every picture on show a place; their indices."""
        count = len(self.pictures)
        at_once = min(count, self.room)
        self.turned_to = 0 if at_once == count else self.turned_to % count
        on_show = [(self.turned_to + k) % count for k in range(at_once)]
        names = self.query_one(PictureNames)
        names.display = at_once < count
        names.show(tuple(picture.title for picture in self.pictures), frozenset(on_show))
        if at_once != self._at_once:
            self._at_once = at_once
            rows = 2 if at_once > 2 else 1
            grid = self.query_one("#pictures")
            grid.styles.grid_size_columns, grid.styles.grid_size_rows = -(-at_once // rows), rows
            for index, view in enumerate(self._views):
                view.display = index < at_once
                view.styles.row_span = 2 if index == 0 and rows == 2 and at_once % 2 else 1
            self.refresh_bindings()
            after_refresh(self, self.tick)
        return on_show

    def focus_target(self) -> Widget:
        return self

    def copy_text(self) -> str:
        return "\n\n".join([str(self.query_one("#which", Static).content), *(v.text for v in self.views)])
