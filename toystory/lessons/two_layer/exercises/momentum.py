"""Momentum: a step that remembers the one before

The four rows were trained with *momentum*. Plain gradient descent forgets at once: each
step looks at the slope of now and at nothing else. In a long narrow valley it goes to
and fro between the walls, and hardly along. A ball would not: what it did before, it
keeps doing. Pushes to and fro cancel, pushes along the valley add up.

So every number that is learnt gets a velocity v beside it, which begins at 0. At each
update it keeps a share μ = 0.9 of what it was, and the gradient is added. The step is the
learning rate times v, downhill. Write down in `on_paper()`:

    "second"  v after two gradients of 1
    "end"     where v goes, if they are 1 for ever:
              there v = 0.9 v + 1
    "wall"    v after a gradient of 1 and one of −1
    "longer"  how many times as long as the steps of
              plain descent do they get?

Then write it. `momentum(theta, gradient, v, learning_rate)` makes one update, and returns the new
`theta` and the new `v`. The first three are arrays of one shape, whatever it is, and so
are the two that you return. μ is `MU`.

The same gradient twice: the second step is longer.

    >>> theta, v = np.array([1.0, 1.0]), np.zeros(2)
    >>> gradient = np.array([2.0, -0.5])
    >>> theta, v = momentum(theta, gradient, v, 0.1)
    >>> print(theta.round(6), v.round(6))
    [0.8  1.05] [ 2.  -0.5]
    >>> theta, v = momentum(theta, gradient, v, 0.1)
    >>> print(theta.round(6), v.round(6))
    [0.42  1.145] [ 3.8  -0.95]
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_parts, expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.on_paper import Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]

MU = 0.9


def on_paper() -> dict[str, float]:
    """Your answers: "second", "end", "wall" and "longer" are numbers."""
    # TODO: return {"second": …, "end": …, "wall": …, "longer": …}
    # --- gap
    return {"second": 1.9, "end": 10.0, "wall": -0.1, "longer": 10.0}
    # --- end of gap


def momentum(theta: Array, gradient: Array, v: Array, learning_rate: float) -> tuple[Array, Array]:
    """One update of the numbers theta: the new theta, and the new velocity."""
    # TODO: the two equations, one line each, and then return both.
    # --- gap
    v = MU * v + gradient
    theta = theta - learning_rate * v
    return theta, v
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 3
KIND = "derivation"
MISTAKES = (
    Mistake(
        "the gradient comes in with 1 − μ",
        "+ gradient",
        "+ (1 - MU) * gradient",
        told="Here the gradient is added whole. With 1 − μ before it v would be a mean, as in Adam.",
    ),
    Mistake(
        "the step takes the gradient, not the velocity",
        "learning_rate * v",
        "learning_rate * gradient",
        told="The step is taken with the velocity: with the gradient it is plain gradient descent.",
    ),
    Mistake(
        "nothing of the old velocity is lost",
        "MU * v + gradient",
        "v + gradient",
        told="The old velocity is multiplied by μ: without that nothing ever slows the ball down.",
    ),
    Mistake(
        "the old velocity is forgotten",
        "MU * v + gradient",
        "MU * gradient",
        told="The old velocity v has to stay, times μ: it is what the step remembers.",
    ),
    Mistake(
        "μ stands at both",
        "MU * v + gradient",
        "MU * (v + gradient)",
        told="Only the old velocity is multiplied by μ; the gradient is added whole.",
    ),
    Mistake(
        "uphill instead of downhill",
        "theta - learning_rate",
        "theta + learning_rate",
        told="The step goes uphill: it is subtracted from θ.",
    ),
    Mistake(
        "the rate is put into the velocity",
        "MU * v + gradient",
        "MU * v + learning_rate * gradient",
        told="The learning rate belongs to the step, not into the velocity: there it would count twice.",
    ),
    Mistake("nothing is left, on paper", '"wall": -0.1', '"wall": 0.0'),
)


QUESTIONS: dict[str, Number] = {
    "second": Number(1.9, "0.9 of the first velocity, and the second gradient."),
    "end": Number(10.0, "Solve v = 0.9 v + 1 for v."),
    "wall": Number(-0.1, "0.9 of the first velocity, minus 1."),
    "longer": Number(
        10.0, "A step of plain descent is as long as the gradient, times the rate. Compare with your end."
    ),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(0)
    for shape in ((1,), (3,), (2, 3), (4, 1)):
        theta, v = rng.normal(size=(2, *shape)).round(2)
        for update in (1, 2, 3):
            gradient = rng.normal(size=shape).round(2)
            arguments: dict[str, Any] = {
                "theta": theta,
                "gradient": gradient,
                "v": v,
                "learning_rate": 0.2,
            }
            found = expect_parts(code("momentum", *arguments.values()), 2, "momentum(…)", **arguments)
            expected = _slow_momentum(theta, gradient, v, 0.2)
            for k, name in ((1, "v"), (0, "theta")):  # the velocity before what is made of it
                expect_same(found[k], expected[k], f"update {update}: the new {name}", **arguments)
            theta, v = expected


def _slow_momentum(theta: Array, gradient: Array, v: Array, learning_rate: float) -> tuple[Array, Array]:
    theta, v = theta.copy(), v.copy()
    for place in np.ndindex(theta.shape):
        v[place] = 0.9 * v[place] + gradient[place]
        theta[place] -= learning_rate * v[place]
    return theta, v
