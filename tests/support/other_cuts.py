"""Correct whole models in another cut than the solutions: other names, shapes, loops. Texts, to check."""

from __future__ import annotations

REGRESSION = '''
import numpy as np


def first_weights(columns, seed):
    """One row of numbers; the bias is the weight of a column of ones."""
    return {"theta": 0.1 * np.random.default_rng(seed).normal(size=columns + 1)}


def with_ones(x):
    return np.c_[x, np.ones(len(x))]


def probabilities(p, x):
    return 1 / (1 + np.exp(-with_ones(x) @ p["theta"]))


def loss(p, x, y):
    a = probabilities(p, x)
    return float(-(np.log(a[y == 1]).sum() + np.log(1 - a[y == 0]).sum()) / len(y))


def gradients(p, x, y):
    slope = np.zeros_like(p["theta"])
    for row, label in zip(with_ones(x), y):
        slope += (1 / (1 + np.exp(-(row * p["theta"]).sum())) - label) * row / len(y)
    return {"theta": slope}


def train(p, x, y, seed):
    theta, speed = p["theta"].copy(), 0.0
    for _ in range(300):
        speed = 0.9 * speed + gradients({"theta": theta}, x, y)["theta"]
        theta = theta - 0.5 * speed
    return {"theta": theta}
'''

TWO_LAYER = '''
import numpy as np


class Net:
    """Units first, rows last, and the biases in the matrices."""

    def __init__(self, columns, hidden, seed):
        rng = np.random.default_rng(seed)
        self.parameters = {
            "lower": rng.uniform(-1.5, 1.5, size=(hidden, columns + 1)),
            "upper": rng.uniform(-1.5, 1.5, size=(1, hidden + 1)),
        }

    def _go(self, x):
        ones = np.ones((1, len(x)))
        below = np.vstack([x.T, ones])
        h = np.tanh(self.parameters["lower"] @ below)
        heard = np.vstack([h, ones])
        return below, h, heard, 1 / (1 + np.exp(-(self.parameters["upper"] @ heard)[0]))

    def probabilities(self, x):
        return self._go(x)[-1]

    def loss(self, x, y):
        a = self.probabilities(x)
        return -np.mean(np.log(np.where(y == 1, a, 1 - a)))

    def gradients(self, x, y):
        below, h, heard, a = self._go(x)
        error = ((a - y) / y.size)[None, :]
        bent = self.parameters["upper"][:, :-1].T @ error / np.cosh(np.arctanh(h)) ** 2
        return {"lower": bent @ below.T, "upper": error @ heard.T}

    def train(self, x, y, seed):
        speed = {name: 0.0 for name in self.parameters}
        for _ in range(2000):
            slopes = self.gradients(x, y)
            for name in slopes:
                speed[name] = 0.9 * speed[name] - 0.2 * slopes[name]
                self.parameters[name] = self.parameters[name] + speed[name]
'''

MLP = '''
import numpy as np


class Tower:
    """A list of layers, in one dict by number; Adam on one long row of numbers."""

    def __init__(self, columns, first, second, seed):
        rng = np.random.default_rng(seed)
        self.parameters = {}
        for k, (below, above) in enumerate([(columns, first), (first, second), (second, 1)]):
            table = rng.normal(size=(below + 1, above)) * (2 / below) ** 0.5
            table[-1] = 0
            self.parameters[str(k)] = table

    def _floors(self, x):
        out = [np.where(x > 0, 1.0, -1.0)]
        for k in "012":
            z = np.c_[out[-1], np.ones(len(x))] @ self.parameters[k]
            out.append(z if k == "2" else z * (z > 0))
        return out

    def probabilities(self, x):
        return 1 / (1 + np.exp(-self._floors(x)[-1].ravel()))

    def loss(self, x, y):
        z = self._floors(x)[-1].ravel()
        return np.logaddexp(0, np.where(y == 1, -z, z)).mean()

    def gradients(self, x, y):
        out = self._floors(x)
        back = (1 / (1 + np.exp(-out[-1])) - y.reshape(-1, 1)) / len(x)
        slopes = {}
        for k in (2, 1, 0):
            slopes[str(k)] = np.einsum("ri,ro->io", np.c_[out[k], np.ones(len(x))], back)
            back = np.where(out[k] > 0, back @ self.parameters[str(k)][:-1].T, 0)
        return slopes

    def _long(self, tables):
        return np.concatenate([tables[k].ravel() for k in "012"])

    def train(self, seed):
        rng = np.random.default_rng(seed + 100)
        m = s = 0.0
        for t in range(1, 2001):
            x = 1.0 * (rng.random((200, len(self.parameters["0"]) - 1)) < 0.5)
            g = self._long(self.gradients(x, np.bitwise_xor.reduce(x.astype(int), axis=1)))
            m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g * g
            now = self._long(self.parameters)
            now -= 4e-3 * (m / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
            for k in "012":
                size = self.parameters[k].size
                self.parameters[k], now = now[:size].reshape(self.parameters[k].shape), now[size:]
'''

ADAM = '''

def adam(p, slopes, state, rate):
    """One clipped update, in place."""
    state["t"] = t = state.get("t", 0) + 1
    size = sum((slope * slope).sum() for slope in slopes.values()) ** 0.5
    for name, slope in slopes.items():
        slope = slope / max(1.0, size)
        m, s = state.get(name, (0.0, 0.0))
        state[name] = m, s = 0.9 * m + 0.1 * slope, 0.999 * s + 0.001 * slope * slope
        p[name] = p[name] - rate * m / (1 - 0.9**t) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
'''

RNN = (
    '''
import numpy as np


def first_weights(hidden, seed):
    """One table for all that a unit hears: the memory, the bit, a one."""
    rng = np.random.default_rng(seed)
    turn, triangle = np.linalg.qr(rng.normal(size=(hidden, hidden)))
    rest = np.vstack([rng.normal(size=hidden), np.zeros(hidden)])
    return {
        "hears": np.vstack([turn * np.sign(np.diag(triangle)), rest]),
        "says": np.append(rng.normal(size=hidden) / hidden**0.5, 0.0),
    }


def read(p, x):
    """What is heard at every step, (steps, rows, hidden + 2), and the memory after every one."""
    rows, steps = x.shape
    heard = np.ones((steps, rows, len(p["hears"])))
    heard[:, :, -2] = 2 * x.T - 1
    h = np.zeros((steps + 1, rows, len(p["hears"]) - 2))
    for t in range(steps):
        heard[t, :, :-2] = h[t]
        h[t + 1] = np.tanh(heard[t] @ p["hears"])
    return heard, h, h[-1] @ p["says"][:-1] + p["says"][-1]


def probabilities(p, x):
    return 1 / (1 + np.exp(-read(p, x)[-1]))


def loss(p, x, y):
    a = probabilities(p, x)
    return -np.log(y * a + (1 - y) * (1 - a)).mean()


def gradients(p, x, y):
    heard, h, z = read(p, x)
    error = (1 / (1 + np.exp(-z)) - y) / len(y)
    sums = np.zeros_like(h[1:])
    blame = error[:, None] * p["says"][:-1]
    for t in range(len(sums) - 1, -1, -1):
        sums[t] = blame * (1 - h[t + 1]) * (1 + h[t + 1])
        blame = sums[t] @ p["hears"][:-2].T
    return {
        "hears": np.tensordot(heard, sums, axes=((0, 1), (0, 1))),
        "says": np.append(error @ h[-1], error.sum()),
    }
'''
    + ADAM
    + """

def train(p, seed):
    rng, p, state = np.random.default_rng(seed), dict(p), {}
    for _ in range(3500):
        x = rng.integers(0, 2, size=(128, rng.integers(1, 51))).astype(float)
        adam(p, gradients(p, x, x.sum(axis=1) % 2), state, 5e-3)
    return p
"""
)

LSTM = (
    """
import numpy as np


def squash(s):
    return np.exp(-np.logaddexp(0, -s))
"""
    + ADAM
    + '''

class Gates:
    """A table for each gate, over what was shown, the bit and a one; no list but the tape."""

    def __init__(self, hidden, seed):
        rng = np.random.default_rng(seed)
        self.parameters = {}
        for gate in "keep write show new".split():
            bias = np.full((1, hidden), 1.0 * (gate == "keep"))
            turn = np.linalg.qr(rng.normal(size=(hidden, hidden)))[0]
            bit = rng.normal(size=(1, hidden)) / hidden**0.5
            self.parameters[gate] = np.vstack([turn, bit, bias])
        self.parameters["answer"] = np.append(rng.normal(size=hidden) / hidden**0.5, 0.0)

    def _tape(self, x):
        p, tape = self.parameters, []
        h = c = np.zeros((len(x), p["keep"].shape[1]))
        for bit in x.T:
            heard = np.hstack([h, bit[:, None], np.ones((len(x), 1))])
            f, i, o = (squash(heard @ p[gate]) for gate in ("keep", "write", "show"))
            g, before = np.tanh(heard @ p["new"]), c
            c = c * f + g * i
            h = np.tanh(c) * o
            tape.append((heard, f, i, o, g, before, c))
        return tape, h, h @ p["answer"][:-1] + p["answer"][-1]

    def probabilities(self, x):
        return squash(self._tape(x)[-1])

    def loss(self, x, y):
        z = self._tape(x)[-1]
        return np.mean(np.logaddexp(0, z * (1 - 2 * y)))

    def gradients(self, x, y):
        p = self.parameters
        tape, h, z = self._tape(x)
        error = (squash(z) - y) / len(y)
        slopes = {name: np.zeros(value.shape) for name, value in p.items()}
        slopes["answer"] = np.append(h.T @ error, error.sum())
        dh, dc = np.multiply.outer(error, p["answer"][:-1]), 0.0
        while tape:
            heard, f, i, o, g, before, c = tape.pop()
            dc = dc + dh * o / np.cosh(c) ** 2
            parts = {
                "keep": dc * before * f * (1 - f),
                "write": dc * g * i * (1 - i),
                "show": dh * np.tanh(c) * o * (1 - o),
                "new": dc * i * (1 - g**2),
            }
            dh = sum(part @ p[gate][:-2].T for gate, part in parts.items())
            dc = dc * f
            for gate, part in parts.items():
                slopes[gate] += heard.T @ part
        return slopes

    def train(self, seed):
        rng, state = np.random.default_rng(seed), {}
        for _ in range(2000):
            x = rng.integers(0, 2, size=(64, rng.integers(1, 51))).astype(float)
            adam(self.parameters, self.gradients(x, x.sum(axis=1) % 2), state, 1e-2)
'''
)

ATTENTION = (
    """
import numpy as np
"""
    + ADAM
    + '''

class Thinker:
    """Another cut: one matrix for queries, keys and values, einsum, a loop over the rows."""

    def __init__(self, width, hidden, seed):
        rng = np.random.default_rng(seed)
        self.n = width
        self.parameters = {
            "tokens": rng.normal(size=(6, width)) * 0.1,
            "qkv": rng.normal(size=(width, 3 * width)) * width**-0.5,
            "out": rng.normal(size=(width, width)) * width**-0.5,
            "near": np.zeros(5),
            "up": rng.normal(size=(width, hidden)) * (2 / width) ** 0.5,
            "up_b": np.zeros(hidden),
            "down": rng.normal(size=(hidden, width)) * hidden**-0.5,
            "down_b": np.zeros(width),
            "end": rng.normal(size=width) * width**-0.5,
            "end_b": np.zeros(()),
        }

    def _row(self, bits, written):
        p, n, w = self.parameters, len(bits), self.n
        ids = np.r_[bits, 5, written[:-1] + 3].astype(int)
        where = np.r_[1 : n + 1, 0:n]
        gap = np.clip(where[None, :] - np.arange(n)[:, None], -2, 2) + 2
        e = p["tokens"][ids]
        qkv = e @ p["qkv"]
        q, k, v = qkv[n:, :w], qkv[:, w : 2 * w], qkv[:, 2 * w :]
        s = np.einsum("tw,iw->ti", q, k) * w**-0.5 + p["near"][gap]
        s = np.where(np.arange(2 * n)[None, :] <= n + np.arange(n)[:, None], s, -1e30)
        a = np.exp(s - s.max(1)[:, None])
        a = a / a.sum(1)[:, None]
        r = np.einsum("ti,iw->tw", a, v)
        u = e[n:] + r @ p["out"]
        g = u @ p["up"] + p["up_b"]
        o = u + np.where(g > 0, g, 0) @ p["down"] + p["down_b"]
        return ids, gap, e, q, k, v, a, r, u, g, o, o @ p["end"] + p["end_b"]

    def probabilities(self, x, y):
        z = np.array([self._row(bits, written)[-1] for bits, written in zip(x, y)])
        return 1 / (1 + np.exp(-z))

    def loss(self, x, y):
        a = self.probabilities(x, y)
        return -np.mean(np.where(y == 1, np.log(a), np.log(1 - a)))

    def gradients(self, x, y):
        p, w = self.parameters, self.n
        total = {name: np.zeros_like(value) for name, value in p.items()}
        for bits, written in zip(x, y):
            ids, gap, e, q, k, v, a, r, u, g, o, z = self._row(bits, written)
            n = len(bits)
            dz = (1 / (1 + np.exp(-z)) - written) / y.size
            do = np.einsum("t,w->tw", dz, p["end"])
            dg = np.where(g > 0, do @ p["down"].T, 0)
            du = do + dg @ p["up"].T
            dr = du @ p["out"].T
            da = np.einsum("tw,iw->ti", dr, v)
            ds = a * da - a * (a * da).sum(1)[:, None]
            dqkv = np.zeros((2 * n, 3 * w))
            dqkv[n:, :w] = ds @ k * w**-0.5
            dqkv[:, w : 2 * w] = ds.T @ q * w**-0.5
            dqkv[:, 2 * w :] = a.T @ dr
            de = dqkv @ p["qkv"].T
            de[n:] += du
            for name, slope in {
                "end": o.T @ dz, "end_b": dz.sum(), "down": np.maximum(g, 0).T @ do, "down_b": do.sum(0),
                "up": u.T @ dg, "up_b": dg.sum(0), "out": r.T @ du, "qkv": e.T @ dqkv,
            }.items():
                total[name] = total[name] + slope
            np.add.at(total["tokens"], ids, de)
            np.add.at(total["near"], gap, ds)
        return total

    def train(self, seed):
        rng, state = np.random.default_rng(seed), {}
        for _ in range(800):
            x = rng.integers(0, 2, size=(64, rng.integers(1, 51))).astype(float)
            adam(self.parameters, self.gradients(x, np.cumsum(x, axis=1) % 2), state, 2e-2)

    def write(self, x):
        y = np.zeros_like(x)
        for t in range(x.shape[1]):
            y[:, t] = np.round(self.probabilities(x, y)[:, t])
        return y
'''
)

AUTOGRAD = '''
import math

import numpy as np


class Value:
    """Another cut: a Value keeps what to do on the way back, and NumPy multiplies arrays of them."""

    def __init__(self, data):
        self.data, self.grad, self.share = float(data), 0.0, 0.0
        self.made_of, self.hand_on = [], lambda: None

    def _new(self, data, *pairs):
        new = Value(data)
        new.made_of = [value for value, _ in pairs]

        def hand_on():
            for value, slope in pairs:
                value.share += slope * new.share

        new.hand_on = hand_on
        return new

    def __add__(self, other):
        if not isinstance(other, Value):
            return self._new(self.data + other, (self, 1.0))
        return self._new(self.data + other.data, (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        if not isinstance(other, Value):
            return self._new(self.data * other, (self, other))
        return self._new(self.data * other.data, (self, other.data), (other, self.data))

    __radd__, __rmul__ = __add__, __mul__

    def tanh(self):
        return self._new(math.tanh(self.data), (self, 1 / math.cosh(self.data) ** 2))

    def exp(self):
        return self._new(math.exp(self.data), (self, math.exp(self.data)))

    def log(self):
        return self._new(math.log(self.data), (self, 1 / self.data))

    def backward(self):
        order, seen = [], set()

        def visit(value):
            if id(value) not in seen:
                seen.add(id(value))
                for each in value.made_of:
                    visit(each)
                order.append(value)

        visit(self)
        for value in order:
            value.share = 0.0
        self.share = 1.0
        for value in reversed(order):
            value.hand_on()
            value.grad += value.share


def first_weights(columns, hidden, seed):
    drawn = np.random.default_rng(seed).normal(size=(columns + 2, hidden))
    return {"all": np.concatenate([drawn.ravel(), [0.0]]), "rows": np.array(columns * 1.0)}


def answer(v, x):
    hidden = (len(v) - 1) // (x.shape[1] + 2)
    table = v[:-1].reshape(x.shape[1] + 2, hidden)
    h = x.astype(object) @ table[:-2] + table[-2]
    tanh = np.vectorize(lambda value: value.tanh(), otypes=[object])
    return tanh(h) @ table[-1] + v[-1]


def loss_of(v, x, y):
    z = answer(v, x)
    losses = [((value * (1 - 2 * label)).exp() + 1).log() for value, label in zip(z, y.tolist())]
    return sum(losses[1:], losses[0]) * (1 / len(losses))


def values(p):
    return np.array([Value(number) for number in p["all"]], dtype=object)


def probabilities(p, x):
    return np.array([1 / (1 + math.exp(-z.data)) for z in answer(values(p), x)])


def loss(p, x, y):
    return loss_of(values(p), x, y).data


def gradients(p, x, y):
    v = values(p)
    loss_of(v, x, y).backward()
    return {"all": np.array([value.grad for value in v]), "rows": np.array(0.0)}


def train(p, x, y, seed):
    all, speed = p["all"], 0.0
    for _ in range(400):
        speed = 0.9 * speed + gradients({**p, "all": all}, x, y)["all"]
        all = all - 0.3 * speed
    return {**p, "all": all}
'''

OTHERS = {
    "regression/whole_model": REGRESSION,
    "two-layer/whole_model": TWO_LAYER,
    "autograd/whole_model": AUTOGRAD,
    "mlp/whole_model": MLP,
    "rnn/whole_model": RNN,
    "lstm/whole_model": LSTM,
    "attention/whole_model": ATTENTION,
}
