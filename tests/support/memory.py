"""How much memory something takes."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

from toystory.models.parts.batches import Batch
from toystory.models.train_step import TrainStep


def peak(work: Callable[[], object]) -> int:
    """The most that `work` held at one moment, in bytes."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def peak_of_update(train_step: TrainStep, batch: Batch) -> int:
    """The most that one update holds, once two were made."""

    def update() -> None:
        train_step.compute_gradients(batch)
        train_step.apply_gradients()

    update()
    update()
    return peak(update)
