"""Rows of real numbers: moons, spirals or the learner's own table, drawn as it is learnt."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

from rich.console import Group
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from toystory.base.served import has_clipboard
from toystory.course.derivation.steps import WorkedStep, work_out
from toystory.lessons.mlp.real_numbers import EXPERIMENTS, QUESTIONS, REASONS
from toystory.lessons.mlp.softmax_derivation import derivation_of
from toystory.render import numbers
from toystory.render.chart import Axes
from toystory.render.decision_map import can_be_drawn
from toystory.render.derivation_panel import derivation_panel, derivation_text
from toystory.training.tabular.background import OVER, TabularBackgroundRun
from toystory.training.tabular.dataset import Dataset
from toystory.training.tabular.experiment import TabularExperiment
from toystory.training.tabular.training import TabularTraining
from toystory.tui.saved_models import take_along
from toystory.tui.screens.base import BaseScreen
from toystory.tui.screens.breakpoints import apply_breakpoints
from toystory.tui.screens.dialogs.export_model import ExportModelScreen
from toystory.tui.screens.dialogs.learning_rate import LearningRateScreen
from toystory.tui.screens.inspection.gradient_check import CheckedRow, GradientCheckScreen
from toystory.tui.screens.real_numbers.form import Made, RealNumbersForm
from toystory.tui.screens.real_numbers.picture import (
    caption,
    network_picture,
    picture,
    rows_picture,
    signals_picture,
)
from toystory.tui.widgets.deferred import after_refresh
from toystory.tui.widgets.derivation.row import layer_and_unit
from toystory.tui.widgets.footer import Footer
from toystory.tui.widgets.header import Header
from toystory.tui.widgets.pictures.canvas import Canvas
from toystory.tui.widgets.too_small import TooSmall
from toystory.tui.widgets.training.chart import Chart
from toystory.tui.widgets.training.curves import curve
from toystory.tui.widgets.training.experiments import ExperimentEntry, ExperimentList

TICK = 0.2
VIEWS = ("answers", "losses", "network", "signals")
POINTS = 300
"""Of a curve."""
HEADER = "Something it is good at: real numbers"
COLORS = {
    "running": "$text-success",
    "paused": "$text-warning",
    "diverged": "$text-error",
    "failed": "$text-error",
}
HINT = "space begins, v turns to other pictures, d derives, O takes settings or a table of yours"


@dataclass
class Kept:
    """What outlives the screen: the app holds it, so that whoever comes back finds it again.

    Attributes:
        experiments: Those of the chapter, and after them those that were made in the form.
        runs: By the name of the experiment.
        data: What was read from files, by the name of the experiment.
        index: Of the experiment that is looked at.
    """

    experiments: list[TabularExperiment] = field(default_factory=lambda: list(EXPERIMENTS))
    runs: dict[str, TabularBackgroundRun] = field(default_factory=dict)
    data: dict[str, Dataset] = field(default_factory=dict)
    index: int = 0

    def stop(self) -> None:
        """End all threads."""
        for run in self.runs.values():
            run.stop()


class RealNumbersScreen(BaseScreen[None]):
    """The experiments above; below them the answers and the losses, of which a small terminal shows one."""

    DEFAULT_CSS = """
    RealNumbersScreen {
        ExperimentList {
            max-height: 4;
        }
        #board {
            height: 1fr;
        }
        #answers {
            width: 1fr;
            border: round $foreground 30%;
            border-title-color: $foreground;
            border-subtitle-color: $foreground 65%;
            padding: 0 1;
        }
        Chart, #derivation {
            width: 1fr;
            height: 1fr;
        }
        #place {
            dock: top;
            height: 1;
            padding: 0 2;
        }
        #figures {
            height: 5;
            padding: 0 2;
        }
        &.-tall ExperimentList, &.-middle ExperimentList {
            max-height: 12;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "start_or_pause", "run", id="numbers.start", tooltip="start, pause, go on"),
        Binding(
            "full_stop",
            "step",
            "step",
            key_display=".",
            id="numbers.step",
            tooltip="one update",
        ),
        Binding(
            "left_square_bracket",
            "rate(0.1)",
            "less",
            show=False,
            key_display="[",
            id="numbers.rate_down",
            tooltip="a tenth of the learning rate, from the next update on",
        ),
        Binding(
            "right_square_bracket",
            "rate(10)",
            "more",
            show=False,
            key_display="]",
            id="numbers.rate_up",
            tooltip="ten times the learning rate, from the next update on",
        ),
        Binding(
            "e",
            "type_rate",
            "type",
            show=False,
            id="numbers.rate",
            tooltip="type a learning rate, such as 0.003; it goes on with it",
        ),
        Binding("r", "reset", "anew", id="numbers.reset", tooltip="back to the first weights"),
        Binding(
            "O",
            "settings",
            "options",
            id="numbers.settings",
            tooltip="other settings, another task, or a CSV file of yours",
        ),
        Binding(
            "d",
            "derivation",
            "derivation",
            show=False,
            id="numbers.derivation",
            tooltip="softmax with cross-entropy, step by step, in the numbers of now; and back",
        ),
        Binding("n", "unit(1)", "next unit", show=False, id="numbers.unit", tooltip="the next hidden unit"),
        Binding("N", "unit(-1)", "unit before", show=False, id="numbers.unit_before"),
        Binding(
            "C",
            "check",
            "check",
            show=False,
            id="numbers.check",
            tooltip="gradient check of the model as it is, at a training row",
        ),
        Binding(
            "v",
            "view",
            "view",
            id="numbers.view",
            tooltip="the answers, the losses, the network, or the signals in its layers",
        ),
        Binding(
            "right",
            "walk(1)",
            "one on",
            show=False,
            key_display="→",
            id="numbers.walk",
            tooltip="the network layer by layer: forward, then back",
        ),
        Binding("left", "walk(-1)", "one back", show=False, key_display="←", id="numbers.walk_back"),
        Binding(
            "greater_than_sign",
            "layer(1)",
            "one on",
            show=False,
            key_display=">",
            id="numbers.layer",
            tooltip="in the derivation, the layer above; without it, as →",
        ),
        Binding(
            "less_than_sign",
            "layer(-1)",
            "one back",
            show=False,
            key_display="<",
            id="numbers.layer_below",
        ),
        Binding(
            "W",
            "copy_command",
            "command",
            show=False,
            id="numbers.command",
            tooltip="what to type to run this again: copies the command",
        ),
        Binding(
            "E",
            "save_model",
            "take along",
            show=False,
            id="numbers.save",
            tooltip="the model of now as a file: ours, for toystory predict, PyTorch, Keras, ONNX …",
        ),
        Binding("pagedown", "page(1)", "page down", show=False, tooltip="scroll the derivation"),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding(
            "up", "choose(-1)", "experiment before", show=False, key_display="↑", tooltip="the one before"
        ),
        Binding("down", "choose(1)", "next experiment", show=False, key_display="↓", tooltip="the next one"),
        Binding(
            "escape,b,backspace",
            "leave",
            "back",
            key_display="esc",
            tooltip="back (also b); what trains is paused",
        ),
    ]

    def __init__(self, kept: Kept) -> None:
        super().__init__()
        self._kept = kept
        self._experiments, self._runs, self._data = kept.experiments, kept.runs, kept.data
        self._view, self._walk = "answers", 0
        self._list, self._canvas = ExperimentList(), Canvas()
        self._answers = Vertical(self._canvas, id="answers")
        self._losses = Chart(id="losses", axes=Axes("update", "loss"), without="space begins the training")
        self._figures = Static(id="figures", markup=False)
        self._steps = Static()
        self._place = Static(id="place")
        self._derivation = VerticalScroll(self._place, self._steps, id="derivation", can_focus=False)
        self._derives, self._unit, self._layer = False, 0, 1
        self._drawn: object = None
        self._seen: object = None
        self._worked_out: object = None
        self._done: list[WorkedStep] = []
        """The derivation, worked out for the model of now."""

    def compose(self) -> ComposeResult:
        apply_breakpoints(self)
        yield Header(HEADER)
        yield self._list
        yield Horizontal(self._answers, self._losses, self._derivation, id="board")
        yield self._figures
        yield TooSmall()
        yield Footer()

    def on_mount(self) -> None:
        self._answers.border_title = "answers"
        self.set_interval(TICK, self._look)
        self._lay_out()

    def on_resize(self) -> None:
        self._lay_out()

    def on_unmount(self) -> None:
        for run in self._runs.values():
            if run.state == "running":
                run.pause()

    # What keys do

    @property
    def run(self) -> TabularBackgroundRun:
        """That of the experiment that is looked at; made when first asked for."""
        experiment = self._experiments[self._kept.index]
        if experiment.name not in self._runs:
            data = self._data.get(experiment.name)
            self._runs[experiment.name] = TabularBackgroundRun(experiment, data)
        return self._runs[experiment.name]

    def action_start_or_pause(self) -> None:
        run = self.run
        if run.state in OVER:
            self.notify("This run has come to its end. r begins anew.", timeout=4)
        elif run.state == "running":
            run.pause()
        else:
            run.start()
        self._tick()

    def action_step(self) -> None:
        if self.run.state in OVER:
            self.notify("This run has come to its end. r begins anew.", timeout=4)
        else:
            self.run.step()
        self._tick()

    def action_reset(self) -> None:
        self.run.stop()
        del self._runs[self.run.experiment.name]
        self._tick()

    def action_choose(self, step: int) -> None:
        self._choose((self._kept.index + step) % len(self._experiments))

    def on_experiment_list_chosen(self, event: ExperimentList.Chosen) -> None:
        self._choose(event.index)

    def _choose(self, index: int) -> None:
        """Look at another one. What runs is paused."""
        if self.run.state == "running":
            self.run.pause()
        self._kept.index = index
        self._tick()

    def action_view(self) -> None:
        """The next picture; where there is room for two, the losses stand beside it."""
        there = [view for view in VIEWS if view != "losses" or not self._wide]
        at = there.index(self._view) if self._view in there else 0
        # From the derivation, where it stands in front of all, back to what was there.
        self._view = there[(at + 1) % len(there)] if self._wide or not self._derives else there[at]
        self._derives = False
        self._lay_out()

    def action_walk(self, step: int) -> None:
        """Send the wave a layer on, or back, through the network; show that first."""
        self._walk += step
        self._view, self._derives = "network", self._derives and self._wide
        self._lay_out()

    def action_layer(self, step: int) -> None:
        """In the derivation, look at the layer above or below; without it, walk."""
        if self._derives:
            self._look_at_layer(self._layer + step)
        else:
            self.action_walk(step)

    @property
    def _wide(self) -> bool:
        """Whether there is room for two."""
        return self.size.width >= 120

    def action_derivation(self) -> None:
        """The derivation in place of the losses, or of everything where there is room for one; and back."""
        self._derives = not self._derives
        self._lay_out()

    def action_unit(self, step: int) -> None:
        """Work the derivation out for another unit of the layer."""
        self._unit += step
        self._worked_out = None
        self._tick()

    def _look_at_layer(self, layer: int) -> None:
        """Work the derivation out for another hidden layer; beyond the ends nothing happens."""
        layers = self.run.snapshot.model.layers - 1 if self.run.snapshot else 1
        self._layer = min(max(layer, 1), max(layers, 1))
        self._worked_out = None
        self._tick()

    def action_check(self) -> None:
        snapshot, training = self.run.snapshot, self.run.training
        if snapshot is None or training is None:
            self.notify("There is no model yet: space begins the training.", timeout=4)
            return
        x, y = training.data.rows(training.split.training[:1])
        told = ", ".join(numbers.scalar(value) for value in x[0, :5]) + (" …" if x.shape[1] > 5 else "")
        row = CheckedRow(
            self.run.experiment.name, snapshot.model, x, y, told, training.data.class_names[int(y[0])]
        )
        self.app.push_screen(GradientCheckScreen(row))

    def action_page(self, step: int) -> None:
        self._derivation.scroll_relative(y=step * max(self._derivation.size.height - 2, 1), animate=False)

    def action_settings(self) -> None:
        self.app.push_screen(RealNumbersForm(self.run.experiment), self._take)

    def _take(self, made: Made | None) -> None:
        """Train with the settings of the form."""
        if made is None:
            return
        experiment, data = made
        number = len(self._experiments) - len(EXPERIMENTS) + 1
        name = experiment.name.replace("yours", f"yours {number}", 1)
        if data is not None:
            self._data[name] = data
        self._experiments.append(replace(experiment, name=name))
        self._choose(len(self._experiments) - 1)
        self.run.start()
        self._tick()

    def action_copy_command(self) -> None:
        command = self.run.command
        self.app.copy_to_clipboard(command)
        if has_clipboard():  # else the page shows it
            self.notify(command, title="copied: what to type", timeout=6, markup=False)

    def action_save_model(self) -> None:
        """Ask in which form the model of the last snapshot is to be written."""
        snapshot = self.run.snapshot
        if snapshot is None:
            self.notify("There is no model yet: space begins the training.", timeout=4)
            return
        self.app.push_screen(ExportModelScreen(self.run.experiment.name), self._save_model)

    def _save_model(self, form: str | None) -> None:
        """Write the model of now in a form; None: not at all."""
        if form is not None and self.run.snapshot is not None:
            take_along(self.app, self.run.snapshot.model, form, "numbers")

    def action_rate(self, factor: float) -> None:
        # Ten digits: a tenth, ten times, shall be the number it was.
        self._set_rate(float(f"{self.run.learning_rate * factor:.10g}"))

    def action_type_rate(self) -> None:
        self.app.push_screen(LearningRateScreen(self.run.learning_rate), self._set_rate)

    def _set_rate(self, value: float | None) -> None:
        if value is None:
            return
        try:
            self.run.learning_rate = value
        except ValueError as error:
            self.notify(str(error), severity="warning", timeout=4)
        self._tick()

    def action_leave(self) -> None:
        self.dismiss()

    # What is shown

    def _lay_out(self) -> None:
        both, losses = self._wide, self._view == "losses"
        self._answers.display = both or not (losses or self._derives)
        self._losses.display = not self._derives and (both or losses)
        self._derivation.display = self._derives
        self._drawn = self._worked_out = None
        after_refresh(self, self._tick)

    def _look(self) -> None:
        """Draw what has moved; nothing while nothing has."""
        if self.run.state == "running" or self._state_of(self.run) != self._seen:
            self._tick()

    def _state_of(self, run: TabularBackgroundRun) -> tuple[object, ...]:
        return (run, run.state, run.snapshot, run.learning_rate, self.size, self.app.theme)

    def _tick(self) -> None:
        if not self._canvas.is_attached:
            return
        self._seen = self._state_of(self.run)
        self._list.show(tuple(map(self._entry, self._experiments)), self._kept.index)
        run = self.run
        made = run.snapshot.progress.update if run.snapshot else 0
        state = f"{run.state}, update {made:,}" if run.snapshot else run.state
        self.query_one(Header).show_state(state, COLORS.get(run.state, "$foreground"))
        self._figures.update(_figures(run), layout=False)
        if self._losses.display:
            self._show_losses(run)
        if self._answers.display:
            self._show_answers(run)
        if self._derivation.display:
            self._show_derivation(run)

    def _entry(self, experiment: TabularExperiment) -> ExperimentEntry:
        run = self._runs.get(experiment.name)
        if run is None or run.snapshot is None:
            return ExperimentEntry(experiment.name, run.state if run and run.state != "ready" else "")
        part = run.snapshot.parts[-1]
        return ExperimentEntry(
            experiment.name, f"{part.name} {numbers.accuracy(part.accuracy)}", run.state == "finished"
        )

    def _show_losses(self, run: TabularBackgroundRun) -> None:
        training = run.training
        series = (
            []
            if training is None
            else [
                curve("training rows", training.training_losses, "train", POINTS),
                curve("validation rows", training.validation_losses, "fresh", POINTS),
            ]
        )
        self._losses.show([one for one in series if one.xs])

    def _show_answers(self, run: TabularBackgroundRun) -> None:
        size, snapshot, training = self._answers.content_size, run.snapshot, run.training
        wanted = (run, snapshot, size, self.app.theme, self._view, self._walk)
        if wanted == self._drawn or size.width < 10 or size.height < 3:
            return
        self._drawn = wanted
        if snapshot is None or training is None:
            self._show_rows(run, size)
            return
        view = "answers" if self._view == "losses" else self._view
        self._answers.border_title = view
        told = {"network": "the first training row", "signals": "how large, by layer"}
        self._answers.border_subtitle = Content(told.get(view) or caption(training, snapshot.parts[-1].name))
        if view == "network":
            self._canvas.show(network_picture(self.app, training, snapshot, size, self._walk))
        elif view == "signals":
            self._canvas.show(signals_picture(self.app, training, snapshot, size))
        else:
            self._canvas.show(picture(self.app, training, snapshot, *size))

    def _show_rows(self, run: TabularBackgroundRun, size: Size) -> None:
        """Before anything is learnt: the rows of one of the chapter's own experiments."""
        self._answers.border_title, self._answers.border_subtitle = "rows", None
        self._canvas.show([])
        if run.experiment in EXPERIMENTS and run.state == "ready":
            training = TabularTraining(run.experiment)
            if can_be_drawn(training.model):
                self._answers.border_subtitle = Content(caption(training, "training"))
                self._canvas.show(rows_picture(self.app, training, *size))

    def _show_derivation(self, run: TabularBackgroundRun) -> None:
        """Of the first training row, by the model of the snapshot, at one of its units."""
        snapshot, training = run.snapshot, run.training
        if snapshot is self._worked_out and snapshot is not None:
            return
        self._worked_out = snapshot
        if snapshot is None or training is None:
            self._steps.update("space begins the training; then its numbers stand here")
            return
        x, y = training.data.rows(training.split.training[:1])
        model = snapshot.model
        layer = min(self._layer, max(model.layers - 1, 1))  # of a run with more layers, it may be
        steps = derivation_of(model, layer, training.experiment.optimizer)
        units = model.layer_sizes[layer]
        unit = self._unit % units
        place = (layer, model.layers - 1), (unit, units)
        self._place.update(layer_and_unit(*place, "screen.layer({})", "screen.unit({})"))
        self._done = work_out(steps, model, x, y, training.learning_rate, unit=unit, layer=layer)
        panels = (derivation_panel(d.number, d.step, d.value, d.worked) for d in self._done)
        self._steps.update(Group(*panels))

    def copy_text(self) -> str:
        """The figures of every run, and the confusions of the one that is looked at."""
        if self._derives:
            return "\n\n".join(derivation_text(d.number, d.step, d.value, d.worked) for d in self._done)
        lines = [f"{e.name}: {e.note}" for e in map(self._entry, self._experiments)]
        return "\n".join([*lines, "", str(_figures(self.run)), self._canvas.text])


def _figures(run: TabularBackgroundRun) -> str:
    """What there is to say of a run: its settings, its accuracies, what is drawn or how it ended."""
    about = run.experiment.describe()
    if run.error:
        return f"{about}\n{run.error}"
    snapshot, training = run.snapshot, run.training
    progress = training.progress if training else None
    if run.state == "diverged" and progress is not None:
        return f"{about}\n{progress.message}"
    if snapshot is None or training is None:
        question = QUESTIONS.get(run.experiment)
        return "\n".join([about, *([f"Guess first: {question}"] if question else []), HINT])
    right = ", ".join(f"{part.name} {numbers.accuracy(part.accuracy)}" for part in snapshot.parts)
    ended = snapshot.progress.message
    # Why it ends so holds for its own learning rate.
    if ended and not run.rates and (why := REASONS.get(run.experiment)):
        return f"right: {right}\n{ended}\n{why}"
    rate = f", now {run.learning_rate:g}" if run.rates else ""
    return f"right: {right}\n{ended or about + rate}"
