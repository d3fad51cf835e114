"""Gates other than XOR, against the plainest way to say what they do."""

from itertools import accumulate

import numpy as np
import pytest

from toystory.training.data import Task, running_gate, truth_table
from toystory.training.experiment import Experiment
from toystory.training.loop import train
from toystory.training.settings import GATES, GateName

PLAIN = {
    "xor": lambda a, b: a != b,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
}


def slowly(gate: str, row: list[int]) -> list[int]:
    if gate == "nand":
        return [1 - said for said in slowly("and", row)]
    return [int(said) for said in accumulate(row, PLAIN[gate])]


@pytest.mark.parametrize("gate", GATES)
def test_running_gate(gate: GateName) -> None:
    rows = truth_table(4)
    assert running_gate(gate, rows).tolist() == [slowly(gate, row) for row in rows.tolist()]


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize("relevant", [None, (0, 2)])
def test_only_the_columns_that_count_are_asked(gate: GateName, relevant: tuple[int, ...] | None) -> None:
    task = Task(4, relevant=relevant, gate=gate)
    rows = truth_table(4)
    expected = [
        slowly(gate, row if relevant is None else [row[i] for i in relevant])[-1] for row in rows.tolist()
    ]
    assert task.whole_rows(rows).y.tolist() == expected


@pytest.mark.parametrize("gate", GATES)
def test_labels_at_every_step(gate: GateName) -> None:
    task = Task(5, labels="every step", gate=gate)
    batch = task.fresh(np.random.default_rng(0), 20)
    assert batch.y.tolist() == [slowly(gate, row) for row in batch.x.tolist()]
    assert batch.y.dtype == np.uint8


@pytest.mark.parametrize("gate", ["and", "or", "nand"])
def test_one_line_is_enough_for_a_gate_that_is_no_xor(gate: GateName) -> None:
    experiment = Experiment(
        name="a line",
        model="LogisticRegression",
        columns=2,
        given=((0, 0), (0, 1), (1, 0), (1, 1)),
        gate=gate,
        updates=300,
        learning_rate=0.1,
    )
    *_, last = train(experiment)
    assert last.fresh_accuracy == 1.0
