#!/usr/bin/env bash
# skl2onnx: BaggingClassifier of SVC, LinearSVC or RidgeClassifier gives one row for each model, not for each input
#
# Versions: skl2onnx 1.20.0, scikit-learn 1.9.1, onnx 1.23.2, onnxruntime 1.32.0, Python 3.11.
#
# Guess: classifiers without predict_proba vote in the exported model, as scikit-learn's bagging lets them, or the conversion
# is refused.
#
# Seen: two SVC in a bag, six inputs: the exported model returns two labels and two rows of "probabilities", [[0.5, 2.5],
# [2.5, 0.5]]. The votes are counted along the inputs, one row for each model, in place of along the models. Three models
# give three rows; LinearSVC, RidgeClassifier and Perceptron behave in the same way. Bags of LogisticRegression or
# DecisionTreeClassifier, which have probabilities, are right.
#
# Expected: six labels and six rows that sum to 1. Nothing is said at conversion or when it runs.
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
from sklearn.ensemble import BaggingClassifier
from sklearn.linear_model import LogisticRegression, Perceptron, RidgeClassifier
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

warnings.filterwarnings("ignore")
print("skl2onnx", skl2onnx.__version__, "scikit-learn", sklearn.__version__, "onnxruntime", onnxruntime.__version__)
X, Y = np.array([[0], [1], [2], [3], [4], [6]], np.float32), [0, 0, 1, 0, 1, 1]


def both(kind, models):
    """scikit-learn's and the exported model's probabilities for the six inputs."""
    bag = BaggingClassifier(kind, n_estimators=models, random_state=0).fit(X, Y)
    file = to_onnx(bag, X[:1], options={id(bag): {"zipmap": False}}).SerializeToString()
    session = onnxruntime.InferenceSession(file)
    labels, found = session.run(None, {session.get_inputs()[0].name: X})
    print(models, type(kind).__name__, "- scikit-learn", len(bag.predict(X)), "labels, exported", len(labels), found.round(2).tolist())
    assert len(labels) == len(found)
    return bag.predict_proba(X), found


for kind in (LogisticRegression(), DecisionTreeClassifier()):
    right, got = both(kind, 2)
    assert np.allclose(right, got, atol=1e-5)
for kind in (SVC(), LinearSVC(), RidgeClassifier(), Perceptron()):
    for models in (2, 3):
        right, got = both(kind, models)
        assert right.shape == (6, 2) and got.shape == (models, 2)
        assert np.allclose(right.sum(axis=1), 1) and not np.allclose(got.sum(axis=1), 1)
print("still so")
PY
