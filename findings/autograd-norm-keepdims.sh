#!/usr/bin/env bash
# autograd: x / norm(x, axis=1, keepdims=True), rows scaled to length 1, has a gradient with one axis too many
#
# Versions: autograd 1.9.1, numpy 2.4.6, Python 3.11.
#
# Guess: keepdims changes the shape of the result only; the gradient is that of the root of the sum of squares. The infinity
# norm has the gradient of the greatest magnitude: its sign at that place.
#
# Seen: for a 2x2 matrix np.linalg.norm(x, axis=1, keepdims=True) has the right values and a 2x2x2 gradient; so has any
# function that uses it, x / norm(...) among them: 2x2x2 where the same written with sqrt and sum has 2x2. x - 0.1 * gradient is
# then 2x2x2 as well, and training goes on with it. No error, no warning. Without keepdims it is right. With ord=inf the
# gradient of [1, -3, 2] is [0, nan, nan] in place of [0, -1, 0]; np.diag of a 2x3 matrix, first diagonal above the middle, gives
# a 3x3 gradient.
#
# Expected: the argument's shape. Rows of length 1 are what cosine similarity and weight normalisation start with.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check autograd==1.9.1 numpy==2.4.6

venv/bin/python - <<'PY'
import warnings
from importlib.metadata import version

import autograd.numpy as np
import numpy
from autograd import grad

warnings.filterwarnings("ignore")
print("autograd", version("autograd"), "numpy", numpy.__version__)
x, weight = numpy.array([[3.0, 4.0], [6.0, 8.0]]), numpy.array([[1.0, 2.0], [0.0, 1.0]])


def scaled(x):
    return np.sum(weight * x / np.linalg.norm(x, axis=1, keepdims=True))


def written_out(x):
    return np.sum(weight * x / np.sqrt(np.sum(x**2, axis=1, keepdims=True)))


def without_keepdims(x):
    return np.sum(weight * x / np.reshape(np.linalg.norm(x, axis=1), (2, 1)))


right, got = grad(written_out)(x), grad(scaled)(x)
print("sqrt and sum:", right.tolist(), "\nnorm:        ", got.tolist())
assert scaled(x) == written_out(x)
assert numpy.allclose(right, [[-0.064, 0.048], [-0.048, 0.036]])
assert numpy.allclose(grad(without_keepdims)(x), right)
assert got.shape == (2, 2, 2) and (x - 0.1 * got).shape == (2, 2, 2)

largest = grad(lambda v: np.linalg.norm(v, ord=numpy.inf))(numpy.array([1.0, -3.0, 2.0]))
print("infinity norm:", largest)
assert largest[0] == 0 and numpy.isnan(largest[1:]).all()
assert numpy.isfinite(grad(lambda v: np.linalg.norm(v, ord=3))(numpy.array([1.0, -3.0, 2.0]))).all()

above = grad(lambda m: np.sum(np.diag(m, 1)))(numpy.ones((2, 3)))
print("diagonal of 2x3:", above.shape)
assert above.shape == (3, 3)
print("still so")
PY
