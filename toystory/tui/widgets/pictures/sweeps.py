"""The runs of a sweep that are done: what each more column costs, or how many seeds get there."""

from __future__ import annotations

import math

from toystory.render.numbers import accuracy
from toystory.training.run import Run, value_text
from toystory.training.settings import SETTINGS
from toystory.tui.widgets.pictures.canvas import Line, text_line
from toystory.tui.widgets.pictures.scene import Drawing, Room, Scene


def draw(scene: Scene, room: Room) -> Drawing:
    """A bar for every run that is done: the updates it took, and how it ended.

    Args:
        scene: The model as it is now.
        room: What there is to draw with.
    """
    runs = scene.runs
    if not runs:
        return Drawing([], "No run of this series is done yet: a bar will stand here for each.")
    columns = [run.experiment.columns for run in runs]
    turned = len(scene.widths) > 1
    if scene.compared:
        names = [value_text(run.experiment, scene.compared) for run in runs]
    else:
        names = (
            [f"{n} columns" for n in columns] if turned else [f"seed {run.experiment.seed}" for run in runs]
        )
    most = max(max(run.updates for run in runs), 1)
    label = max(map(len, names)) + 1
    figures = [f" {run.updates:>7,}  {_accuracy(run)}" for run in runs]
    reach = max(room.width - label - max(map(len, figures)) - 2, 4)
    lines: list[Line] = [
        text_line((f"{'':{label}}updates made, and accuracy on {_tested_on(runs)}", room.inks.faint))
    ]
    for run, name, figure in zip(runs, names, figures, strict=True):
        solved = run.solved
        ink = room.inks.good if solved else room.inks.bad
        bar = max(1, round(reach * run.updates / most))
        lines.append(
            text_line(
                (f"{name:>{label - 1}} ", room.inks.faint),
                ("━" * bar, room.inks.chart["train"] if solved else room.inks.chart["earlier"]),
                figure,
                (" ✓" if solved else " ✗", ink),
            )
        )
    if scene.compared:
        said = SETTINGS[scene.compared].label
        return Drawing(lines, f"Only one setting differs, {said}: all else is the same, the seed too.")
    return Drawing(lines, _caption(runs, turned))


def _tested_on(runs: tuple[Run, ...]) -> str:
    if all(run.measured_on_all_rows for run in runs):
        return "all rows"
    fresh = all(run.tested_on == "fresh rows" for run in runs)
    return "fresh rows" if fresh else "rows drawn afterwards"


def _accuracy(run: Run) -> str:
    return "diverged" if math.isnan(run.fresh_accuracy) else f"{accuracy(run.fresh_accuracy):>8}"


def _caption(runs: tuple[Run, ...], turned: bool) -> str:
    solved = [run for run in runs if run.solved]
    if not turned:
        differ = "first weights" if runs[0].experiment.given else "first weights and the rows"
        return f"Solved so far: {len(solved)} of {len(runs)}, and only the {differ} differ."
    if len(solved) < 2:
        return f"Widths done so far: {len(runs)}. The dial is being turned up."
    first, last = solved[0], solved[-1]
    times = last.updates / max(first.updates, 1)
    return (
        f"{last.experiment.columns} columns took {times:.3g} times the updates of "
        f"{first.experiment.columns}: more columns have their price."
    )
