"""Where a ReLU is off every number is 0: another unit or another row is taken, and it is said which."""

import numpy as np
import pytest

from toystory.course.derivation.reached_units import where_something_happens
from toystory.models import LSTM, MLP
from toystory.models.parts.arrays import Bits
from toystory.training.data import Task

TASK = Task(2, None, "full", "end", "xor")
ROW = np.array([[1, 0]], np.uint8)


def tower() -> MLP:
    """Unit 0 is on where the second bit is 1, unit 1 where the first one is, unit 2 never."""
    model = MLP((2, 3, 1), signed=False, dtype=np.float64)
    model.parameters["W1"][...] = [[0, 1, 0], [1, 0, 0]]
    model.parameters["b1"][...] = [-0.5, -0.5, -1]
    model.parameters["W2"][...] = 1
    return model


def error(model: MLP, row: Bits, unit: int) -> float:
    cache = model.forward(row)
    model.backward(cache, TASK.whole_rows(row).y)
    return float(cache["dz1"][0, unit])


@pytest.mark.parametrize(
    ("unit", "expected", "keeps", "said"),
    [
        (None, 1, True, "unit 1: the first that the error reaches"),
        (1, 1, True, ""),
        (0, 0, False, "a row whose error reaches unit 0"),
        (2, 2, True, "no error of 4 rows reaches unit 2: n for the next"),
    ],
)
def test_what_happens_nowhere_near_is_looked_for(
    unit: int | None, expected: int, keeps: bool, said: str
) -> None:
    model = tower()
    place = where_something_happens(model, TASK, ROW, unit)
    assert (place.unit, place.said) == (expected, said)
    assert (place.row.tolist() == ROW.tolist()) == keeps
    assert (error(model, place.row, place.unit) != 0) == (unit != 2)


def test_the_row_that_the_learner_typed_stays() -> None:
    place = where_something_happens(tower(), TASK, ROW, 0, keep_row=True)
    assert place.row.tolist() == ROW.tolist()
    assert place.said == "no error reaches unit 0 on this row: n for the next"


def test_of_no_unit_for_which_anything_happens_the_first_is_taken() -> None:
    model = tower()
    model.parameters["b1"][...] = -9
    place = where_something_happens(model, TASK, ROW, None)
    assert (place.unit, place.row.tolist()) == (0, ROW.tolist())
    assert place.said.startswith("no error of 4 rows reaches unit 0")


def test_without_relus_what_is_asked_for_is_taken() -> None:
    place = where_something_happens(LSTM(hidden=3), TASK, ROW, 2)
    assert (place.row.tolist(), place.unit, place.said) == (ROW.tolist(), 2, "")
