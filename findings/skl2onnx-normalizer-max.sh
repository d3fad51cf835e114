#!/usr/bin/env bash
# skl2onnx: Normalizer(norm="max") divides by the greatest entry, not by the greatest magnitude, and flips signs
#
# Versions: skl2onnx 1.20.0, scikit-learn 1.9.1, onnx 1.23.2, onnxruntime 1.32.0, Python 3.11.
#
# Guess: the converted Normalizer gives scikit-learn's values, as "l1" and "l2" do.
#
# Seen: scikit-learn divides each row by max(|x|): [1, -4] becomes [0.25, -1], [-1, -2] becomes [-0.5, -1]. The exported
# model uses the operator ai.onnx.ml.Normalizer with MAX, which divides by max(x): [1, -4] stays [1, -4] and [-1, -2] becomes
# [1, 2], with its signs turned. Rows whose greatest magnitude is positive agree.
#
# Expected: the same values (Abs, ReduceMax and Div express it). For standardised features about half of all rows are wrong.
# (A report of the same from 2021 is closed; it is still so in this version.)
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check skl2onnx==1.20.0 scikit-learn==1.9.1 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6

venv/bin/python - <<'PY'
import warnings

import numpy as np
import onnxruntime
import skl2onnx
import sklearn
from skl2onnx import to_onnx
from sklearn.preprocessing import Normalizer

warnings.filterwarnings("ignore")
print("skl2onnx", skl2onnx.__version__, "scikit-learn", sklearn.__version__)
x = np.array([[1, -4], [-1, -2], [3, 1]], np.float32)


def both(norm):
    model = Normalizer(norm).fit(x)
    session = onnxruntime.InferenceSession(to_onnx(model, x[:1]).SerializeToString())
    return model.transform(x), session.run(None, {session.get_inputs()[0].name: x})[0]


for norm in ("l1", "l2"):
    right, got = both(norm)
    assert np.allclose(right, got), norm
right, got = both("max")
print("scikit-learn:", right.round(3).tolist())
print("exported:    ", got.round(3).tolist())
assert np.allclose(right, [[0.25, -1], [-0.5, -1], [1, 1 / 3]])
assert np.allclose(got, [[1, -4], [1, 2], [1, 1 / 3]])
print("still so")
PY
