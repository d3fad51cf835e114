"""Train: the curves, and the derivation beside them with the running model's own numbers."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import itemgetter
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from lessons.claim import Verdict
from lessons.lesson import experiments_of
from lessons.run import Run
from lessons.suggestion import Suggestion
from models.history import History
from toystory import numbers
from toystory.bench import Bench, marks, sweep_note
from toystory.chart import Axes, Level, Series
from toystory.learner import Past
from toystory.place import Place, Reading
from toystory.screens.derivation import DerivationScreen
from toystory.screens.gradient_check import GradientCheckScreen
from toystory.screens.inside import Bits
from toystory.screens.learning_rate import LearningRateScreen
from toystory.screens.row import PLACE_BINDINGS, RowScreen
from toystory.screens.source import SourceScreen
from toystory.screens.stage import Stage
from toystory.screens.suggestions import SuggestionsScreen
from toystory.session import OVER, Session
from toystory.widgets.chart import Chart
from toystory.widgets.claims import ClaimList
from toystory.widgets.derivation import DerivationView
from toystory.widgets.inside import InsideView
from toystory.widgets.row import RowLine
from toystory.widgets.status import Status, StatusBar
from toystory.widgets.studies import Entry, Studies
from toystory.widgets.tools import Tool, Tools

FIGURES_EVERY, CURVES_EVERY, NUMBERS_EVERY = 0.2, 0.3, 0.8
"""Seconds between two drawings of the figures, the curves and the model's numbers while it trains: as often
as an eye can follow, for what is drawn is taken from the training."""
EARLIER_RUNS = 5
"""How many earlier runs of a sweep are drawn behind the current one."""
MOST_PAST = 4
"""How many former runs are laid under the loss."""
LEGEND_NAME = 16
"""Columns that the name of a former run may have."""
ZOOM_FROM = 0.8
"""Share of the updates made that a zoom leaves out."""
VIEWS = ("loss", "accuracy", "derivation", "claims")
COLORS = {
    "ready": "$foreground",
    "running": "$text-success",
    "measuring": "$text-success",
    "paused": "$text-warning",
    "finished": "$text-primary",
    "diverged": "$text-error",
    "failed": "$text-error",
    "stopped": "$text-warning",
}


def nice_end(update: int, updates: int) -> int:
    """Where the x axis ends: at 1, 2 or 5 times a power of ten, so that it seldom moves."""
    ends: Iterator[int] = (f * int(10**e) for e in range(1, 12) for f in (1, 2, 5))
    return max(1, min(next(end for end in ends if end >= update), updates))


Points = list[tuple[int, float]]


def thinned(points: Points, most: int) -> Points:
    """At most about `most` of the points: the lowest and the highest of every few, so that spikes stay."""
    few = 1
    while 2 * len(points) > few * most:
        few *= 2  # doubled, so that a growing curve does not shimmer
    if few < 4:
        return points
    kept: Points = []
    for start in range(0, len(points), few):
        part = points[start : start + few]
        kept += sorted({min(part, key=itemgetter(1)), max(part, key=itemgetter(1))})
    return [*kept[:-1], points[-1]]


def curve(label: str, history: History, role: str, most: int, scale: float = 1.0) -> Series:
    """A recorded curve, thinned. The thread may append meanwhile: a copy is taken at once."""
    points = thinned(list(history.points), most)
    return Series(label, [x for x, _ in points], [scale * y for _, y in points], role)


@lru_cache(maxsize=64)
def earlier_curve(run: Run) -> Series:
    """The loss of a run that is over, as a faint line."""
    return curve("earlier runs", run.losses, "earlier", 100)


def shortened(name: str) -> str:
    """Of a study, as short as a legend needs it: yours 1, or the beginning."""
    name = name.partition(": ")[0] if name.startswith("yours ") else name
    return name if len(name) <= LEGEND_NAME else name[: LEGEND_NAME - 1] + "…"


def within(series: Series, limits: tuple[float, float]) -> Series:
    """The part of a curve between the limits: what lies outside must not stretch the other axis."""
    points = [(x, y) for x, y in zip(series.xs, series.ys, strict=True) if limits[0] <= (x or 0) <= limits[1]]
    return Series(series.label, [x for x, _ in points], [y for _, y in points], series.role)


class TrainStage(Stage):
    """As much of it at once as the terminal has room for; d, g and v turn to the rest."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "start_or_pause", "start", id="train.start", tooltip="start, pause, go on"),
        Binding(
            "full_stop,enter",
            "step",
            "step",
            key_display=".",
            id="train.step",
            tooltip="one update (also enter)",
        ),
        Binding(
            "plus,equals_sign",
            "faster",
            "faster",
            show=False,
            key_display="+",
            id="train.faster",
            tooltip="more updates a second",
        ),
        Binding(
            "minus",
            "slower",
            "slower",
            show=False,
            key_display="-",
            id="train.slower",
            tooltip="fewer updates a second, to watch closely",
        ),
        Binding(
            "left_square_bracket",
            "rate(0.1)",
            "learning rate ÷ 10",
            show=False,
            key_display="[",
            id="train.rate_down",
            tooltip="a tenth of the learning rate",
        ),
        Binding(
            "right_square_bracket",
            "rate(10)",
            "learning rate × 10",
            show=False,
            key_display="]",
            id="train.rate_up",
            tooltip="ten times the learning rate",
        ),
        Binding("e", "type_rate", "rate", id="train.rate", tooltip="type a learning rate, such as 1e6"),
        Binding("r", "reset", "reset", id="train.reset", tooltip="back to the first weights and the recipe"),
        Binding("a", "start_all", "all", id="train.all", tooltip="run all experiments, one after another"),
        Binding(
            "up",
            "choose(-1)",
            "experiment before",
            show=False,
            key_display="↑",
            id="train.up",
            tooltip="the experiment before",
        ),
        Binding(
            "down",
            "choose(1)",
            "next experiment",
            show=False,
            key_display="↓",
            id="train.down",
            tooltip="the next experiment",
        ),
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
            "next step",
            show=False,
            id="train.next",
            tooltip="next step of the derivation",
        ),
        Binding(
            "k",
            "derivation(-1)",
            "step before",
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
        *PLACE_BINDINGS,
        Binding("I", "suggestions", "ideas", show=False, id="train.ideas", tooltip="ideas: what else to try"),
        Binding(
            "H",
            "try_seeds",
            "20 seeds",
            show=False,
            id="train.seeds",
            tooltip="how many of 20 seeds solve it? with these settings",
        ),
        Binding(
            "X",
            "back_to_recipe",
            "recipe",
            show=False,
            id="train.recipe",
            tooltip="back to the lesson's recipe, from settings of your own",
        ),
        Binding(
            "f",
            "turn_on('past')",
            "past runs",
            show=False,
            id="train.past",
            tooltip="former runs laid under the loss, and away again",
        ),
        Binding(
            "G",
            "turn_on('log')",
            "log",
            show=False,
            id="train.log",
            tooltip="logarithmic or linear loss",
        ),
        Binding(
            "z",
            "turn_on('zoom')",
            "zoom",
            show=False,
            id="train.zoom",
            tooltip="zoom to the last fifth of the curves, and out again",
        ),
        Binding(
            "W",
            "copy_command",
            "command",
            show=False,
            id="train.command",
            tooltip="what to type to run this again: copies the command",
        ),
    ]

    def __init__(self, bench: Bench, bits: Bits) -> None:
        super().__init__(bench)
        self.view = "loss"
        self.side = "derivation"
        self._bits = bits
        self._charted: object = None
        self._figures_at = self._charted_at = self._asked_at = -math.inf
        self._evaluated: object = None
        self.place = Place()
        self._on: set[str] = set()
        self._told: Suggestion | None = None

    def compose(self) -> ComposeResult:
        lesson = self.bench.lesson
        yield Studies()
        with Horizontal(id="board"):
            with Vertical(id="curves"):
                yield Chart(id="loss")
                yield Chart(id="accuracy")
            yield DerivationView(lesson, id="derivation")
            with Vertical(id="third"):
                yield ClaimList(lesson.claims, id="claims")
                yield InsideView(self._bits, id="glance")
        yield Static(id="reason", markup=False)
        yield Tools()
        yield StatusBar()

    def on_mount(self) -> None:
        self.lay_out()

    def on_resize(self) -> None:
        self.lay_out()

    # What is seen

    def lay_out(self) -> None:
        """Show what fits: one thing, curves with something beside them, or everything."""
        width, height = self.app.size
        columns = 1 if width < 100 else 2 if width < 160 else 3
        low = height < 32
        on_curves = self.view in ("loss", "accuracy")
        curves = columns > 1 or on_curves
        first = self.view if on_curves else "loss"
        self.query_one("#curves").display = curves
        self.query_one("#loss").display = curves and (not low or first == "loss")
        self.query_one("#accuracy").display = curves and (not low or first == "accuracy")
        side = self.side if columns == 2 else self.view
        self.query_one("#derivation").display = columns == 3 or side == "derivation"
        claims = columns == 3 or side == "claims"
        self.query_one("#third").display = claims
        self.query_one("#glance").display = columns == 3 and not low
        # Where a message always fits in one row, there is a row to spare.
        self.query_one(StatusBar).styles.height = 4 if width >= 120 else 5
        self.call_after_refresh(self.tick)

    def action_show(self, view: str) -> None:
        """Turn to the derivation or the claims; again: back to the curves."""
        if self.app.size.width >= 100:
            self.side = "derivation" if view == self.side == "claims" else view
        else:
            self.view = "loss" if view == self.view else view
        self.lay_out()

    def action_view(self) -> None:
        """The next of what there is no room for at once."""
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
        derivation = self.query_one(DerivationView)
        if not derivation.display:
            self.action_show("derivation")
        else:
            derivation.choose(derivation.chosen + step)

    # The row that the derivation is worked out for

    def action_one_update(self) -> None:
        self.app.push_screen(DerivationScreen(self._read_now(), self.place))

    def action_check(self) -> None:
        self.app.push_screen(GradientCheckScreen(self._read_now()))

    def action_source(self) -> None:
        step = self.bench.lesson.derivation[self.query_one(DerivationView).chosen]
        self.app.push_screen(SourceScreen(self._read_now().model, step))

    def action_type_row(self) -> None:
        self.app.push_screen(RowScreen(self._read_now(), self.place), self._look)

    def action_another_row(self) -> None:
        self.place.another(self._read_now())
        self._look()

    def action_unit(self, step: int) -> None:
        self.place.move_unit(self._read_now(), step)
        self._look()

    def action_bit(self, step: int) -> None:
        self.place.move_bit(self._read_now(), step)
        self._look()

    def action_symbol(self, step: int) -> None:
        self.query_one(DerivationView).turn_symbol(step)

    async def on_row_line_change(self, event: RowLine.Change) -> None:
        event.stop()
        await self.run_action(RowLine.action_for(event))

    def action_go_to_bit(self, t: int) -> None:
        self.place.t = t
        self._look()

    def _look(self, _: object = None) -> None:
        if not self.query_one("#derivation").display:
            self.action_show("derivation")
        self.tick()

    def _read_now(self) -> Reading:
        """The current model on the chosen row."""
        session = self.bench.session
        snapshot = session.snapshot
        experiment = snapshot.experiment if snapshot else session.experiment
        model = snapshot.build_model() if snapshot else experiment.build_model()
        rate = snapshot.learning_rate if snapshot else session.learning_rate
        return self.place.read(self.bench.lesson, experiment, model, rate)

    # The controls

    def action_start_or_pause(self) -> None:
        self._do(self.bench.start_or_pause)

    def action_step(self) -> None:
        self._do(self.bench.step)

    def action_faster(self) -> None:
        self._do(self.bench.faster)

    def action_slower(self) -> None:
        self._do(self.bench.slower)

    def action_reset(self) -> None:
        self._do(self.bench.reset)

    def action_start_all(self) -> None:
        self._do(self.bench.start_all)

    def action_choose(self, step: int) -> None:
        self._do(lambda: self.bench.choose(self.bench.index + step))

    def action_rate(self, factor: float) -> None:
        # Ten digits: a tenth, ten times, shall be the number it was.
        self._set_rate(float(f"{self.bench.session.learning_rate * factor:.10g}"))

    def action_type_rate(self) -> None:
        self.app.push_screen(LearningRateScreen(self.bench.session.learning_rate), self._set_rate)

    def action_suggestions(self) -> None:
        suggestions = self.bench.lesson.suggestions
        tried = [self.bench.tried(suggestion) for suggestion in suggestions]
        if suggestions:
            self.app.push_screen(SuggestionsScreen(suggestions, tried), self._try)

    def _try(self, suggestion: Suggestion | None) -> None:
        if suggestion is not None:
            self._do(lambda: self.bench.try_suggestion(suggestion))

    def action_try_seeds(self) -> None:
        self._do(self.bench.try_seeds)

    def action_back_to_recipe(self) -> None:
        self._do(self.bench.back_to_recipe)

    def action_turn_on(self, what: str) -> None:
        """Turn past runs, the logarithmic axis or the zoom on, or off again."""
        self._on ^= {what}
        self._charted = None
        self.view = "loss" if what != "zoom" and self.view == "accuracy" else self.view
        self.lay_out()

    def action_copy_command(self) -> None:
        text = self.bench.replay
        self.app.copy_to_clipboard(text)
        first, *more = text.splitlines()
        also = f"\nand {len(more)} more lines" if len(more) > 1 else "".join(f"\n{line}" for line in more)
        self.notify(f"{first}{also}", title="copied: what to type", timeout=6, markup=False)

    async def on_tools_chosen(self, event: Tools.Chosen) -> None:
        await self.run_action(event.action)

    def on_studies_chosen(self, event: Studies.Chosen) -> None:
        self._do(lambda: self.bench.choose(event.index))

    def _set_rate(self, value: float | None) -> None:
        if value is not None:
            try:
                self.bench.set_learning_rate(value)
            except ValueError as error:
                self.notify(str(error), severity="warning", timeout=4)
            self._figures_at = -math.inf
            self.tick()

    def _do(self, control: Callable[[], None]) -> None:
        control()
        self._figures_at = -math.inf
        self.tick()

    # What is shown

    def tick(self) -> None:
        if not self.query(StatusBar):  # the lesson was left while this was still to come
            return
        session = self.bench.session
        now = time.monotonic()
        self._ask(session, now)
        if session.state != "running" or now - self._figures_at >= FIGURES_EVERY:
            self._figures_at = now
            self._show_studies()
            self._show_tools()
            self._show_reason()
            self.query_one(StatusBar).show(self._status(session))
        self._show_curves(session, now)
        self._show_numbers(session)
        self._show_claims()

    def _ask(self, session: Session, now: float) -> None:
        wanted = self.query_one("#derivation").display or self.query_one("#glance").display
        if wanted and session.state == "running" and now - self._asked_at > NUMBERS_EVERY:
            self._asked_at = now
            session.ask_snapshot()

    def _show_studies(self) -> None:
        bench = self.bench
        entries = []
        for study in bench.studies:
            session = bench.record.sessions.get(study.name)
            finished = study.name in bench.record.finished
            entries.append(Entry(study.name, _note(session) if session else "", finished))
        self.query_one(Studies).show(tuple(entries), bench.index)

    def _show_tools(self) -> None:
        bench, on = self.bench, self._on
        changed = bench.own is not None or bench.session.altered
        offered = (
            (True, Tool("O", "options", "screen.settings")),
            (bool(bench.lesson.suggestions), Tool("I", "ideas", "suggestions")),
            (True, Tool("H", "20 seeds", "try_seeds")),
            (changed, Tool("X", "recipe", "back_to_recipe")),
            (bool(bench.record.past), Tool("f", "past", "turn_on('past')", "past" in on)),
            (True, Tool("G", "log", "turn_on('log')", "log" in on)),
            (True, Tool("z", "zoom", "turn_on('zoom')", "zoom" in on)),
            (True, Tool("W", "command", "copy_command")),
        )
        self.query_one(Tools).show(tuple(tool for shown, tool in offered if shown))

    def _show_reason(self) -> None:
        """Why a suggestion ends as it does, once it has."""
        own, static = self.bench.own, self.query_one("#reason", Static)
        suggestion = own.suggestion if own else None
        told = suggestion is not None and self.bench.tried(suggestion)
        static.display = told
        if suggestion is not None and told and suggestion is not self._told:
            self._told = suggestion
            static.update(Content.assemble(("why  ", "bold $primary"), suggestion.reason))

    def _status(self, session: Session) -> Status:
        run = session.run
        total = session.experiment.updates
        done = run.updates if run else 0
        runs = len(session.experiments)
        if session.state in ("finished", "diverged"):
            share = 1.0
        else:
            share = ((max(len(session.runs), 1) - 1) + done / max(total, 1)) / runs
        train, fresh = _accuracies(run)
        speed = "full" if self.bench.speed is None else f"{self.bench.speed:g}/s"
        spent = sum(r.seconds for r in session.runs)
        return Status(
            session.state,
            COLORS[session.state],
            share,
            (
                ("update", f"{done:,}"),
                ("loss", numbers.scalar(run.loss) if run and run.progress else "–"),
                ("train", train),
                ("fresh", fresh),
                ("seconds", f"{spent:.1f}"),
                ("updates/s", f"{self.bench.rate():,.0f}" if run else "–"),
                ("speed", speed),
                ("learning rate", f"{session.learning_rate:g}"),
            ),
            _message(session),
        )

    def _show_curves(self, session: Session, now: float) -> None:
        run = session.run
        at = (id(session), len(session.runs), run.updates if run else -1, session.state)
        shown = (self.query_one("#loss").display, self.query_one("#accuracy").display)
        if (at, shown) == self._charted or (
            session.state == "running" and now - self._charted_at < CURVES_EVERY
        ):
            return
        self._charted, self._charted_at = (at, shown), now
        past = self._past(session)
        drawn = [*session.runs[-EARLIER_RUNS:], *(one.run for one in past)]
        updates = max([session.experiment.updates, *(r.experiment.updates for r in drawn)])
        end = float(nice_end(max((r.updates for r in drawn), default=0), updates))
        limits = (0.0, end)
        if "zoom" in self._on and run and run.updates:
            limits = (ZOOM_FROM * run.updates, float(run.updates))
        most = 3 * max(self.query_one("#curves").size.width, 20)
        if shown[0]:
            # The level would hold the axis open: away with it where one looks closely.
            levels = () if "zoom" in self._on else (Level(math.log(2), "a coin, ln 2"),)
            axes = Axes("update", "loss", limits, log_y="log" in self._on, levels=levels)
            series = [
                curve(shortened(one.name), one.run.losses, f"past-{place}", most)
                for place, one in enumerate(past, start=1)
            ]
            if run:
                series += [earlier_curve(r) for r in session.runs[-EARLIER_RUNS - 1 : -1]]
                series.append(curve("loss", run.losses, "train", most))
            self.query_one("#loss", Chart).show([within(one, limits) for one in series], axes)
        if shown[1]:
            axes = Axes("update", "accuracy in %", limits, (0.0, 100.0), levels=(Level(50.0, "a coin"),))
            series = []
            if run:
                series = [
                    curve("training rows", run.train_accuracies, "train", most, 100.0),
                    curve("fresh rows", run.fresh_accuracies, "fresh", most, 100.0),
                ]
            self.query_one("#accuracy", Chart).show(series, axes)

    def _past(self, session: Session) -> list[Past]:
        """The former runs that are laid under this one, the latest first."""
        if "past" not in self._on:
            return []
        latest = {one.name: one for one in self.bench.record.past if one.run not in session.runs}
        return list(reversed(latest.values()))[:MOST_PAST]

    def _show_numbers(self, session: Session) -> None:
        derivation, glance = self.query_one(DerivationView), self.query_one("#glance", InsideView)
        if glance.display:
            glance.show(session.experiment, session.snapshot)
        snapshot, experiment = session.snapshot, session.experiment
        model_of = (snapshot, experiment) if snapshot else (experiment, session.learning_rate)
        wanted = (model_of, self.place.key)
        if not derivation.display or wanted == self._evaluated:
            return
        self._evaluated = wanted
        try:
            derivation.show(self._read_now())
        except Exception as error:  # the learner may have edited the model
            self.notify(f"{type(error).__name__}: {error}", severity="warning", timeout=4)

    def _show_claims(self) -> None:
        record = self.bench.record
        title = f"claims: {record.reached} of {record.claims} hold" if record.claims else "no claims here"
        self.query_one(ClaimList).show(record.verdicts | _fresh_verdicts(self.bench), title)

    def copy_text(self) -> str:
        if self.query_one("#derivation").display:
            return self.query_one(DerivationView).text
        if self.query_one("#third").display:
            return self.query_one(ClaimList).text
        status = self._status(self.bench.session)
        return "\n".join([self.bench.study.name, *(f"{name}: {value}" for name, value in status.figures)])


def _fresh_verdicts(bench: Bench) -> dict[str, Verdict]:
    return {verdict.claim.text: verdict for verdict in list(bench.session.verdicts)}


def _accuracies(run: Run | None) -> tuple[str, str]:
    """On training rows and on fresh rows: measured afterwards, or the last ones on the way."""
    if run is None:
        return "–", "–"
    if run.finished:
        tie = run.tie
        return _share(run.train_accuracy), "a tie" if tie else _share(run.fresh_accuracy)
    train, fresh = run.train_accuracies.points, run.fresh_accuracies.points
    return _share(train[-1][1]) if train else "–", _share(fresh[-1][1]) if fresh else "–"


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{100 * value:.2f} %"


def _note(session: Session) -> str:
    """A few words for the list of experiments."""
    if session.state == "ready":
        return ""
    if session.state in OVER and session.state != "finished":
        return session.state
    if len(experiments_of(session.study)) > 1:
        if session.state == "finished":
            return f"{marks(session).count('✓')} of {len(session.experiments)} solved"
        return f"{sum(run.finished for run in session.runs)} of {len(session.experiments)}"
    if session.state == "finished":
        return _accuracies(session.run)[1] + (" · altered" if session.altered else "")
    return session.state


def _message(session: Session) -> str:
    note = sweep_note(session)
    if session.state == "failed" or (session.state == "diverged" and not note):
        return session.message
    if session.state == "stopped":
        return "stopped before its end: space begins anew"
    if session.state == "measuring":
        return note or "measuring on rows that played no part in training"
    if session.altered and not note:
        return "the learning rate is not the lesson's: claims are not judged"
    if session.state in ("finished", "diverged"):
        return note or session.message
    return note
