"""Train: the curves, and the derivation beside them with the running model's own numbers."""

from __future__ import annotations

import math
import time
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from toystory.course.derivation.steps import DerivationStep
from toystory.course.suggestion import Suggestion
from toystory.progress.studies import PastRun
from toystory.training.background import BackgroundRun
from toystory.training.claim import Verdict
from toystory.tui.navigation import navigation
from toystory.tui.screens.inspection.actions import InspectionActions
from toystory.tui.screens.inspection.derivation import DerivationScreen
from toystory.tui.screens.lesson.controls import Controls
from toystory.tui.screens.lesson.inside import Bits
from toystory.tui.screens.lesson.redraw import RedrawSchedule
from toystory.tui.screens.lesson.status_text import experiment_entries, status
from toystory.tui.state.inspection import Cursor, Trace
from toystory.tui.state.lesson_state import LessonState
from toystory.tui.widgets.deferred import after_refresh
from toystory.tui.widgets.derivation.steps import DerivationView
from toystory.tui.widgets.pictures.view import InsideView
from toystory.tui.widgets.tools import Tool, Tools
from toystory.tui.widgets.training.claims import ClaimList
from toystory.tui.widgets.training.curves import Curves
from toystory.tui.widgets.training.experiments import ExperimentList
from toystory.tui.widgets.training.status import StatusBar

REDRAW_INTERVALS = {"figures": 0.3, "loss": 0.5, "accuracy": 0.5, "derivation": 0.8, "glance": 0.8}
"""Seconds between two drawings while it trains: as often as an eye can follow, for what is drawn is taken
from the training."""
LEAST_FOR_TWO = 100
"""Columns of a terminal in which something stands beside the curves."""
LEAST_FOR_FIRST_VIEW = 76
"""And in which the one picture does, where nothing else is to be seen."""
SNAPSHOT_INTERVAL = 0.8
"""Seconds between two snapshots of a model that trains."""
MAX_PAST_RUNS = 4
"""How many former runs are laid under the loss."""
ROOM_FOR_REAL_NUMBERS = 120
ROOM_FOR_ALL_TOOLS = 100
"""Columns; with fewer some tools are left to the list of keys."""
FIRST_CHAPTERS = 3
"""In so many chapters Train begins with the loss and the picture that matters, and nothing else."""
ALL_OF_TRAIN = "all of Train"
"""Noted of the app where the learner has asked for the rest."""
VIEWS = ("loss", "accuracy", "derivation", "claims")


class TrainStage(Controls, InspectionActions):
    """As much of it at once as the terminal has room for; d, g and v turn to the rest."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Among the tools: in the footer, too, there would be no room left for the help.
        Binding("T", "screen.table", "table", show=False),
        Binding(
            "v", "view", "view", id="train.view", tooltip="turn to the next view: curves, derivation, claims"
        ),
        Binding(
            "d",
            "show('derivation')",
            "derivation",
            show=False,
            id="train.derivation",
            tooltip="the derivation, and back to the curves",
        ),
        Binding(
            "g",
            "show('claims')",
            "claims",
            show=False,
            id="train.claims",
            tooltip="the claims, and back to the curves",
        ),
        Binding(
            "j",
            "derivation(1)",
            "next",
            show=False,
            id="train.next",
            tooltip="next step of the derivation",
        ),
        Binding(
            "k",
            "derivation(-1)",
            "before",
            show=False,
            id="train.before",
            tooltip="step before in the derivation",
        ),
        Binding(
            "i",
            "one_update",
            "one update",
            show=False,
            id="train.one_update",
            tooltip="inside one update of the model, step by step",
        ),
        Binding(
            "f",
            "toggle_view('past')",
            "past runs",
            show=False,
            id="train.past",
            tooltip="former runs laid under the loss, and away again",
        ),
        Binding(
            "G",
            "toggle_view('log')",
            "log",
            show=False,
            id="train.log",
            tooltip="logarithmic or linear loss",
        ),
        Binding(
            "L",
            "toggle_view('gradient')",
            "gradient",
            show=False,
            id="train.gradient",
            tooltip="the length of the gradient in place of the accuracy",
        ),
        Binding(
            "z",
            "toggle_view('zoom')",
            "zoom",
            show=False,
            id="train.zoom",
            tooltip="zoom to the last fifth of the curves, and out again",
        ),
        Binding(
            "Z",
            "more",
            "more",
            show=False,
            id="train.more",
            tooltip="in the first chapters: all that there is here, and back to the first view",
        ),
    ]

    def __init__(self, lesson_state: LessonState, bits: Bits) -> None:
        super().__init__(lesson_state)
        self.view = "loss"
        self.side = "derivation"
        self._all = True
        """Whether all there is is shown, where there is room to choose; else the first view."""
        self.cursor = Cursor()
        self._redraw = RedrawSchedule(REDRAW_INTERVALS)
        self._drawn_charts: dict[str, object] = {}
        self._snapshot_asked_at = -math.inf
        self._evaluated: object = None
        self._on: set[str] = set()
        self._explained: Suggestion | None = None
        self._experiments, self._tools, self._status_bar = ExperimentList(), Tools(), StatusBar()
        self._curves = Curves(id="curves")
        self._derivation = DerivationView(lesson_state.lesson, id="derivation")
        self._claims = ClaimList(lesson_state.lesson.claims, id="claims")
        self._glance = InsideView(bits, id="glance")
        self._third = Vertical(self._claims, self._glance, id="third")
        self._reason = Static(id="reason", markup=False)

    def compose(self) -> ComposeResult:
        yield self._experiments
        yield Horizontal(self._curves, self._derivation, self._third, id="board")
        yield self._reason
        yield self._tools
        yield self._status_bar

    def on_mount(self) -> None:
        first = 0 < self.lesson_state.lesson.chapter.number <= FIRST_CHAPTERS
        self._all = not first or ALL_OF_TRAIN in navigation(self).learner.record("").marks
        self.lay_out()

    def on_resize(self) -> None:
        self.lay_out()

    # What is seen

    def lay_out(self) -> None:
        """Show what fits: one thing, curves with something beside them, or everything."""
        width, height = self.app.size
        columns = 1 if width < LEAST_FOR_TWO else 2 if width < 160 else 3
        low = height < 32
        on_curves = self.view in ("loss", "accuracy")
        curves = columns > 1 or on_curves
        first = self.view if on_curves else "loss"
        self._curves.display = curves
        self._curves.loss.display = curves and (not low or first == "loss")
        self._curves.accuracy.display = curves and (not low or first == "accuracy")
        side = self.side if columns == 2 else self.view
        first_view = self.first_view
        if first_view:
            self._curves.display = self._curves.loss.display = True
            self._curves.accuracy.display = False
        self._curves.styles.width = "5fr" if first_view and columns == 1 else "1fr"
        self._third.styles.width = "6fr" if first_view and columns == 1 else "1fr"
        self._glance.set_compact(first_view and low)
        self._derivation.display = not first_view and (columns == 3 or side == "derivation")
        self._third.display = first_view or columns == 3 or side == "claims"
        # Without claims, as in the sandbox, their place is the picture's.
        claims = bool(self.lesson_state.lesson.claims) and not first_view
        self._claims.display = claims
        self._glance.display = not claims or (columns == 3 and not low)
        after_refresh(self, self.show_all)

    @property
    def first_view(self) -> bool:
        """Whether only the loss is shown, and the picture that matters live beside it."""
        return not self._all and self.app.size.width >= LEAST_FOR_FIRST_VIEW

    def action_more(self) -> None:
        """All there is, and back to the first view; it is remembered."""
        if 0 < self.lesson_state.lesson.chapter.number <= FIRST_CHAPTERS:
            self.screen.minimize()
            self._all = not self._all
            navigation(self).learner.record("").mark(ALL_OF_TRAIN, self._all)
            self.lay_out()

    @property
    def panels(self) -> list[Widget]:
        """What can be made as large as the screen."""
        candidates: list[Widget] = [self._curves.loss, self._curves.accuracy, self._derivation, self._claims]
        return [panel for panel in (*candidates, self._glance) if _seen(panel, self)]

    def action_show(self, view: str) -> None:
        """Turn to the derivation or the claims; again: back to the curves."""
        self.screen.minimize()
        if self.first_view:  # all there is, for now
            self._all, self.side, self.view = True, view, view
        elif self.app.size.width >= LEAST_FOR_TWO:
            self.side = "derivation" if view == self.side == "claims" else view
        else:
            self.view = "loss" if view == self.view else view
        self.lay_out()

    def action_view(self) -> None:
        """The next of what there is no room for at once."""
        self.screen.minimize()
        if self.first_view:  # all there is, for now
            self._all = True
            self.lay_out()
            return
        width, height = self.app.size
        if width < 100:
            views = VIEWS if height < 32 else ("loss", "derivation", "claims")
            self.view = views[(views.index(self.view) + 1) % len(views)] if self.view in views else views[0]
        elif width < 160:
            self.side = "claims" if self.side == "derivation" else "derivation"
        else:
            self.view = "accuracy" if self.view == "loss" else "loss"
        self.lay_out()

    def action_derivation(self, step: int) -> None:
        if not self._derivation.display:
            self.action_show("derivation")
        else:
            self._derivation.choose(self._derivation.chosen + step)

    def action_toggle_view(self, what: str) -> None:
        """Turn past runs, the logarithmic axis or the zoom on, or off again."""
        self._on ^= {what}
        self._all = self._all or what == "gradient"  # it stands in the place of the accuracy
        if what == "gradient":
            self.view = "accuracy"  # it stands there
        elif what != "zoom" and self.view == "accuracy":
            self.view = "loss"
        self.lay_out()

    def action_one_update(self) -> None:
        self.app.push_screen(DerivationScreen(self.current_trace(), self.cursor))

    async def on_status_bar_asked(self, event: StatusBar.Asked) -> None:
        await self.run_action(event.action)

    async def on_tools_chosen(self, event: Tools.Chosen) -> None:
        await self.run_action(event.action)

    # The row that the derivation is worked out for

    def refresh_inspection(self, _: object = None) -> None:
        if not self._derivation.display:
            self.action_show("derivation")
        self._show_derivation()

    def source_step(self) -> DerivationStep:
        steps = self.current_trace().steps  # of another experiment there may be fewer
        return steps[min(self._derivation.chosen, len(steps) - 1)]

    def current_trace(self) -> Trace:
        session = self.lesson_state.session
        snapshot = session.snapshot
        experiment = snapshot.experiment if snapshot else session.experiment
        model = snapshot.build_model() if snapshot else experiment.build_model()
        rate = snapshot.learning_rate if snapshot else session.learning_rate
        return self.cursor.trace(self.lesson_state.lesson, experiment, model, rate)

    # What is shown

    def tick(self) -> bool:
        if not self._status_bar.is_attached:  # the lesson was left while this was still to come
            return True
        session, now = self.lesson_state.session, time.monotonic()
        if session.state != "running" and self.lesson_state.running is None:
            self.show_all()
            return False
        self._ask(session, now)
        due = self._redraw.next_due(now)
        if due is not None:
            self._show(due)
        return due is not None

    def show_now(self) -> None:
        self._redraw.reset()
        if self.lesson_state.session.state == "running":
            self._show("figures")
        else:
            self.show_all()

    def show_all(self) -> None:
        """Everything that has changed, whoever's turn it is."""
        if self._status_bar.is_attached:
            for what in REDRAW_INTERVALS:
                self._show(what)

    def _show(self, what: str) -> None:
        match what:
            case "figures":
                self._show_figures()
            case "derivation":
                self._show_derivation()
            case "glance" if _seen(self._glance, self):
                self._glance.show(self.lesson_state.session.experiment, self.lesson_state.session.snapshot)
            case "loss" | "accuracy":
                self._show_curves(what)

    def _ask(self, session: BackgroundRun, now: float) -> None:
        wanted = self._derivation.display or self._glance.display
        if wanted and now - self._snapshot_asked_at > SNAPSHOT_INTERVAL:
            self._snapshot_asked_at = now
            session.request_snapshot()

    def _show_figures(self) -> None:
        lesson_state = self.lesson_state
        self._experiments.show(experiment_entries(lesson_state), lesson_state.index)
        self._show_tools()
        self._show_reason()
        changed = lesson_state.session.altered or lesson_state.speed is not None
        few = self.first_view and not changed
        # Where a message always fits in one row, there is a row to spare.
        self._status_bar.styles.height = 3 if few else 4 if self.app.size.width >= 120 else 5
        self._status_bar.show(status(lesson_state, few))
        record = lesson_state.record
        title = f"claims: {record.reached} of {record.claims} are true" if record.claims else "no claims here"
        verdicts = record.verdicts | _fresh_verdicts(lesson_state)
        if left := max(record.claims - len(verdicts), 0):
            title += f", {left} not measured yet"
        self._claims.show(verdicts, title)

    def _show_tools(self) -> None:
        lesson_state, on = self.lesson_state, self._on
        if self.first_view:
            self._tools.show((Tool("Z", "more: derivation, claims, options, ideas", "more"),))
            return
        changed = lesson_state.custom is not None or lesson_state.session.altered
        offered = (
            (True, Tool("O", "options", "screen.settings")),
            (bool(lesson_state.lesson.suggestions), Tool("I", "ideas", "suggestions")),
            (True, Tool("H", "20 seeds", "run_seeds")),
            (True, Tool("K", "control", "run_control")),
            (changed, Tool("X", "recipe", "back_to_recipe")),
            (bool(lesson_state.record.past), Tool("f", "past", "toggle_view('past')", "past" in on)),
            (True, Tool("G", "log", "toggle_view('log')", "log" in on)),
            (self.size.width >= ROOM_FOR_ALL_TOOLS, Tool("J", "find rate", "find_rate")),
            (
                self.size.width >= ROOM_FOR_ALL_TOOLS,
                Tool("L", "gradient", "toggle_view('gradient')", "gradient" in on),
            ),
            (True, Tool("z", "zoom", "toggle_view('zoom')", "zoom" in on)),
            (True, Tool("M", "panel", "screen.maximise")),
            (True, Tool("W", "command", "copy_command")),
            (
                self.size.width >= ROOM_FOR_REAL_NUMBERS and lesson_state.has_real_numbers,
                Tool("#", "real numbers", "screen.real_numbers"),
            ),
            (lesson_state.lesson.table is not None, Tool("T", "table", "screen.table")),
        )
        self._tools.show(tuple(tool for shown, tool in offered if shown))

    def _show_reason(self) -> None:
        """Why a suggestion ends as it does, once it has."""
        own = self.lesson_state.custom
        suggestion = own.suggestion if own else None
        told = suggestion is not None and self.lesson_state.has_run(suggestion)
        self._reason.display = told
        if suggestion is not None and told and suggestion is not self._explained:
            self._explained = suggestion
            self._reason.update(Content.assemble(("why  ", "bold $primary"), suggestion.reason))

    def _show_curves(self, which: str) -> None:
        session = self.lesson_state.session
        run, past = session.run, self._past(session)
        chart = self._curves.loss if which == "loss" else self._curves.accuracy
        updates = run.updates if run else -1
        named = [one.name for one in past]
        at = (session, len(session.runs), updates, session.state, chart.size, set(self._on), named)
        if not _seen(chart, self) or at == self._drawn_charts.get(which):
            return
        self._drawn_charts[which] = at
        zoom = "zoom" in self._on
        if which == "loss":
            self._curves.show_loss(session, past, log="log" in self._on, zoom=zoom)
        elif "gradient" in self._on:
            self._curves.show_gradient(session, past, zoom=zoom)
        else:
            self._curves.show_accuracy(session, past, zoom=zoom)

    def _past(self, session: BackgroundRun) -> list[PastRun]:
        """The former runs that are laid under this one, the latest first."""
        if "past" not in self._on:
            return []
        latest = {one.name: one for one in self.lesson_state.record.past if one.run not in session.runs}
        return list(reversed(latest.values()))[:MAX_PAST_RUNS]

    def _show_derivation(self) -> None:
        session = self.lesson_state.session
        snapshot, experiment = session.snapshot, session.experiment
        model_of = (snapshot, experiment) if snapshot else (experiment, session.learning_rate)
        wanted = (model_of, self.cursor.key)
        if not self._derivation.display or wanted == self._evaluated:
            return
        self._evaluated = wanted
        try:
            self._derivation.show(self.current_trace())
        except Exception as error:  # the learner may have edited the model
            self.notify(f"{type(error).__name__}: {error}", severity="warning", timeout=4)

    def copy_text(self) -> str:
        if self._derivation.display:
            return self._derivation.text
        if self._third.display:
            return self._claims.text
        figures = status(self.lesson_state).figures
        return "\n".join([self.lesson_state.study.name, *(f"{name}: {value}" for name, value in figures)])


def _seen(widget: Widget, within: Widget) -> bool:
    """Whether it has a place on the screen, as far as what lies between it and `within` is concerned."""
    while widget is not within:
        if not widget.display or not isinstance(widget.parent, Widget):
            return False
        widget = widget.parent
    return True


def _fresh_verdicts(lesson_state: LessonState) -> dict[str, Verdict]:
    return {verdict.claim.text: verdict for verdict in list(lesson_state.session.verdicts)}
