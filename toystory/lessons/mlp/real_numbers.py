"""Something a network is good at: rows of real numbers, each task beside a model without hidden layers."""

from __future__ import annotations

from dataclasses import replace

from toystory.training.tabular.experiment import TabularExperiment

MOONS = TabularExperiment(name="two moons", data="moons")
SPIRAL = TabularExperiment(name="three arms of a spiral", data="spiral-3")
CIRCLE = TabularExperiment(name="a disc in a ring", data="circle")
MAJORITY = TabularExperiment(name="the majority, heard with noise", data="majority")


def straight(experiment: TabularExperiment) -> TabularExperiment:
    """The same without hidden layers: a logistic regression, whose borders are straight lines."""
    return replace(experiment, name=f"{experiment.name}, straight lines only", hidden=())


EXPERIMENTS = (
    MOONS,
    straight(MOONS),
    SPIRAL,
    straight(SPIRAL),
    CIRCLE,
    straight(CIRCLE),
    MAJORITY,
    straight(MAJORITY),
)
"""In the order in which they are shown."""
