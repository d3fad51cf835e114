"""A lesson's derivation with numbers in it, on the row that the lesson takes as its example."""

from __future__ import annotations

from collections.abc import Sequence

from toystory.course.derivation.reached_units import where_something_happens
from toystory.course.derivation.small_model import small_model, small_of
from toystory.course.derivation.steps import WorkedStep, work_out
from toystory.course.lesson import Lesson
from toystory.models.model import Model
from toystory.training.experiment import Experiment
from toystory.training.run import experiments_of


def example_to_read(lesson: Lesson) -> tuple[str, Sequence[WorkedStep]]:
    """The derivation in numbers that can be read one by one.

    Returns:
        Whose numbers they are, and for which row; and the steps. They are those of a small model with two
        units; where the chapter's model has no hidden units, of the untrained one.
    """
    experiment = experiments_of(lesson.study(lesson.ends_with))[-1]
    small = small_of(experiment)
    if small is None:
        row, steps = worked_example(lesson, experiment, experiment.build_model())
        return f"the untrained model for the row {row}", steps
    row, steps = worked_example(lesson, small, small_model(small))
    return f"a {small.name}. It is trained, and reads the row {row}", steps


def worked_example(
    lesson: Lesson, experiment: Experiment, model: Model, most: int | None = None
) -> tuple[str, Sequence[WorkedStep]]:
    """The derivation in the numbers of a model.

    Args:
        lesson: Whose derivation, and whose row.
        experiment: That of the model.
        model: The model.
        most: So many steps; None for all.

    Returns:
        The row, and the steps; none where the lesson derives another model.
    """
    place = where_something_happens(model, experiment.task, lesson.example_row(experiment), None)
    steps = work_out(
        lesson.derivation_of(experiment)[:most],
        model,
        place.row,
        experiment.task.whole_rows(place.row).y,
        experiment.learning_rate,
        unit=place.unit,
        clip=experiment.clip,
        weight_decay=experiment.weight_decay,
    )
    return "".join(map(str, place.row[0])), steps
