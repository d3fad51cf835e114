#!/usr/bin/env bash
# keras.ops.pad: mode="symmetric" repeats the edge on the torch backend
#
# Versions: keras 3.15.1, torch 2.13.0, numpy 2.4.6, Python 3.11.
#
# Guess: ops.pad has NumPy's meaning on each backend, or refuses a mode that the backend lacks.
#
# Seen: [1, 2, 3] padded by two on the left and one on the right, symmetric: [2, 1, 1, 2, 3, 3] on the numpy backend (and on jax),
# [1, 1, 1, 2, 3, 3] on the torch backend: that is NumPy's "edge". For a width of one both are the same,
# so the smallest test passes. "reflect" is right everywhere. No error, no warning.
#
# Expected: the mirrored values. A model with such padding that was trained on one backend computes something
# else at the borders on the other.
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
x = np.array([1, 2, 3], np.float32)
values = {m: keras.ops.convert_to_numpy(keras.ops.pad(x, ((2, 1),), mode=m)).tolist() for m in ("symmetric", "reflect")}
values["one"] = keras.ops.convert_to_numpy(keras.ops.pad(x, ((1, 1),), mode="symmetric")).tolist()
print(json.dumps(values))
"""

right, got = on("numpy"), on("torch")
assert right["symmetric"] == [2, 1, 1, 2, 3, 3] and got["symmetric"] == [1, 1, 1, 2, 3, 3]
assert right["reflect"] == got["reflect"] == [3, 2, 1, 2, 3, 2]
assert right["one"] == got["one"] == [1, 1, 2, 3, 3]
print("still so")
PY
