"""Bug hunt: the notebook that blamed too little

Alex's notebook again: an RNN, written from scratch, nearly as he left it. It runs, and
its loss goes down. On fifty bits it never got anywhere, and he thought: fifty steps are
too many.

Perhaps they are. But something else is wrong as well: what it calls gradients are not
the slopes of its loss. **Measure** it: `gradient_check` nudges every parameter and
compares, for rows of as many bits as you like. Run this file (`python bug_hunt.py`),
and it prints a table for rows of 1, 2, 3 and 10 bits.

Which gradients are always right? From which length on are the others wrong? The mistake
sits where that length makes the difference.

Mend it: one expression needs to change. Time stands first: `x` is `(steps,
rows, 1)`, `y` is `(steps, rows)`, and `h` is `(steps + 1, rows, hidden)`: `h[t]` is the
memory after bit t, `h[-1]` the one before the first. When it is mended:

    >>> parameters, x, y = example(steps=10)
    >>> differences = gradient_check(parameters, x, y)
    >>> all(value < 1e-6 for value in differences.values())
    True
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.random_inputs import generator
from toystory.lessons.rnn.trusted import (
    expect_gradients_in_time,
    random_parameters,
    trusted_cache,
    trusted_loss,
)

Array = NDArray[np.float64]
Parameters = dict[str, Array]


def forward(parameters: Parameters, x: Array) -> dict[str, Array]:
    """Reads x (steps, rows, 1); the memories h and the answers a, one after every bit."""
    W_hh, W_xh, b_h, w_hy, b_y = (parameters[name] for name in ("W_hh", "W_xh", "b_h", "w_hy", "b_y"))
    h = np.zeros((len(x) + 1, x.shape[1], len(b_h)))
    for t in range(len(x)):
        h[t] = np.tanh(h[t - 1] @ W_hh + x[t] @ W_xh + b_h)
    a = 1 / (1 + np.exp(-(h[:-1] @ w_hy + b_y)))
    return {"x": x, "h": h, "a": a}


def loss(parameters: Parameters, x: Array, y: Array) -> float:
    """The mean cross-entropy; every answer has a label."""
    a = forward(parameters, x)["a"]
    return float(-np.mean(y * np.log(a) + (1 - y) * np.log(1 - a)))


def backward(parameters: Parameters, cache: dict[str, Array], y: Array) -> Parameters:
    """The gradients of the loss, back through time, by the parameters' names."""
    x, h, a = cache["x"], cache["h"], cache["a"]
    W_hh, w_hy = parameters["W_hh"], parameters["w_hy"]
    gradients = {name: np.zeros_like(value) for name, value in parameters.items()}
    dz = (a - y) / y.size
    from_later = np.zeros_like(h[0])
    for t in reversed(range(len(x))):
        dh = np.outer(dz[t], w_hy) + from_later @ W_hh.T
        ds = dh * (1 - h[t] ** 2)
        gradients["W_hh"] += h[t - 1].T @ ds
        gradients["W_xh"] += x[t].T @ ds
        gradients["b_h"] += ds.sum(axis=0)
        gradients["w_hy"] += dz[t] @ h[t]
        gradients["b_y"] += dz[t].sum()
        from_later = ds  # what this step hands to the one before it
    return gradients


def train(parameters: Parameters, x: Array, y: Array, updates: int, learning_rate: float) -> Parameters:
    """Full-batch gradient descent; returns new parameters."""
    for _ in range(updates):
        gradients = backward(parameters, forward(parameters, x), y)
        parameters = {name: value - learning_rate * gradients[name] for name, value in parameters.items()}
    return parameters


def gradient_check(parameters: Parameters, x: Array, y: Array) -> dict[str, float]:
    """For every parameter, how far `backward` is from the measured slopes, from 0, the same, to 1."""
    gradients = backward(parameters, forward(parameters, x), y)
    differences = {}
    for name, value in parameters.items():
        measured = np.zeros_like(value)
        for place in np.ndindex(value.shape):
            up, down = value.copy(), value.copy()
            up[place] += 1e-6
            down[place] -= 1e-6
            rise = loss({**parameters, name: up}, x, y) - loss({**parameters, name: down}, x, y)
            measured[place] = rise / 2e-6
        sizes = np.linalg.norm(gradients[name]) + np.linalg.norm(measured)
        differences[name] = float(np.linalg.norm(gradients[name] - measured) / (sizes or 1))
    return differences


def example(steps: int) -> tuple[Parameters, Array, Array]:
    """An RNN of 4 units, 20 rows of bits as −1 and +1, and their parity after every bit."""
    rng = np.random.default_rng(1)
    parameters = {"W_hh": rng.normal(scale=0.5, size=(4, 4)).T, "W_xh": rng.normal(size=(1, 4))}
    parameters |= {"b_h": rng.normal(size=4), "w_hy": rng.normal(size=4), "b_y": rng.normal(size=1)}
    bits = rng.integers(0, 2, size=(steps, 20)).astype(float)
    return parameters, 2 * bits[:, :, None] - 1, np.cumsum(bits, axis=0) % 2


if __name__ == "__main__":
    for steps in (1, 2, 3, 10):
        table = [f"{name} {value:.0e}" for name, value in gradient_check(*example(steps)).items()]
        print(f"rows of {steps:2} bits:", ", ".join(table))
    parameters, x, y = example(steps=10)
    print(f"loss: {loss(parameters, x, y):.4f}, after 300 updates", end=" ")
    print(f"{loss(train(parameters, x, y, updates=300, learning_rate=0.1), x, y):.4f}")


# --- the check: not part of the learner's file

ROWS_LAST = {"forward": "rnn x -> cache", "loss": "rnn x = -> =", "backward": "rnn cache = -> rnn"}
ORDER = 6
KIND = "bug hunt"
AFTER = "through_time"
BUG = Mistake(
    "the blame goes through W_hh twice, and is divided by the number of rows at every step",
    "from_later = ds ",
    "from_later = ds @ W_hh.T / x.shape[1] ",
)
MISTAKES = (
    Mistake(
        "still twice through the weights",
        "from_later = ds ",
        "from_later = ds @ W_hh.T ",
        told="Half of it is mended: the blame still goes through W_hh twice.",
    ),
    Mistake(
        "still divided by the rows at every step",
        "from_later = ds ",
        "from_later = ds / x.shape[1] ",
        told="Half of it is mended: the blame is still divided by the number of rows at every step.",
    ),
    Mistake(
        "the blame before the bend is handed back",
        "from_later = ds ",
        "from_later = dh ",
        told="What is handed back has gone through the bend: ds, not dh.",
    ),
    Mistake(
        "nothing is handed back",
        "from_later @ W_hh.T",
        "0 * from_later",
        told="Now nothing is handed back: this is why W_xh is still wrong from two bits on.",
    ),
    Mistake(
        "the blame never goes through the weights",
        "from_later @ W_hh.T",
        "from_later",
        told="Now the blame never goes through W_hh: once is right.",
    ),
    Mistake(
        "the weights are not transposed",
        "from_later @ W_hh.T",
        "from_later @ W_hh",
        told="Blame goes back through W_hh transposed: that was right before.",
    ),
    Mistake("the blame piles up", "from_later = ds ", "from_later += ds "),
    Mistake(
        "the mean over the rows only",
        "(a - y) / y.size",
        "(a - y) / y.shape[1]",
        told="The mean over all answers was right where it was: look on.",
    ),
)


def check(code: Code) -> None:
    rng = generator(2)
    for steps, hidden, rows in ((1, 2, 3), (2, 2, 3), (2, 1, 1), (3, 2, 1), (3, 3, 2), (5, 2, 3)):
        parameters = random_parameters(rng, hidden)
        x, y = (
            rng.choice([-1.0, 1.0], size=(steps, rows, 1)),
            rng.integers(0, 2, size=(steps, rows)).astype(float),
        )
        counts = np.full(y.shape, True)
        cache, size = trusted_cache(parameters, x), f"steps: {steps}, rows: {rows}"
        found = code("forward", parameters, x)
        expect_same(found, cache, f"the forward pass was right before: {size}, forward(…)", x=x)
        found, right = code("loss", parameters, x, y), trusted_loss(parameters, x, y, counts)
        expect_same(found, right, f"the loss was right before: {size}, loss(…)", x=x, y=y)
        found = code("backward", parameters, cache, y)
        expect_gradients_in_time(found, parameters, x, y, counts, "backward(…)")
