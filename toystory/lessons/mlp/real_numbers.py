"""Something a network is good at: rows of real numbers, each task beside a model without hidden layers."""

from __future__ import annotations

from dataclasses import replace

from toystory.training.tabular.experiment import TabularExperiment

MOONS = TabularExperiment(name="two moons", data="moons")
SPIRAL = TabularExperiment(name="three arms of a spiral", data="spiral-3")
CIRCLE = TabularExperiment(name="a disc in a ring", data="circle")
MAJORITY = TabularExperiment(name="the majority, heard with noise", data="majority")
PARITY = TabularExperiment(name="the parity of 20 switches", data="parity", hidden=(64,))
PARITY_DROPOUT = replace(PARITY, name="the parity of 20 switches, with dropout", dropout=0.5)
"""Majority is the control of both: as many rows, and there the same network finds what holds for new ones."""


def straight(experiment: TabularExperiment) -> TabularExperiment:
    """The same without hidden layers: a logistic regression, whose borders are straight lines."""
    return replace(experiment, name=f"{experiment.name}, straight lines only", hidden=())


REASONS = {
    MOONS: "Each hidden unit folds the plane once; with the folds the border bends around the moons.",
    straight(MOONS): "The best straight line cuts the tips of both moons off. More updates do not help it.",
    SPIRAL: "Three arms, and a border that turns with them: many folds make a curve.",
    straight(SPIRAL): "Straight lines cut across every arm. That is not much better than a guess.",
    CIRCLE: "The border has to close around the disc. A few folds are enough for that.",
    straight(CIRCLE): "No line has the disc on one side and the ring on the other. A coin would do as well.",
    MAJORITY: "The votes only have to be added up. The hidden units have nothing to add but noise.",
    straight(MAJORITY): "Adding up is what one unit does. So try the simple model first.",
    PARITY: "It knows some of its rows by heart, and of new ones nothing. That is overfitting and no more.",
    PARITY_DROPOUT: "Dropout hinders learning by heart. It shows no rule, and no single row hints at one.",
}
"""Why each ends as it does, for the end of its run."""
QUESTIONS = {
    MOONS: "can 32 hidden units bend a border around both moons?",
    straight(MOONS): "of 100 new rows, how many will a straight line get right?",
    SPIRAL: "three arms, wound together: is one hidden layer enough?",
    straight(SPIRAL): "will straight lines beat a guess, right one time in three?",
    CIRCLE: "a border of folded lines: can it close into a ring?",
    straight(CIRCLE): "on which side of a line is the disc, and on which the ring?",
    MAJORITY: "eleven noisy votes: do hidden units help to count them?",
    straight(MAJORITY): "will it do worse than the network with hidden units?",
    PARITY: "it learns from 300 rows: of new ones, how many are right?",
    PARITY_DROPOUT: "dropout works against learning by heart: does it help here?",
}
"""What to guess before each begins; the reason above answers it."""
EXPERIMENTS = tuple(REASONS)
"""In the order in which they are shown."""
