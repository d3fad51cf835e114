#!/usr/bin/env bash
# keras AveragePooling with padding="same": the torch backend averages its own padding in when it is of odd width
#
# Versions: keras 3.15.1, torch 2.13.0, numpy 2.4.6, Python 3.11.
#
# Guess: with padding="same" the cells outside are left out of the average on every backend, as the numpy and jax
# backends do; the torch backend must pad by hand where the padding is not the same on both sides, and
# does it so that the values agree.
#
# Seen: 1, 2, 4, 8, 16 with pool 3 and stride 3: the last window holds 8 and 16 and one cell outside. The numpy backend
# (and jax) gives 12, the mean of two. The torch backend gives 13.33: it repeats the 16 and takes the mean of three.
# Where the padding is even (pool 3, stride 2) or the window needs none, they agree; MaxPooling agrees always.
#
# Expected: 12. The weights of a model carry over between backends; its outputs at the right and lower border do not.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check keras==3.15.1 torch==2.13.0 numpy==2.4.6

venv/bin/python - <<'PY'
import json
import os
import subprocess
import sys


def on(backend):
    environment = {**os.environ, "KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True)
    values = json.loads(done.stdout.strip().splitlines()[-1])
    print(backend, values)
    return values


CODE = """
import json, keras, numpy as np
x = np.array([1, 2, 4, 8, 16], np.float32).reshape(1, 5, 1)
values = {}
for pool, stride in ((3, 3), (4, 4), (3, 2)):
    for layer in (keras.layers.AveragePooling1D, keras.layers.MaxPooling1D):
        y = keras.ops.convert_to_numpy(layer(pool, stride, "same")(x))
        values[f"{layer.__name__[:3]} {pool} {stride}"] = [round(float(v), 3) for v in y.ravel()]
print(json.dumps(values))
"""

right, got = on("numpy"), on("torch")
assert right["Ave 3 3"] == [2.333, 12] and got["Ave 3 3"] == [2.333, 13.333]
assert right["Ave 4 4"] == [2.333, 12] and got["Ave 4 4"] == [2, 14]
assert right["Ave 3 2"] == got["Ave 3 2"] == [1.5, 4.667, 12]
assert all(right[name] == got[name] for name in right if name.startswith("Max"))
print("still so")
PY
