"""The row that a lesson's derivation is shown on."""

from __future__ import annotations

import numpy as np

from toystory.course.lesson import Lesson
from toystory.models.arrays import Bits
from toystory.training.experiment import Experiment


def example_row(lesson: Lesson, experiment: Experiment) -> Bits:
    """The lesson's example, (1, columns): repeated or cut to what the experiment's model reads."""
    row = lesson.example
    if not experiment.recurrent:
        row = (row * -(-experiment.columns // len(row)))[: experiment.columns]
    return np.array([row], dtype=np.uint8)
