"""What is kept of the comparison: found again, whole or not at all, and never mistaken for something else."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.support.runs import finished
from toystory.training.checkpoints import arithmetic
from toystory.training.checkpoints import result_store as store
from toystory.training.checkpoints.checkpoint import from_bytes, to_bytes
from toystory.training.checkpoints.result_store import Result, result_of
from toystory.training.checkpoints.run_checkpoint import checkpoint_of_run, run_of_checkpoint
from toystory.training.experiment import Experiment
from toystory.training.run import Run

FIXED = Experiment(
    name="fixed", model="RNN", columns=6, hidden=(4,), rows=64, batch=16, updates=60, learning_rate=1e-2,
    lengths="one per batch", evaluate_every=10,
)  # fmt: skip


def put_away(run: Run) -> None:
    """Save a checkpoint of it."""
    store.UnfinishedRuns().save(run.experiment, to_bytes(checkpoint_of_run(run)))


def resumed(experiment: Experiment) -> Run | None:
    """The run of the checkpoint, or None where there is none."""
    checkpoint = store.UnfinishedRuns().load(experiment)
    return None if checkpoint is None else run_of_checkpoint(from_bytes(checkpoint))


def trained(experiment: Experiment) -> Result:
    run = finished(experiment)
    return result_of(run, 12_345, "2026-01-01T00:00:00+00:00")


def test_what_is_kept_is_found_as_it_was() -> None:
    result = trained(FIXED)
    store.save(result)
    found = store.load(FIXED)
    assert found == replace(result, seconds=round(result.seconds, 3))
    assert found.loss_curve[-1] == (60, result.loss)
    assert 0 <= found.fresh_accuracy <= 1
    assert found.command.startswith("toystory train --model RNN --columns 6")


def test_a_name_makes_no_other_experiment_but_every_setting_does() -> None:
    store.save(trained(FIXED))
    assert store.load(replace(FIXED, name="of another name")) is not None
    for other in (replace(FIXED, seed=1), replace(FIXED, rows=65), replace(FIXED, learning_rate=2e-2)):
        assert store.load(other) is None


def test_figures_of_other_code_are_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    store.save(trained(FIXED))
    monkeypatch.setattr(arithmetic, "VERSION", 0)
    assert store.load(FIXED) is None


def test_a_diverged_run_comes_back_as_one() -> None:
    wild = replace(FIXED, optimizer="gradient descent", learning_rate=1e30, updates=20)
    result = trained(wild)
    assert result.diverged
    store.save(result)
    found = store.load(wild)
    assert found is not None
    assert found.diverged
    assert math.isnan(found.fresh_accuracy)
    assert "learning rate" in found.message


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[: len(text) // 2],
        lambda text: "",
        lambda text: "[]",
        lambda text: text.replace('"updates": 60', '"updates": "many"'),
        lambda text: text.replace('"loss_curve"', '"curve"'),
        lambda text: text.replace('"columns": 6', '"columns": 7'),
    ],
)
def test_a_damaged_file_is_set_aside_with_a_sentence(spoil: Callable[[str], str]) -> None:
    store.save(trained(FIXED))
    path = store.path_of(FIXED)
    spoilt = spoil(path.read_text())
    path.write_text(spoilt)
    complaints: list[str] = []
    assert store.load(FIXED, complaints) is None
    assert not path.exists()
    assert path.with_suffix(".damaged").read_text() == spoilt
    assert len(complaints) == 1
    assert "damaged" in complaints[0]
    assert store.load(FIXED, complaints) is None
    assert len(complaints) == 1


def test_what_cannot_be_written_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    store.save(trained(FIXED))
    before = store.path_of(FIXED).read_text()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="space"):
        store.save(trained(FIXED))
    assert [path.name for path in store.folder().iterdir()] == [store.path_of(FIXED).name]
    assert store.path_of(FIXED).read_text() == before


def test_a_checkpointed_run_goes_on_to_the_same_figures() -> None:
    run = Run(FIXED)
    for progress in run:
        if progress.update == 23:
            put_away(run)
            break
    again = resumed(FIXED)
    assert again is not None
    assert again.updates == 23
    for _ in again:
        pass
    assert result_of(again, None, "").figures == trained(FIXED).figures


def test_a_checkpoint_is_deleted_when_the_result_is_saved() -> None:
    run = Run(FIXED)
    next(iter(run))
    put_away(run)
    assert resumed(FIXED) is not None
    store.save(trained(FIXED))
    assert resumed(FIXED) is None
