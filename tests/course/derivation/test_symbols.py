"""Every name in a derivation is explained, with the shape that it really has."""

from dataclasses import replace

import numpy as np
import pytest

from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.derivation.steps import at_layer, derives, evaluate
from toystory.course.derivation.symbols import symbols_of
from toystory.course.derivation.update_steps import steps_for
from toystory.training.run import experiments_of
from toystory.training.settings import OPTIMIZER_NAMES


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
        sizes |= {"before": columns, "units": sizes["hidden"], "last but one": (1, *experiment.hidden)[-1]}
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


def names_in(lesson_name: str, value: str, layer: int = 1) -> list[str]:
    lesson = catalogue.load(lesson_name)
    (step,) = (at for step in lesson.derivation if (at := at_layer(step, layer)).value == value)
    return [symbol.name for symbol in symbols_of(step, lesson.symbols, layer)]


def test_indices_of_bits_are_left_out_and_those_of_layers_put_in() -> None:
    assert names_in("rnn", "s") == ["s", "h", "W_hh", "x", "W_xh", "b_h"]
    assert names_in("two-layer", "dz1") == ["dz1", "dh", "h"]
    assert names_in("mlp", "z1") == ["z1", "a0", "W1", "b1"]
    assert names_in("mlp", "z3", layer=3) == ["z3", "a2", "W3", "b3"]
    assert names_in("mlp", "da2", layer=2) == ["da2", "dz3", "W3"]
    assert names_in("mlp", "dz1") == ["dz1", "da1", "z1"]
    assert names_in("gate", "w′") == ["w′", "w", "dw"]
    assert names_in("lstm", "ds_f") == ["ds_f", "dc", "c", "f"]


@pytest.mark.parametrize("name", NAMES)
def test_what_an_experiment_adds_to_a_derivation_is_explained_too(name: str) -> None:
    lesson = catalogue.load(name)
    for optimizer in OPTIMIZER_NAMES:
        experiment = replace(
            experiments_of(lesson.studies[0])[0], optimizer=optimizer, clip=1.0, weight_decay=0.01
        )
        for step in steps_for(lesson.derivation, experiment):
            assert symbols_of(step, lesson.all_symbols)[0].name == step.value
