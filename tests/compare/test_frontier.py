"""The frontier: which cells it has, what is said of each, and the picture that they make."""

from __future__ import annotations

from dataclasses import replace

from tests.support.runs import finished
from toystory.compare import frontier_picture
from toystory.compare.results import FrontierEntry, stored_frontier
from toystory.compare.status import ranges
from toystory.lessons.comparison.cells import MODELS
from toystory.training.checkpoints import result_store as store
from toystory.training.checkpoints.result_store import Result, result_of


def result(entry: FrontierEntry, updates: int, accuracy: float) -> Result:
    assert entry.experiment is not None
    return Result(
        experiment=entry.experiment, updates=updates, loss=0.1, train_accuracy=0.5, fresh_accuracy=accuracy,
        tie=False, diverged=False, message="", seconds=1.0, memory=None, loss_curve=(), fresh_curve=(),
        trained="",
    )  # fmt: skip


def filled() -> list[FrontierEntry]:
    """The MLP learns up to 12 bits, the slower the more; nothing else was run."""
    entries = []
    for entry in stored_frontier():
        if entry.model == "MLP" and entry.counted == entry.columns and entry.columns < 20:
            learnt = entry.columns <= 12
            updates = 100 * entry.columns**2 // 2 if learnt else entry.budget
            entry = replace(entry, result=result(entry, updates, 1.0 if learnt else 0.5))
        entries.append(entry)
    return entries


def test_every_model_is_asked_for_all_bits_and_for_a_few_of_fifty() -> None:
    entries = stored_frontier()
    asked = {(e.model, e.columns, e.counted) for e in entries}
    assert asked == {(m, n, n) for m in MODELS for n in range(2, 51)} | {
        (m, 50, k) for m in MODELS for k in range(1, 9)
    }
    for entry in entries:
        assert entry.experiment is not None
        assert len(entry.experiment.relevant or range(entry.columns)) == entry.counted
        assert entry.experiment.updates == entry.budget


def test_learnt_is_measured_on_fresh_rows() -> None:
    entry = next(e for e in stored_frontier() if e.model == "two-layer" and e.columns == 2)
    assert entry.experiment is not None
    assert entry.learnt is None
    run = finished(entry.experiment)
    store.save(result_of(run, None, ""))
    found = next(e for e in stored_frontier() if e.experiment == entry.experiment)
    assert found.learnt is True
    assert found.result is not None
    assert found.result.updates < entry.budget
    assert replace(found, result=replace(found.result, fresh_accuracy=0.98)).learnt is False


def test_the_picture_tells_the_cells_apart_without_colours() -> None:
    rows = frontier_picture.picture(filled()).plain.splitlines()
    (mlp, *_) = [row for row in rows if row.startswith("MLP")]
    assert mlp.removeprefix("MLP").strip() == "███▓▓▓▓▓▓▒▒×××××××" + "·" * 31
    ruler = rows[1]
    assert mlp[ruler.index("10")] == "▓"
    assert all(len(row) <= 105 for row in rows)


def test_the_same_in_words() -> None:
    lines = list(frontier_picture.lines(filled()))
    assert "n bits, all of which count; n is" in lines
    assert "  MLP (10,000 updates at most): learnt 2–12; not learnt 13–19; not run yet 20–50" in lines
    assert "  RNN (4,000 updates at most): not run yet 1–8" in lines


def test_ranges() -> None:
    assert ranges([2, 3, 4, 7, 9, 10]) == "2–4, 7, 9–10"
    assert ranges([]) == ""
