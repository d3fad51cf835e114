#!/usr/bin/env bash
# equinox AvgPool: with use_ceil=True the last average counts places beyond the edge, and a row of ones ends in 0.667
#
# Versions: equinox 0.13.8, jax 0.10.2, torch 2.13.0, Python 3.11.
#
# Guess: the last window, which use_ceil keeps, is the average of what it covers, as in torch's ceil_mode; only padding that
# was asked for counts as zeros.
#
# Seen: six ones, window 3, step 2, no padding: [1, 1, 0.667]. The third window covers two ones and one place beyond
# the edge, and 2 is divided by 3. In two dimensions a corner of ones becomes 0.444. torch gives 1 everywhere. MaxPool
# with use_ceil is right.
#
# Expected: averages lie between the smallest and the greatest value. The option is there so that no row or column at the
# edge is lost; this way it comes back too dark, by a third here, with no padding asked for.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check equinox==0.13.8 jax==0.10.2 jaxlib==0.10.2 torch==2.13.0 numpy==2.4.6

venv/bin/python - <<'PY'
import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import torch

print("equinox", eqx.__version__, "jax", jax.__version__, "torch", torch.__version__)


def both(dimensions, kind, values):
    ours = getattr(eqx.nn, f"{kind}Pool{dimensions}d")(3, 2, use_ceil=True)(jnp.asarray(values))
    theirs = getattr(torch.nn, f"{kind}Pool{dimensions}d")(3, 2, ceil_mode=True)(torch.from_numpy(values))
    found = [np.round(np.asarray(y), 3).tolist() for y in (ours, theirs)]
    print(f"{kind}Pool{dimensions}d: equinox {found[0]}, torch {found[1]}")
    return found


ones = np.ones((1, 6), np.float32)
ours, theirs = both(1, "Avg", ones)
assert np.allclose(ours, [[1, 1, 0.667]]) and theirs == [[1, 1, 1]]
ours, theirs = both(2, "Avg", np.ones((1, 4, 4), np.float32))
assert np.allclose(ours, [[[1, 0.667], [0.667, 0.444]]]) and theirs == [[[1, 1], [1, 1]]]
ours, theirs = both(1, "Max", -ones)
assert ours == theirs == [[-1, -1, -1]]
print("still so")
PY
