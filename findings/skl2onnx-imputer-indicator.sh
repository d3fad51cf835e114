#!/usr/bin/env bash
# skl2onnx: SimpleImputer(add_indicator=True) is exported without its indicator, and pipelines behind it go wrong in onnxruntime
#
# Versions: skl2onnx 1.20.0, scikit-learn 1.9.1, onnx 1.23.2, onnxruntime 1.32.0, Python 3.11.
#
# Guess: an option that changes the number of output columns is converted, or refused as unknown options of other models are.
#
# Seen: for one feature with a missing value scikit-learn returns the two imputed columns and a third, 1 where a value was missing.
# The exported model returns the two columns; conversion succeeds without a word. A pipeline with a LogisticRegression behind
# it converts, too, and runs: onnxruntime's LinearClassifier gets two features for three coefficients per class, does
# not object, and takes the wrong ones. All four labels become 1 (right: 0 1 1 0) and the two probabilities of
# a row no longer sum to 1.
#
# Expected: three columns or a refusal at conversion, and an error from the operator when the sizes do not fit.
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
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

warnings.filterwarnings("ignore")
print("skl2onnx", skl2onnx.__version__, "scikit-learn", sklearn.__version__)
x = np.array([[1, np.nan], [3, 4], [5, 6], [7, np.nan]], np.float32)
y = np.array([0, 1, 1, 0])


def exported(model, **options):
    session = onnxruntime.InferenceSession(to_onnx(model, x[:1], **options).SerializeToString())
    return session.run(None, {session.get_inputs()[0].name: x})


imputer = SimpleImputer(add_indicator=True).fit(x)
print("scikit-learn:", imputer.transform(x).tolist())
got = exported(imputer)[0]
print("exported:    ", got.tolist())
assert imputer.transform(x).shape == (4, 3) and np.array_equal(got, imputer.transform(x)[:, :2])

pipeline = make_pipeline(SimpleImputer(add_indicator=True), LogisticRegression()).fit(x, y)
labels, probabilities = exported(pipeline, options={"zipmap": False})
print("labels of a pipeline with LogisticRegression: scikit-learn", pipeline.predict(x), "exported", labels)
print("sums of the exported probabilities:", probabilities.sum(axis=1))
assert pipeline.predict(x).tolist() == [0, 1, 1, 0] and labels.tolist() == [1, 1, 1, 1]
assert np.allclose(pipeline.predict_proba(x).sum(axis=1), 1) and (probabilities.sum(axis=1) > 1.1).all()
print("still so")
PY
