#!/usr/bin/env bash
# hummingbird: with_mean=False subtracts the mean, drop="first" drops nothing, and three classes get other probabilities
#
# Versions: hummingbird-ml 0.4.12, scikit-learn 1.9.1, torch 2.14.1, onnx 1.16.1, Python 3.11.
#
# Guess: an option that changes the numbers is converted or refused, as unknown models are (MissingConverter).
#
# Seen, each beside the same model without the option, which is right; no warning:
# - StandardScaler(with_mean=False): the mean is subtracted all the same: 0.463 becomes -0.926.
# - MinMaxScaler(clip=True): values beyond the training range aren't clipped: 1.4 in place of 1.
# - OneHotEncoder(drop="first"): three columns in place of two, so that a model behind it would get others.
# - LogisticRegression, three classes: 0.562 in place of 0.825. Each class gets the sigmoid of its own score, divided by their sum;
#   scikit-learn takes the softmax. With two classes it is right.
# - HistGradientBoostingRegressor(loss="poisson"): the logarithm of the prediction: 0.801 in place of 2.227.
# - GradientBoostingClassifier(loss="exponential"): 0.574 in place of 0.646, the link of the other loss.
#
# Expected: scikit-learn's numbers or a refusal. (The package sets no upper bound for scikit-learn's version.)
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check hummingbird-ml==0.4.12 scikit-learn==1.9.1 torch==2.14.1 onnx==1.16.1 numpy==2.4.6

venv/bin/python - <<'PY'
import warnings

warnings.filterwarnings("ignore")
from importlib.metadata import version

import numpy as np
from hummingbird.ml import convert
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler

print(*(f"{name} {version(name)}" for name in ("hummingbird-ml", "scikit-learn", "torch")))
COLUMN = np.array([[1], [2], [6]], np.float32)
LINE = np.arange(6, dtype=np.float32)[:, None]
KINDS = np.array([[0], [1], [2], [1]])


def both(model, method, x, y=None, new=None):
    """scikit-learn's and hummingbird's result for the data or, if given, for new data."""
    model.fit(x, y)
    given = x if new is None else np.array(new, np.float32)
    right, got = (np.asarray(getattr(one, method)(given), float) for one in (model, convert(model, "torch")))
    print(model, right.round(3).tolist(), got.round(3).tolist())
    return right, got


def same(*case, **options):
    right, got = both(*case, **options)
    assert right.shape == got.shape and np.allclose(right, got, atol=1e-4)


same(StandardScaler(), "transform", COLUMN)
right, got = both(StandardScaler(with_mean=False), "transform", COLUMN)
assert np.allclose(right - got, COLUMN.mean() / COLUMN.std(), atol=1e-4)

same(MinMaxScaler(), "transform", COLUMN, new=[[0], [8]])
right, got = both(MinMaxScaler(clip=True), "transform", COLUMN, new=[[0], [8]])
assert np.allclose(right, [[0], [1]]) and np.allclose(got, [[-0.2], [1.4]])

same(OneHotEncoder(sparse_output=False), "transform", KINDS)
right, got = both(OneHotEncoder(drop="first", sparse_output=False), "transform", KINDS)
assert right.shape == (4, 2) and got.shape == (4, 3)

same(LogisticRegression(), "predict_proba", LINE, [0, 0, 0, 1, 1, 1])
model = LogisticRegression()
right, got = both(model, "predict_proba", LINE, [0, 0, 1, 1, 2, 2])
sigmoids = 1 / (1 + np.exp(-model.decision_function(LINE)))
assert abs(right - got).max() > 0.05 and np.allclose(got, sigmoids / sigmoids.sum(axis=1, keepdims=True), atol=1e-4)

boosting = {"max_iter": 3, "min_samples_leaf": 1}
same(HistGradientBoostingRegressor(**boosting), "predict", LINE, [1, 1, 2, 2, 5, 5])
right, got = both(HistGradientBoostingRegressor(loss="poisson", **boosting), "predict", LINE, [1, 1, 2, 2, 5, 5])
assert np.allclose(got, np.log(right), atol=1e-4)

stumps = {"n_estimators": 3, "max_depth": 1}
same(GradientBoostingClassifier(**stumps), "predict_proba", LINE, [0, 0, 0, 1, 1, 1])
right, got = both(GradientBoostingClassifier(loss="exponential", **stumps), "predict_proba", LINE, [0, 0, 0, 1, 1, 1])
assert abs(right - got).min() > 0.05
print("still so")
PY
