"""What the checks of the exercises draw: first always the same, and then, once all of it is right, anew.

The first makes a verdict one that can be had again; the second lets nobody pass with a list of the answers
that the first has told.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np

_EXTRA_SEED: ContextVar[int | None] = ContextVar("_EXTRA_SEED", default=None)


def generator(seed: int) -> np.random.Generator:
    """The generator of a check: from this seed, or inside `other_inputs` from that one too."""
    more = _EXTRA_SEED.get()
    return np.random.default_rng(seed if more is None else [seed, more])


@contextmanager
def other_inputs(seed: int) -> Iterator[None]:
    """Whatever a check draws in here is another draw."""
    token = _EXTRA_SEED.set(seed)
    try:
        yield
    finally:
        _EXTRA_SEED.reset(token)
