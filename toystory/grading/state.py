"""How far the learner is with an exercise: the record, and the file."""

from __future__ import annotations

from dataclasses import replace

from toystory.course.exercises.exercise import Exercise
from toystory.grading.exercise_files import path_of
from toystory.progress.exercise_state import ExerciseState
from toystory.progress.store import Store


def state_of(exercise: Exercise, store: Store) -> ExerciseState:
    """As in the record; begun too where there is a file of which the record knows nothing.

    Args:
        exercise: Which one.
        store: The record.
    """
    kept = store.exercise(exercise.lesson, exercise.name)
    if kept.state == "new" and path_of(exercise).exists():
        return replace(kept, state="begun")
    return kept
