"""How a derivation ends: weight decay, the clip, and the first step of the optimiser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from toystory.course.derivation.reader import read_derivation
from toystory.course.derivation.shared_lines import steepest, updated
from toystory.course.derivation.steps import AFTER_ADAM, AFTER_DESCENT, DECAYED, DerivationStep, at_layer
from toystory.course.derivation.worked import Now, Worked, WorkedOut, number, product
from toystory.training.experiment import Experiment
from toystory.training.settings import OptimizerName

PRIMES = (AFTER_DESCENT, AFTER_ADAM)


def steps_for(
    derivation: Iterable[DerivationStep], experiment: Experiment, layer: int = 1
) -> tuple[DerivationStep, ...]:
    """The steps of a derivation as this experiment takes them, in the order in which they are used.

    Args:
        derivation: Of the model.
        experiment: What it is trained with.
        layer: Of a tower, the hidden layer that is looked at, from 1.
    """
    if experiment.model == "MLP" and not experiment.hidden:
        derivation = _without_hidden_layers(derivation)
    return tuple(at_layer(step, layer) for step in _as_trained(derivation, experiment))


def _without_hidden_layers(derivation: Iterable[DerivationStep]) -> Iterator[DerivationStep]:
    """The steps of a tower whose last layer is its only one."""
    for step in derivation:
        if at_layer(step, 2) == step:
            yield step
        elif is_of_the_update(step):
            yield replace(step, equation=step.equation.replace("ˡ", "ⁿ"))


def is_of_the_update(step: DerivationStep) -> bool:
    """Whether a step comes after the gradients: weight decay, the clip, or the step of an optimiser."""
    return step.value.endswith(PRIMES) or step == CLIP or step.module == "train_step"


def _as_trained(derivation: Iterable[DerivationStep], experiment: Experiment) -> Iterator[DerivationStep]:
    before_the_first = True
    for step in derivation:
        if not step.value.endswith(PRIMES) or " ← " not in step.equation:
            yield step
            continue
        name, sign = step.value.rstrip("".join(PRIMES)), step.equation.partition(" ←")[0]
        decays = bool(experiment.weight_decay) and not name.startswith("b")
        if decays:
            yield decay_step(name, sign)
        if experiment.clip is not None and before_the_first:
            yield CLIP
        before_the_first = False
        usual = optimizer_step(name, sign, experiment.optimizer, experiment.clip is not None)
        yield step if (step.equation, step.value) == (usual.equation, usual.value) else usual


@cache
def optimizer_step(name: str, sign: str, optimizer: OptimizerName, clipped: bool = False) -> DerivationStep:
    """The first step of an optimiser, before it remembers anything.

    Args:
        name: Of a parameter, as in the code.
        sign: The same as an equation writes it.
        optimizer: Which.
        clipped: Whether the gradients are clipped before.
    """
    step = FIRST_STEPS[optimizer]
    if clipped:
        step = replace(step, equation=step.equation.replace("dθ", "κ dθ"))
    return _of_parameter(step, name, sign, updated(name, step.value[-1]))


@cache
def decay_step(name: str, sign: str) -> DerivationStep:
    """What weight decay adds to a gradient.

    Args:
        name: Of a parameter, as in the code.
        sign: The same as an equation writes it.
    """
    return _of_parameter(DECAY, name, sign, _decayed(name))


def _of_parameter(step: DerivationStep, name: str, sign: str, worked: WorkedOut) -> DerivationStep:
    """A step of any parameter θ, for this one."""
    value, equation = step.value.replace("θ", name), step.equation.replace("θ", sign)
    return replace(step, value=value, equation=equation, worked=worked)


def _decayed(name: str) -> WorkedOut:
    def worked(now: Now) -> Worked:
        name_here = now.at_layer(name)
        slopes = now.parameter(DECAYED.format(name=name_here))
        index, where = steepest(slopes)
        slope, weight = (float(now.parameter(n)[index]) for n in (f"d{name_here}", name_here))
        expression = f"{number(slope)} + {product(float(now.parameter('λ')), weight)}"
        return Worked(f"d{name_here}[{where}]", expression, float(slopes[index]))

    return worked


def _clip(now: Now) -> Worked:
    limit, norm = (number(now.parameter(name)) for name in ("C", "N"))
    return Worked("κ", f"{limit} / max({limit}, {norm})", float(now.parameter("κ")))


(ADAM, MOMENTUM, DESCENT, DECAY, CLIP), UPDATE_SYMBOLS = read_derivation(
    Path(__file__).with_suffix(".md"),
    {
        "Adam's first step": updated("θ", AFTER_ADAM),
        "momentum's first step": updated("θ"),
        "the update": updated("θ"),
        "weight decay": _decayed("θ"),
        "the clip": _clip,
    },
)
"""The steps of any parameter, θ, and the signs that they add."""
FIRST_STEPS: dict[OptimizerName, DerivationStep] = {
    "adam": ADAM,
    "momentum": MOMENTUM,
    "gradient descent": DESCENT,
}


def prime_after(optimizer: OptimizerName) -> str:
    """Behind the parameters after the first step of an optimiser.

    Args:
        optimizer: Which.
    """
    return FIRST_STEPS[optimizer].value[-1]
