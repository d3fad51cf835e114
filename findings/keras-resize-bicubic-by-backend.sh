#!/usr/bin/env bash
# keras.ops.image.resize and UpSampling2D: "bicubic" is another curve on the torch backend
#
# Versions: keras 3.15.1, torch 2.13.0, jax 0.10.2 (its numpy backend resizes with it), numpy 2.4.6, Python 3.11.
#
# Guess: "bicubic" names one kernel; the backends agree to rounding, as they do for "nearest" and "bilinear".
#
# Seen: a single 1 among zeros, enlarged twice: the numpy backend (and jax) gives 0.8672 beside the peak and -0.0687 beyond, Keys'
# kernel with a = -0.5; the torch backend 0.8789 and -0.1055, the one with a = -0.75. At the border they differ
# also in kind: the numpy backend leaves the outside out and scales the rest, torch repeats the edge.
#
# Expected: one of the two everywhere, or a word about it. Preprocessing inside a saved model depends on the backend that
# loads it, by up to 4 per cent of the range per pixel.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check keras==3.15.1 torch==2.13.0 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6

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
def picture(values):
    return np.array(values, np.float32).reshape(1, 1, -1, 1)
def resized(values, kind):
    y = keras.ops.image.resize(picture(values), (1, 2 * len(values)), interpolation=kind)
    return [round(float(v), 4) for v in keras.ops.convert_to_numpy(y).ravel()]
values = {kind: resized([0, 0, 1, 0, 0], kind) for kind in ("bicubic", "bilinear", "nearest")}
layer = keras.layers.UpSampling2D((1, 2), interpolation="bicubic")
values["layer"] = [round(float(v), 4) for v in keras.ops.convert_to_numpy(layer(picture([0, 0, 1, 0]))).ravel()]
print(json.dumps(values))
"""

right, got = on("numpy"), on("torch")
assert right["bilinear"] == got["bilinear"] and right["nearest"] == got["nearest"]
half = [0, -0.0219, -0.0687, 0.2266, 0.8672]
assert right["bicubic"] == half + half[::-1]
half = [0, -0.0352, -0.1055, 0.2617, 0.8789]
assert got["bicubic"] == half + half[::-1]
assert right["layer"][4:] == [0.8672, 0.8473, 0.2117, -0.0882]
assert got["layer"][4:] == [0.8789, 0.8789, 0.2617, -0.1055]
print("still so")
PY
