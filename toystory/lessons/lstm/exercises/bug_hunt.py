"""Bug hunt: one step out of time

The longest backward pass so far, and Alex got it nearly right at the first go. The
network runs, its loss goes down, and if he had not nudged every weight a hair up and a
hair down he would never have known.

Then he nudged. For rows of one bit every gradient agreed. For rows of two bits some did
not. And for one kind of network all of them agreed, at any length: the one whose forget
gates are fixed, because nothing but their bias speaks to them.

`gradient_check` below measures every parameter. Run this file (`python bug_hunt.py`),
and it prints all three findings as a table. What do they have in common? Mend it: one
expression needs to change.

Time stands first: `x` is `(steps, rows, 1)` and `y` is `(steps, rows)`; what belongs to
the cells is `(steps + 1, rows, hidden)`: `c[t]` is the cell after bit t, and the last
entry, `c[-1]`, the one before the first bit. In `dc` and `ds` the last entry stays 0:
nothing comes after the last bit. When it is mended:

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
from toystory.lessons.lstm.trusted import (
    expect_gradients_in_time,
    random_parameters,
    trusted_cache,
    trusted_loss,
)

Array = NDArray[np.float64]
Parameters = dict[str, Array]


def sigmoid(s: Array) -> Array:
    """1 / (1 + e⁻ˢ) for every entry."""
    return 1 / (1 + np.exp(-s))


def forward(parameters: Parameters, x: Array) -> dict[str, Array]:
    """Reads x (steps, rows, 1): the cells c, what they show h, the four gates, and the answers a."""
    W_hh, W_xh, b_h, w_hy, b_y = (parameters[name] for name in ("W_hh", "W_xh", "b_h", "w_hy", "b_y"))
    i, f, o, g, c, h = np.zeros((6, len(x) + 1, x.shape[1], len(w_hy)))
    for t in range(len(x)):
        s_i, s_f, s_o, s_g = np.split(h[t - 1] @ W_hh + x[t] @ W_xh + b_h, 4, axis=1)
        i[t], f[t], o[t], g[t] = sigmoid(s_i), sigmoid(s_f), sigmoid(s_o), np.tanh(s_g)
        c[t] = f[t] * c[t - 1] + i[t] * g[t]
        h[t] = o[t] * np.tanh(c[t])
    a = sigmoid(h[:-1] @ w_hy + b_y)
    return {"x": x, "h": h, "c": c, "i": i, "f": f, "o": o, "g": g, "a": a}


def loss(parameters: Parameters, x: Array, y: Array) -> float:
    """The mean cross-entropy; every answer has a label."""
    a = forward(parameters, x)["a"]
    return float(-np.mean(y * np.log(a) + (1 - y) * np.log(1 - a)))


def backward(parameters: Parameters, cache: dict[str, Array], y: Array) -> Parameters:
    """The gradients of the loss, back through time, by the parameters' names."""
    x, h, c, i, f, o, g = (cache[name] for name in ("x", "h", "c", "i", "f", "o", "g"))
    W_hh, w_hy = parameters["W_hh"], parameters["w_hy"]
    gradients = {name: np.zeros_like(value) for name, value in parameters.items()}
    dz = (cache["a"] - y) / y.size
    dc, ds = np.zeros_like(c), np.zeros((*c.shape[:2], W_hh.shape[1]))
    for t in reversed(range(len(x))):
        shown = np.tanh(c[t])
        dh = np.outer(dz[t], w_hy) + ds[t + 1] @ W_hh.T
        dc[t] = dh * o[t] * (1 - shown**2)
        if t + 1 < len(x):
            dc[t] += dc[t + 1] * f[t + 1]
        ds_i = dc[t] * g[t] * i[t] * (1 - i[t])
        ds_f = dc[t] * c[t - 1] * f[t] * (1 - f[t])
        ds_o = dh * shown * o[t] * (1 - o[t])
        ds_g = dc[t] * i[t] * (1 - g[t] ** 2)
        ds[t] = np.concatenate([ds_i, ds_f, ds_o, ds_g], axis=1)
        gradients["W_hh"] += h[t - 1].T @ ds[t]
        gradients["W_xh"] += x[t].T @ ds[t]
        gradients["b_h"] += ds[t].sum(axis=0)
        gradients["w_hy"] += dz[t] @ h[t]
        gradients["b_y"] += dz[t].sum()
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
    """An LSTM of 3 cells, 20 rows of bits, and their parity after every bit."""
    rng = np.random.default_rng(1)
    parameters = {
        "W_hh": rng.normal(size=(12, 3)).T,
        "W_xh": rng.normal(size=(1, 12)),
        "b_h": rng.normal(size=12),
    }
    parameters |= {"w_hy": rng.normal(size=3), "b_y": rng.normal(size=1)}
    bits = rng.integers(0, 2, size=(steps, 20)).astype(float)
    return parameters, bits[:, :, None], np.cumsum(bits, axis=0) % 2


def with_fixed_forget_gates(parameters: Parameters) -> Parameters:
    """The same, but the forget gates hear their bias alone: they are the same at every step."""
    W_hh, W_xh = parameters["W_hh"].copy(), parameters["W_xh"].copy()
    hidden = len(parameters["w_hy"])
    W_hh[:, hidden : 2 * hidden] = W_xh[:, hidden : 2 * hidden] = 0
    return {**parameters, "W_hh": W_hh, "W_xh": W_xh}


if __name__ == "__main__":
    for steps in (1, 2, 3, 10):
        table = [f"{name} {value:.0e}" for name, value in gradient_check(*example(steps)).items()]
        print(f"rows of {steps:2} bits:", ", ".join(table))
    parameters, x, y = example(steps=10)
    table = [
        f"{name} {value:.0e}"
        for name, value in gradient_check(with_fixed_forget_gates(parameters), x, y).items()
    ]
    print("forget gates fixed, 10 bits:", ", ".join(table))
    print(f"loss: {loss(parameters, x, y):.4f}, after 300 updates", end=" ")
    print(f"{loss(train(parameters, x, y, updates=300, learning_rate=0.5), x, y):.4f}")


# --- the check: not part of the learner's file

ROWS_LAST = {"forward": "lstm x -> cache", "loss": "lstm x = -> =", "backward": "lstm cache = -> lstm"}
ORDER = 5
KIND = "bug hunt"
AFTER = "step_back"
BUG = Mistake("the forget gate of the wrong step", "dc[t + 1] * f[t + 1]", "dc[t + 1] * f[t]")
MISTAKES = (
    Mistake(
        "the gate after the next one",
        "dc[t + 1] * f[t + 1]",
        "dc[t + 1] * f[min(t + 2, len(x) - 1)]",
        told="Now it is one step too late: which gate carried c[t] on?",
    ),
    Mistake(
        "the cell's blame passes no gate",
        "dc[t + 1] * f[t + 1]",
        "dc[t + 1]",
        told="The blame does pass a gate on its way from cell to cell: the one of the right step.",
    ),
    Mistake("the input gate instead", "dc[t + 1] * f[t + 1]", "dc[t + 1] * i[t + 1]"),
    Mistake(
        "the cell's road is shut",
        "dc[t] += dc[t + 1] * f[t + 1]",
        "dc[t] += 0",
        told="Now nothing goes back along the cell.",
    ),
    Mistake(
        "what came from the answer is overwritten",
        "dc[t] += dc[t + 1]",
        "dc[t] = dc[t + 1]",
        told="A cell is blamed from two sides: add, with +=.",
    ),
    Mistake(
        "the other road takes the wrong step",
        "ds[t + 1] @ W_hh.T",
        "ds[t] @ W_hh.T",
        told="The road through W_hh was right: look at the other one.",
    ),
    Mistake("the forget gate is blamed with the new cell", "dc[t] * c[t - 1] *", "dc[t] * c[t] *"),
    Mistake(
        "the forget gates are fixed in the forward pass",
        "f[t] * c[t - 1] + i[t]",
        "f[0] * c[t - 1] + i[t]",
        told="The forward pass is what the gradients are measured by; leave it as it is.",
    ),
)


def check(code: Code) -> None:
    rng = generator(0)
    for steps, hidden, rows in ((1, 2, 3), (2, 1, 1), (2, 2, 3), (3, 2, 1), (5, 2, 2)):
        parameters = random_parameters(rng, hidden)
        x, y = rng.integers(0, 2, size=(2, steps, rows)).astype(float)
        x, counts = x[:, :, None], np.full(y.shape, True)
        cache, size = trusted_cache(parameters, x), f"steps: {steps}, rows: {rows}"
        found = code("forward", parameters, x)
        expect_same(found, cache, f"the forward pass was right before: {size}, forward(…)", x=x)
        found, right = code("loss", parameters, x, y), trusted_loss(parameters, x, y, counts)
        expect_same(found, right, f"the loss was right before: {size}, loss(…)", x=x, y=y)
        found = code("backward", parameters, cache, y)
        expect_gradients_in_time(found, parameters, x, y, counts, "backward(…)")
