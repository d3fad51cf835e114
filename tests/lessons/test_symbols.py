"""Every name in a derivation is explained, with the shape that it really has."""

import numpy as np
import pytest

import lessons
from lessons.catalogue import NAMES
from lessons.derivation import evaluate
from lessons.lesson import experiments_of


@pytest.mark.parametrize("name", [name for name in NAMES if name != "comparison"])
def test_shapes_are_those_of_the_arrays(name: str) -> None:
    lesson = lessons.load(name)
    for study in lesson.studies:
        experiment = experiments_of(study)[-1]
        columns = 4 if experiment.recurrent else experiment.columns
        x = np.random.default_rng(0).integers(0, 2, (3, columns)).astype(np.uint8)
        values = evaluate(experiment.build_model(), x, experiment.task.whole_rows(x).y, 0.1)
        sizes = {"rows": 3, "columns": columns, "steps": columns, "hidden": (*experiment.hidden, 1)[0]}
        for symbol in lesson.symbols:
            assert np.shape(values[symbol.name]) == symbol.shape(sizes), symbol.described


@pytest.mark.parametrize("name", NAMES)
def test_every_step_and_parameter_is_explained(name: str) -> None:
    lesson = lessons.load(name)
    explained = {symbol.name for symbol in lesson.symbols}
    assert {step.value for step in lesson.derivation} <= explained
    if name not in ("comparison", "mlp"):  # a tower has more parameters than its first layer's
        experiment = experiments_of(lesson.studies[0])[0]
        assert set(experiment.build_model().parameters) <= explained
    for symbol in lesson.symbols:
        assert len(symbol.meaning) > 5
        assert symbol.name in symbol.described
