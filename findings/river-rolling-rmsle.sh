#!/usr/bin/env bash
# river: RMSLE over a rolling window becomes a complex number, as it takes out other values than it put in
#
# Versions: river 0.26.1, Python 3.11.
#
# Guess: utils.Rolling works with every metric that can revert(); the value is that of the last pairs alone.
#
# Seen: for the pairs (1, 2), (3, 3), (5, 5), (7, 7) and a window of two, all errors after the first are 0. RMSE and MAE
# end at 0. RMSLE shows 0.405, 0.287, and then 0 + 0.646j twice, a complex number. update() takes logarithms first, revert() takes
# none, so that 1, the square of 2 - 1, is taken out where 0.164 went in, and the mean under the root is negative. Putting one
# pair in and taking it out again doesn't give the old value back either, as it does for RMSE and MAE.
#
# Expected: 0. The metric is meant for prices and counts, whose errors drift: what one watches in a window. Without a
# window it is right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check river==0.26.1

venv/bin/python - <<'PY'
from importlib.metadata import version
from math import isclose, log

from river import metrics, utils

print("river", version("river"))
PAIRS = [(1.0, 2.0), (3.0, 3.0), (5.0, 5.0), (7.0, 7.0)]


def rolling(metric):
    window, seen = utils.Rolling(metric, window_size=2), []
    for true, predicted in PAIRS:
        window.update(true, predicted)
        seen.append(window.get())
    print(f"{metric.__name__}, window of 2:", seen)
    return seen


def reverted(metric):
    """The metric before and after a pair that is put in and taken out again."""
    one = metric()
    one.update(1.0, 2.0)
    one.update(5.0, 9.0)
    before = one.get()
    one.update(3.0, 4.0)
    one.revert(3.0, 4.0)
    print(f"{metric.__name__}: {before} before, {one.get()} after")
    return before, one.get()


for metric in (metrics.RMSE, metrics.MAE):
    assert isclose(rolling(metric)[-1], 0, abs_tol=1e-9)
    before, after = reverted(metric)
    assert isclose(before, after)
seen = rolling(metrics.RMSLE)
assert isclose(seen[0], log(3 / 2)) and isclose(seen[1], log(3 / 2) / 2**0.5)
assert isinstance(seen[-1], complex) and isclose(seen[-1].imag, 0.6464, abs_tol=1e-3)
before, after = reverted(metrics.RMSLE)
assert not isinstance(before, complex) and abs(before - after) > 0.1
print("still so")
PY
