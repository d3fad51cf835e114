"""The cheap experiments of the lessons, run for real, and their claims."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from tests.support.runs import finished
from toystory.course import catalogue
from toystory.course.lesson import Lesson
from toystory.lessons.gate.experiments import ONE_ROW
from toystory.lessons.mlp.experiments import DIAL
from toystory.training.claim import Verdict, judge
from toystory.training.control import CONTROLS
from toystory.training.experiment import Experiment
from toystory.training.run import Run, Runs, Study, Sweep, experiments_of

Planted = Callable[[dict[int, int], dict[int, float]], Runs]


def verdicts(lesson: Lesson, studies: Iterable[str]) -> list[Verdict]:
    part = lesson.only(studies)
    runs = Runs({study.name: [finished(e) for e in experiments_of(study)] for study in part.studies})
    return [judge(claim, runs) for claim in part.claims]


def assert_all_hold(judged: list[Verdict], count: int) -> None:
    assert len(judged) == count
    for verdict in judged:
        assert verdict.passed, f"{verdict.claim.text}: {verdict.measured}"


def test_the_gate_has_alexs_figures_to_six_digits() -> None:
    judged = verdicts(catalogue.load("gate"), ["one update", "one row", "all four rows", CONTROLS])
    assert_all_hold(judged, 12)
    shown = [verdict.shown for verdict in judged]
    assert shown[:5] == ["0.646799", "0.615188", "0.955000", "0.510374", "0.978846"]
    assert shown[5:10] == ["0.870", "0.934", "0.990", "2", "0.693147"]


def test_the_second_gate_keeps_its_second_weight() -> None:
    run = finished(ONE_ROW)
    (w1, w2), (b,) = (run.model.parameters[name] for name in ("w", "b"))
    assert [round(float(value), 6) for value in (w1, w2, b)] == [1.936512, 0.75, 1.898012]
    assert run.losses.points[0][1] == pytest.approx(0.672612, abs=5e-7)
    assert run.loss == pytest.approx(0.021381, abs=5e-7)


def test_with_another_seed_the_gate_is_the_same() -> None:
    assert_all_hold(verdicts(catalogue.load("gate").seeded(12), ["one update"]), 3)


def test_four_hidden_units_solve_the_four_rows() -> None:
    lesson = catalogue.load("two-layer")
    assert_all_hold(verdicts(lesson, ["the four rows", "20 seeds, 4 hidden units"]), 2)


def test_optimisers_and_learning_rates_are_as_far_apart_as_is_told() -> None:
    assert_all_hold(verdicts(catalogue.load("two-layer"), ["three optimisers", "three learning rates"]), 5)


def test_two_hidden_units_often_fail() -> None:
    (verdict,) = verdicts(catalogue.load("two-layer"), ["20 seeds, 2 hidden units"])
    assert verdict.passed
    assert verdict.measured == int(verdict.measured)


def test_alexs_towers_copy_not_even_one_switch() -> None:
    towers = ["the tower, 10,000 rows", "the tower, 100,000 rows"]
    judged = verdicts(catalogue.load("mlp"), [*towers, CONTROLS])
    assert_all_hold(judged, 8)  # and what needs no more of a run than its seed
    assert [verdict.measured < 0.53 for verdict in judged[:4]] == [True, True, True, False]


def test_the_load_test_fails_from_the_first_updates_on() -> None:
    lesson = catalogue.load("regression").only(["10,000 rows", CONTROLS])
    study = lesson.study("10,000 rows")
    assert isinstance(study, Experiment)
    short = lesson.with_studies([replace(study, updates=100)])
    assert_all_hold(verdicts(short, ["10,000 rows", CONTROLS]), 2)


@pytest.mark.slow
def test_alexs_rnn_copies_not_even_one_bit() -> None:
    lesson = catalogue.load("rnn")
    (name,) = (study.name for study in lesson.studies if study.name.startswith("as Alex did it"))
    assert_all_hold(verdicts(lesson, [name, CONTROLS]), 1)


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> Planted:
    """The dial with these figures."""
    return partial(_planted, monkeypatch)


def _planted(monkeypatch: pytest.MonkeyPatch, updates: dict[int, int], accuracies: dict[int, float]) -> Runs:
    runs = []
    for experiment in DIAL.experiments:
        run = Run(replace(experiment, updates=0))
        run.progress = next(iter(run))._replace(update=updates.get(experiment.columns, 100))
        share = accuracies.get(experiment.columns, 1.0)
        monkeypatch.setattr(run, "accuracy_on_all_rows", partial(float, share))
        runs.append(run)
    return Runs({DIAL.name: runs})


def test_the_dial_is_judged_by_its_worst_column_and_its_cost(planted: Planted) -> None:
    worst, cost = (claim for claim in catalogue.load("mlp").claims if claim.needs == (DIAL.name,))
    good = planted({6: 150, 14: 6000}, {10: 0.995})
    assert judge(worst, good).measured == 0.995
    assert judge(cost, good).measured == 40
    assert not judge(worst, planted({}, {12: 0.5})).passed
    assert not judge(cost, planted({6: 1000, 14: 3000}, {})).passed


@pytest.mark.parametrize("columns", [2, 8, 14])
def test_a_column_that_diverged_is_not_overlooked(columns: int, planted: Planted) -> None:
    worst, _ = (claim for claim in catalogue.load("mlp").claims if claim.needs == (DIAL.name,))
    verdict = judge(worst, planted({}, {columns: math.nan}))
    assert not verdict.passed


def test_a_cost_without_updates_is_no_number(planted: Planted) -> None:
    _, cost = (claim for claim in catalogue.load("mlp").claims if claim.needs == (DIAL.name,))
    verdict = judge(cost, planted({6: 0, 14: 0}, {}))
    assert math.isnan(verdict.measured)
    assert not verdict.passed


def test_the_first_turns_of_the_dial() -> None:
    for experiment in DIAL.experiments[:4]:
        run = finished(experiment)
        assert run.progress is not None
        assert run.progress.outcome == "solved"
        assert run.accuracy_on_all_rows() >= 0.99


NOT_OF_A_TRAINED_MODEL = (
    "before its update", "begins with", "of all rows of 50 bits", "No network at all",
    "leaves this share", "gradient", "much of it arrives", "first weights hardly", "ten times larger ones",
    "so many times the updates", "with 2 hidden", "Those that fail",
)  # fmt: skip
"""Claims about a start or about mathematics; and those that count runs or updates."""


@pytest.mark.parametrize("name", ["gate", "regression", "two-layer", "mlp", "rnn", "lstm", "comparison"])
def test_every_claim_can_be_measured_and_none_holds_for_a_model_that_diverged(name: str) -> None:
    """Short runs of every experiment: nothing of a claim raises, and a diverged one never holds."""
    whole = catalogue.load(name)

    def light(study: Study) -> Study:
        if isinstance(study, Sweep):
            return Sweep(study.name, tuple(small(e) for e in study.experiments))
        return small(study)

    def small(experiment: Experiment) -> Experiment:
        rows = None if experiment.rows is None else 64
        return replace(experiment, rows=rows, updates=1, batch=32, start=())

    lesson = whole.with_studies(map(light, whole.studies))

    def ruined(experiment: Experiment) -> Run:
        run = Run(experiment)
        progress = next(iter(run))
        run.progress = progress._replace(outcome="diverged", loss=math.inf)
        for parameter in run.model.parameters.values():
            parameter[...] = np.nan
        return run

    runs = Runs({study.name: [ruined(e) for e in experiments_of(study)] for study in lesson.studies})
    for claim in lesson.claims:
        verdict = judge(claim, runs)
        if not any(words in claim.text for words in NOT_OF_A_TRAINED_MODEL):
            assert not verdict.passed, claim.text
