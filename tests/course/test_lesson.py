"""What holds a lesson together: names, claims and their studies, seeds."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.lesson import Lesson
from toystory.training.control import CONTROLS
from toystory.training.data import parity
from toystory.training.experiment import Experiment
from toystory.training.run import Run, Runs, Sweep, compared_setting, experiments_of


@pytest.fixture(params=NAMES)
def lesson(request: pytest.FixtureRequest) -> Lesson:
    return catalogue.load(request.param)


def test_every_claim_names_studies_of_its_lesson(lesson: Lesson) -> None:
    names = {study.name for study in lesson.studies}
    for claim in lesson.claims:
        assert claim.needs
        assert set(claim.needs) <= names, claim.text


def test_the_studies_that_answer_the_prediction_are_named(lesson: Lesson) -> None:
    assert lesson.answers
    assert set(lesson.answers) <= {study.name for study in lesson.studies}
    assert lesson.only(lesson.answers[:1]).answers == lesson.answers[:1]


def test_every_study_is_there_for_a_claim(lesson: Lesson) -> None:
    assert {study.name for study in lesson.studies} == {
        name for claim in lesson.claims for name in claim.needs
    }


def test_names_are_unique_and_the_last_model_is_one_of_them(lesson: Lesson) -> None:
    names = [study.name for study in lesson.studies]
    assert len(set(names)) == len(names)
    assert lesson.ends_with in names
    texts = [claim.text for claim in lesson.claims]
    assert len(set(texts)) == len(texts)
    for name in names:
        assert lesson.study(name).name == name
    with pytest.raises(KeyError):
        lesson.study("no such study")


def test_the_example_row_fits_the_model(lesson: Lesson) -> None:
    experiment = experiments_of(lesson.study(lesson.ends_with))[-1]
    assert set(lesson.example) <= {0, 1}
    assert experiment.any_length or len(lesson.example) == experiment.columns


def test_seeded_moves_every_seed_and_nothing_else(lesson: Lesson) -> None:
    moved = lesson.seeded(7)
    for before, after in zip(lesson.studies, moved.studies, strict=True):
        assert after.name == before.name
        for old, new in zip(experiments_of(before), experiments_of(after), strict=True):
            assert new == replace(old, seed=old.seed + 7)
    assert moved.claims == lesson.claims
    assert lesson.seeded(0) == lesson


def test_a_name_says_no_seed_that_would_be_wrong_after_seeded(lesson: Lesson) -> None:
    for study in lesson.studies:
        for experiment in experiments_of(study):
            assert not re.search(r"seed \d", experiment.name)


def test_only_keeps_what_can_be_measured(lesson: Lesson) -> None:
    first = lesson.studies[0].name
    alone = lesson.only([first])
    assert [study.name for study in alone.studies] == [first]
    assert alone.claims == tuple(claim for claim in lesson.claims if set(claim.needs) <= {first})
    assert alone.ends_with == first
    everything = lesson.only(study.name for study in lesson.studies)
    assert everything == lesson
    assert lesson.only([]).claims == ()


def test_only_keeps_the_last_model_where_it_can() -> None:
    lesson = catalogue.load("rnn")
    assert lesson.only(["rows of 50 bits", lesson.ends_with]).ends_with == lesson.ends_with


# ---------------------------------------------------------------- accuracy on rows never seen


def with_kept_rows() -> list[Experiment]:
    every = [e for name in NAMES for study in catalogue.load(name).studies for e in experiments_of(study)]
    return [e for e in dict.fromkeys(replace(e, name="") for e in every) if e.rows and e.rows <= 100_000]


@pytest.mark.parametrize(
    "experiment", with_kept_rows(), ids=lambda e: f"{e.model}, {e.rows} rows, {e.hidden}, {e.lengths}"
)
def test_accuracy_is_measured_on_rows_that_were_not_trained_on(experiment: Experiment) -> None:
    run = Run(replace(experiment, updates=0))
    assert run.training.bits is not None
    learnt = {row.tobytes() for row in run.training.bits}
    fresh = run.fresh_rows()
    assert len(fresh.x) == 10_000
    assert fresh.x.shape[1] == 50
    assert learnt.isdisjoint(row.tobytes() for row in fresh.x)
    assert fresh.y.tolist() == parity(fresh.x, experiment.relevant).tolist()


def test_a_claim_about_fresh_rows_measures_them_and_not_the_training_rows(lesson: Lesson) -> None:
    def planted(experiment: Experiment) -> Run:
        run = Run(replace(experiment, updates=0, rows=None if experiment.rows is None else 10))
        run.train_accuracy, run.fresh_accuracy = 0.75, 0.125
        return run

    runs = Runs({study.name: [planted(e) for e in experiments_of(study)] for study in lesson.studies})
    for claim in lesson.claims:
        if "fresh" in claim.text and "updates of 6" not in claim.text:
            assert claim.measure(runs) == 0.125, claim.text


def test_fifty_columns_all_count(lesson: Lesson) -> None:
    own = [study for study in lesson.studies if study.name != CONTROLS]
    wide = [e for study in own for e in experiments_of(study) if e.columns == 50]
    assert all(e.relevant is None and not e.given and e.gate == "xor" for e in wide)


def test_sweeps_differ_in_what_they_sweep_over() -> None:
    for name in NAMES:
        for study in catalogue.load(name).studies:
            if isinstance(study, Sweep) and study.name != CONTROLS:
                plain = {replace(e, name="", seed=0, columns=2) for e in study.experiments}
                assert len(plain) == 1 or compared_setting(study.experiments)
                assert len(set(study.experiments)) == len(study.experiments) > 1


def test_settings_can_be_written_down() -> None:
    for name in NAMES:
        for study in catalogue.load(name).studies:
            for experiment in experiments_of(study):
                assert json.dumps(experiment.__dict__)
                assert experiment.describe()
