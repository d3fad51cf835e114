#!/usr/bin/env bash
# skl2onnx: isotonic calibration is exported as "nearest known point" where scikit-learn interpolates
#
# Versions: skl2onnx 1.20.0, scikit-learn 1.9.1, onnx 1.23.2, onnxruntime 1.32.0, Python 3.11.
#
# Guess: CalibratedClassifierCV(method="isotonic") gives the same probabilities after conversion, as method="sigmoid" does.
#
# Seen: scikit-learn's isotonic regression draws straight lines between its thresholds. The exported graph looks for the nearest
# threshold (Sub, Abs, ArgMin) and takes its value: a staircase. For scores between thresholds the probabilities differ
# by 0.2 and more. No warning.
#
# Expected: the interpolated values. One calibrates in order to read the probabilities as such, and they are
# what changes; at the training scores themselves, a likely test, they agree.
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
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("ignore")
print("skl2onnx", skl2onnx.__version__, "scikit-learn", sklearn.__version__)
x = np.linspace(-2, 2, 40, dtype=np.float32)[:, None]
y = (np.arange(40) * 7 % 40 < np.arange(40)).astype(int)
between = np.linspace(-2, 2, 401, dtype=np.float32)[:, None]
base = LogisticRegression()


def largest_difference(method, points):
    model = CalibratedClassifierCV(base, method=method, cv=2).fit(x, y)
    session = onnxruntime.InferenceSession(
        to_onnx(model, x[:1], options={"zipmap": False}).SerializeToString()
    )
    got = session.run(None, {session.get_inputs()[0].name: points})[1]
    return float(np.abs(got - model.predict_proba(points)).max()), len(np.unique(got[:, 1].round(6)))


print("sigmoid, between: ", largest_difference("sigmoid", between))
assert largest_difference("sigmoid", between)[0] < 1e-5
print("isotonic, training points: ", largest_difference("isotonic", x))
assert largest_difference("isotonic", x)[0] < 1e-5
difference, values = largest_difference("isotonic", between)
print("isotonic, between:", difference, "with", values, "different values at", len(between), "points")
assert difference > 0.1 and values < 10
print("still so")
PY
