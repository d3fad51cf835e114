#!/usr/bin/env bash
# autograd: rfft and irfft with norm="backward", the default's own name, get a gradient that is off by the length
#
# Versions: autograd 1.9.1, numpy 2.4.6, Python 3.11.
#
# Guess: norm="backward" is what rfft does anyway, so value and gradient are those of rfft without it; norm="forward" divides
# by the length, value and gradient alike. fft and ifft do so.
#
# Seen: for four numbers rfft(x, norm="backward") has the values of rfft(x) and a quarter of its gradient; irfft, which makes
# six numbers of these four, six times its gradient. With norm="forward" it is the other way round: four times too large
# and six times too small. norm="ortho" and no norm are right; rfft2 is as wrong as rfft.
#
# Expected: the gradient of the values. Descent with it still goes downhill, only with another step for this one term
# of a loss.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check autograd==1.9.1 numpy==2.4.6

venv/bin/python - <<'PY'
import autograd.numpy as np
import numpy
from autograd import grad

print("autograd 1.9.1, numpy", numpy.__version__)
x = numpy.array([1.0, 2, 3, 4])


def ratio(name, norm):
    """The gradient over the slope by finite differences: 1 where it is right."""
    transform = getattr(np.fft, name)
    shaped = (2, 2) if name.endswith("2") else (4,)

    def loss(v):
        y = np.real(transform(np.reshape(v, shaped), norm=norm))
        return np.sum(np.reshape(y, -1) * np.arange(1, 1 + y.size))

    steps = 1e-6 * numpy.eye(4)
    slope = numpy.array([loss(x + e) - loss(x - e) for e in steps]) / 2e-6
    found = numpy.dot(grad(loss)(x), slope) / numpy.dot(slope, slope)
    assert numpy.allclose(grad(loss)(x), found * slope, atol=1e-4)
    print(f"{name}, norm={norm}: {found:.4f} times the slope")
    return round(float(found), 4)


assert numpy.array_equal(numpy.fft.rfft(x), numpy.fft.rfft(x, norm="backward"))
for name in ("fft", "ifft"):
    assert [ratio(name, norm) for norm in (None, "ortho", "backward", "forward")] == [1, 1, 1, 1]
assert [ratio("rfft", norm) for norm in (None, "ortho", "backward", "forward")] == [1, 1, 0.25, 4]
assert [ratio("rfft2", norm) for norm in (None, "ortho", "backward", "forward")] == [1, 1, 0.25, 4]
assert [ratio("irfft", norm) for norm in (None, "ortho", "backward", "forward")] == [1, 1, 6, 0.1667]
print("still so")
PY
