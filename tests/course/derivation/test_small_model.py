"""The small models: two units have learnt something, and a derivation can be read in their numbers."""

import numpy as np
import pytest

from toystory.course import catalogue
from toystory.course.derivation.small_model import ENOUGH, SMALL, small_model, small_of
from toystory.course.derivation.steps import work_out
from toystory.models import TwoLayerNet
from toystory.training.data import truth_table
from toystory.training.experiment import Experiment
from toystory.training.loop import Training
from toystory.training.run import experiments_of


@pytest.mark.parametrize("experiment", SMALL.values(), ids=SMALL)
def test_two_units_have_learnt_every_row_and_are_not_so_sure_that_no_error_is_left(
    experiment: Experiment,
) -> None:
    model = small_model(experiment)
    assert set(experiment.hidden) == {2}
    rows = experiment.task.whole_rows(truth_table(experiment.columns))
    answers = model.predict_proba(rows.x)
    assert ((answers > 0.5) == rows.y).all()
    assert 0.2 * ENOUGH < model.loss(rows.x, rows.y) <= ENOUGH
    untrained = experiment.build_model()
    assert untrained.score(rows.x, rows.y) < 1


def test_it_is_what_the_training_loop_makes_of_its_seed() -> None:
    experiment = SMALL["TwoLayerNet"]
    training = Training(experiment)
    found = next(
        progress.update
        for progress in training
        if progress.update % 10 == 0 and training.model.loss(*training.batch[:2]) <= ENOUGH
    )
    assert found < experiment.updates
    assert isinstance(training.model, TwoLayerNet)
    for name, values in training.model.parameters.items():
        np.testing.assert_array_equal(values, small_model(experiment).parameters[name])


@pytest.mark.parametrize("name", ["two-layer", "mlp", "rnn", "lstm", "attention", "autograd"])
def test_a_chapters_derivation_can_be_read_in_its_numbers(name: str) -> None:
    lesson = catalogue.load(name)
    small = small_of(experiments_of(lesson.study(lesson.ends_with))[0])
    assert small is not None
    x = lesson.example_row(small)
    y = small.task.whole_rows(x).y
    steps = work_out(lesson.derivation, small_model(small), x, y, small.learning_rate)
    assert steps
    over_bits = {done.step.value for done in steps if "more: " in done.worked.expression}
    sums = {step.value for step in lesson.derivation if "Σ" in step.equation}
    assert over_bits <= {*sums, "r", "dq"}, "a sum over units is written out whole"


def test_without_hidden_units_there_is_none() -> None:
    lesson = catalogue.load("gate")
    assert small_of(experiments_of(lesson.study(lesson.ends_with))[0]) is None
