"""Experiments, trained to their end."""

from __future__ import annotations

from toystory.training.experiment import Experiment
from toystory.training.run import Run


def finished(experiment: Experiment) -> Run:
    """Its run, at its end."""
    run = Run(experiment)
    for _ in run:
        pass
    return run
