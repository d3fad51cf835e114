"""How far the learner is with an exercise: the record, and the file."""

from __future__ import annotations

from dataclasses import replace

from lessons.exercise import Exercise
from toystory.exercises.files import path_of
from toystory.record.exercises import ExerciseState
from toystory.record.store import Store


def state_of(exercise: Exercise, store: Store) -> ExerciseState:
    """As in the record; begun too where there is a file of which the record knows nothing."""
    kept = store.exercise(exercise.lesson, exercise.name)
    if kept.state == "new" and path_of(exercise).exists():
        return replace(kept, state="begun")
    return kept
