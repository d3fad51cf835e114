#!/usr/bin/env bash
# treelite: GradientBoostingClassifier(loss="exponential") is imported with the other loss' probabilities
#
# Versions: treelite 4.8.1, scikit-learn 1.9.1, Python 3.11.
#
# Guess: import_model() keeps scikit-learn's probabilities or refuses the model, as it refuses an init estimator of one's own.
#
# Seen: for the exponential loss (that of AdaBoost) scikit-learn's probability is 1 / (1 + exp(-2 score)); treelite's is
# 1 / (1 + exp(-score)), as for "log_loss". With three stumps on eight points 0.818 becomes 0.679 and 0.182 0.321: all are drawn to
# 0.5, the classes stay the same. "log_loss" agrees to six digits.
#
# Expected: the same probabilities, or a refusal. Accuracy, which one would compare, is the same, while a threshold of 0.8 no
# longer lets any point through.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check treelite==4.8.1 scikit-learn==1.9.1 numpy==2.4.6

venv/bin/python - <<'PY'
from importlib.metadata import version

import numpy as np
import treelite
from sklearn.ensemble import GradientBoostingClassifier

print("treelite", version("treelite"), "scikit-learn", version("scikit-learn"))
x, classes = np.arange(8.0)[:, None], [0, 0, 0, 0, 1, 1, 1, 1]


def both(loss):
    model = GradientBoostingClassifier(loss=loss, n_estimators=3, max_depth=1, learning_rate=0.25).fit(x, classes)
    right = model.predict_proba(x)[:, 1]
    got = np.ravel(treelite.gtil.predict(treelite.sklearn.import_model(model), x))
    print(loss, "scikit-learn", right.round(3)[[0, -1]].tolist(), "treelite", got.round(3)[[0, -1]].tolist())
    return model.decision_function(x), right, got


score, right, got = both("log_loss")
assert np.allclose(right, got, atol=1e-6)
score, right, got = both("exponential")
assert np.allclose(right, 1 / (1 + np.exp(-2 * score)))
assert np.allclose(got, 1 / (1 + np.exp(-score)), atol=1e-6)
assert abs(right - got).min() > 0.05
print("still so")
PY
