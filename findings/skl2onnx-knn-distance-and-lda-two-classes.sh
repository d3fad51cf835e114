#!/usr/bin/env bash
# skl2onnx: neighbours weighted by distance all count alike, and LinearDiscriminantAnalysis of two classes is too sure
#
# Versions: skl2onnx 1.20.0, scikit-learn 1.9.1, onnx 1.23.2, onnxruntime 1.32.0, Python 3.11.
#
# Guess: options that are converted without complaint are converted rightly, in the usual cases above all.
#
# Seen:
# - KNeighborsClassifier(3, weights="distance"): the exported model gives the shares of a vote without weights. On the six
#   training points, where scikit-learn is right in all six, two labels are wrong. KNeighborsRegressor: the plain mean of the
#   three, 1.667 where the point's own value is 0. (The distances get a minus sign and are cut at 1e-6, so all are equal. A
#   mending was offered to the project in 2025.)
# - LinearDiscriminantAnalysis with two classes: the score counts double: 0.967 becomes 0.999, 0.604 0.699. Labels stay. With
#   three classes it is right. (A report of 2024 is closed; it is still so in this version.)
#
# Expected: scikit-learn's numbers. Both convert, run and score well: only numbers laid side by side show it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check skl2onnx==1.20.0 scikit-learn==1.9.1 onnx==1.23.2 \
    onnxruntime==1.32.0 numpy==2.4.6

venv/bin/python - <<'PY'
import warnings

import numpy as np
import onnxruntime
import skl2onnx
import sklearn
from skl2onnx import to_onnx
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

warnings.filterwarnings("ignore")
print("skl2onnx", skl2onnx.__version__, "scikit-learn", sklearn.__version__, "onnxruntime", onnxruntime.__version__)
X = np.array([[0], [1], [2], [3], [4], [6]], np.float32)


def exported(model):
    options = {id(model): {"zipmap": False}} if hasattr(model, "predict_proba") else None
    session = onnxruntime.InferenceSession(to_onnx(model, X[:1], options=options).SerializeToString())
    return session.run(None, {session.get_inputs()[0].name: X})


def both(model, y):
    model.fit(X, y)
    right, got = model.predict_proba(X), exported(model)[1]
    print(model, right[:, 0].round(3).tolist(), got[:, 0].round(3).tolist())
    return right, got


classes = [0, 0, 1, 0, 1, 1]
right, plain = both(KNeighborsClassifier(3), classes)
assert np.allclose(right, plain, atol=1e-5)
right, got = both(KNeighborsClassifier(3, weights="distance"), classes)
assert np.allclose(got, plain, atol=1e-5)
assert (right.argmax(axis=1) == classes).all() and (got.argmax(axis=1) != classes).sum() == 2

squares = X[:, 0] ** 2
weighted = KNeighborsRegressor(3, weights="distance").fit(X, squares)
got, plain = np.ravel(exported(weighted)[0]), KNeighborsRegressor(3).fit(X, squares).predict(X)
print(weighted, weighted.predict(X).tolist(), got.round(3).tolist())
assert np.allclose(weighted.predict(X), squares) and np.allclose(got, plain, atol=1e-4)

right, got = both(LinearDiscriminantAnalysis(), [0, 0, 1, 1, 2, 2])
assert np.allclose(right, got, atol=1e-4)
model = LinearDiscriminantAnalysis()
right, got = both(model, classes)
assert np.allclose(right[:, 1], 1 / (1 + np.exp(-model.decision_function(X))), atol=1e-5)
assert np.allclose(got[:, 1], 1 / (1 + np.exp(-2 * model.decision_function(X))), atol=1e-4)
print("still so")
PY
