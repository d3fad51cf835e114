"""What a bench leaves behind for the next one: finished, paused and former runs, own studies, verdicts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.waiting import wait_for
from toystory.course.catalogue import load
from toystory.progress.lesson_progress import CourseProgress
from toystory.progress.store import Store
from toystory.training.background import BackgroundRun
from toystory.training.checkpoints import arithmetic, checkpoint
from toystory.training.run import Run, Study, experiments_of
from toystory.tui.state.lesson_state import LessonState

FOUR_ROWS, TWO_UNITS = "the four rows", "20 seeds, 2 hidden units"


@pytest.fixture(autouse=True)
def _no_thread_is_left_over() -> Iterator[None]:
    yield
    wait_for(lambda: not [t for t in threading.enumerate() if t.name.startswith(("train ", "write "))])


class Sitting:
    """A bench of a lesson on its own store, as after the app was opened."""

    def __init__(self, lesson: str = "two-layer") -> None:
        self.store = Store(behind=True)
        self.learner = CourseProgress(self.store)
        loaded = load(lesson)
        self.lesson_state = LessonState(loaded, self.learner.open(loaded))

    @property
    def session(self) -> BackgroundRun:
        return self.lesson_state.session

    def choose(self, name: str) -> None:
        self.lesson_state.choose([study.name for study in self.lesson_state.studies].index(name))

    def step(self, times: int = 1) -> None:
        for _ in range(times):
            self.lesson_state.step()
            wait_for(lambda: self.session.idle)
            self.lesson_state.poll()

    def run(self) -> None:
        self.lesson_state.start_or_pause()
        wait_for(lambda: self.session.state in ("finished", "diverged"))
        self.lesson_state.poll()

    def leave(self) -> None:
        self.lesson_state.close()
        self.learner.close()


def paused(home: Path) -> list[str]:
    return [path.name for path in (home / "paused").glob("[!.]*")]


def carried_out(study: Study) -> list[Run]:
    runs = [Run(experiment) for experiment in experiments_of(study)]
    for run in runs:
        list(run)
    return runs


def same(found: Run, expected: Run) -> bool:
    return (
        found.losses.points == expected.losses.points
        and found.fresh_accuracies.points == expected.fresh_accuracies.points
        and (found.train_accuracy, found.fresh_accuracy) == (expected.train_accuracy, expected.fresh_accuracy)
        and all((found.model.parameters[k] == p).all() for k, p in expected.model.parameters.items())
    )


def test_a_sweep_goes_on_where_it_was_put_down_to_the_last_bit():
    lesson = load("two-layer")
    short = replace(
        lesson.study(TWO_UNITS),  # type: ignore[type-var]
        experiments=tuple(replace(e, updates=60) for e in experiments_of(lesson.study(TWO_UNITS))[:4]),
    )
    session = BackgroundRun(short)
    session.speed = 500
    session.start()
    wait_for(lambda: len(session.runs) == 3 and session.runs[2].updates > 5)
    session.stop_with_checkpoint()
    assert session.state == "stopped"
    assert session.checkpoint is not None
    again = BackgroundRun(short)
    again.resume(checkpoint.from_bytes(checkpoint.to_bytes(session.checkpoint)))
    assert again.state == "paused"
    assert again.run.updates == session.run.updates  # type: ignore[union-attr]
    again.start()
    wait_for(lambda: again.state == "finished")
    assert all(same(a, b) for a, b in zip(again.runs, carried_out(short), strict=True))


def test_leaving_a_lesson_pauses_what_trains_and_it_goes_on_there():
    one = Sitting("lstm")
    one.lesson_state.start_or_pause()
    wait_for(lambda: one.session.run and one.session.run.updates >= 2)
    left = one.session
    one.lesson_state.close()
    assert not left.alive
    assert one.session.state == "paused"
    assert one.session.run.updates == left.run.updates  # type: ignore[union-attr]
    assert one.session.snapshot.update == left.run.updates  # type: ignore[union-attr]
    one.step()
    assert one.session.run.updates == left.run.updates + 1  # type: ignore[union-attr]
    one.leave()


def test_a_pause_is_on_disk_before_anyone_leaves(home: Path):
    one = Sitting()
    one.step(3)
    one.store.finish()
    assert len(paused(home)) == 1
    other = Sitting()  # as after a kill
    assert other.session.state == "paused"
    other.leave()
    one.leave()


def test_what_runs_is_put_down_now_and_then(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("toystory.tui.state.lesson_state.CHECKPOINT_INTERVAL", 0.0)
    monkeypatch.setattr("toystory.tui.state.lesson_state.RUNNING_CHECKPOINT_INTERVAL", 0.0)
    one = Sitting("lstm")
    one.lesson_state.start_or_pause()

    def put_down() -> bool:
        one.lesson_state.poll()
        return bool(paused(home))

    wait_for(put_down)
    other = Sitting("lstm")
    assert other.session.state == "paused"
    one.lesson_state.reset()
    one.leave()
    assert paused(home) == []


def test_a_learning_rate_set_by_hand_goes_on():
    one = Sitting()
    one.step(3)
    one.lesson_state.set_learning_rate(0.125)
    one.step(2)
    expected = one.lesson_state.command
    one.leave()
    other = Sitting()
    assert (other.session.learning_rate, other.session.altered) == (0.125, True)
    assert other.lesson_state.command == expected
    other.leave()


def test_what_has_come_to_its_end_is_over_afterwards_too(home: Path):
    one = Sitting()
    one.step(2)
    one.run()
    one.leave()
    assert paused(home) == []
    other = Sitting()
    assert other.session.state == "finished"
    assert same(other.session.runs[0], one.session.runs[0])
    assert other.lesson_state.record.finished.keys() == {FOUR_ROWS}
    verdicts = {text: verdict.measured for text, verdict in one.lesson_state.record.verdicts.items()}
    assert {
        text: verdict.measured for text, verdict in other.lesson_state.record.verdicts.items()
    } == verdicts
    assert verdicts
    before, after = one.session.snapshot, other.session.snapshot
    assert before is not None
    assert after is not None
    assert (after.update, after.loss, after.learning_rate) == (
        before.update,
        before.loss,
        before.learning_rate,
    )
    assert all((after.gradients[name] == values).all() for name, values in before.gradients.items())
    other.leave()


def test_claims_that_need_several_runs_are_judged_with_those_of_another_day():
    names = [study.name for study in load("gate").studies]
    for name in names:
        one = Sitting("gate")
        one.choose(name)
        one.run()
        one.leave()
    last = Sitting("gate")
    assert last.lesson_state.record.claims_hold
    last.leave()


def test_former_runs_and_own_studies_come_back_with_their_curves():
    one = Sitting()
    one.lesson_state.run_custom(replace(one.lesson_state.settings, updates=300))
    wait_for(lambda: one.session.state == "finished")
    one.lesson_state.poll()
    one.lesson_state.set_learning_rate(0.25)
    one.run()
    before = [(past.name, past.run.losses.points) for past in one.lesson_state.record.past]
    command = one.lesson_state.command
    one.leave()
    other = Sitting()
    assert other.lesson_state.study.name == "yours 1: updates 300"
    assert other.lesson_state.command == command
    past = list(other.lesson_state.record.past)
    assert [one.name for one in past] == [name for name, _ in before]
    assert past[1].run is other.session.runs[0], "the run that is looked at is not laid under itself"
    thinned = dict(past[0].run.losses.points)
    whole = dict(before[0][1])
    assert len(thinned) <= 202
    assert {0, 300} <= thinned.keys() <= whole.keys()
    assert all(loss == pytest.approx(whole[update], rel=1e-5) for update, loss in thinned.items())
    with pytest.raises(LookupError, match="not kept"):
        past[0].run.model  # noqa: B018
    other.leave()


def test_a_diverged_run_comes_back_as_one():
    one = Sitting()
    one.lesson_state.set_learning_rate(1e9)
    one.run()
    assert one.session.state == "diverged"
    one.leave()
    other = Sitting()
    assert other.session.state == "diverged"
    assert other.session.message == one.session.message
    assert other.lesson_state.record.finished == {}
    other.leave()


@pytest.mark.parametrize("what", ["damaged", "other code", "other settings"])
def test_a_paused_run_that_cant_go_on_is_set_aside(home: Path, what: str, monkeypatch: pytest.MonkeyPatch):
    one = Sitting()
    one.step()
    one.leave()
    (file,) = (home / "paused").iterdir()
    words = "by another version of the models"
    if what == "damaged":
        file.write_bytes(file.read_bytes()[:300])
        words = "is damaged"
    elif what == "other code":
        monkeypatch.setattr(arithmetic, "VERSION", 0)
    else:
        kept = checkpoint.from_bytes(file.read_bytes())
        kept.facts["experiments"][0]["seed"] = 5
        file.write_bytes(checkpoint.to_bytes(kept))
        words = "other settings"
    contents = file.read_bytes()
    other = Sitting()
    (notice,) = other.learner.notices()
    assert words in notice
    assert "set aside" in notice
    assert other.session.state == "ready"
    (aside,) = (home / "paused").iterdir()
    assert aside.name.startswith("set-aside-")
    assert aside.read_bytes() == contents
    other.leave()


def test_a_run_that_is_begun_anew_leaves_nothing_to_go_on_with(home: Path):
    one = Sitting()
    one.step()
    one.leave()
    other = Sitting()
    assert other.session.state == "paused"
    other.lesson_state.reset()
    other.leave()
    assert paused(home) == []


def test_two_apps_at_once_keep_what_the_other_put_down():
    one, other = Sitting(), Sitting()
    one.step(3)
    other.choose(TWO_UNITS)
    other.step(2)
    one.leave()
    other.leave()
    third = Sitting()
    assert {s.study.name: s.run.updates for s in third.lesson_state.record.sessions.values() if s.run} == {
        FOUR_ROWS: 2,
        TWO_UNITS: 1,
    }
    third.leave()


def test_where_nothing_can_be_written_it_goes_on_in_memory(home: Path, monkeypatch: pytest.MonkeyPatch):
    (home / "file").touch()
    monkeypatch.setenv("TOYSTORY_HOME", str(home / "file"))
    one = Sitting()
    one.lesson_state.record.prediction = 2
    one.run()
    one.choose(TWO_UNITS)
    one.step()
    one.leave()
    assert one.session.state == "paused"
    assert one.lesson_state.record.prediction == 2
    (notice,) = one.learner.notices()
    assert "can't write the record" in notice
    assert "what you do now is not kept" in notice
