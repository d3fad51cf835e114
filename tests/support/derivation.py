"""One update of a lesson, opened in the app, and the same measured."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from textual.screen import Screen

from tests.support.painted import painted
from toystory.course import catalogue
from toystory.models import Model
from toystory.models.gradient_check import in_float64, measured_gradients
from toystory.training.experiment import Experiment
from toystory.training.loop import Training
from toystory.training.run import experiments_of
from toystory.tui.screens.inspection.derivation import DerivationScreen
from toystory.tui.state.inspection import Cursor, Trace


def trained(experiment: Experiment) -> Model:
    """Its model after three updates, on a hundred rows at most."""
    rows = None if experiment.rows is None else min(experiment.rows, 100)
    training = Training(replace(experiment, rows=rows, updates=min(experiment.updates, 3)))
    for _ in training:
        pass
    return training.model


def experiment_of(name: str) -> Experiment:
    """The one whose model the lesson ends with."""
    lesson = catalogue.load(name)
    return experiments_of(lesson.study(lesson.ends_with))[0]


def reading_of(name: str, place: Cursor) -> Trace:
    """A row of the lesson, forward and backward."""
    experiment = experiment_of(name)
    return place.trace(catalogue.load(name), experiment, trained(experiment), experiment.learning_rate)


def opened(name: str, row: tuple[int, ...] | None = None) -> DerivationScreen:
    """The screen of one update of the lesson, on this row, or on its example."""
    place = Cursor(row)
    return DerivationScreen(reading_of(name, place), place)


def lines(screen: Screen[Any]) -> list[str]:
    """Everything on the screen, as plain text."""
    return ["".join(part.text for part in strip) for strip in painted(screen)]


def slope(now: Trace, name: str, place: int) -> float:
    """dL/d‹name›, measured."""
    y = np.array([now.label])
    return float(measured_gradients(in_float64(now.model), now.row, y)[name].flat[place])
