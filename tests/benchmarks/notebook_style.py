"""The same learning in the straightforward style of a course notebook, written for this comparison.

64-bit integers from `np.random.randint`, features × rows, Python loops over rows for labels and predictions,
float64 copies at each step (NumPy makes one of the integers in every product), dictionaries of parameters and
gradients made anew at each update, lists of caches. All of it is right; none of it is fast.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

Array = Any


def make_rows(rows: int, columns: int) -> tuple[Array, Array]:
    """Bits, (columns, rows), and their parities, (1, rows)."""
    X = np.random.randint(2, size=(columns, rows))
    Y = np.zeros((1, rows))
    for i in range(rows):
        y = 0
        for bit in X[:, i]:
            y = y ^ bit
        Y[0, i] = y
    return X, Y


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def cost_of(A: Array, Y: Array) -> float:
    return float(-np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / Y.shape[1])


def accuracy_of(A: Array, Y: Array) -> float:
    """In percent; the predictions row by row."""
    predictions = np.zeros((1, A.shape[1]))
    for i in range(A.shape[1]):
        predictions[0, i] = 1 if A[0, i] > 0.5 else 0
    return 100 - float(np.mean(np.abs(predictions - Y))) * 100


def regression(X: Array, Y: Array, updates: int, learning_rate: float, every: int) -> list[float]:
    """Logistic regression from zeros: the costs. every: updates from one accuracy to the next."""
    w, b = np.zeros((X.shape[0], 1)), 0.0
    costs, accuracies = [], []
    for i in range(updates):
        A = sigmoid(np.dot(w.T, X) + b)
        costs.append(cost_of(A, Y))
        dZ = A - Y
        grads = {"dw": np.dot(X, dZ.T) / X.shape[1], "db": np.sum(dZ) / X.shape[1]}
        w = w - learning_rate * grads["dw"]
        b = b - learning_rate * grads["db"]
        if i % every == 0:
            accuracies.append(accuracy_of(sigmoid(np.dot(w.T, X) + b), Y))
    return costs


def layers_forward(X: Array, parameters: dict[str, Array], layers: int, bend: str) -> tuple[Array, list[Any]]:
    """The answers, (1, rows), and a cache for every layer."""
    A, caches = X, []
    for l in range(1, layers + 1):
        W, b = parameters[f"W{l}"], parameters[f"b{l}"]
        Z = np.dot(W, A) + b
        caches.append((A, W, b, Z))
        A = sigmoid(Z) if l == layers else np.tanh(Z) if bend == "tanh" else np.maximum(0, Z)
    return A, caches


def bend_back(dA: Array, Z: Array, bend: str) -> Array:
    """dZ of one layer, whichever it is."""
    if bend == "sigmoid":
        s = sigmoid(Z)
        return dA * s * (1 - s)
    if bend == "tanh":
        return dA * (1 - np.power(np.tanh(Z), 2))
    dZ = np.array(dA, copy=True)
    dZ[Z <= 0] = 0
    return dZ


def network(
    X: Array, Y: Array, sizes: tuple[int, ...], bend: str, updates: int, rate: float, every: int
) -> list[float]:
    """Hidden layers of tanh or ReLU and a sigmoid, from weights × 0.01: the costs."""
    parameters = {}
    for l, (before, units) in enumerate(pairwise(sizes), start=1):
        parameters[f"W{l}"] = np.random.randn(units, before) * 0.01
        parameters[f"b{l}"] = np.zeros((units, 1))
    layers, rows = len(sizes) - 1, X.shape[1]
    costs, accuracies = [], []
    for i in range(updates):
        A, caches = layers_forward(X, parameters, layers, bend)
        costs.append(cost_of(A, Y))
        grads = {}
        dA = -(np.divide(Y, A) - np.divide(1 - Y, 1 - A))
        for l in range(layers, 0, -1):
            A_before, W, _, Z = caches[l - 1]
            dZ = bend_back(dA, Z, "sigmoid" if l == layers else bend)
            grads[f"dW{l}"] = np.dot(dZ, A_before.T) / rows
            grads[f"db{l}"] = np.sum(dZ, axis=1, keepdims=True) / rows
            dA = np.dot(W.T, dZ)
        parameters = {name: p - rate * grads[f"d{name}"] for name, p in parameters.items()}
        if i % every == 0:
            accuracies.append(accuracy_of(layers_forward(X, parameters, layers, bend)[0], Y))
    return costs


def memory_forward(X: Array, parameters: dict[str, Array]) -> tuple[Array, list[Any]]:
    """The answers after the last bit, (1, rows), and a cache for every bit."""
    a, caches = np.zeros((len(parameters["Waa"]), X.shape[1])), []
    for t in range(X.shape[0]):
        x = X[t : t + 1].astype(np.float64)
        z = np.dot(parameters["Waa"], a) + np.dot(parameters["Wax"], x) + parameters["ba"]
        a_next = np.tanh(z)
        caches.append((a_next, a, x, parameters))
        a = a_next
    return sigmoid(np.dot(parameters["Wya"], a) + parameters["by"]), caches


def recurrent(X: Array, Y: Array, hidden: int, updates: int, rate: float, every: int) -> list[float]:
    """A tanh memory that reads the bits one by one, and a sigmoid at the end, from weights × 0.01: the
    costs."""
    parameters = {
        "Wax": np.random.randn(hidden, 1) * 0.01,
        "Waa": np.random.randn(hidden, hidden) * 0.01,
        "Wya": np.random.randn(1, hidden) * 0.01,
        "ba": np.zeros((hidden, 1)),
        "by": np.zeros((1, 1)),
    }
    costs, accuracies = [], []
    for i in range(updates):
        A, caches = memory_forward(X, parameters)
        costs.append(cost_of(A, Y))
        dZ = (A - Y) / X.shape[1]
        grads = {"Wya": np.dot(dZ, caches[-1][0].T), "by": np.sum(dZ, axis=1, keepdims=True)}
        da = np.dot(parameters["Wya"].T, dZ)
        of_steps = []
        for a_next, a, x, kept in reversed(caches):
            dz = da * (1 - np.power(a_next, 2))
            of_steps.append((np.dot(dz, x.T), np.dot(dz, a.T), np.sum(dz, axis=1, keepdims=True)))
            da = np.dot(kept["Waa"].T, dz)
        for name, steps in zip(("Wax", "Waa", "ba"), zip(*of_steps, strict=True), strict=True):
            grads[name] = sum(steps)
        parameters = {name: p - rate * grads[name] for name, p in parameters.items()}
        if i % every == 0:
            accuracies.append(accuracy_of(memory_forward(X, parameters)[0], Y))
    return costs
