"""`toystory train --data`: a network for rows of real numbers, a made task or the learner's own CSV file."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from typing import Any

from rich.text import Text

from toystory.base import files
from toystory.base.errors import BadRequest, RunFailed
from toystory.cli.messages import on_a_terminal, print_json
from toystory.cli.output import new_console
from toystory.cli.reporting.bars import Bar, Bars
from toystory.models.storage import to_bytes
from toystory.render import chart, numbers
from toystory.render.confusion_table import confusion_lines
from toystory.render.decision_map import can_be_drawn, decision_map, legend
from toystory.training.settings import SETTINGS
from toystory.training.tabular.csv_reader import BadTable
from toystory.training.tabular.dataset import Dataset
from toystory.training.tabular.experiment import TabularExperiment
from toystory.training.tabular.training import Part, TabularTraining

FINISHED, DIVERGED, INTERRUPTED = 0, 1, 130
SHARED = frozenset(
    {"seed", "hidden", "rows", "updates", "batch", "optimizer", "learning_rate", "evaluate_every"}
    | {"weight_decay", "patience"}
)
"""Settings that models of bits have too."""
OWN = ("label", "without", "drop_missing", "noise", "dropout")
"""Settings for rows of real numbers alone."""
MAP_WIDTH, MAP_HEIGHT = 64, 20
CHART_HEIGHT = 12
CLASS_COLOURS = ("blue", "dark_orange", "green", "magenta", "cyan", "red")


def train_table(args: argparse.Namespace) -> int:
    """Train, and tell how training, validation and test rows are answered; 0, or 1 where it diverged.

    Raises:
        BadRequest: The settings make no experiment, the file is no table, the model can't be written.
        RunFailed: The model can't be written after all.
    """
    experiment = read_tabular_settings(args)
    if args.control and not experiment.hidden:
        raise BadRequest("--control is the same without hidden layers: these settings have none")
    if args.save is not None:
        files.check_writable(args.save, "--save")
    try:
        data = experiment.load_data()
    except BadTable as error:
        raise BadRequest(str(error)) from error
    training = TabularTraining(experiment, data)
    control = TabularTraining(_without_hidden_layers(experiment), data) if args.control else None
    try:
        for one in (training, control):
            if one is not None:
                _carry_out(one, quiet=args.json or not on_a_terminal(args.plain))
    except KeyboardInterrupt:
        return _interrupted(training, args.json)
    if args.json:
        print_json(as_json(training, control))
    else:
        _tell(training, control, args.plain)
    if args.save is not None:
        _save(training, args)
    return DIVERGED if training.diverged else FINISHED


def read_tabular_settings(args: argparse.Namespace) -> TabularExperiment:
    """The experiment that the options ask for.

    Raises:
        BadRequest: They make none.
    """
    given = vars(args)
    for name in SETTINGS:
        if name in given and name not in SHARED:
            option = SETTINGS[name].option
            raise BadRequest(f"{option} is for models of bits: leave it out, or leave out --data")
    values: dict[str, Any] = {name: given[name] for name in (*SHARED, *OWN) if name in given}
    if values.get("hidden") == (0,):
        values["hidden"] = ()
    try:
        return TabularExperiment(name=args.data, data=args.data, **values)
    except ValueError as error:
        raise BadRequest(str(error)) from error


def as_json(training: TabularTraining, control: TabularTraining | None = None) -> dict[str, Any]:
    """A run as plain values.

    Args:
        training: At its end.
        control: The same without hidden layers, if it was asked for.
    """
    data, progress, model = training.data, training.progress, training.model
    assert progress is not None
    parts = [] if training.diverged else training.parts()
    return {
        "data": data.name,
        "label": data.label_name,
        "columns": list(data.column_names),
        "classes": list(data.class_names),
        "class_rows": data.counts,
        "rows_left_out": data.dropped,
        "layer_sizes": list(model.layer_sizes),
        "parameters": model.size,
        "seed": training.experiment.seed,
        "outcome": progress.outcome,
        "message": progress.message,
        "updates": progress.update,
        "best_update": training.best_update,
        "seconds": round(training.seconds, 3),
        "means": model.means.tolist(),
        "spreads": model.spreads.tolist(),
        "training_loss": [[update, loss] for update, loss in training.training_losses.points],
        "validation_loss": [[update, loss] for update, loss in training.validation_losses.points],
        "rows": {part.name: part.rows for part in parts},
        "accuracy": {part.name: part.accuracy for part in parts},
        "loss": {part.name: part.loss for part in parts},
        "confusion": parts[2].confusion.tolist() if parts else None,
        "control": None if control is None else as_json(control),
    }


def _without_hidden_layers(experiment: TabularExperiment) -> TabularExperiment:
    return replace(experiment, name=f"{experiment.name}, no hidden layer", hidden=(), dropout=0.0)


def _carry_out(training: TabularTraining, quiet: bool) -> None:
    """Train to the end, with a bar on a terminal."""
    if quiet:
        for _ in training:
            pass
        return
    bars = Bars(new_console())

    def bar() -> list[Bar]:
        at = training.progress
        assert at is not None
        return [Bar(training.experiment.name, at.update / at.updates, f"loss {at.loss:.4f}")]

    try:
        for _ in training:
            bars.draw(bar)
    finally:
        bars.stop()


def _interrupted(training: TabularTraining, as_object: bool) -> int:
    made = training.progress.update if training.progress else 0
    if as_object:
        print_json({"interrupted": True, "updates": made, "best_update": training.best_update})
    else:
        print(f"interrupted after {made:,} updates; nothing is written")
    return INTERRUPTED


def _tell(training: TabularTraining, control: TabularTraining | None, plain: bool) -> None:
    data, experiment = training.data, training.experiment
    assert training.progress is not None
    print(f"{data.name}: {_what_it_is(data)}")
    learnt_from = len(training.split.training)
    print(f"Columns are standardised with mean and spread of the {learnt_from:,} training rows.")
    print(experiment.describe())
    if training.diverged:
        print(training.progress.message)
        return
    print(f"{training.progress.message}, {numbers.seconds(training.seconds)}")
    parts = training.parts()
    print()
    for part in parts:
        print(_part_line(part))
    most = max(data.counts) / sum(data.counts)
    print(f"always the commonest class: right on {numbers.accuracy(most)} of all rows")
    if control is not None:
        said = "it diverged" if control.diverged else _part_line(control.parts()[2])
        print(f"control without hidden layers, {said}")
    print(f"\n{data.label_name} of the test rows:")
    print("\n".join(confusion_lines(parts[2].confusion, data.class_names)))
    drawn = on_a_terminal(plain)
    if drawn:
        print()
        _draw_curves(training)
    if can_be_drawn(training.model):
        print()
        _draw_map(training, coloured=drawn)


def _what_it_is(data: Dataset) -> str:
    shown = list(zip(data.class_names, data.counts, strict=True))
    classes = ", ".join(f"{name} {count:,}" for name, count in shown[:8])
    more = f" and {len(shown) - 8} more classes" if len(shown) > 8 else ""
    dropped = f" ({data.dropped:,} with missing values left out)" if data.dropped else ""
    return f"{len(data.y):,} rows{dropped} of {data.columns} numbers; {data.label_name}: {classes}{more}"


def _part_line(part: Part) -> str:
    accuracy = numbers.accuracy(part.accuracy)
    return f"{part.name} rows: right on {accuracy} of {part.rows:,}, loss {part.loss:.4f}"


def _draw_curves(training: TabularTraining) -> None:
    console = new_console()
    curves = []
    for name, history, role in (
        ("training", training.training_losses, "train"),
        ("validation", training.validation_losses, "fresh"),
    ):
        updates, losses = zip(*history.points, strict=True)
        curves.append(chart.Series(name, updates, losses, role))
    color = console.color_system is not None
    console.print(Text.from_ansi(chart.draw(curves, min(console.width, 80), CHART_HEIGHT, color=color)))


def _draw_map(training: TabularTraining, coloured: bool) -> None:
    """The plane with the test rows in it."""
    data = training.data
    drawn = decision_map(training.model, *data.rows(training.split.test), MAP_WIDTH, MAP_HEIGHT)
    x1, x2 = data.column_names
    console = new_console()
    for y, line in enumerate(drawn.lines):
        if not coloured:
            print(line)
            continue
        text = Text(line)
        for x in range(len(line)):
            row, said = drawn.rows[y, x], drawn.answers[y, x]
            colour = CLASS_COLOURS[(said if row < 0 else row) % len(CLASS_COLOURS)]
            text.stylize(f"{'dim' if row < 0 else 'bold'} {colour}", x, x + 1)
        console.print(text)
    across, up = (f"{low:.3g} to {high:.3g}" for low, high in (drawn.x1, drawn.x2))
    print(f"across {x1}, {across}; up {x2}, {up}")
    print("\n".join(legend(data.class_names)))


def _save(training: TabularTraining, args: argparse.Namespace) -> None:
    """Write the model. Raises RunFailed."""
    if training.diverged:
        raise RunFailed(f"the model diverged, so it was not written to {args.save}")
    try:
        files.write(args.save, to_bytes(training.model))
    except OSError as error:
        raise RunFailed(f"can't write {args.save}: {files.reason(error)}; the model is lost") from error
    print(f"saved {training.model!r} to {args.save}", file=sys.stderr)
