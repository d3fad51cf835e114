"""Which mistake is it? Each planted one is made and checked; the one with the same verdict is told."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from toystory.course.exercises.exercise import Exercise, Wrong


def diagnose(exercise: Exercise, wrong: Wrong) -> str | None:
    """What the learner's mistake is, where a planted one leads to the very same wrong numbers.

    Args:
        exercise: The exercise that was checked.
        wrong: The verdict.

    Returns:
        A sentence; None where no planted mistake fits, where it has no words for it, or where it could be
        one of two.
    """
    verdict = _parts(wrong)
    same = {
        mistake.told
        for mistake in exercise.mistakes
        if mistake.told and _parts(first_wrong(exercise, mistake.made_in(exercise.solution))) == verdict
    }
    return same.pop() if len(same) == 1 else None


def first_wrong(exercise: Exercise, text: str) -> Wrong | None:
    """Check a text of our own: it runs in this process.

    Args:
        exercise: Whose check.
        text: The solution, or the solution with a mistake.

    Returns:
        The first thing that is wrong, None if it passes.
    """
    try:
        with np.errstate(all="ignore"):
            exercise.check(_SolutionWithMistake(text))
    except Wrong as wrong:
        return wrong
    return None


def _parts(wrong: Wrong | None) -> tuple[object, ...]:
    return (wrong.sentence, wrong.expected, wrong.found, wrong.given) if wrong else ()


class _SolutionWithMistake:
    """The functions of a solution with a mistake, which is our own text: called in this process."""

    def __init__(self, text: str) -> None:
        self._functions: dict[str, Any] = {"__name__": "exercise"}
        exec(compile(text, "exercise.py", "exec"), self._functions)

    def __call__(self, function: str, /, *arguments: Any) -> Any:
        try:
            return copy.deepcopy(self._functions[function](*copy.deepcopy(arguments)))
        except Exception as error:
            raise Wrong(f"{type(error).__name__}") from None
