"""A session: controls, records, snapshots, and that its thread ends whatever it is doing."""

import math
import threading
from dataclasses import replace

import numpy as np
import pytest

from tests.support.waiting import wait_for
from toystory.course.catalogue import load
from toystory.course.measurements import fresh_accuracy
from toystory.lessons.gate.experiments import ALL_FOUR_ROWS
from toystory.lessons.rnn.experiments import as_alex_did_it
from toystory.training.background import BackgroundRun
from toystory.training.claim import Claim, at_least
from toystory.training.experiment import Experiment
from toystory.training.loop import Training
from toystory.training.run import Runs, over_seeds

SHORT = replace(ALL_FOUR_ROWS, name="short", updates=20)
ENDLESS = replace(ALL_FOUR_ROWS, name="endless", updates=1_000_000_000)


def step(session: BackgroundRun, times: int = 1) -> None:
    for _ in range(times):
        session.step()
    wait_for(lambda: session.idle)


@pytest.fixture(autouse=True)
def no_thread_is_left_over():
    before = threading.active_count()
    yield
    wait_for(lambda: threading.active_count() == before)


def updates(session: BackgroundRun) -> int:
    assert session.run is not None
    return session.run.updates


def test_before_the_start_it_is_ready_and_has_no_thread():
    session = BackgroundRun(SHORT)
    assert (session.state, session.idle, session.alive, session.runs) == ("ready", True, False, [])
    assert session.experiment == SHORT


def test_to_the_end():
    session = BackgroundRun(SHORT)
    session.start()
    wait_for(lambda: session.idle)
    assert session.state == "finished"
    assert session.run.finished
    assert session.run.losses.points[-1][0] == 20
    assert session.message == "made all 20 updates"
    assert session.snapshot.update == 20


def test_a_step_pulls_once_and_then_waits():
    session = BackgroundRun(SHORT)
    step(session)
    assert (session.state, updates(session)) == ("paused", 0)
    step(session)
    assert updates(session) == 1
    step(session, 3)
    assert updates(session) == 4
    session.stop()


def test_the_last_step_ends_the_run():
    session = BackgroundRun(replace(SHORT, updates=1))
    step(session, 2)
    assert session.state == "finished"
    assert session.run.finished


def test_pause_and_go_on():
    session = BackgroundRun(ENDLESS)
    session.start()
    wait_for(lambda: session.run and session.run.updates > 5)
    session.pause()
    wait_for(lambda: session.idle)
    stood_at = updates(session)
    assert session.state == "paused"
    session.start()
    wait_for(lambda: updates(session) > stood_at)
    assert session.state == "running"
    session.stop()
    assert session.state == "stopped"


def test_a_snapshot_is_the_model_of_its_loss():
    session = BackgroundRun(ENDLESS)
    session.start()
    session.request_snapshot()
    wait_for(lambda: session.snapshot)
    session.stop()
    snapshot = session.snapshot
    batch = Training(ENDLESS).fresh_rows(np.random.default_rng(0), 4)
    model = snapshot.build_model()
    assert model.loss(batch.x, batch.y) == pytest.approx(snapshot.loss, rel=1e-12)
    assert snapshot.learning_rate == ENDLESS.learning_rate
    losses = dict(session.run.losses.points)
    if snapshot.update in losses:
        assert losses[snapshot.update] == snapshot.loss


def test_the_snapshot_of_a_pause_is_of_that_moment_and_a_copy():
    session = BackgroundRun(SHORT)
    step(session, 3)
    snapshot = session.snapshot
    assert (snapshot.update, snapshot.loss) == (2, session.run.loss)
    before = {name: values.copy() for name, values in snapshot.parameters.items()}
    step(session, 3)
    assert session.snapshot.update == 5
    for name, values in before.items():
        np.testing.assert_array_equal(snapshot.parameters[name], values)
    session.stop()


def test_the_learning_rate_takes_effect_with_the_next_update():
    session = BackgroundRun(replace(ENDLESS, final_learning_rate=0.5, updates=10))
    step(session)
    session.learning_rate = 0.25
    wait_for(lambda: session.snapshot.learning_rate == 0.25)
    assert session.altered
    plain = Training(replace(ENDLESS, updates=10, learning_rate=0.25, final_learning_rate=0.5))
    expected = [progress.loss for _, progress in zip(range(6), plain, strict=False)]
    losses = [session.run.loss]
    for _ in range(5):
        step(session)
        losses.append(session.run.loss)
    assert losses == expected
    session.stop()


@pytest.mark.parametrize("rate", [0, -1, math.nan, math.inf])
def test_no_learning_rate(rate):
    with pytest.raises(ValueError, match="above zero"):
        BackgroundRun(SHORT).learning_rate = rate


def test_divergence_is_an_end_with_a_message():
    rnn = Experiment(
        name="wild",
        model="TwoLayerNet",
        columns=2,
        hidden=(4,),
        given=((0, 1), (1, 1)),
        updates=999,
        optimizer="gradient descent",
        learning_rate=0.1,
    )
    session = BackgroundRun(rnn, learning_rate=1e6)
    session.start()
    wait_for(lambda: session.idle)
    assert session.state == "diverged"
    assert "diverged at update" in session.message
    assert "1e+06" in session.message


def test_a_sweep_runs_one_after_the_other():
    session = BackgroundRun(over_seeds("sweep", replace(SHORT, updates=2), 3))
    session.start()
    wait_for(lambda: session.idle)
    assert [run.experiment.seed for run in session.runs] == [0, 1, 2]
    assert all(run.finished for run in session.runs)


def test_a_sweep_may_be_stepped_across_its_runs():
    session = BackgroundRun(over_seeds("sweep", replace(SHORT, updates=1), 2))
    step(session, 3)
    assert [run.updates for run in session.runs] == [1, 0]
    session.stop()


def test_claims_are_judged_in_the_thread():
    measured_in: list[str] = []

    def measure(runs: Runs) -> float:
        measured_in.append(threading.current_thread().name)
        return runs.one("short").fresh_accuracy

    mine = Claim("it is right", ("short",), measure, at_least(0))
    both = Claim("both are right", ("short", "another"), fresh_accuracy("another"), at_least(0))
    session = BackgroundRun(SHORT, [mine, both])
    session.start()
    wait_for(lambda: session.idle)
    assert [verdict.claim for verdict in session.verdicts] == [mine]
    assert measured_in == ["train short"]
    session.stop()

    later = BackgroundRun(replace(SHORT, name="another"), [mine, both], {"short": session.runs})
    later.start()
    wait_for(lambda: later.idle)
    assert [verdict.claim for verdict in later.verdicts] == [both]


def test_claims_on_a_run_of_a_stopped_session():
    first = BackgroundRun(SHORT)
    first.start()
    wait_for(lambda: first.idle)
    first.stop()
    claim = Claim(
        "again", ("short", "another"), lambda runs: runs.one("short").accuracy_on_all_rows(), at_least(0)
    )
    second = BackgroundRun(replace(SHORT, name="another"), [claim], {"short": first.runs})
    second.start()
    wait_for(lambda: second.idle)
    assert second.state == "finished"
    assert len(second.verdicts) == 1


def test_an_altered_recipe_is_not_judged():
    session = BackgroundRun(SHORT, [Claim("it is right", ("short",), fresh_accuracy("short"), at_least(0))])
    session.learning_rate = 0.1
    session.start()
    wait_for(lambda: session.idle)
    assert session.state == "finished"
    assert session.verdicts == []


def test_an_error_in_the_thread_is_told():
    def measure(runs: Runs) -> float:
        raise ZeroDivisionError("of no use")

    session = BackgroundRun(SHORT, [Claim("it breaks", ("short",), measure, at_least(0))])
    session.start()
    wait_for(lambda: session.idle)
    assert session.state == "failed"
    assert session.message == "ZeroDivisionError: of no use"


def test_speed_holds_it_back_and_lets_it_go():
    session = BackgroundRun(ENDLESS, speed=0.001)
    session.start()
    wait_for(lambda: session.run and session.run.progress)
    wait_for(lambda: session._waiting)
    assert updates(session) == 0
    session.speed = None
    wait_for(lambda: updates(session) > 10)
    session.stop()


LONG_UPDATE = as_alex_did_it(100_000, updates=1000)


@pytest.mark.parametrize(
    "work",
    [
        pytest.param(lambda: BackgroundRun(LONG_UPDATE), id="a long update"),
        pytest.param(lambda: BackgroundRun(ENDLESS), id="short updates"),
        pytest.param(lambda: BackgroundRun(ENDLESS, speed=0.001), id="held back"),
    ],
)
def test_stop_ends_the_thread_in_the_middle(work):
    session = work()
    session.start()
    wait_for(lambda: session.runs)
    assert session.alive
    session.stop()
    assert not session.alive
    assert session.state == "stopped"


def test_stop_while_paused():
    session = BackgroundRun(SHORT)
    step(session)
    session.stop()
    assert (session.alive, session.state) == (False, "stopped")


def test_stop_in_the_middle_of_a_claim():
    begun = threading.Event()

    def measure(runs: Runs) -> float:
        begun.set()
        while True:
            runs.one("short").accuracy_on_all_rows()

    session = BackgroundRun(SHORT, [Claim("without end", ("short",), measure, at_least(0))])
    session.start()
    assert begun.wait(20)
    assert session.state == "measuring"
    session.stop()
    assert (session.alive, session.state) == (False, "stopped")


def test_stop_before_the_start():
    session = BackgroundRun(SHORT)
    session.stop()
    assert session.state == "stopped"


def test_the_claims_of_a_lesson_hold():
    lesson = load("gate")
    session = BackgroundRun(lesson.studies[0], lesson.claims)
    session.start()
    wait_for(lambda: session.idle)
    assert len(session.verdicts) == 3
    assert all(verdict.passed for verdict in session.verdicts)
