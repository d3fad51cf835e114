"""Bug hunt: the network that can't make up its mind

Sami has a network with dropout. In training, half of its hidden units are left out by
lot, anew for every update. It learns, and its loss goes down.

"But ask it twice," says Sami. "The same row, the same weights, and two answers." Run
this file (`python bug_hunt_dropout.py`): it asks about four rows, five times, and
prints what is said. Each line should be the same as the one above it.

Dropout belongs to learning. When the network answers, every unit is at work, and
nothing is drawn. One condition below says otherwise.

Mend it: one expression needs to change, and training must go on as before, with
dropout. When it is mended:

    >>> parameters, x, y = example()
    >>> once, twice = predict(parameters, x, 0.5, 1), predict(parameters, x, 0.5, 2)
    >>> bool(np.array_equal(once, twice))
    True
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]
Parameters = dict[str, Array]


def forward(
    parameters: Parameters, x: Array, p: float, rng: np.random.Generator, training: bool
) -> dict[str, Array]:
    """Hidden units, what dropout lets through of them, and the answers a, (rows,)."""
    h = np.maximum(x @ parameters["W1"] + parameters["b1"], 0)
    m = np.ones_like(h)
    if training:
        m = np.where(rng.uniform(size=h.shape) < p, 0.0, 1 / (1 - p))
    a = 1 / (1 + np.exp(-((h * m) @ parameters["w2"] + parameters["b2"])))
    return {"h": h, "m": m, "a": a}


def backward(parameters: Parameters, cache: dict[str, Array], x: Array, y: Array) -> Parameters:
    """The gradients of the mean cross-entropy, by the parameters' names."""
    dz = (cache["a"] - y) / len(y)
    kept = cache["h"] * cache["m"]
    dh = np.outer(dz, parameters["w2"]) * cache["m"] * np.where(cache["h"] > 0, 1.0, 0.0)
    return {"W1": x.T @ dh, "b1": dh.sum(axis=0), "w2": kept.T @ dz, "b2": np.array(dz.sum())}


def train(
    parameters: Parameters, x: Array, y: Array, p: float, updates: int, learning_rate: float, seed: int
) -> Parameters:
    """Full-batch gradient descent with dropout; returns new parameters."""
    rng = np.random.default_rng(seed)
    for _ in range(updates):
        cache = forward(parameters, x, p, rng, training=True)
        gradients = backward(parameters, cache, x, y)
        parameters = {name: value - learning_rate * gradients[name] for name, value in parameters.items()}
    return parameters


def predict(parameters: Parameters, x: Array, p: float, seed: int) -> Array:
    """The answers to the rows x, (rows,)."""
    rng = np.random.default_rng(seed)
    return forward(parameters, x, p, rng, training=False)["a"]


def example() -> tuple[Parameters, Array, Array]:
    """A network with 8 hidden units, four rows of two numbers, and their labels."""
    rng = np.random.default_rng(1)
    parameters = {
        "W1": rng.normal(size=(2, 8)),
        "b1": np.zeros(8),
        "w2": rng.normal(size=8),
        "b2": np.array(0.0),
    }
    return (
        parameters,
        np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]),
        np.array([0.0, 1.0, 1.0, 0.0]),
    )


if __name__ == "__main__":
    parameters, x, y = example()
    parameters = train(parameters, x, y, p=0.5, updates=500, learning_rate=0.2, seed=0)
    for asked in range(5):
        print("asked once more:", predict(parameters, x, 0.5, seed=asked).round(3))


# --- the check: not part of the learner's file

ORDER = 8
KIND = "bug hunt"
AFTER = "dropout"
BUG = Mistake("dropout is on whenever there is any", "if training:", "if p > 0:")
MISTAKES = (
    Mistake(
        "dropout is never on",
        "if training:",
        "if False:",
        told="Now nothing is left out in training either. There dropout should go on as before.",
    ),
    Mistake(
        "dropout is on when it answers, and off in training",
        "if training:",
        "if not training:",
    ),
    Mistake(
        "it answers with the same lot every time",
        "training=False)",
        "training=p > 0)",
    ),
    Mistake(
        "dropout without making up for it",
        "0.0, 1 / (1 - p))",
        "0.0, 1.0)",
        told="The mask itself was right before: leave its numbers as they are.",
    ),
    Mistake(
        "the way back forgets the mask",
        'np.outer(dz, parameters["w2"]) * cache["m"]',
        'np.outer(dz, parameters["w2"])',
        told="The way back was right before, mask and all.",
    ),
)


def _answers(parameters: Parameters, x: Array, m: Array | float) -> tuple[Array, Array]:
    h = np.maximum(x @ parameters["W1"] + parameters["b1"], 0)
    return h, 1 / (1 + np.exp(-((h * m) @ parameters["w2"] + parameters["b2"])))


def _trained(parameters: Parameters, x: Array, y: Array, p: float, updates: int, seed: int) -> Parameters:
    rng = np.random.default_rng(seed)
    for _ in range(updates):
        m = np.where(rng.uniform(size=(len(x), len(parameters["b1"]))) < p, 0.0, 1 / (1 - p))
        h, a = _answers(parameters, x, m)
        dz = (a - y) / len(y)
        dh = np.outer(dz, parameters["w2"]) * m * (h > 0)
        slopes = {"W1": x.T @ dh, "b1": dh.sum(axis=0), "w2": (h * m).T @ dz, "b2": np.array(dz.sum())}
        parameters = {name: value - 0.1 * slopes[name] for name, value in parameters.items()}
    return parameters


def check(code: Code) -> None:
    rng = generator(1)
    for rows, hidden, p in ((1, 3, 0.5), (4, 6, 0.5), (5, 4, 0.25)):
        parameters = {
            "W1": rng.normal(size=(2, hidden)).round(2),
            "b1": rng.uniform(0.1, 0.5, size=hidden).round(2),
            "w2": rng.normal(size=hidden).round(2),
            "b2": np.array(0.1),
        }
        x = rng.normal(size=(rows, 2)).round(2)
        y = rng.integers(0, 2, size=rows).astype(float)
        first, second = (code("predict", parameters, x, p, seed) for seed in (1, 2))
        right = _answers(parameters, x, 1.0)[1]
        expect_same(first, right, "predict(parameters, x, p, 1)", x=x, p=p)
        expect_same(second, right, "predict(parameters, x, p, 2)", x=x, p=p)
        trained = code("train", parameters, x, y, p, 3, 0.1, 0)
        what = "training was right before: train(…, updates=3, learning_rate=0.1, seed=0)"
        expect_same(trained, _trained(parameters, x, y, p, 3, 0), what, x=x, y=y, p=p)
