"""Adam: every weight at its own pace

The wide network, the dial and the gate for fifty switches were all trained with *Adam*.
Plain gradient descent takes big steps where the slope is steep and tiny ones where it
is flat. Adam remembers, for every number that is learnt, how its gradient has been
going and how large it has been, and divides the one by the other. So each moves at a
pace of its own, of about the learning rate.

`m` is the running mean of the gradients. At each update it keeps a share β₁ = 0.9 of what
it was, and takes in one tenth of the new gradient. `s` does the same for the gradient's
square, with β₂ = 0.999. Both begin at 0, so they are too small at first. By how much? Let
the gradient be 2 at every update. Write down in `on_paper()`:

    "m1"     m after the first update
    "m2"     m after the second
    "share"  after t updates, which share of the
             gradient is m?
             A  β₁ᵗ    B  1 − β₁ᵗ    C  1 − β₁
    "first"  divide m and s by their shares: they are
             m̂ and ŝ. The step is η m̂ / √ŝ. How
             long is the first one, for a gradient
             of 200 and a rate η = 0.01?
    "scale"  all gradients grow a thousand times. How
             long are the steps then?
             A  a thousand times as long
             B  as long as before    C  shorter

Then write `adam(theta, gradient, m, s, t, learning_rate)`, update number t; the first one
has t = 1. It returns the new `theta`, the new `m` and the new `s`. The first four are arrays
of one shape, whatever it is, and so are the three that you return. `EPSILON` is added to
√ŝ, so that nothing is divided by 0.

The first step is the learning rate, however steep it is:

    >>> theta, zeros = np.array([1.0, 1.0]), np.zeros(2)
    >>> gradient = np.array([200.0, -0.5])
    >>> new = adam(theta, gradient, zeros, zeros, 1, 0.01)
    >>> new[0].round(6)
    array([0.99, 1.01])
    >>> new[1].round(6)
    array([20.  , -0.05])
    >>> new[2].round(6)
    array([4.0e+01, 2.5e-04])
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_parts, expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8


def on_paper() -> dict[str, float | str]:
    """Your answers: "m1", "m2" and "first" are numbers, "share" and "scale" are letters."""
    # TODO: return {"m1": …, "m2": …, "share": "…", "first": …, "scale": "…"}
    # --- gap
    return {"m1": 0.2, "m2": 0.38, "share": "B", "first": 0.01, "scale": "B"}
    # --- end of gap


def adam(
    theta: Array, gradient: Array, m: Array, s: Array, t: int, learning_rate: float
) -> tuple[Array, Array, Array]:
    """Update number t of the numbers theta, t = 1, 2, …: the new theta, m and s."""
    # TODO: the five equations, one line each.
    # --- gap
    m = BETA_1 * m + (1 - BETA_1) * gradient
    s = BETA_2 * s + (1 - BETA_2) * gradient**2
    m_hat = m / (1 - BETA_1**t)
    s_hat = s / (1 - BETA_2**t)
    theta = theta - learning_rate * m_hat / (np.sqrt(s_hat) + EPSILON)
    return theta, m, s
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 2
KIND = "derivation"
WHOLE_GRADIENT = (
    "After the first update m is a tenth of the gradient. If you left out 1 − β₁, put it in; if that is m̂, "
    "hand on m itself: m̂ is for this step only."
)
MISTAKES = (
    Mistake(
        "m is not corrected for its start at 0",
        "m / (1 - BETA_1**t)",
        "m",
        told="It looks as if m̂ = m / (1 − β₁ᵗ) were left out: m still feels its start at 0.",
    ),
    Mistake(
        "s is not corrected for its start at 0",
        "s / (1 - BETA_2**t)",
        "s",
        told="It looks as if ŝ = s / (1 − β₂ᵗ) were left out: s still feels its start at 0.",
    ),
    Mistake(
        "the two βs change places in the corrections",
        "m / (1 - BETA_1**t)",
        "m / (1 - BETA_2**t)",
        told="It looks as if m were corrected with β₂; its own is β₁.",
    ),
    Mistake(
        "updates are counted from 0",
        "1 - BETA_1**t",
        "1 - BETA_1 ** (t + 1)",
        told="t is 1 at the first update already: the powers are β₁ᵗ and β₂ᵗ, not one more.",
    ),
    Mistake(
        "the gradient is not squared",
        "gradient**2",
        "gradient",
        told="s is the mean of the gradient's squares: g², not g.",
    ),
    Mistake(
        "the gradient comes in whole",
        "+ (1 - BETA_1) * gradient",
        "+ gradient",
        told=WHOLE_GRADIENT,
    ),
    Mistake(
        "no root is taken",
        "np.sqrt(s_hat) + EPSILON",
        "s_hat + EPSILON",
        told="The step is divided by the root of ŝ.",
    ),
    Mistake(
        "ε stands under the root",
        "np.sqrt(s_hat) + EPSILON",
        "np.sqrt(s_hat + EPSILON)",
        told="ε is added to the root, it does not stand under it.",
    ),
    Mistake(
        "uphill instead of downhill",
        "theta - learning_rate",
        "theta + learning_rate",
        told="The step goes uphill: it is subtracted from θ.",
    ),
    Mistake(
        "the corrected means are handed on",
        "return theta, m, s",
        "return theta, m_hat, s_hat",
        told=WHOLE_GRADIENT,
    ),
    Mistake("the share that is missing, on paper", '"share": "B"', '"share": "A"'),
)


QUESTIONS: dict[str, Number | Choice] = {
    "m1": Number(0.2, "m was 0. It takes in a tenth of the gradient."),
    "m2": Number(0.38, "Nine tenths of the m that you have, and a tenth of 2."),
    "share": Choice(
        "B",
        {
            "A": "Put in t = 1: m is 0.1 of the gradient then, and β₁¹ is 0.9.",
            "C": "That is the share after one update. After two it is larger: compare your m2 with 2.",
        },
    ),
    "first": Number(
        0.01, "Divided by its share, m̂ is the gradient itself, and ŝ its square. What is 200 / √200²?"
    ),
    "scale": Choice(
        "B",
        {
            "A": "m̂ grows a thousand times, and so does √ŝ below it.",
            "C": "m̂ grows a thousand times, and so does √ŝ below it.",
        },
    ),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(0)
    for shape, size in (((1,), 1.0), ((3,), 100.0), ((2, 3), 1e-4), ((4, 1), 1.0)):
        theta, m, s = rng.normal(size=shape).round(2), np.zeros(shape), np.zeros(shape)
        for t in (1, 2, 3):
            gradient = rng.normal(size=shape).round(2) * size
            arguments: dict[str, Any] = {
                "theta": theta,
                "gradient": gradient,
                "m": m,
                "s": s,
                "t": t,
                "learning_rate": 0.1,
            }
            found = expect_parts(code("adam", *arguments.values()), 3, "adam(…)", **arguments)
            expected = _slow_adam(theta, gradient, m, s, t, 0.1)
            for k, name in ((1, "m"), (2, "s"), (0, "theta")):  # the means before what is made of them
                expect_same(found[k], expected[k], f"update {t}: the new {name}", **arguments)
            theta, m, s = expected


def _slow_adam(
    theta: Array, gradient: Array, m: Array, s: Array, t: int, learning_rate: float
) -> tuple[Array, Array, Array]:
    theta, m, s = theta.copy(), m.copy(), s.copy()
    for place in np.ndindex(theta.shape):
        m[place] = 0.9 * m[place] + 0.1 * gradient[place]
        s[place] = 0.999 * s[place] + 0.001 * gradient[place] ** 2
        m_hat, s_hat = m[place] / (1 - 0.9**t), s[place] / (1 - 0.999**t)
        theta[place] -= learning_rate * m_hat / (s_hat**0.5 + 1e-8)
    return theta, m, s
