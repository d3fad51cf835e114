"""Which whole model a file is: by the names that it offers, and by what these do."""

from __future__ import annotations

import ast
import math
import re
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from toystory.base.errors import BadRequest
from toystory.course.exercises.class_model import MODEL, Numbers
from toystory.course.exercises.exercise import LABEL, Exercise, Wrong, all_exercises
from toystory.grading.failures import Source
from toystory.grading.lookup import named_exercise
from toystory.grading.sandbox.process import LearnerProcess
from toystory.grading.verdict import LearnerCode, clean

SIZE = 16
"""Units with which two models that are asked alike are told apart by how many numbers they hold."""
FEW, MOST = 2, 4
"""Of the five names, so many make a file look like a whole model, and so many more than its name does: a
class has no `first_weights`."""
NEAR = 1.6
"""By this factor at most a file may hold more or fewer numbers than the solution that it is taken for."""


def whole_models() -> tuple[Exercise, ...]:
    """The exercises that begin with an empty file."""
    return tuple(each for each in all_exercises() if each.kind == "whole model")


def is_unnamed_model(parts: Sequence[str], text: str) -> bool:
    """Whether a file reads like a whole model, and neither its name nor its docstring says of which lesson.

    Args:
        parts: The names of the folders around it, as far as they tell, and its own.
        text: What stands in it; nothing of it is run.
    """
    defined = [name for name in MODEL if re.search(rf"^\s*def {name}\b", text, re.MULTILINE)]
    if len(defined) < FEW or LABEL.search(text):
        return False
    named = named_exercise(parts, text).exercise
    return named is None or (named.kind != "whole model" and len(defined) >= MOST)


def judged_as(exercise: Exercise) -> str:
    """What is told of a file that was recognised."""
    return f"by what it offers it is judged as {exercise.key}"


def recognise(source: Source, cancel: threading.Event | None = None) -> Exercise:
    """Which whole model a file is.

    Args:
        source: The learner's file: it is run in a process of its own.
        cancel: Set it, from any thread, to end that.

    Raises:
        BadRequest: It is none, or can't be told apart; in one sentence.
        process.Cancelled: `cancel` was set.
        process.CantStart: There is nothing to run it in.
    """
    process = LearnerProcess(cancel)
    try:
        with process:
            code = LearnerCode(process, source)
            code.load()
            message = process.offers()
            fitting = _fitting(source, _numbers(message.get("offers")), _names(message.get("classes")))
            if len(fitting) == 1:
                return fitting[0]
            return _by_size(source, fitting, _count(code("first_weights", SIZE, 0)))
    except Wrong as wrong:
        raise BadRequest(f"which model is {source.name}? {clean(wrong.sentence)}") from None


def _fitting(source: Source, offers: Mapping[str, Numbers], classes: Sequence[str]) -> list[Exercise]:
    """The whole models that are asked for in the way that the file can be asked. Raises BadRequest."""
    missing = [name for name in MODEL if name not in offers]
    if missing:
        there = (
            f"has {' and '.join(offers)}, but no {' and no '.join(missing)}" if offers else "has none of them"
        )
        raise BadRequest(
            f"which model is {source.name}? A whole model has {', '.join(MODEL[:-1])} and {MODEL[-1]}, as "
            f"functions or as methods of one class: this file {there}"
        )
    every = whole_models()
    fitting = [each for each in every if _fits(shape_of(each), offers)]
    special = {name for each in every for name in helpers_of(each)}
    fitting = [each for each in fitting if set(helpers_of(each)) == special & set(classes)]
    if not fitting:
        asked = "; ".join(f"{each.lesson}: {_signatures(each)}" for each in every)
        raise BadRequest(
            f"which model is {source.name}? Its first_weights takes {_said(offers['first_weights'])} and its "
            f"train {_said(offers['train'])}, which no whole model does ({asked})"
        )
    return fitting


def _by_size(source: Source, fitting: Sequence[Exercise], count: int) -> Exercise:
    """Of models that are asked alike, the one that holds about as many numbers. Raises BadRequest."""
    apart = {each: abs(math.log(max(count, 1) / numbers_in(each))) for each in fitting}
    nearest = min(fitting, key=lambda each: apart[each])
    if apart[nearest] <= math.log(NEAR):
        return nearest
    known = " and ".join(f"{each.key} about {numbers_in(each):,}" for each in fitting)
    words = " or ".join(f"--as {each.key}" for each in fitting)
    raise BadRequest(
        f"which model is {source.name}? With {SIZE} units it holds {count:,} numbers, {known}: say {words}"
    )


def _fits(shape: Mapping[str, int], offers: Mapping[str, Numbers]) -> bool:
    return all(offers[name][0] <= shape[name] <= offers[name][1] for name in ("first_weights", "train"))


@cache
def shape_of(exercise: Exercise) -> dict[str, int]:
    """How many arguments each function of this whole model gets."""
    return {name: len(arguments) for name, arguments in _definitions(exercise).items()}


@cache
def helpers_of(exercise: Exercise) -> tuple[str, ...]:
    """The classes that this whole model asks for beside its functions."""
    return tuple(node.name for node in ast.parse(exercise.solution).body if isinstance(node, ast.ClassDef))


@cache
def numbers_in(exercise: Exercise) -> int:
    """How many numbers the first weights of the solution are, with `SIZE` units."""
    space: dict[str, Any] = {"__name__": "exercise"}
    exec(compile(exercise.solution, "exercise.py", "exec"), space)
    return _count(space["first_weights"](SIZE, 0))


def _definitions(exercise: Exercise) -> dict[str, list[str]]:
    functions = [node for node in ast.parse(exercise.solution).body if isinstance(node, ast.FunctionDef)]
    return {node.name: [each.arg for each in node.args.args] for node in functions if node.name in MODEL}


def _signatures(exercise: Exercise) -> str:
    names = _definitions(exercise)
    return " and ".join(f"{name}({', '.join(names[name])})" for name in ("first_weights", "train"))


def _said(numbers: Numbers) -> str:
    least, most = numbers
    count = f"{least}" if least == most else f"{least} to {most}" if most < 20 else f"{least} or more"
    return f"{count} argument{'' if least == most == 1 else 's'}"


def _count(weights: object) -> int:
    """Of the numbers in a dict of arrays; 0 for anything else."""
    values = list(weights.values()) if isinstance(weights, dict) else []
    return sum(int(np.size(value)) for value in values if isinstance(value, np.ndarray))


def _numbers(offers: object) -> dict[str, Numbers]:
    """What came over the wire, as far as it makes sense."""
    found: dict[str, Numbers] = {}
    for name, pair in offers.items() if isinstance(offers, dict) else ():
        if name in MODEL and isinstance(pair, list) and len(pair) == 2 and all(type(n) is int for n in pair):
            found[name] = (pair[0], pair[1])
    return found


def _names(classes: object) -> list[str]:
    return [str(name) for name in classes] if isinstance(classes, list) else []
