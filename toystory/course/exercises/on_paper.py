"""Questions that are answered on paper before the code is written: a number by hand, or one of a few choices.

The learner's function `on_paper` returns a dict of the answers. What is right is not told, only what is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from toystory.course.exercises.exercise import Code, NoSuchFunction, Value, Wrong

FUNCTION = "on_paper"
NEAR = 0.006
"""Two digits after the point are enough."""


@dataclass(frozen=True)
class Number:
    """right: what comes out. why: what to look at where something else does."""

    right: float
    why: str


@dataclass(frozen=True)
class Choice:
    """right: a letter. why: by letter, what is wrong with each of the others."""

    right: str
    why: Mapping[str, str]


def expect_on_paper(code: Code, questions: Mapping[str, Number | Choice]) -> None:
    """Expect the answers; a file that was begun before there were questions has no such function.

    Args:
        code: The learner's functions.
        questions: By the names that the answers have in the dict.

    Raises:
        Wrong: With the first that is not answered, or wrong.
    """
    try:
        found = code(FUNCTION)
    except NoSuchFunction:
        return
    if found is None:
        raise Wrong(f"{FUNCTION}() returned nothing: begin on paper, and put your answers into the dict")
    if not isinstance(found, dict):
        raise Wrong(f"{FUNCTION}() should return a dict with your answers", None, found)
    for name, question in questions.items():
        answer = found.get(name)
        if answer is None or answer == "":
            raise Wrong(f'{FUNCTION}()["{name}"] is not answered yet')
        if isinstance(question, Choice):
            _expect_choice(name, answer, question)
        else:
            _expect_number(name, answer, question)


def _expect_choice(name: str, answer: Value, question: Choice) -> None:
    letter = answer.strip().upper() if isinstance(answer, str) else ""
    letters = sorted([question.right, *question.why])
    if letter not in letters:
        raise Wrong(f'{FUNCTION}()["{name}"] should be one of the letters {", ".join(letters)}', None, answer)
    if letter != question.right:
        raise Wrong(f'{FUNCTION}()["{name}"]: {letter} is not it. {question.why[letter]}')


def _expect_number(name: str, answer: Value, question: Number) -> None:
    if isinstance(answer, bool) or not isinstance(answer, int | float | np.number):
        found = repr(answer) if isinstance(answer, str) else answer  # its quotes are what is wrong
        raise Wrong(f'{FUNCTION}()["{name}"] should be a number', None, found)
    if not abs(float(answer) - question.right) <= NEAR:
        raise Wrong(f'{FUNCTION}()["{name}"]: {float(answer):g} is not it. {question.why}')
