"""The equation above the numbers and the numbers say the same: each is computed from its own signs."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from tests.support.formula import FUNCTIONS, Array, CannotBeComputed, Formula
from tests.support.studies import DERIVED
from toystory.course import catalogue
from toystory.course.derivation.small_model import SMALL, small_model, small_of
from toystory.course.derivation.steps import DECAYED, DerivationStep, Values, evaluate, work_out
from toystory.course.derivation.update_steps import steps_for
from toystory.models import Model
from toystory.models.parts.activations import ACTIVATIONS
from toystory.render.derivation_panel import equation_of
from toystory.training.experiment import Experiment
from toystory.training.run import experiments_of
from toystory.training.settings import ActivationName


class Arrays:
    """The arrays of one pass of one row, with two axes each, by the names that an equation has for them."""

    def __init__(
        self, model: Model, experiment: Experiment, values: Values, step: DerivationStep, t: int, layer: int
    ) -> None:
        self.model, self.experiment, self.values, self.step = model, experiment, values, step
        self.t, self.layer = t, layer

    def __call__(self, name: str, t: int | None, layer: str) -> Array:
        special = self._special(name) if name[:2] != "s_" else self._quarter(name[2:], t)
        if special is not None:
            return np.atleast_2d(np.asarray(special, dtype=float))
        name = self._at_layer(name, layer)
        if self.step.value[-1] in "′″" and (decayed := f"{name} + λ {name[1:]}") in self.values:
            name = decayed
        base, _, index = name.rpartition("_")
        if name not in self.values and f"{base}{index}" in self.values:  # W₁
            name = f"{base}{index}"
        elif name not in self.values and index == "j":  # xⱼ
            return self(base, t, "")
        elif name not in self.values and index.isdecimal():  # x₁
            return self(base, t, "").reshape(-1)[[int(index) - 1]][:, None]
        if name not in self.values:
            raise CannotBeComputed(name)
        return self._two_axes(name, np.asarray(self.values[name], dtype=float), t)

    def _at_layer(self, name: str, layer: str) -> str:
        if not layer:
            return name
        l = self.layer + ("⁻¹" in self.step.equation.partition("=")[0])
        n = len(self.experiment.hidden) + 1
        return f"{name}{ {'l': l, 'l-1': l - 1, 'n': n, 'n-1': n - 1, '0': 0}[layer] }"

    def _two_axes(self, name: str, value: Array, t: int | None) -> Array:
        parameter = name.removeprefix("d").partition(" ")[0]
        if parameter in self.model.parameters:
            if value.ndim == 1:
                return value[:, None] if parameter.startswith("w") else value[None]
            return value
        if value.ndim == 0:
            return value[None, None]
        if self.experiment.recurrent:
            return value[len(self.values["x"]) - 1 if t is None else t].reshape(1, -1)
        if self.experiment.model == "Attention":
            return value[0][:, None] if value.ndim == 2 else value[0]
        return value.reshape(1, -1)

    def _special(self, name: str) -> Any:
        """What is a name only in an equation, or means something else there than in the code."""
        v, value, e = self.values, self.step.value, self.experiment
        if name == "η":
            return e.learning_rate
        if name == "ε":
            return 1e-8
        if value[-1] in "′″" and name in ("m", "v", "r"):
            parameter = value[:-1]
            slope = v.get(DECAYED.format(name=parameter), v[f"d{parameter}"]) * v.get("κ", 1)
            slope = np.abs(slope) if name == "r" else slope
            return slope[:, None] if parameter.startswith("w") else slope
        if name == "x" and e.model == "MLP":
            return (v["a0"] + 1) / 2 if e.signed else v["a0"]
        return self._special_of_attention(name, value) if e.model == "Attention" else None

    def _quarter(self, gate: str, t: int | None) -> Array:
        """What one gate of an LSTM hears, s_i: a quarter of s."""
        s = np.asarray(self.values["s"])[t, 0].reshape(4, -1)
        return np.asarray(s["ifog".index(gate)])

    def _special_of_attention(self, name: str, value: str) -> Any:
        """There e is a table of all tokens, of which those that were written ask."""
        v = self.values
        n = v["x"].shape[1]
        found: dict[str, Any] = {"ρ": 1 / np.sqrt(self.experiment.width), "c": v["c"], "y": v["y"]}
        if value in ("q", "u", "dW_q"):
            found["e"] = v["e"][0, n:]
        if value == "e":
            found |= {"E_bit": v["E_bit"][v["token"][0]], "E_kind": v["E_kind"][v["kind"]]}
        if value == "g":
            found["b_d"] = v["b_d"][v["distance"]]
        if value == "L":
            found["z"] = v["z"][0, -1]
        if value == "de":
            part = slice(n, None) if "dq" in self.step.equation else slice(n)
            found |= {name: v[name][0, part] for name in ("dk", "dv")}
        return found.get(name)


def formula_of(arrays: Arrays) -> Formula:
    """What computes an equation with these arrays."""
    f, slope = ACTIVATIONS[arrays.experiment.activation]
    over_tokens = arrays.experiment.model == "Attention" and arrays.step.value in ("p", "ds")
    axis = 1 if over_tokens else 0
    return Formula(
        arrays,
        {"rows": 1, "labels": 1, "±": -1 if np.ravel(arrays.values["y"])[-1] else 1},
        t=arrays.t,
        bits=len(arrays.values["x"]) if arrays.experiment.recurrent else 0,
        functions={**FUNCTIONS, "f": f, "f′": lambda z: slope(f(z))},
        summed=lambda terms: terms.sum(axis=axis, keepdims=True),
    )


def same(found: Array, shown: Array, arrays: Arrays) -> bool:
    """Whether they are; of what an Attention holds for every place, the last one is shown."""
    found = np.squeeze(found)
    if arrays.step.value == "de":
        n = arrays.values["x"].shape[1]
        shown = np.squeeze(shown[n:] if "dq" in arrays.step.equation else shown[:n])
    if found.shape != shown.shape and arrays.experiment.model == "Attention":
        found = found[-1]
    finite = np.isfinite(shown)
    return found.shape == shown.shape and np.allclose(found[finite], shown[finite], rtol=1e-9, atol=1e-13)


def in_words(name: str, step: DerivationStep, last: bool) -> bool:
    """Whether an equation says in words what its signs leave out."""
    return (
        step.value in ("db_d", "dE_bit", "dE_kind")
        or (name, step.value) == ("attention", "dz1")
        or step.title == "the mark"
        or (step.value == "dz" and not last)
    )


def check_all(name: str, experiment: Experiment, model: Model, only: tuple[DerivationStep, ...] = ()) -> int:
    """Every equation of a derivation comes to what is shown below it; how many were computed."""
    derivation = only or catalogue.load(name).derivation
    columns = 4 if experiment.any_length else experiment.columns
    x = np.random.default_rng(3).integers(0, 2, (1, columns)).astype(np.uint8)
    y = experiment.task.whole_rows(x).y
    settings = {"clip": experiment.clip, "weight_decay": experiment.weight_decay}
    values = evaluate(model, x, y, experiment.learning_rate, **settings)
    computed = 0
    layers = range(1, len(experiment.hidden) + 1) if experiment.model == "MLP" else (1,)
    times = (columns - 1, 1)[: 1 + (experiment.recurrent and name != "comparison")]
    for layer, t in product(layers, times):
        steps = steps_for(derivation, experiment, layer)
        for done in work_out(steps, model, x, y, experiment.learning_rate, t=t, layer=layer, **settings):
            last = t == columns - 1 or not experiment.recurrent
            if in_words(name, done.step, last):
                continue
            arrays = Arrays(model, experiment, values, done.step, t, layer)
            equation = equation_of(done.step, done.worked)
            found = formula_of(arrays).results(equation)
            assert found, equation
            for each in found:
                assert same(np.asarray(each), np.asarray(done.value, float), arrays), equation
            computed += 1
    return computed


def kinds_of(name: str, study: str) -> list[Experiment]:
    """The experiments of a study that differ in what a derivation shows."""
    lesson = catalogue.load(name)
    fields = ("model", "columns", "hidden", "activation", "signed", "optimizer", "clip", "weight_decay")
    fields += ("thinks_aloud", "scale_scores", "width", "bit_scale")
    kinds = {tuple(getattr(e, f) for f in fields): e for e in experiments_of(lesson.study(study))}
    return [replace(e, dtype="float64") for e in kinds.values()]


@pytest.mark.parametrize(("name", "study"), DERIVED)
def test_every_equation_comes_to_the_number_below_it(name: str, study: str) -> None:
    for experiment in kinds_of(name, study):
        assert check_all(name, experiment, experiment.build_model()) >= 2


@pytest.mark.parametrize("name", ["two-layer", "autograd", "mlp", "rnn", "lstm", "attention"])
def test_also_in_the_small_model(name: str) -> None:
    experiment = small_of(kinds_of(name, catalogue.load(name).ends_with)[0])
    assert experiment is not None
    assert check_all(name, experiment, small_model(experiment)) >= 10


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("signed", [True, False])
def test_also_of_towers_of_any_kind(activation: ActivationName, signed: bool) -> None:
    small = replace(SMALL["MLP"], activation=activation, signed=signed, hidden=(3, 4, 2))
    experiment = replace(small, weight_decay=0.1, clip=0.1)
    assert check_all("mlp", experiment, experiment.build_model()) > 30


def test_a_wrong_equation_is_seen() -> None:
    experiment = kinds_of("lstm", catalogue.load("lstm").ends_with)[0]
    (step,) = (step for step in catalogue.load("lstm").derivation if step.value == "ds_o")
    wrong = replace(step, equation=step.equation.replace("(1 − oₜ)", "(1 + oₜ)"))
    with pytest.raises(AssertionError, match="1 \\+ oₜ"):
        check_all("lstm", experiment, experiment.build_model(), only=(wrong,))
