#!/usr/bin/env bash
# synapgrad: softmax and log_softmax along dim=0 have right values and the gradient of something else
#
# Versions: synapgrad 1.0.2, numpy 2.4.6, Python 3.11.
#
# Guess: the gradient belongs to the axis that was asked for, as the value does.
#
# Seen: for a 3x3 matrix, dim=1: the gradient agrees with finite differences. dim=0: the columns of the values sum to 1,
# but the gradient is put together from the rows, as if they were the distributions; its columns, which must sum to 0, don't.
# log_softmax does the same. Any matrix, square or not, gets a gradient of the right shape, so that training goes on with it.
#
# Expected: the gradient of the values. Along dim=0 one normalises attention over the keys when these come first,
# or a batch that lies in columns.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check synapgrad==1.0.2 numpy==2.4.6

venv/bin/python - <<'PY'
from importlib.metadata import version

import numpy as np
import synapgrad
from synapgrad.nn import functional

print("synapgrad", version("synapgrad"), "numpy", np.__version__)
WEIGHT = np.array([[1, 2, -1], [0, 1, 3], [2, -2, 1]], np.float32)
X = np.array([[0.5, -1, 2], [1, 0, -0.5], [-1, 1.5, 0]], np.float32)


def value(function, x, dim):
    """The weighted sum of the outputs, which is differentiated."""
    return (function(x, dim) * synapgrad.tensor(WEIGHT)).sum()


def gradients(function, dim):
    """The gradient by finite differences and the library's."""
    measured, step = np.zeros_like(X), 1e-2
    for place in np.ndindex(X.shape):
        up, down = X.copy(), X.copy()
        up[place] += step
        down[place] -= step
        ends = [float(value(function, synapgrad.tensor(x), dim).data) for x in (up, down)]
        measured[place] = (ends[0] - ends[1]) / (2 * step)
    x = synapgrad.tensor(X, requires_grad=True)
    value(function, x, dim).backward()
    got = np.asarray(x.grad.data)
    print(f"{function.__name__}, dim={dim}: measured {measured[0].round(3).tolist()}, synapgrad {got[0].round(3).tolist()}")
    return measured, got


for function in (functional.softmax, functional.log_softmax):
    measured, got = gradients(function, dim=1)
    assert np.allclose(measured, got, atol=1e-2)
    measured, got = gradients(function, dim=0)
    assert measured.shape == got.shape and abs(measured - got).max() > 0.1
    assert abs(got.sum(axis=0)).max() > 0.1 and abs(measured.sum(axis=0)).max() < 0.02
assert np.allclose(np.asarray(functional.softmax(synapgrad.tensor(X), 0).data).sum(axis=0), 1, atol=1e-5)
print("still so")
PY
