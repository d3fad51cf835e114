"""What the gate for fifty switches has become: a tooth for every row of signs."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.runs import finished
from toystory.lessons.mlp.experiments import PLUS_OR_MINUS


@pytest.mark.slow
def test_units_that_share_their_signs_make_one_tooth_where_half_of_the_bits_agree() -> None:
    run = finished(PLUS_OR_MINUS)
    rng = np.random.default_rng(0)
    signs = np.sign(PLUS_OR_MINUS.build_model().parameters["W1"])
    W1, b1, W2 = (run.model.parameters[name] for name in ("W1", "b1", "W2"))
    counts = np.arange(18, 33)
    teeth = []
    for first in range(32):
        units = np.arange(first, 256, 32)
        told = []
        for agreements in counts:
            agrees = np.array([rng.permutation(50) < agreements for _ in range(200)])
            rows = np.where(agrees, signs[:, first], -signs[:, first])
            told.append((np.maximum(rows @ W1[:, units] + b1[units], 0) @ W2[units, 0]).mean())
        bends = np.abs(np.diff(told, 2))
        if bends.max() > 8 * np.median(bends):
            teeth.append(int(counts[1:-1][bends.argmax()]))
    assert len(teeth) >= 28, "nearly every row of signs"
    assert set(teeth) <= {24, 25, 26}
    assert teeth.count(25) >= 22
