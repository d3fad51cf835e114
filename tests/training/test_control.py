"""Controls: a failure counts where the same settings learn something that needs one column."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from toystory.cli.main import main
from toystory.course.catalogue import load
from toystory.course.failures import copies_nothing, stays_a_coin
from toystory.course.lesson_results import result
from toystory.training.claim import judge
from toystory.training.control import CONTROLS, controls, controls_of
from toystory.training.experiment import Experiment
from toystory.training.pools.train_all import nameless
from toystory.training.run import Run, Runs, experiments_of, over_seeds

LINE = Experiment(
    name="a line", model="LogisticRegression", columns=6, rows=400, updates=100, learning_rate=0.5,
    optimizer="gradient descent", evaluate_every=5,
)  # fmt: skip
IDLE = replace(LINE, name="no update", updates=0)
READER = Experiment(
    name="a reader", model="RNN", columns=5, hidden=(4,), batch=8, updates=1, learning_rate=1e-3
)


def finished(experiment: Experiment) -> Run:
    run = Run(nameless(experiment))
    for _ in run:
        pass
    return run


def runs_of(*experiments: Experiment) -> Runs:
    every = {e.name: [finished(e)] for e in experiments}
    return Runs(every | {CONTROLS: [finished(c) for e in experiments for c in controls_of(e)]})


def test_a_control_changes_what_counts_and_when_it_may_end() -> None:
    (control,) = controls_of(LINE)
    assert control.relevant == (0,)
    assert replace(control, name=LINE.name, relevant=None, stop_at=None) == LINE


def test_a_model_that_reads_bit_by_bit_is_asked_for_the_first_and_for_the_last() -> None:
    assert [control.relevant for control in controls_of(READER)] == [(0,), (4,)]
    assert len(controls_of(replace(READER, columns=1))) == 1


def test_another_gate_has_the_same_control() -> None:
    assert controls_of(replace(LINE, gate="and"))[0].gate == "xor"


def test_controls_of_a_sweep_are_those_of_its_experiments() -> None:
    sweep = controls((over_seeds("five", LINE, 5), LINE))
    assert [e.seed for e in sweep.experiments] == [0, 1, 2, 3, 4, 0]


def test_a_failure_counts_where_its_control_holds() -> None:
    verdict = judge(stays_a_coin("a coin", "a line"), runs_of(replace(LINE, columns=14)))
    assert verdict.control == 1.0
    assert verdict.passed


def test_a_constant_answer_passes_no_claim_of_failure() -> None:
    runs = runs_of(IDLE)
    verdict = judge(stays_a_coin("a coin", "no update"), runs)
    assert verdict.claim.bar.holds(verdict.measured)
    assert verdict.control == 0.5
    assert not verdict.passed
    assert judge(copies_nothing("it copies nothing", "no update"), runs).passed


def test_what_learns_its_control_is_not_said_to_copy_nothing() -> None:
    assert not judge(copies_nothing("it copies nothing", "a line"), runs_of(LINE)).passed


def test_runs_are_found_by_their_settings_alone() -> None:
    runs = runs_of(LINE)
    assert runs.of([replace(LINE, name="another name")]) == [runs.one("a line")]
    with pytest.raises(KeyError):
        runs.of([replace(LINE, seed=1)])


class TestLesson:
    lesson = load("regression")

    def test_it_says_which_studies_have_controls(self) -> None:
        assert "10,000 rows" in self.lesson.controlled
        assert CONTROLS not in self.lesson.controlled

    def test_controls_follow_the_seed(self) -> None:
        assert self.lesson.seeded(7).controlled == self.lesson.controlled
        assert {e.seed for study in self.lesson.seeded(7).studies for e in experiments_of(study)} == {7}

    def test_controls_follow_other_settings(self) -> None:
        few = [
            replace(s, rows=100, columns=9) if isinstance(s, Experiment) and s.updates else s
            for s in self.lesson.studies
        ]
        changed = self.lesson.with_studies(few)
        assert changed.controlled == self.lesson.controlled
        assert {e.columns for e in experiments_of(changed.study(CONTROLS))} == {9}

    def test_one_study_takes_its_control_along_where_that_is_asked_for(self) -> None:
        alone, with_control = self.lesson.only(["10,000 rows"]), self.lesson.only(["10,000 rows", CONTROLS])
        assert [study.name for study in alone.studies] == ["10,000 rows"]
        assert not alone.claims
        assert with_control.controlled == ("10,000 rows",)
        assert len(experiments_of(with_control.study(CONTROLS))) == 1
        assert with_control.claims

    def test_the_controls_alone_can_be_chosen(self) -> None:
        assert [study.name for study in self.lesson.only([CONTROLS]).studies] == [CONTROLS]

    def test_json_has_the_control(self) -> None:
        few = self.lesson.only(["10,000 rows", CONTROLS])
        few = few.with_studies(
            [replace(s, rows=2000, updates=60) for s in few.studies if isinstance(s, Experiment)]
        )
        every = [nameless(e) for study in few.studies for e in experiments_of(study)]
        told = result(few, 0, {e: finished(e) for e in every}).as_json()
        failing, control = told["runs"]
        assert failing["control"] == [
            {"column": 0, "updates": 25, "fresh_accuracy": 1.0, "tie": False, "passed": True}
        ]
        assert control["control"] is None
        assert told["claims"][0]["control"] == 1.0


def test_train_runs_the_control_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    command = "train --model LogisticRegression --columns 8 --batch 64 --updates 60 --learning-rate 0.05"
    assert main([*command.split(), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["control"] is None
    assert main([*command.split(), "--control", "--json"]) == 0
    (control,) = json.loads(capsys.readouterr().out)["control"]
    assert control["column"] == 0
    assert control["passed"]
    assert main([*command.split(), "--control", "--plain"]) == 0
    assert "control the first column 100.00 %" in capsys.readouterr().out
