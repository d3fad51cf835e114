"""The same network twice: derived by the machine, and by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from toystory.course.truth_tables import XOR
from toystory.training.experiment import Experiment

MACHINE = Experiment(
    name="derived by the machine",
    model="AutogradNet",
    columns=2,
    hidden=(4,),
    weight_scale=0.5,
    dtype="float64",
    given=XOR,
    updates=500,
    optimizer="momentum",
    learning_rate=0.3,
    evaluate_every=50,
)
BY_HAND = replace(MACHINE, name="derived by hand", model="TwoLayerNet")

MACHINE_LOAD = replace(
    MACHINE,
    name="the machine under load",
    columns=4,
    hidden=(16,),
    given=tuple(product((0, 1), repeat=4)),
    updates=10,
    optimizer="gradient descent",
    learning_rate=0.1,
    evaluate_every=10,
)
BY_HAND_LOAD = replace(MACHINE_LOAD, name="by hand under load", model="TwoLayerNet")
