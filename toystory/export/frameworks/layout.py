"""Where the arrays of our recurrent models go in other frameworks, and why: one table for all of them.

Ours: rows come first, so a layer computes `h W`; the LSTM's gates stand side by side in the order i, f, o, g;
there is one bias. Of the others:

    PyTorch   weights are transposed (units, inputs); gates i, f, g, o; two biases, which are added
    Keras     as ours, gates i, f, c, o, where c is our g; one bias
    flax      a kernel for each gate, eight in all; the bias stands beside the memory's kernels alone
    equinox   as PyTorch, with one bias
    ONNX      transposed, one direction more in front; gates i, o, f, c; the two biases one after the other
"""

from __future__ import annotations

import numpy as np

from toystory.models.parts.arrays import FloatArray

GATES = {"ours": "ifog", "pytorch": "ifgo", "keras": "ifgo", "equinox": "ifgo", "onnx": "iofg"}
"""The order of the LSTM's gates, by framework; g is also called c."""


def reordered(columns: FloatArray, before: str, after: str) -> FloatArray:
    """The four blocks of columns in another order.

    Args:
        columns: (…, 4 hidden).
        before: The order in which the blocks stand, such as `ifog`.
        after: The order that is wanted.
    """
    blocks = dict(zip(before, np.split(columns, 4, axis=-1), strict=True))
    return np.concatenate([blocks[gate] for gate in after], axis=-1)
