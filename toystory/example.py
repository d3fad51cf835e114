"""The row that a lesson's derivation is shown on."""

from __future__ import annotations

import numpy as np

from lessons.lesson import Lesson
from models.arrays import Bits
from models.experiment import Experiment


def example_row(lesson: Lesson, experiment: Experiment) -> Bits:
    """The lesson's example, (1, columns): repeated or cut to what the experiment's model reads."""
    row = lesson.example
    if not experiment.recurrent:
        row = (row * -(-experiment.columns // len(row)))[: experiment.columns]
    return np.array([row], dtype=np.uint8)
