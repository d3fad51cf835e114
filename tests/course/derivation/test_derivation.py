"""The derivations: every line stands in the models, every value is what the mathematics says.

The values are computed here once more, in float64 and without the models: forward by the equations, every
gradient by nudging what it is the gradient of and looking at the loss.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.support.studies import BORROWED, DERIVED
from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.derivation.steps import (
    LAST_LAYER,
    DerivationStep,
    Values,
    evaluate,
    find_source,
    value_of,
    work_out,
)
from toystory.course.derivation.symbols import symbols_of
from toystory.course.derivation.update_steps import CLIP, decay_step, steps_for
from toystory.course.lesson import Lesson
from toystory.models import Model
from toystory.models.parts.arrays import Bits
from toystory.training.experiment import Experiment
from toystory.training.loop import Training
from toystory.training.run import experiments_of
from toystory.tui.state.inspection import Cursor, StepValues

STEPS = [(name, step) for name in NAMES for step in catalogue.load(name).derivation]
NUDGE = 1e-6
MOST_ENTRIES = 5
"""Of an array: gradients are checked at so many places, drawn from a fixed seed."""

Nudged = tuple[Any, tuple[int, ...], float]
Forward = Callable[[Model, Bits, Bits, Nudged | None], dict[Any, Any]]


@pytest.mark.parametrize(("name", "step"), STEPS, ids=[f"{n}, {s.title}" for n, s in STEPS])
def test_the_source_line_exists_exactly_once(name: str, step: DerivationStep) -> None:
    source = find_source(step)
    path = catalogue.load(name).chapter.folder.parents[1] / source.file
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[source.number - 1].strip() == source.line == step.source
    assert [line.strip() for line in lines].count(step.source) == 1


def test_a_line_that_is_gone_is_told() -> None:
    step = replace(STEPS[0][1], source="z = x @ w")
    with pytest.raises(LookupError, match=r"models/logistic_regression.py has no line 'z = x @ w'"):
        find_source(step)


def sigma(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def cost(z: Any, y: Any) -> float:
    a = sigma(z)
    return float(-(y * np.log(a) + (1 - y) * np.log(1 - a)))


class Nudger:
    """Lets every named value through, and the one that is to be nudged a little changed."""

    def __init__(self, model: Model, nudged: Nudged | None) -> None:
        self.nudged = nudged
        self.values: dict[Any, Any] = {}
        for name, parameter in model.parameters.items():
            self(name, parameter.astype(np.float64))

    def __call__(self, key: Any, value: Any) -> Any:
        if self.nudged is not None and self.nudged[0] == key:
            value = np.array(value, dtype=np.float64)
            value[self.nudged[1]] += self.nudged[2]
        self.values[key] = value
        return value


def logistic(model: Model, row: Bits, y: Bits, nudged: Nudged | None) -> dict[Any, Any]:
    v = Nudger(model, nudged)
    z = v("z", sum(x * w for x, w in zip(row, v.values["w"], strict=True)) + v.values["b"][0])
    v("a", sigma(z))
    v("L", cost(z, y))
    return v.values


def two_layers(model: Model, row: Bits, y: Bits, nudged: Nudged | None) -> dict[Any, Any]:
    v = Nudger(model, nudged)
    z1 = v("z1", np.einsum("i,ij->j", row, v.values["W1"]) + v.values["b1"])
    h = v("h", np.tanh(z1))
    z = v("z", (h * v.values["w2"]).sum() + v.values["b2"][0])
    v("a", sigma(z))
    v("L", cost(z, y))
    return v.values


def layers(model: Model, row: Bits, y: Bits, nudged: Nudged | None) -> dict[Any, Any]:
    v = Nudger(model, nudged)
    last = len(model.settings["layer_sizes"]) - 1
    a = v("a0", row * 2.0 - 1 if model.settings["signed"] else row * 1.0)
    for l in range(1, last):
        z = v(f"z{l}", np.einsum("i,ij->j", a, v.values[f"W{l}"]) + v.values[f"b{l}"])
        a = v(f"a{l}", np.where(z > 0, z, 0))
    z = v("z", np.einsum("i,ij->j", a, v.values[f"W{last}"])[0] + v.values[f"b{last}"][0])
    v("a", sigma(z))
    v("L", cost(z, y))
    return v.values


def rnn(model: Model, row: Bits, y: Bits, nudged: Nudged | None) -> dict[Any, Any]:
    v = Nudger(model, nudged)
    h = np.zeros(model.settings["hidden"])
    for t, bit in enumerate(row * 2.0 - 1 if model.settings["signed"] else row * 1.0):
        s = v(("s", t), heard(v.values, h, bit))
        h = v(("h", t), np.tanh(s))
        z = v(("z", t), (v.values["w_hy"] * h).sum() + v.values["b_y"][0])
        v(("a", t), sigma(z))
    v("L", cost(z, y))
    return v.values


def heard(parameters: dict[Any, Any], h: Any, bit: float) -> Any:
    return (
        np.einsum("i,ij->j", h, parameters["W_hh"]) + parameters["W_xh"].reshape(-1) * bit + parameters["b_h"]
    )


def lstm(model: Model, row: Bits, y: Bits, nudged: Nudged | None) -> dict[Any, Any]:
    v = Nudger(model, nudged)
    hidden = model.settings["hidden"]
    h = c = np.zeros(hidden)
    for t, bit in enumerate(row * 1.0):
        s = v(("s", t), heard(v.values, h, bit))
        parts = {name: v((f"s_{name}", t), part) for name, part in zip("ifog", s.reshape(4, -1), strict=True)}
        i, f, o = (v((name, t), sigma(parts[name])) for name in "ifo")
        g = v(("g", t), np.tanh(parts["g"]))
        c = v(("c", t), f * c + i * g)
        h = v(("h", t), o * np.tanh(c))
        z = v(("z", t), (v.values["w_hy"] * h).sum() + v.values["b_y"][0])
        v(("a", t), sigma(z))
    v("L", cost(z, y))
    return v.values


def attention(model: Model, row: Bits, y: Bits, nudged: Nudged | None) -> dict[Any, Any]:
    """Of the last place alone; what was written before it is taken as it stands."""
    v = Nudger(model, nudged)
    n, aloud = len(row), model.settings["thinks_aloud"]
    written = model.think_aloud(row[None])[0, :-1].tolist() if aloud else []  # type: ignore[attr-defined]
    token, kind = [*row.tolist(), 2, *written], [0] * n + [1] * (1 + len(written))
    place = [*range(1, n + 1), *range(1 + len(written))]
    width = model.settings["width"]
    scale = np.log(len(token)) / np.log(50) if model.settings["scale_scores"] else 1.0
    e = v(
        "e",
        np.array([v.values["E_bit"][a] + v.values["E_kind"][b] for a, b in zip(token, kind, strict=True)]),
    )
    q = v("q", e[-1] @ v.values["W_q"])
    k = v("k", e @ v.values["W_k"])
    said = v("v", e @ v.values["W_v"])
    away = [min(max(there - place[-1], -2), 2) + 2 for there in place]
    g = v("g", k @ q / np.sqrt(width) + v.values["b_d"][away])
    s = v("s", scale * g)
    p = v("p", np.exp(s) / np.exp(s).sum())
    r = v("r", p @ said)
    u = v("u", e[-1] + r @ v.values["W_o"])
    z1 = v("z1", u @ v.values["W1"] + v.values["b1"])
    h = v("h", np.where(z1 > 0, z1, 0))
    o = v("o", u + h @ v.values["W2"] + v.values["b2"])
    z = v("z", o @ v.values["w_y"] + v.values["b_y"][0])
    v("a", sigma(z))
    v("L", cost(z, y))
    return v.values


FORWARD: dict[str, Forward] = {
    "LogisticRegression": logistic,
    "TwoLayerNet": two_layers,
    "AutogradNet": two_layers,
    "MLP": layers,
    "RNN": rnn,
    "LSTM": lstm,
    "Attention": attention,
}


def slope(forward: Forward, model: Model, row: Bits, y: Bits, key: Any, index: tuple[int, ...]) -> float:
    """dL/d‹key›[index], by central differences."""
    up, down = (forward(model, row, y, (key, index, sign * NUDGE))["L"] for sign in (1, -1))
    return float(up - down) / (2 * NUDGE)


def key_of(name: str, experiment: Experiment, t: int) -> Any:
    """Where the forward passes above keep `name`."""
    if name in LAST_LAYER and experiment.model == "MLP":
        return f"{name}{len(experiment.hidden) + 1}"
    in_time = experiment.recurrent and name in (*"shczaifog", "s_i", "s_f", "s_o", "s_g")
    return (name, t) if in_time else name


def squeezed_index(index: tuple[int, ...], shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(i for i, size in zip(index, shape, strict=True) if size > 1)


def shorter(experiment: Experiment, trained: bool) -> Experiment:
    rows = None if experiment.rows is None else min(experiment.rows, 100)
    return replace(experiment, rows=rows, dtype="float64", updates=3 if trained else 0)


@cache
def model_of(experiment: Experiment) -> Model:
    training = Training(experiment)
    for _ in training:
        pass
    # A hair off the first weights: of exactly 0, which ±1/√50 often adds up to, a ReLU has no slope.
    rng = np.random.default_rng(2)
    for parameter in training.model.parameters.values():
        parameter += 1e-3 * rng.standard_normal(parameter.shape)
    return training.model


def check(
    step: DerivationStep, values: Values, model: Model, experiment: Experiment, row: Bits, t: int
) -> None:
    """The value shown for `step` at bit `t` is what is computed here."""
    y = experiment.task.whole_rows(row[None]).y[0]
    forward = FORWARD[experiment.model]
    plain = forward(model, row, y, None)
    shown = value_of(step, values, model, t)
    t %= len(row)
    if step.value == "κ":
        return  # tests/course/derivation/test_update_steps.py
    name, _, decays = step.value.rstrip("′″").removeprefix("d").partition(" + ")
    key = key_of(name, experiment, t)
    whole = np.asarray(plain[key])
    assert shown.shape == np.squeeze(whole).shape
    if step.value == name:
        np.testing.assert_allclose(shown, np.squeeze(whole), rtol=1e-9, atol=1e-12)
        return
    places = list(np.ndindex(whole.shape))
    if len(places) > MOST_ENTRIES:
        places = [
            places[i] for i in np.random.default_rng(0).choice(len(places), MOST_ENTRIES, replace=False)
        ]
    for index in places:
        expected = slope(forward, model, row, y, key, index)
        if step.value.endswith("″") and abs(expected) < 1e-5:
            continue  # too near to Adam's 1e-8 for a difference to tell its sign and size
        if (decays or step.value[-1] in "′″") and not name.startswith("b"):
            expected += experiment.weight_decay * whole[index]
        if step.value[-1] in "′″":
            expected *= float(values.get("κ", 1))
        if step.value.endswith("′"):
            expected = whole[index] - experiment.learning_rate * expected
        elif step.value.endswith("″"):  # of Adam, at the first update
            expected = whole[index] - experiment.learning_rate * expected / (abs(expected) + 1e-8)
        got = shown[squeezed_index(index, whole.shape)]
        assert got == pytest.approx(expected, rel=1e-5, abs=1e-9), (step.title, index)


@pytest.mark.parametrize("trained", [False, True], ids=["untrained", "trained"])
@pytest.mark.parametrize(("name", "study"), DERIVED)
def test_every_value_is_what_the_mathematics_says(name: str, study: str, trained: bool) -> None:
    lesson: Lesson = catalogue.load(name)
    experiment = shorter(experiments_of(lesson.study(study))[-1], trained)
    model = model_of(experiment)
    columns = 6 if experiment.any_length else experiment.columns
    row = np.random.default_rng(5).integers(0, 2, columns).astype(np.uint8)
    y = experiment.task.whole_rows(row[None]).y
    values = evaluate(model, row[None], y, experiment.learning_rate, experiment.clip, experiment.weight_decay)
    for step in steps_for(lesson.derivation, experiment):
        for t in (-1, 0, 2) if experiment.recurrent else (-1,):
            check(step, values, model, experiment, row, t)
    for layer in range(2, len(experiment.hidden) + 1):
        for step in steps_for(lesson.derivation, experiment, layer):
            if str(layer) in step.value:
                check(step, values, model, experiment, row, -1)


@pytest.mark.parametrize(("name", "study"), BORROWED)
def test_another_chapters_model_is_given_no_numbers_here(name: str, study: str) -> None:
    lesson = catalogue.load(name)
    experiment = experiments_of(lesson.study(study))[-1]
    row = lesson.example_row(experiment)
    y = experiment.task.whole_rows(row).y
    assert work_out(lesson.derivation, experiment.build_model(), row, y, 0.1) == []
    trace = Cursor().trace(lesson, experiment, experiment.build_model(), 0.1)
    assert all(trace.step_values(step) == StepValues() for step in lesson.derivation)


@pytest.mark.parametrize("changed", ["z", "dW1", "h"])
def test_a_wrong_value_is_seen(changed: str) -> None:
    lesson = catalogue.load("two-layer")
    experiment = shorter(lesson.studies[0], trained=False)  # type: ignore[arg-type]
    model = model_of(experiment)
    row = np.array([1, 0], dtype=np.uint8)
    values = evaluate(model, row[None], np.array([1], np.uint8), experiment.learning_rate)
    values[changed] = values[changed] * 1.001
    (step,) = (step for step in lesson.derivation if step.value == changed)
    with pytest.raises(AssertionError):
        check(step, values, model, experiment, row, -1)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "comparison"])
def test_of_several_rows_the_first_is_shown(name: str) -> None:
    lesson = catalogue.load(name)
    experiment = replace(experiments_of(lesson.study(lesson.ends_with))[0], dtype="float64")
    model = experiment.build_model()
    columns = 5 if experiment.any_length else experiment.columns
    rows = np.random.default_rng(1).integers(0, 2, (3, columns)).astype(np.uint8)
    labels = experiment.task.whole_rows(rows).y
    alone = evaluate(model, rows[:1], labels[:1], experiment.learning_rate)
    together = evaluate(model, rows, labels, experiment.learning_rate)
    for step in lesson.derivation:
        first, of_three = value_of(step, alone, model), value_of(step, together, model)
        assert first.shape == of_three.shape, step.title
        if not step.value.startswith("d") and step.value[-1] not in "′″" and step.value != "L":
            np.testing.assert_allclose(first, of_three, atol=1e-12)


def test_axes_of_length_one_are_left_out() -> None:
    lesson = catalogue.load("two-layer")
    experiment: Experiment = replace(lesson.studies[0], hidden=(1,))  # type: ignore[type-var]
    model = experiment.build_model()
    values = evaluate(model, np.array([[1, 0]], np.uint8), np.array([1], np.uint8), 0.1)
    shapes = {step.value: value_of(step, values, model).shape for step in lesson.derivation}
    assert (shapes["h"], shapes["z"], shapes["dW1"]) == ((), (), (2,))


@pytest.mark.parametrize("name", ["gate", "two-layer", "autograd", "mlp", "rnn", "lstm", "attention"])
def test_a_derivation_has_every_gradient_and_an_update(name: str) -> None:
    lesson = catalogue.load(name)
    experiment = experiments_of(lesson.study(lesson.ends_with))[0]
    layers = range(1, max(len(experiment.hidden), 1) + 1)
    values = [step.value for layer in layers for step in steps_for(lesson.derivation, experiment, layer)]
    last = str(len(experiment.hidden) + 1)
    parameters = experiment.build_model().parameters
    wanted = {p.replace(last, "") if name == "mlp" else p for p in parameters}
    assert {f"d{parameter}" for parameter in wanted} <= set(values)
    assert values[-1][-1] in "′″"
    assert values.index("s" if name in ("rnn", "lstm") else "z") < values.index("a") < values.index("dz")


@pytest.mark.parametrize("name", NAMES)
def test_a_value_is_used_only_after_it_was_computed(name: str) -> None:
    """Of a gradient: the blame of the bit after, dsₜ₊₁, is known, since the way back begins at the end."""
    lesson = catalogue.load(name)
    computed: set[str] = set()
    later = {step.value for step in lesson.derivation}
    for step in lesson.derivation:
        used = [symbol.name for symbol in symbols_of(step, lesson.symbols)]
        unknown = {n for n in used if n in later - computed - {step.value} and f"{n}ₜ₊₁" not in step.equation}
        unknown -= {"h", "c"}  # of the bit before
        assert not unknown, f"{step.title}: {step.equation}"
        computed.add(step.value)


SIGNS = {
    "σ": "σ, the sigmoid",
    "e⁻ᶻ": "e is",
    "ln": "ln is",
    "dL/da": "slopes, da/dz and dL/da",
    "ᵀ": "xᵀ is",
    "Σ": "Σ adds up",
    "←": "← puts",
    "η": "η is",
    "W₁": "₁ is the first layer, ₂ the second",
    "tanh": "tanh bends",
    "∘": "∘ multiplies",
    "l": "l counts the layers",
    "ⁿ": "n is the last layer",
    "f(": "f is the bend",
    "f′": "f′ is the slope",
    "exp": "exp(z) is",
    "±": "Plus z where",
    "ₜ": "t counts the bits",
    "Σₜ": "Σₜ adds up",
    "max(": "max takes",
    "ρ": "ρ is",
    "ŷ": "ŷ is",
    " m /": "m: the mean gradient",
    "(r +": "r: its usual size",
    "ε": "ε: almost 0",
    " v": "At first v is this gradient",
    "κ": "κ makes",
    "C": "C the longest",
    "N": "N is the length",
    "λ": "λ pulls",
}
"""What an equation may hold besides names of arrays, and how a sentence begins to explain it."""


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_is_explained_where_the_course_first_uses_it(sign: str) -> None:
    added = [("", CLIP), ("", decay_step("W1", "W₁"))]
    mark = {"l": "ˡ"}.get(sign, sign)
    title, first = next((name, step) for name, step in (*STEPS, *added) if mark in step.equation)
    assert SIGNS[sign] in first.sentence, f"{title}, {first.title}: {first.equation}"
