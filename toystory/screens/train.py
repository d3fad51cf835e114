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

from lessons.claim import Verdict
from lessons.lesson import experiments_of
from lessons.run import Run
from models.history import History
from toystory import numbers
from toystory.bench import Bench, sweep_note
from toystory.chart import Axes, Level, Series
from toystory.screens.inside import Bits
from toystory.screens.learning_rate import LearningRateScreen
from toystory.screens.stage import Stage
from toystory.session import OVER, Session
from toystory.widgets.chart import Chart
from toystory.widgets.claims import ClaimList
from toystory.widgets.derivation import DerivationView, example_row, numbers_of
from toystory.widgets.inside import InsideView
from toystory.widgets.status import Status, StatusBar
from toystory.widgets.studies import Entry, Studies

FIGURES_EVERY, CURVES_EVERY, NUMBERS_EVERY = 0.2, 0.3, 0.8
"""Seconds between two drawings of the figures, the curves and the model's numbers while it trains: as often
as an eye can follow, for what is drawn is taken from the training."""
EARLIER_RUNS = 5
"""How many earlier runs of a sweep are drawn behind the current one."""
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


class TrainStage(Stage):
    """As much of it at once as the terminal has room for; d, c and v turn to the rest."""

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
            "c",
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
    ]

    def __init__(self, bench: Bench, bits: Bits) -> None:
        super().__init__(bench)
        self.view = "loss"
        self.side = "derivation"
        self._bits = bits
        self._charted: object = None
        self._figures_at = self._charted_at = self._asked_at = -math.inf
        self._evaluated: object = None

    def compose(self) -> ComposeResult:
        lesson = self.bench.lesson
        yield Studies()
        with Horizontal(id="board"):
            with Vertical(id="curves"):
                yield Chart(id="loss")
                yield Chart(id="accuracy")
            yield DerivationView(lesson.derivation, id="derivation")
            with Vertical(id="third"):
                yield ClaimList(lesson.claims, id="claims")
                yield InsideView(self._bits, id="glance")
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
        session = self.bench.session
        now = time.monotonic()
        self._ask(session, now)
        if session.state != "running" or now - self._figures_at >= FIGURES_EVERY:
            self._figures_at = now
            self._show_studies()
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
        updates = session.experiment.updates
        end = float(nice_end(max((r.updates for r in session.runs[-EARLIER_RUNS:]), default=0), updates))
        most = 3 * max(self.query_one("#curves").size.width, 20)
        if shown[0]:
            axes = Axes("update", "loss", (0.0, end), levels=(Level(math.log(2), "a coin, ln 2"),))
            earlier = [earlier_curve(r) for r in session.runs[-EARLIER_RUNS - 1 : -1]]
            series = [*earlier, curve("loss", run.losses, "train", most)] if run else []
            self.query_one("#loss", Chart).show(series, axes)
        if shown[1]:
            axes = Axes("update", "accuracy in %", (0.0, end), (0.0, 100.0), levels=(Level(50.0, "a coin"),))
            series = []
            if run:
                series = [
                    curve("training rows", run.train_accuracies, "train", most, 100.0),
                    curve("fresh rows", run.fresh_accuracies, "fresh", most, 100.0),
                ]
            self.query_one("#accuracy", Chart).show(series, axes)

    def _show_numbers(self, session: Session) -> None:
        derivation, glance = self.query_one(DerivationView), self.query_one("#glance", InsideView)
        if glance.display:
            glance.show(session.experiment, session.snapshot)
        snapshot, experiment = session.snapshot, session.experiment
        wanted = (snapshot, experiment) if snapshot else (experiment, session.learning_rate)
        if not derivation.display or wanted == self._evaluated:
            return
        self._evaluated = wanted
        model = snapshot.build_model() if snapshot else experiment.build_model()
        rate = snapshot.learning_rate if snapshot else session.learning_rate
        row = example_row(self.bench.lesson.example, experiment.task, experiment.recurrent)
        try:
            derivation.show(numbers_of(self.bench.lesson.derivation, model, row, experiment.task, rate))
        except Exception as error:  # the learner may have edited the model
            self.notify(f"{type(error).__name__}: {error}", severity="warning", timeout=4)

    def _show_claims(self) -> None:
        record = self.bench.record
        title = f"claims: {record.reached} of {record.claims} hold"
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
        return f"{sum(run.finished for run in session.runs)} of {len(session.experiments)}"
    if session.state == "finished":
        return _accuracies(session.run)[1] + (" · altered" if session.altered else "")
    return session.state


def _message(session: Session) -> str:
    note = sweep_note(session)
    if session.state in ("diverged", "failed"):
        return session.message
    if session.state == "stopped":
        return "stopped before its end: space begins anew"
    if session.state == "measuring":
        return note or "measuring on rows that played no part in training"
    if session.altered:
        return "the learning rate is not the lesson's: claims are not judged"
    if session.state == "finished":
        return note or session.message
    return note
