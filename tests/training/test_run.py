"""A run: what it records, what it measures, what is left of it at the end."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from tests.support.runs import finished
from toystory.course.truth_tables import XOR
from toystory.lessons.gate.experiments import ALL_FOUR_ROWS, ONE_ROW
from toystory.lessons.mlp.experiments import tower
from toystory.training.experiment import Experiment
from toystory.training.run import (
    Run,
    Runs,
    compared_setting,
    over_columns,
    over_seeds,
    over_setting,
    value_text,
)

SMALL = Experiment(
    name="small", model="MLP", columns=20, hidden=(8,), updates=300, batch=16, learning_rate=1e-3, rows=200,
    evaluate_every=20,
)  # fmt: skip
RECURRENT = replace(SMALL, model="RNN", rows=None, updates=20, lengths="one per batch", evaluate_every=5)


def diverged(experiment: Experiment) -> Run:
    run = finished(replace(experiment, learning_rate=1e30, optimizer="gradient descent"))
    assert run.diverged
    return run


def figures(run: Run) -> dict[str, object]:
    return {
        "losses": run.losses.points,
        "train": run.train_accuracies.points,
        "fresh": run.fresh_accuracies.points,
        "ends": (run.train_accuracy, run.fresh_accuracy, run.loss, run.updates, run.tie),
        "weights": {name: parameter.tolist() for name, parameter in run.model.parameters.items()},
    }


def test_before_it_begins_nothing_is_known() -> None:
    run = Run(SMALL)
    assert (run.updates, run.seconds, run.progress, run.finished, run.diverged) == (
        0,
        0.0,
        None,
        False,
        False,
    )
    assert all(math.isnan(value) for value in (run.loss, run.train_accuracy, run.fresh_accuracy))


def test_curves_are_what_training_told() -> None:
    run = Run(SMALL)
    told = list(run)
    assert run.finished
    assert run.updates == 300
    assert run.losses.points == [(p.update, p.loss) for p in told]
    assert run.loss == told[-1].loss
    measured = [p for p in told if p.fresh_accuracy is not None]
    assert [p.update for p in measured] == list(range(0, 301, 20))
    assert run.train_accuracies.points == [(p.update, p.train_accuracy) for p in measured]
    assert run.fresh_accuracies.points == [(p.update, p.fresh_accuracy) for p in measured]


def test_curves_are_bounded() -> None:
    run = finished(replace(ONE_ROW, updates=5000, evaluate_every=1))
    for curve in (run.losses, run.train_accuracies, run.fresh_accuracies):
        assert 500 <= len(curve.points) <= 1000
        assert curve.points[0][0] == 0
        assert curve.points[-1][0] > 4900


def test_seconds_are_those_of_training_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0

    def clock() -> float:
        return now

    monkeypatch.setattr("toystory.training.run.time.perf_counter", clock)
    run = Run(replace(SMALL, updates=3))
    original = run.training.train_step.compute_gradients

    def slow_look(batch: object) -> tuple[float, float]:
        nonlocal now
        now += 2.0
        return original(batch)  # type: ignore[arg-type]

    run.training.train_step.compute_gradients = slow_look  # type: ignore[method-assign, assignment]
    for _ in run:
        now += 100.0  # whoever pulls takes its time
    assert run.seconds == 4 * 2.0


def test_accuracies_are_those_of_the_final_model() -> None:
    run = finished(SMALL)
    x, y, _ = run.fresh_rows()
    assert run.fresh_accuracy == float(np.mean(run.model.predict(x) == y))
    assert len(x) == 10_000
    again = Run(SMALL)
    assert again.training.bits is not None
    rows = SMALL.task.whole_rows(again.training.bits)
    assert run.train_accuracy == run.model.score(rows.x, rows.y)


def test_few_columns_are_measured_on_every_row_there_is() -> None:
    run = finished(replace(SMALL, columns=5))
    assert run.measured_on_all_rows
    assert len(run.fresh_rows().x) == 32
    assert run.fresh_accuracy == run.accuracy_on_all_rows()
    assert not Run(SMALL).measured_on_all_rows


def test_another_length_is_measured_on_rows_of_that_length() -> None:
    run = finished(RECURRENT)
    x, y, lengths = run.fresh_rows(rows=30, columns=70)
    assert (x.shape, lengths) == ((30, 70), None)
    assert run.accuracy_at(columns=70, rows=30) == run.model.score(x, y)


def test_the_same_seed_gives_the_same_figures() -> None:
    assert figures(finished(SMALL)) == figures(finished(SMALL))
    assert figures(finished(RECURRENT)) == figures(finished(RECURRENT))


def test_another_seed_gives_others_and_other_fresh_rows() -> None:
    one, other = finished(SMALL), finished(replace(SMALL, seed=1))
    assert figures(one) != figures(other)
    assert not np.array_equal(one.fresh_rows().x, other.fresh_rows().x)


def test_a_model_that_says_one_half_to_everything_has_a_tie() -> None:
    run = finished(replace(ALL_FOUR_ROWS, updates=1000))
    assert run.tie
    nothing = finished(replace(ALL_FOUR_ROWS, start=(), updates=0))
    assert (nothing.tie, nothing.fresh_accuracy) == (True, 0.5)
    assert not finished(ONE_ROW).tie


def test_a_tie_asks_for_every_answer() -> None:
    nearly = replace(ALL_FOUR_ROWS, start=(0.0, 0.0, 0.0039), updates=0)
    assert finished(nearly).tie
    assert not finished(replace(nearly, start=(0.0, 0.01, 0.0))).tie


def test_a_diverged_run_keeps_what_is_not_finite_out_of_its_curves_and_is_not_measured() -> None:
    run = diverged(SMALL)
    assert run.progress is not None
    assert "diverged at update" in run.progress.message
    assert run.finished
    for curve in (run.losses, run.train_accuracies, run.fresh_accuracies):
        assert all(math.isfinite(value) for _, value in curve.points)
        assert all(update < run.updates for update, _ in curve.points)
    for value in (
        run.train_accuracy,
        run.fresh_accuracy,
        run.accuracy_on_all_rows(),
        run.accuracy_at(50, 10),
    ):
        assert math.isnan(value)
    assert np.isnan(run.answers([[0] * 20, [1] * 20])).all()
    assert not run.tie


@pytest.mark.filterwarnings("error")
def test_a_diverged_run_says_no_more_than_its_message(recwarn: pytest.WarningsRecorder) -> None:
    for experiment in (SMALL, RECURRENT, tower(1000), ALL_FOUR_ROWS):
        run = diverged(experiment)
        run.answers([[0] * experiment.columns])
    assert len(recwarn) == 0


def test_a_run_that_is_left_early_can_be_measured() -> None:
    run = Run(SMALL)
    for _ in islice(run, 21):
        pass
    assert (run.finished, run.updates) == (False, 20)
    run.measure()
    assert run.fresh_accuracy == run.model.score(*run.fresh_rows())


def test_interrupt_ends_the_run() -> None:
    class Enough(Exception):
        pass

    def stop() -> None:
        raise Enough

    run = Run(tower(5000), interrupt=stop)
    with pytest.raises(Enough):
        list(run)
    assert not run.finished


def test_a_finished_run_is_small_and_can_be_sent_between_processes() -> None:
    def never() -> None: ...

    interrupt: Callable[[], None] = lambda: never()  # noqa: E731 (a function that cannot be pickled)
    run = Run(replace(SMALL, rows=50_000, updates=5), interrupt)
    for _ in run:
        pass
    packed = pickle.dumps(run)
    assert len(packed) < 20_000  # its rows alone would be a million bytes
    copy: Run = pickle.loads(packed)
    assert figures(copy) == figures(run)
    assert copy.seconds == run.seconds
    assert copy.accuracy_at(20, 100) == run.accuracy_at(20, 100)


def test_the_runs_of_a_lesson() -> None:
    right, wrong = finished(replace(ALL_FOUR_ROWS, updates=0)), finished(replace(ALL_FOUR_ROWS, updates=0))
    right.accuracy_on_all_rows = lambda: 1.0  # type: ignore[method-assign]
    runs = Runs({"one": [wrong], "sweep": [right, wrong, right]})
    assert "one" in runs
    assert "two" not in runs
    assert runs.one("one") is wrong
    assert runs.sweep("sweep") == [right, wrong, right]
    assert runs.solved("sweep") == 2


def test_sweeps() -> None:
    seeds = over_seeds("seeds", replace(SMALL, seed=4), 3)
    assert seeds.name == "seeds"
    assert [experiment.seed for experiment in seeds.experiments] == [4, 5, 6]
    assert [experiment.name for experiment in seeds.experiments] == [
        "seeds, no. 1",
        "seeds, no. 2",
        "seeds, no. 3",
    ]
    dial = over_columns("dial", SMALL, (2, 9))
    assert [experiment.columns for experiment in dial.experiments] == [2, 9]
    assert [experiment.name for experiment in dial.experiments] == ["dial, 2 columns", "dial, 9 columns"]


def test_xor_has_four_rows() -> None:
    assert sorted(XOR) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_rows_are_called_fresh_only_where_they_are() -> None:
    few, wide = replace(SMALL, columns=14, updates=1000, batch=256), replace(SMALL, columns=50)
    for experiment, said in (
        (few, "seen before"),
        (wide, "fresh rows"),
        (replace(SMALL, columns=3), "all 8 rows"),
    ):
        run = Run(experiment)
        begun = next(iter(Run(replace(experiment, updates=1))))
        run.progress = begun._replace(update=experiment.updates)
        assert said in run.tested_on


def test_experiments_that_differ_in_one_setting_are_compared_by_it() -> None:
    rates = over_setting("rates", SMALL, "learning_rate", (0.003, 10.0)).experiments
    assert compared_setting(rates) == "learning_rate"
    assert [value_text(e, "learning_rate") for e in rates] == ["rate 0.003", "rate 10.0"]
    assert [e.name for e in rates] == ["rates: rate 0.003", "rates: rate 10.0"]
    batches = over_setting("batches", SMALL, "batch", (None, 1024)).experiments
    assert [value_text(e, "batch") for e in batches] == ["batches of all", "batches of 1,024"]
    assert compared_setting(over_seeds("seeds", SMALL, 2).experiments) == ""
    assert compared_setting((SMALL, replace(SMALL, relevant=(1,)))) == "", "controls are counted"
    assert compared_setting((*rates, replace(SMALL, clip=1.0))) == "", "two settings differ"


def test_a_run_that_was_not_told_where_to_stop_is_solved_where_it_has_learnt_its_task() -> None:
    easy = replace(SMALL, columns=2, hidden=(16,), learning_rate=0.05, updates=400)
    assert finished(easy).solved
    assert not finished(replace(easy, updates=0)).solved
    assert not finished(replace(easy, updates=0, stop_at=0.9)).solved
