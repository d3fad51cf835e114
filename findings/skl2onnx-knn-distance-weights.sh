#!/usr/bin/env bash
# skl2onnx: nearest neighbours with weights="distance" are exported as if all neighbours weighed the same
#
# Versions: skl2onnx 1.20.0, scikit-learn 1.9.1, onnx 1.23.2, onnxruntime 1.32.0, Python 3.11.
#
# Guess: KNeighborsClassifier and KNeighborsRegressor with weights="distance" convert to the same weighted vote and mean; at
# a training point itself (distance 0) they might differ.
#
# Seen: the exported models give the plain average of the neighbours everywhere, exactly the values of weights="uniform".
# Near a training point (1/4 of a grid step away) the regressor says 4.19 and the exported one 10. It does not depend on the
# scale of the data. The graph does compute weights: it negates distances that TopK has sorted, takes the maximum with 1e-6,
# and so makes every weight the same. No warning.
#
# Expected: the weighted values (conversion does not refuse the option). A test that looks at the predicted
# class of well separated data passes.
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
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

warnings.filterwarnings("ignore")
print("skl2onnx", skl2onnx.__version__, "scikit-learn", sklearn.__version__)


def exported(model, x, **options):
    session = onnxruntime.InferenceSession(to_onnx(model, x[:1], **options).SerializeToString())
    return session.run(None, {session.get_inputs()[0].name: x})


for scale in (0.1, 1, 10):
    train = np.array([[0], [1], [2], [3]], np.float32) * np.float32(scale)
    query = train[:3] + np.float32(scale / 4)
    target = np.array([0.0, 10, 20, 30])
    weighted = KNeighborsRegressor(3, weights="distance").fit(train, target)
    uniform = KNeighborsRegressor(3).fit(train, target)
    got = exported(weighted, query)[0].ravel()
    print(f"scale {scale}: weighted {weighted.predict(query).round(2)} exported {got} uniform {uniform.predict(query)}")
    assert np.allclose(weighted.predict(query), [4.19, 10.87, 20.87], atol=0.01)
    assert np.allclose(got, uniform.predict(query)) and np.allclose(got, [10, 10, 20])

labels = np.array([0, 1, 1, 1])
classifier = KNeighborsClassifier(3, weights="distance").fit(train, labels)
label, probability = exported(classifier, train, options={"zipmap": False})
print("the training points themselves: scikit-learn", classifier.predict(train), "exported", label)
assert classifier.predict(train).tolist() == [0, 1, 1, 1] and label.tolist() == [1, 1, 1, 1]
assert np.allclose(probability[0], [1 / 3, 2 / 3])
print("still so")
PY
