"""Alex's own two gates, and the one on all four rows."""

from __future__ import annotations

from toystory.course.truth_tables import XOR
from toystory.training.experiment import Experiment

ONE_UPDATE = Experiment(
    name="one update",
    model="LogisticRegression",
    columns=2,
    start=(0.1, 0.5, 0.005),
    dtype="float64",
    given=((1, 1),),
    updates=1,
    optimizer="gradient descent",
    learning_rate=0.07,
)
ONE_ROW = Experiment(
    name="one row",
    model="LogisticRegression",
    columns=2,
    start=(0.04, 0.75, 0.0015),
    dtype="float64",
    given=((1, 0),),
    updates=3500,
    optimizer="gradient descent",
    learning_rate=0.007,
)
ALL_FOUR_ROWS = Experiment(
    name="all four rows",
    model="LogisticRegression",
    columns=2,
    start=(0.04, 0.75, 0.0015),
    dtype="float64",
    given=XOR,
    updates=1000,
    optimizer="gradient descent",
    learning_rate=0.5,
    evaluate_every=10,
)
