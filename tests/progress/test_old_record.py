"""A learner's folder as the version of 25 November left it: everything in it goes on.

The recurrent models had another layout and other names then, checkpoints and results were bound to the bytes
of the models. expected.json tells what that version itself would have gone on to.
"""

from __future__ import annotations

import json
import zipfile
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from toystory.course.exercises.exercise import exercises_of
from toystory.grading.exercise_files import path_of
from toystory.grading.state import state_of
from toystory.grading.verdict import check_file
from toystory.models import load
from toystory.progress.store import Store
from toystory.training.checkpoints import result_store
from toystory.training.checkpoints.background_checkpoint import state_of as background_state
from toystory.training.checkpoints.checkpoint import from_bytes
from toystory.training.checkpoints.plain_values import from_plain
from toystory.training.checkpoints.run_checkpoint import run_of_checkpoint
from toystory.training.experiment import Experiment

OLD = Path(__file__).parents[1] / "data" / "record_of_november.zip"
CLOSE = 1e-4
"""float32, and rounding adds up in another order now."""


@pytest.fixture
def old_home(home: Path) -> Path:
    with zipfile.ZipFile(OLD) as file:
        file.extractall(home)
    return home


def expected(old_home: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((old_home / "expected.json").read_text(encoding="utf-8"))
    return found


def experiments(old_home: Path) -> list[Experiment]:
    """Of the results that it kept, in the old way."""
    files = sorted((old_home / "compare").glob("*.json"))
    return [from_plain(json.loads(file.read_text(encoding="utf-8"))["settings"]) for file in files]


def test_paused_runs_go_on_to_the_same_figures(old_home: Path) -> None:
    files = sorted((old_home / "paused").glob("*.npz"))
    assert [file.name.partition(".")[0] for file in files] == ["lstm", "mlp", "rnn"]
    for file in files:
        state = background_state(from_bytes(file.read_bytes()), lambda: None)
        run = state.runs[-1]
        assert run.updates == 3
        losses = [progress.loss for progress in islice(run, 3)]
        assert losses == pytest.approx(expected(old_home)[file.name], rel=CLOSE)


def test_saved_models_answer_as_they_did(old_home: Path) -> None:
    for name in ("RNN", "LSTM"):
        model = load(old_home / f"{name}.npz")
        answers = model.predict_proba(expected(old_home)["x"])
        assert answers.tolist() == pytest.approx(expected(old_home)[name], rel=1e-5)


def test_results_are_found(old_home: Path) -> None:
    known = experiments(old_home)
    assert [e.model for e in known] == ["LogisticRegression", "RNN"]
    for experiment in known:
        complaints: list[str] = []
        result = result_store.load(experiment, complaints)
        assert complaints == []
        assert result is not None
        assert result.updates in (1000, 4000)
        assert result_store.path_of(experiment).exists()


def test_a_result_half_way_goes_on(old_home: Path) -> None:
    (file,) = (old_home / "compare").glob("*.npz")
    experiment = run_of_checkpoint(from_bytes(file.read_bytes())).experiment
    checkpoint = result_store.UnfinishedRuns().load(experiment)
    assert checkpoint is not None
    losses = [progress.loss for progress in islice(run_of_checkpoint(from_bytes(checkpoint)), 3)]
    assert losses == pytest.approx(expected(old_home)["half"], rel=CLOSE)


def test_the_record_tells_what_it_told(old_home: Path) -> None:
    store = Store()
    assert store.line("lstm").prediction == 1
    assert [row.study for row in store.sessions("gate")] == ["one update"]
    (session,) = store.sessions("rnn")
    (run,) = background_state(from_bytes(session.kept, any_arithmetic=True), lambda: None).runs
    assert run.finished
    assert run.model.parameters["W_hh"].shape == (run.model.parameters["b_h"].size,) * 2
    assert [row.study for row in store.sessions("two-layer")] == ["the four rows"]


def test_an_exercise_that_was_passed_still_is(old_home: Path) -> None:
    (exercise,) = (each for each in exercises_of("lstm") if each.name == "step")
    assert state_of(exercise, Store()).state == "passed"
    before = path_of(exercise).read_text(encoding="utf-8")
    assert check_file(exercise, path_of(exercise)).passed
    assert path_of(exercise).read_text(encoding="utf-8") == before
