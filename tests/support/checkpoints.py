"""Checkpoints of runs, for tests of pools."""

from __future__ import annotations

from toystory.training.experiment import Experiment


class Memory:
    """Checkpoints that are kept nowhere else."""

    def __init__(self) -> None:
        self.saved: dict[Experiment, bytes] = {}

    def load(self, experiment: Experiment) -> bytes | None:
        return self.saved.get(experiment)

    def save(self, experiment: Experiment, checkpoint: bytes) -> None:
        self.saved[experiment] = checkpoint
