"""How far the learner is with an exercise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

State = Literal["new", "begun", "passed"]
STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True)
class ExerciseState:
    """hints: how many were shown. solution: whether it was shown. Once passed, it stays passed."""

    lesson: str
    name: str
    state: State = "new"
    hints: int = 0
    solution: bool = False
