#!/usr/bin/env bash
# autograd: where, clip and linalg.solve give a broadcast argument a gradient of the wrong shape
#
# Versions: autograd 1.9.1, numpy 2.4.6, Python 3.11.
#
# Guess: as for + and *, the gradient of an argument that was broadcast is summed over the places it went to, and has the
# argument's own shape.
#
# Seen: np.where(mask, s, 0) with a number s and a 2x2 mask: the gradient is [[1, 0], [1, 1]] in place of 3. For a row w the
# same 2x2 matrix in place of [2, 1], so that w - 0.1 * gradient is no row any more, without a word. np.clip with bounds of
# two rows does the same to a row; np.linalg.solve of two stacked matrices with one right-hand side gives its gradient two
# layers. mask * w, the same sums otherwise written, is right.
#
# Expected: the argument's shape, as grad promises for a function of it. One number in np.where (a threshold, a
# fill value that is learnt) is the usual case.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check autograd==1.9.1 numpy==2.4.6

venv/bin/python - <<'PY'
import autograd.numpy as np
import numpy
from autograd import grad

print("autograd 1.9.1, numpy", numpy.__version__)
mask = numpy.array([[True, False], [True, True]])
row = numpy.array([2.0, 3.0])
PART = [[1, 0], [1, 1]]


def gradient(function, x):
    found = numpy.asarray(grad(function)(x))
    print(numpy.shape(x), "->", found.shape, found.tolist())
    return found.tolist()


print("mask * w")
assert gradient(lambda w: np.sum(mask * w), row) == [2, 1]
print("where")
assert gradient(lambda s: np.sum(np.where(mask, s, 0.0)), 2.0) == PART
assert gradient(lambda w: np.sum(np.where(mask, w, 0.0)), row) == PART
assert (row - 0.1 * grad(lambda w: np.sum(np.where(mask, w, 0.0)))(row)).shape == (2, 2)

print("clip")
low = numpy.array([[0.0], [1.0]])
assert gradient(lambda x: np.sum(np.clip(x, low, 5.0)), numpy.array([2.0, 0.5])) == [[1, 1], [1, 0]]

print("solve")
two = numpy.stack([numpy.eye(2), 2 * numpy.eye(2)])
found = gradient(lambda b: np.sum(np.linalg.solve(two, b)), numpy.array([[1.0], [2.0]]))
assert found == [[[1], [1]], [[0.5], [0.5]]], "in place of [[1.5], [1.5]]"
print("still so")
PY
