"""The same learning in the straightforward style of a course notebook, written for this comparison.

64-bit integers from `np.random.randint`, features × rows, Python loops over rows for labels and predictions,
float64 copies at each step, lists that grow at each step. All of it is right; none of it is fast.
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


def predict(A: Array) -> Array:
    """0 or 1 for every row."""
    predictions = np.zeros((1, A.shape[1]))
    for i in range(A.shape[1]):
        predictions[0, i] = 1 if A[0, i] > 0.5 else 0
    return predictions


def accuracy_of(A: Array, Y: Array) -> float:
    return 100 - float(np.mean(np.abs(predict(A) - Y))) * 100


def regression(X: Array, Y: Array, updates: int, learning_rate: float) -> list[float]:
    """Logistic regression from zeros; the cost and the accuracy at every update."""
    w, b = np.zeros((X.shape[0], 1)), 0.0
    costs, accuracies = [], []
    for _ in range(updates):
        x = X.astype(np.float64)
        A = sigmoid(np.dot(w.T, x) + b)
        costs.append(cost_of(A, Y))
        accuracies.append(accuracy_of(A, Y))
        dZ = A - Y
        w = w - learning_rate * np.dot(x, dZ.T) / X.shape[1]
        b = b - learning_rate * np.sum(dZ) / X.shape[1]
    return costs


def network(X: Array, Y: Array, sizes: tuple[int, ...], bend: str, updates: int, rate: float) -> list[float]:
    """Hidden layers of tanh or ReLU and a sigmoid, from weights × 0.01."""
    W = [np.random.randn(n, m) * 0.01 for m, n in pairwise(sizes)]
    b = [np.zeros((n, 1)) for n in sizes[1:]]
    costs, accuracies = [], []
    for _ in range(updates):
        caches = []
        A = X.astype(np.float64)
        for l in range(len(W)):
            Z = np.dot(W[l], A) + b[l]
            caches.append((A, Z))
            A = sigmoid(Z) if l == len(W) - 1 else np.tanh(Z) if bend == "tanh" else np.maximum(0, Z)
        costs.append(cost_of(A, Y))
        accuracies.append(accuracy_of(A, Y))
        dZ = A - Y
        for l in reversed(range(len(W))):
            A_before, _ = caches[l]
            dW = np.dot(dZ, A_before.T) / X.shape[1]
            db = np.sum(dZ, axis=1, keepdims=True) / X.shape[1]
            if l:
                dA = np.dot(W[l].T, dZ)
                Z = caches[l - 1][1]
                dZ = dA * (1 - np.power(np.tanh(Z), 2)) if bend == "tanh" else dA * (Z > 0)
            W[l] = W[l] - rate * dW
            b[l] = b[l] - rate * db
    return costs


def recurrent(X: Array, Y: Array, hidden: int, updates: int, learning_rate: float) -> list[float]:
    """A tanh memory that reads the bits one by one, and a sigmoid at the end, from weights × 0.01."""
    steps, rows = X.shape
    Wax, Waa = np.random.randn(hidden, 1) * 0.01, np.random.randn(hidden, hidden) * 0.01
    Wya, ba, by = np.random.randn(1, hidden) * 0.01, np.zeros((hidden, 1)), np.zeros((1, 1))
    costs, accuracies = [], []
    for _ in range(updates):
        x = X.astype(np.float64)
        a = np.zeros((hidden, rows))
        states = [a]
        for t in range(steps):
            a = np.tanh(np.dot(Waa, a) + np.dot(Wax, x[t : t + 1]) + ba)
            states.append(a)
        A = sigmoid(np.dot(Wya, a) + by)
        costs.append(cost_of(A, Y))
        accuracies.append(accuracy_of(A, Y))
        dZ = (A - Y) / rows
        dWya, dby = np.dot(dZ, a.T), np.sum(dZ, axis=1, keepdims=True)
        dWax, dWaa, dba = np.zeros_like(Wax), np.zeros_like(Waa), np.zeros_like(ba)
        da = np.dot(Wya.T, dZ)
        for t in reversed(range(steps)):
            dz = da * (1 - np.power(states[t + 1], 2))
            dWax += np.dot(dz, x[t : t + 1].T)
            dWaa += np.dot(dz, states[t].T)
            dba += np.sum(dz, axis=1, keepdims=True)
            da = np.dot(Waa.T, dz)
        Wax, Waa, ba = Wax - learning_rate * dWax, Waa - learning_rate * dWaa, ba - learning_rate * dba
        Wya, by = Wya - learning_rate * dWya, by - learning_rate * dby
    return costs
