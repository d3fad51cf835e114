"""Whole models: correct ones in three styles pass, and each planted mistake gets its own sentence."""

from __future__ import annotations

import pytest

from tests.grading.test_recognise import BY_KEY, WHOLE, as_class
from tests.lessons.test_exercises import verdict_here
from toystory.course.exercises.exercise import Exercise
from toystory.course.exercises.whole_model import untrained
from toystory.grading.failures import Source
from toystory.grading.verdict import check

ATTENTION = '''
import numpy as np


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
        pass

    def write(self, x):
        y = np.zeros_like(x)
        for t in range(x.shape[1]):
            y[:, t] = np.round(self.probabilities(x, y)[:, t])
        return y
'''

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
    return p
'''
OTHERS = {"attention/whole_model": ATTENTION, "autograd/whole_model": AUTOGRAD}
SENTENCES = {
    "attention/whole_model": {
        "the scale is forgotten on the way back": 'gradients(p, x, y)["W_q"][0, 0]',
        "a place sees the bit that it is to write": "a place must not see the bit that it is to write",
        "softmax along the wrong axis": "a place must not see the bit that it is to write",
        "softmax's way back without the sum": 'gradients(p, x, y)["b_d"][0] is not how',
        "not divided by the written bits": "all of it is 12 times what it should be",
        "divided by the rows alone": "all of it is 3 times what it should be",
        "the residual is forgotten on the way back": 'gradients(p, x, y)["E_kind"][1, 0]',
        "back through ReLU without its slope": 'gradients(p, x, y)["b1"][0] is not how your loss moves',
        "what the values were is not handed on": 'gradients(p, x, y)["E_kind"][0, 0]',
        "the seed is not used": "gives the same weights for another seed",
        "the distances get no gradient": 'gradients(p, x, y)["b_d"][0] is not how your loss moves',
        "the loss of the last bit alone": "loss(p, x, y), the mean cross-entropy of your own probabilities,",
        "a second token of the same bit replaces the first": 'gradients(p, x, y)["E_bit"][0, 0]',
        "it does not read what it wrote": "write(p, x) is not what your probabilities say",
        "a logit is no probability": "is no probability",
        "too few updates": "it does not learn: of 100 fresh rows of 50 bits",
    },
    "autograd/whole_model": {
        "what was there is replaced, by each wire": "a.grad, after d.backward(), should be",
        "a second way back replaces the first": "a.grad, after 2 times d.backward(), should be",
        "the slopes of a product change places": "a.grad, after c.backward(), should be -0.5 and is 1.5",
        "tanh's slope at the input": "a.grad, after c.backward(), should be 0.180707",
        "exp's slope is its input": "a.grad, after c.backward(), should be 4.48169 and is 1.5",
        "log's slope is its result": "a.grad, after c.backward(), should be 0.666667",
        "from the start to the end": "a.grad, after c.backward(), should be 1 and is 0",
        "every way is walked": "a.grad, after d.backward(), should be",
        "gradients do not begin at 0": "a.grad, after c.backward(), should be 1 and is 2",
        "derived by hand": "never asks backward() of a Value",
        "the loss is a sum": "loss(p, x, y), the mean cross-entropy of your own probabilities,",
        "the label the wrong way round": "loss(p, x, y), the mean cross-entropy of your own probabilities,",
        "the seed is not used": "gives the same weights for another seed",
        "a gradient of numbers, not an array": "should be an array of shape (2, 4) and has shape (8,)",
        "uphill": "train raised OverflowError",
        "too few updates": "it does not learn: of the four rows",
    },
}


@pytest.mark.parametrize("exercise", WHOLE, ids=[each.key for each in WHOLE])
def test_a_class_passes_like_functions(exercise: Exercise) -> None:
    with untrained():
        for text in (exercise.solution, as_class(exercise)):
            wrong = verdict_here(exercise, text)
            assert wrong is None, wrong and wrong.sentence


@pytest.mark.parametrize("key", OTHERS)
def test_another_cut_passes_too(key: str) -> None:
    with untrained():
        wrong = verdict_here(BY_KEY[key], OTHERS[key])
    assert wrong is None, wrong and (wrong.sentence, wrong.given)


@pytest.mark.slow
@pytest.mark.parametrize("exercise", WHOLE, ids=[each.key for each in WHOLE])
def test_a_class_learns_like_functions(exercise: Exercise) -> None:
    verdict = check(exercise, Source("my_net.py", as_class(exercise)))
    assert verdict.passed, verdict.text()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("key", SENTENCES)
def test_each_mistake_gets_the_sentence_that_is_about_it(key: str) -> None:
    exercise = BY_KEY[key]
    told = SENTENCES[key]
    assert len(told) >= 12
    assert set(told) == {mistake.about for mistake in exercise.mistakes}
    for mistake in exercise.mistakes:
        if mistake.about == "too few updates":
            continue  # that needs training: it is caught with the mistakes of all exercises
        wrong = verdict_here(exercise, mistake.made_in(exercise.solution))
        assert wrong is not None
        assert told[mistake.about] in wrong.sentence, mistake.about


def test_what_is_right_already_is_told() -> None:
    exercise = BY_KEY["rnn/whole_model"]
    mistake = next(each for each in exercise.mistakes if each.about == "replaced, not added")
    wrong = verdict_here(exercise, mistake.made_in(exercise.solution))
    assert wrong is not None
    assert wrong.given["right are"] == "W_xh, b_h, w_hy, b_y"


def test_a_file_without_the_machine_is_told_so() -> None:
    exercise = BY_KEY["autograd/whole_model"]
    verdict = check(exercise, Source("my_net.py", exercise.solution.replace("class Value", "class Number")))
    assert verdict.sentence == "my_net.py has no class named Value"
