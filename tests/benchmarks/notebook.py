"""Against the style of a course notebook, at Alex's settings: his data and his networks, 100,000 rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from lessons.mlp.experiments import TOWERS
from lessons.regression.experiments import STUDIES
from lessons.rnn.experiments import as_alex_did_it
from lessons.two_layer.experiments import LOADS
from models import Experiment
from models.bits import Batch, Task, random_bits
from models.descent import Descent, make_optimizer
from tests.benchmarks import notebook_style as style
from tests.benchmarks.pairs import Row, row

PART = "notebook style"
TWENTY_TIMES, TEN_TIMES = 1 / 20, 1 / 10
ROWS = 100_000


def learn(experiment: Experiment, batch: Batch) -> list[float]:
    """The losses of all updates, and the accuracy at the end."""
    optimizer = make_optimizer(experiment.optimizer, experiment.learning_rate)
    descent = Descent(experiment.build_model(), optimizer, None)
    losses = []
    for _ in range(experiment.updates):
        losses.append(descent.look(batch)[0])
        descent.apply()
    descent.measure(batch)
    return losses


def compared(
    what: str, ours: Callable[[], object], peer: Callable[[], object], bar: float, rounds: int
) -> Row:
    times: tuple[list[float], list[float]] = ([], [])
    ours()
    for _ in range(rounds):
        for side, work in enumerate((ours, peer)):
            start = time.perf_counter()
            work()
            times[side].append(time.perf_counter() - start)
    return row(PART, what, "notebook", *times, bar)


def measure(quick: bool) -> Iterator[Row]:
    """Whole runs, but of fewer updates than Alex made: each costs the same."""
    rounds, share = (1, 0.2) if quick else (3, 1.0)
    rows, columns = ROWS, 50
    rng = np.random.default_rng(0)
    task = Task(columns)
    yield compared(
        f"data, {rows:,} × {columns}",
        lambda: task.whole_rows(random_bits(rng, rows, columns)),
        lambda: style.make_rows(rows, columns),
        TWENTY_TIMES,
        rounds,
    )

    X, Y = style.make_rows(rows, columns)
    batch = Batch(np.ascontiguousarray(X.T).astype(np.uint8), Y[0].astype(np.uint8))

    def shortened(experiment: Experiment, updates: int) -> Experiment:
        return replace(experiment, updates=max(1, int(updates * share)))

    e = shortened(STUDIES[1], 10)
    yield compared(
        f"regression, {e.updates} updates",
        lambda: learn(e, batch),
        lambda: style.regression(X, Y, e.updates, e.learning_rate),
        TWENTY_TIMES,
        rounds,
    )
    for experiment, bend in ((LOADS[1], "tanh"), (TOWERS[1], "relu")):
        net = shortened(experiment, 10)
        sizes = (columns, *net.hidden, 1)
        yield compared(
            f"{net.model} {'-'.join(map(str, sizes))}, {net.updates} updates",
            lambda net=net: learn(net, batch),  # type: ignore[misc]
            lambda net=net, sizes=sizes, bend=bend: style.network(  # type: ignore[misc]
                X, Y, sizes, bend, net.updates, net.learning_rate
            ),
            TWENTY_TIMES,
            rounds,
        )
    r = shortened(as_alex_did_it(ROWS, 1000), 2)
    yield compared(
        f"RNN {r.hidden[0]}, {r.updates} updates",
        lambda: learn(r, batch),
        lambda: style.recurrent(X, Y, r.hidden[0], r.updates, r.learning_rate),
        TEN_TIMES,
        rounds,
    )
