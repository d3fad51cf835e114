#!/usr/bin/env bash
# river: Rand, AdjustedRand, VBeta and their like leave their own range as soon as a weight isn't 1
#
# Versions: river 0.26.1, scikit-learn 1.9.1, Python 3.11.
#
# Guess: update(true, predicted, 2) is update(true, predicted) twice; the index stays between its bounds.
#
# Seen: six points in two clusters of three, one wrong in each, every point with weight 2.
#   Homogeneity, Completeness, VBeta  1.0 in place of 0.082 (2.57 with weight 3; a perfect clustering has 1)
#   MutualInfo                       -1.273 in place of 0.057 (never negative)
#   NormalizedMutualInfo             -5.7e15 in place of 0.082
#   Rand                             -1.133 in place of 0.515 (between 0 and 1)
#   AdjustedRand                      1.404 in place of 0.022 (1 at most)
# Each point given twice with weight 1 gives scikit-learn's values in all of them. Accuracy and CohenKappa are right with
# weights. The number of points counts calls, the table of pairs counts weights.
#
# Expected: the same as giving each point as often as its weight says, or no weight argument: RollingROCAUC has none.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check river==0.26.1 scikit-learn==1.9.1

venv/bin/python - <<'PY'
from importlib.metadata import version
from math import isclose

from river import metrics
from sklearn import metrics as sklearn_metrics

print("river", version("river"), "scikit-learn", version("scikit-learn"))
TRUE, PREDICTED = [1, 1, 1, 2, 2, 2], [1, 1, 2, 2, 2, 1]


def value(metric, weight, times=1):
    found = metric()
    for true, predicted in list(zip(TRUE, PREDICTED)) * times:
        found.update(true, predicted, weight)
    return found.get()


for metric, judge in (
    (metrics.Accuracy, sklearn_metrics.accuracy_score),
    (metrics.CohenKappa, sklearn_metrics.cohen_kappa_score),
):
    assert isclose(value(metric, 2), judge(TRUE * 2, PREDICTED * 2))
for metric, judge, weighted in (
    (metrics.Homogeneity, sklearn_metrics.homogeneity_score, 1.0),
    (metrics.Completeness, sklearn_metrics.completeness_score, 1.0),
    (metrics.VBeta, sklearn_metrics.v_measure_score, 1.0),
    (metrics.MutualInfo, sklearn_metrics.mutual_info_score, -1.273),
    (metrics.Rand, sklearn_metrics.rand_score, -1.133),
    (metrics.AdjustedRand, sklearn_metrics.adjusted_rand_score, 1.404),
):
    right, twice, got = judge(TRUE * 2, PREDICTED * 2), value(metric, 1, times=2), value(metric, 2)
    print(f"{metric.__name__}: scikit-learn {right:.3f}, each point twice {twice:.3f}, weight 2 {got:.3f}")
    assert isclose(right, twice, abs_tol=1e-6)
    assert isclose(got, weighted, abs_tol=1e-3)
assert value(metrics.NormalizedMutualInfo, 2) < -1e6
assert value(metrics.VBeta, 3) > 2.5
print("still so")
PY
