"""Every name in a derivation is explained, with the shape that it really has."""

import numpy as np
import pytest

from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.derivation.steps import derives, evaluate
from toystory.course.derivation.symbols import symbols_of
from toystory.training.run import experiments_of


@pytest.mark.parametrize("name", [name for name in NAMES if name != "comparison"])
def test_shapes_are_those_of_the_arrays(name: str) -> None:
    lesson = catalogue.load(name)
    for study in lesson.studies:
        experiment = experiments_of(study)[-1]
        columns = 4 if experiment.any_length else experiment.columns
        x = np.random.default_rng(0).integers(0, 2, (3, columns)).astype(np.uint8)
        values = evaluate(experiment.build_model(), x, experiment.task.whole_rows(x).y, 0.1)
        sizes = {"rows": 3, "columns": columns, "steps": columns, "hidden": (*experiment.hidden, 1)[0]}
        places = columns if experiment.thinks_aloud else 1
        sizes |= {"width": experiment.width, "places": places, "tokens": columns + places}
        if not derives(lesson.derivation, values):
            continue  # another chapter's model
        for symbol in lesson.symbols:
            assert np.shape(values[symbol.name]) == symbol.shape(sizes), symbol.described


@pytest.mark.parametrize("name", NAMES)
def test_every_step_and_parameter_is_explained(name: str) -> None:
    lesson = catalogue.load(name)
    explained = {symbol.name for symbol in lesson.symbols}
    assert {step.value for step in lesson.derivation} <= explained
    if name not in ("comparison", "mlp"):  # a tower has more parameters than its first layer's
        experiment = experiments_of(lesson.studies[0])[0]
        assert set(experiment.build_model().parameters) <= explained
    for symbol in lesson.symbols:
        assert len(symbol.meaning) > 5
        assert symbol.name in symbol.described


@pytest.mark.parametrize("name", NAMES)
def test_every_step_speaks_of_symbols_that_are_explained(name: str) -> None:
    lesson = catalogue.load(name)
    for step in lesson.derivation:
        found = symbols_of(step, lesson.symbols)
        assert found[0].name == step.value
        assert len(set(found)) == len(found)


def names_in(lesson_name: str, value: str) -> list[str]:
    lesson = catalogue.load(lesson_name)
    (step,) = (step for step in lesson.derivation if step.value == value)
    return [symbol.name for symbol in symbols_of(step, lesson.symbols)]


def test_indices_of_bits_are_left_out_and_those_of_layers_put_in() -> None:
    assert names_in("rnn", "s") == ["s", "h", "W_hh", "x", "W_xh", "b_h"]
    assert names_in("two-layer", "dz1") == ["dz1", "dh", "h"]
    assert names_in("mlp", "z1") == ["z1", "a0", "W1", "b1"]
    assert names_in("mlp", "dz1") == ["dz1", "da1", "z1"]
    assert names_in("gate", "w′") == ["w′", "w", "dw"]
    assert names_in("lstm", "ds_f") == ["ds_f", "dc", "c", "f"]
