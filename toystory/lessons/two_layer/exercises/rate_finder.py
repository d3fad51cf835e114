"""A rate finder: ask the loss how long a step may be

How long should a step be? Alex tried rates for an hour. Sami tried them all in one run:
he began far too small, made the rate a little larger at every update, and watched the
loss. First it hardly moves. Then it falls. In the end the steps are too long, and it
climbs out of the valley. The rate to begin with lies well before that.

Write three small functions. `loss(x, y, w, b)` and `gradients(x, y, w, b)` of a
logistic regression are there.

- `rates(lowest, highest, count)`: so many rates, the first is `lowest`, the last is
  `highest`, and each is the one before times the same number. An array, `(count,)`.
- `losses(x, y, w, b, rates)`: for each rate in turn, note the loss, and then make one
  step of gradient descent at that rate. Stop as soon as a loss is noted that is more
  than `RISEN` times the lowest one noted so far. An array of the losses noted.
- `suggest(rates, losses)`: a tenth of the rate at which the lowest loss was noted. There
  may be fewer losses than rates.

Five rates, and four rows of which two are alike and have different answers:

    >>> tried = rates(0.1, 1000.0, 5)
    >>> print(tried)
    [1.e-01 1.e+00 1.e+01 1.e+02 1.e+03]
    >>> x = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    >>> y, w, b = np.array([0.0, 1.0, 0.0, 1.0]), np.array([0.5, 2.0]), np.array([0.0])
    >>> noted = losses(x, y, w, b, tried)
    >>> print(noted.round(4))
    [ 1.3267  1.2967  1.0379  1.8477 39.643 ]
    >>> suggest(tried, noted)
    1.0
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_array, expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]

RISEN = 2.0


def loss(x: Array, y: Array, w: Array, b: Array) -> float:
    """The mean cross-entropy of a logistic regression on the rows x (rows, columns)."""
    z = x @ w + b
    return float(np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))))


def gradients(x: Array, y: Array, w: Array, b: Array) -> tuple[Array, Array]:
    """Of that loss: for w (columns,) and for b (1,)."""
    a = 0.5 * (1 + np.tanh((x @ w + b) / 2))
    dz = (a - y) / len(y)
    return x.T @ dz, np.array([dz.sum()])


def rates(lowest: float, highest: float, count: int) -> Array:
    """So many rates from lowest to highest, each the one before times the same number."""
    # TODO: a power of highest / lowest for each place.
    # --- gap
    return lowest * (highest / lowest) ** (np.arange(count) / (count - 1))
    # --- end of gap


def losses(x: Array, y: Array, w: Array, b: Array, rates: Array) -> Array:
    """The loss before each step, until it has risen."""
    # TODO: note, look whether to stop, step.
    # --- gap
    noted: list[float] = []
    for rate in rates:
        noted.append(loss(x, y, w, b))
        if noted[-1] > RISEN * min(noted):
            break
        dw, db = gradients(x, y, w, b)
        w, b = w - rate * dw, b - rate * db
    return np.array(noted)
    # --- end of gap


def suggest(rates: Array, losses: Array) -> float:
    """A tenth of the rate at which the loss was lowest."""
    # TODO: where is the lowest one?
    # --- gap
    return float(rates[np.argmin(losses)] / 10)
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 4
KIND = "extension"
MISTAKES = (
    Mistake(
        "the rates grow by equal steps",
        "lowest * (highest / lowest) ** (np.arange(count) / (count - 1))",
        "lowest + (highest - lowest) * (np.arange(count) / (count - 1))",
        told="The rates grow by equal steps. They should grow by equal factors: each is the one before "
        "times the same number.",
    ),
    Mistake(
        "the last rate is not reached",
        "(np.arange(count) / (count - 1))",
        "(np.arange(count) / count)",
        told="Between `count` rates there are count − 1 factors: the last rate should be `highest`.",
    ),
    Mistake(
        "all steps start from the first weights",
        "w, b = w - rate * dw, b - rate * db",
        "w_new, b_new = w - rate * dw, b - rate * db",
        told="The weights stay where they began: each step should go on from the one before.",
    ),
    Mistake(
        "the bias is not learnt",
        "w, b = w - rate * dw, b - rate * db",
        "w, b = w - rate * dw, b",
        told="The bias b takes a step too.",
    ),
    Mistake(
        "uphill instead of downhill",
        "w, b = w - rate * dw, b - rate * db",
        "w, b = w + rate * dw, b + rate * db",
        told="The steps go uphill: they are subtracted.",
    ),
    Mistake(
        "it never stops",
        "if noted[-1] > RISEN * min(noted):",
        "if False:",
        told="It should stop where a loss is more than RISEN times the lowest one so far.",
    ),
    Mistake(
        "it stops at the first rise",
        "if noted[-1] > RISEN * min(noted):",
        "if noted[-1] > min(noted):",
        told="A small rise is no reason to stop: it has to be more than RISEN times the lowest.",
    ),
    Mistake(
        "it compares with the first loss",
        "RISEN * min(noted)",
        "RISEN * noted[0]",
        told="Compare with the lowest loss so far, not with the first one.",
    ),
    Mistake(
        "the last rate is suggested, not the best",
        "rates[np.argmin(losses)] / 10",
        "rates[len(losses) - 1] / 10",
        told="That is where the run ended. Take the rate at which the loss was lowest.",
    ),
    Mistake(
        "the rate is not divided by ten",
        "rates[np.argmin(losses)] / 10",
        "rates[np.argmin(losses)]",
        told="At the lowest point the next step leads uphill already: a tenth of that rate is asked for.",
    ),
)


def check(code: Code) -> None:
    for lowest, highest, count in ((0.001, 10.0, 5), (1e-5, 1.0, 11), (0.5, 2.0, 3)):
        found = code("rates", lowest, highest, count)
        expected = np.array([lowest * (highest / lowest) ** (k / (count - 1)) for k in range(count)])
        expect_same(found, expected, "rates(…)", lowest=lowest, highest=highest, count=count)
    rng = generator(0)
    for more in range(8):
        x, y = rng.normal(size=(10, 2)).round(1), rng.integers(0, 2, size=10).astype(float)
        w, b = (3 * rng.normal(size=2)).round(1), rng.normal(size=1).round(1)
        tried: Array = 0.2 * 1.6 ** np.arange(8.0 + 3 * more)
        given: dict[str, Any] = {"x": x, "y": y, "w": w, "b": b, "rates": tried}
        expected = _slow_losses(x, y, w, b, tried)
        found = code("losses", x, y, w, b, tried)
        expect_same(found, expected, "losses(…)", **given)
        expect_same(
            code("suggest", tried, expected),
            float(tried[expected.tolist().index(min(expected.tolist()))]) / 10,
            "suggest(…)",
            rates=tried,
            losses=expected,
        )
    expect_array(code("losses", x, y, w, b, tried[:1]), (1,), "losses(…) for one rate", **given)


def _slow_losses(x: Array, y: Array, w: Array, b: Array, tried: Array) -> Array:
    noted: list[float] = []
    for rate in tried.tolist():
        noted.append(loss(x, y, w, b))
        if noted[-1] > RISEN * min(noted):
            break
        a = 1 / (1 + np.exp(-(x @ w + b)))
        steps = [sum((a[r] - y[r]) * x[r, c] for r in range(len(x))) / len(x) for c in range(x.shape[1])]
        w, b = w - rate * np.array(steps), b - rate * np.mean(a - y)
    return np.array(noted)
