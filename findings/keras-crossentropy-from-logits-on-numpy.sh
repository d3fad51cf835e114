#!/usr/bin/env bash
# keras BinaryCrossentropy(from_logits=True): the numpy backend goes through a clipped sigmoid, and errors end at 16
#
# Versions: keras 3.15.1, jax 0.10.2, numpy 2.4.6, Python 3.11.
#
# Guess: from_logits=True computes the loss from the logits in the stable form on every backend: logit 200 for
# target 0 costs 200.
#
# Seen: 200 on jax (and on torch); on the numpy backend 15.94 for target 0 and 16.12 for target 1, whatever the logit beyond
# about 16: it takes the sigmoid, clips it to [1e-7, 1 - 1e-7], and takes the logarithm. The two differ because
# float32 rounds 1 - 1e-7. Up to a logit of about 10 all agree. CategoricalCrossentropy(from_logits=True) is
# right on both.
#
# Expected: 200. The numpy backend is for inference and evaluation; a model's validation loss, computed
# there, looks better than on the backend that trained it, and most of all when it is badly wrong.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check keras==3.15.1 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6

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
def loss(target, logit):
    function = keras.losses.BinaryCrossentropy(from_logits=True)
    return round(float(function(np.array([[target]], np.float32), np.array([[logit]], np.float32))), 3)
categorical = keras.losses.CategoricalCrossentropy(from_logits=True)
print(json.dumps({
    "far": [loss(0, 200), loss(1, -200)],
    "near": [loss(0, 8), loss(1, -8)],
    "categorical": float(categorical(np.array([[1, 0]], np.float32), np.array([[0, 200]], np.float32))),
}))
"""

right, got = on("jax"), on("numpy")
assert right["far"] == [200, 200] and right["categorical"] == 200
assert got["far"] == [15.942, 16.118] and got["categorical"] == 200
assert all(abs(a - b) < 0.01 for a, b in zip(right["near"], got["near"]))
print("still so")
PY
