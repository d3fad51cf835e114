"""The learner's own model trains, live: its loss, what it answers, and ours beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widgets import Static

from toystory.grading.own_model.run import OwnRun
from toystory.grading.own_model.training_grounds import Ground
from toystory.models.parts.arrays import FloatArray
from toystory.render import numbers
from toystory.render.chart import Axes, Level, Series
from toystory.training.background import OVER, BackgroundRun, Snapshot
from toystory.tui.screens.base import BaseScreen
from toystory.tui.screens.breakpoints import apply_breakpoints
from toystory.tui.widgets.footer import Footer
from toystory.tui.widgets.header import Header
from toystory.tui.widgets.pictures.own_model import OwnScene, own_picture
from toystory.tui.widgets.pictures.view import PictureView
from toystory.tui.widgets.too_small import TooSmall
from toystory.tui.widgets.training.chart import Chart
from toystory.tui.widgets.training.curves import curve

TICK = 0.2
TICKS_TO_OURS = 3
"""Between two looks at our own model."""
STILL = 10
"""After so many ticks at which nothing had moved, nothing is drawn until something does."""
SEEDS = 20
POINTS = 300
ENDED_EARLY = (
    "From these first weights the way down ends too early; right models have such seeds too. "
    f"r: the next seed, H: {SEEDS} seeds."
)
COLORS = {"running": "$text-success", "paused": "$text-warning", "failed": "$text-error"}


class OwnTrainings:
    """What trains for one exercise: the learner's model, and ours beside it. It outlives its screen."""

    def __init__(self, run: OwnRun) -> None:
        """Begin nothing yet."""
        self.run = run
        self.ours = BackgroundRun(run.ground.ours)

    def start(self) -> None:
        """Train both."""
        self.run.start(1)
        self.ours.start()

    def stop(self, wait: float = 0.0) -> None:
        """End both.

        Args:
            wait: Seconds to stay until they have ended.
        """
        self.run.stop()
        self.ours.stop(wait)
        self.run.stop(wait)


class OwnModelScreen(BaseScreen[None]):
    """The loss above or on the left, the answers below or on the right; a line that says how it stands."""

    DEFAULT_CSS = """
    OwnModelScreen {
        #both {
            height: 1fr;
            layout: horizontal;
        }
        &.-narrow #both {
            layout: vertical;
        }
        Chart {
            width: 1fr;
        }
        &.-narrow Chart {
            height: 7;
        }
        &.-narrow PictureView > Static {
            height: 1;
        }
        #said {
            height: 3;
            padding: 0 2;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pause", "run", id="own.pause", tooltip="pause your model, or let it go on"),
        Binding("r", "another", "anew", id="own.another", tooltip="train it anew, from the next seed"),
        Binding("H", "seeds", "20 seeds", id="own.seeds", tooltip=f"train it from {SEEDS} seeds, one by one"),
        Binding(
            "escape,b,backspace", "dismiss", "back", key_display="esc", tooltip="back (also b); it goes on"
        ),
    ]

    def __init__(self, trainings: OwnTrainings) -> None:
        super().__init__()
        self._trainings = trainings
        self._picture = own_picture(self.ground)
        self._drawn: object = None
        self._ticks = self._still = 0
        self._moved: object = None
        self._looked_at: Snapshot | None = None
        self._others: Sequence[FloatArray] = ()
        self._state = ""

    @property
    def run_of_mine(self) -> OwnRun:
        """The learner's."""
        return self._trainings.run

    @property
    def ground(self) -> Ground:
        """What is learnt."""
        return self._trainings.run.ground

    def compose(self) -> ComposeResult:
        apply_breakpoints(self)
        yield Header(f"Your own model: {self.ground.model}, {self.ground.units}")
        with Container(id="both"):
            yield Chart(without="it begins")
            yield PictureView()
        yield Static(id="said", markup=False)
        yield TooSmall()
        yield Footer()

    def on_mount(self) -> None:
        self.set_interval(TICK, self._look)
        self.call_after_refresh(self._tick)

    def on_resize(self) -> None:
        self.call_after_refresh(self._tick)

    def action_pause(self) -> None:
        self.run_of_mine.pause()
        self._tick()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        finished = self.run_of_mine.state == "finished"
        return {"pause": not finished, "another": finished}.get(action, True)

    def action_another(self) -> None:
        self.run_of_mine.start(len(self.run_of_mine.results) + 1)
        self._tick()

    def action_seeds(self) -> None:
        self.run_of_mine.start(SEEDS)
        self._tick()

    def copy_text(self) -> str:
        """What stands there in words."""
        return f"{self._said()}\n\n{self.query_one(PictureView).text}"

    def _look(self) -> None:
        """Draw what has moved."""
        mine, ours = self.run_of_mine, self._trainings.ours
        of_mine = (mine, mine.state, id(mine.moment), len(mine.results))
        now = (*of_mine, ours, ours.state, id(self._looked_at), self.app.theme)
        rests = now == self._moved and "running" not in (mine.state, ours.state)
        self._still, self._moved = self._still + 1 if rests else 0, now
        if self._still <= STILL:
            self._tick()

    def _tick(self) -> None:
        self._ticks += 1
        if self._ticks % TICKS_TO_OURS == 1:
            self._look_at_ours()
        run = self.run_of_mine
        if run.state != self._state:
            self._state = run.state
            self.refresh_bindings()
        self.query_one(Header).show_state(f"● {run.state}", COLORS.get(run.state, "$foreground"))
        self.query_one("#said", Static).update(self._said(), layout=False)
        self._show_curves()
        mine = run.moment.looks if run.moment is not None else ()
        # By what they are, not by what is in them: arrays have no one answer to whether they are equal.
        wanted = (id(run.moment), id(self._others), self.app.theme)
        if wanted != self._drawn or self._ticks % TICKS_TO_OURS == 1:
            scene = OwnScene(self.ground.ours, None, ground=self.ground, mine=mine, others=self._others)
            self.query_one(PictureView).show(self._picture, scene)
            self._drawn = wanted

    def _look_at_ours(self) -> None:
        """Ask our model what the learner's was asked, if it has learnt something since the last time."""
        ours = self._trainings.ours
        if ours.state not in OVER:
            ours.request_snapshot()
        snapshot = ours.snapshot
        if snapshot is not None and snapshot is not self._looked_at:
            self._looked_at = snapshot
            model = snapshot.build_model()
            with np.errstate(all="ignore"):
                self._others = [self.ground.answers_of(model, x).ravel() for x in self.ground.probes]

    def _show_curves(self) -> None:
        run, ours = self.run_of_mine, self._trainings.ours.run
        series: list[Series] = []
        if ours is not None and ours.losses.points:
            series.append(curve("ours", ours.losses, "second", POINTS))
        if run.losses.points:
            series.append(curve("yours", run.losses, "first", POINTS))
        axes = Axes("update", "loss", levels=(Level(math.log(2), "a coin, ln 2"),))
        self.query_one(Chart).show(series, axes)

    def _said(self) -> str:
        """How it stands, in a few short sentences."""
        run = self.run_of_mine
        if run.error:
            return f"{run.source.name}, seed {run.seed}: {run.error}"
        parts = [self._of_now(run)]
        if run.results and run.wanted > 1:
            parts.append(
                f"{run.reached} of {len(run.results)} seeds so far are right on {self._bar()}."
                if len(run.results) < run.wanted
                else f"{run.reached} of {len(run.results)} seeds are right on {self._bar()}."
            )
        fails = run.state == "finished" and run.results[run.seed].share < self.ground.bar
        if fails and len(run.results) < SEEDS:
            parts.append(ENDED_EARLY)
        if run.remark:
            parts.append(f"Note: {run.remark}.")
        elif run.state == "finished" and run.reached:
            parts.append("It has a row of its own in the big table now (toystory compare).")
        return " ".join(parts)

    def _of_now(self, run: OwnRun) -> str:
        moment = run.moment
        if moment is None:
            return f"{run.source.name}: its gradients are looked at once more, then it trains."
        few = len(self.ground.test) <= self.ground.few
        loss = f", loss {run.losses.points[-1][1]:.4g}" if run.losses.points else ""
        return (
            f"{run.source.name}, seed {run.seed}: {moment.updates:,} updates in "
            f"{numbers.seconds(moment.seconds)}{loss}, right on {numbers.accuracy(moment.share)} of "
            f"{self.ground.test_name if moment.over or few else f'{self.ground.few} such rows'}."
        )

    def _bar(self) -> str:
        share = "all" if self.ground.bar == 1 else f"{100 * self.ground.bar:.0f} %"
        return f"{share} of {self.ground.test_name}"
