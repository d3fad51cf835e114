#!/usr/bin/env bash
# smallpebble: what setat() puts into an array gets no gradient, and maxpool2d at the border never falls below 0
#
# Versions: smallpebble 3.0.5, numpy 2.4.6, Python 3.11.
#
# Guess: setat(a, place, b) is differentiable in both a and b; padding of a maximum pool doesn't count as a value.
#
# Seen:
# - setat of a row b into a matrix, weighted and summed: the gradient of the matrix is right (0 at the row, the weights
#   elsewhere), the row's is 0 in place of the weights. The step for the matrix writes its zeros into the shared gradient, and
#   the row's, taken after it, reads them there. No error. getitem is right.
# - maxpool2d with padding "SAME" of a picture that is -5 everywhere: -5 inside, and 0 where the window reaches over the
#   border. With "VALID" all are -5.
#
# Expected: the weights; -5. A parameter that is put into place with setat is never trained.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check smallpebble==3.0.5 numpy==2.4.6

venv/bin/python - <<'PY'
from importlib.metadata import version

import numpy as np
import smallpebble as sp

print("smallpebble", version("smallpebble"), "numpy", np.__version__)
weights = np.array([[1.0, 2.0], [3.0, 4.0]])
matrix, row = sp.Variable(np.zeros((2, 2))), sp.Variable(np.array([5.0, 6.0]))
total = sp.sum(sp.mul(sp.setat(matrix, 0, row), sp.Variable(weights)))
gradients = sp.get_gradients(total)
print("value", float(total.array), "matrix", gradients[matrix].tolist(), "row", gradients[row].tolist())
assert total.array == 1 * 5 + 2 * 6
assert gradients[matrix].tolist() == [[0, 0], [3, 4]]
assert gradients[row].tolist() == [0, 0]

picked = sp.Variable(weights)
gradients = sp.get_gradients(sp.sum(sp.getitem(picked, 0)))
assert gradients[picked].tolist() == [[1, 1], [0, 0]]

dark = sp.Variable(np.full((1, 3, 3, 1), -5.0))
pooled = {kind: sp.maxpool2d(dark, 2, 2, padding=kind, strides=[1, 1]).array[0, :, :, 0].tolist() for kind in ("SAME", "VALID")}
print(pooled)
assert pooled["VALID"] == [[-5, -5], [-5, -5]]
assert pooled["SAME"] == [[-5, -5, 0], [-5, -5, 0], [0, 0, 0]]
print("still so")
PY
