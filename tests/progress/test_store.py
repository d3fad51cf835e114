"""The record: runs, the learner's own studies, exercises, and forgetting."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.run_row import RUN as ONE_RUN
from toystory.progress.exercise_state import ExerciseState
from toystory.progress.rows import CustomStudyRow, FinishedRun, VerdictRow
from toystory.progress.store import Store

RUN = replace(ONE_RUN, altered=True, rates={0: 0.5, 12: 0.1}, loss=None)


def test_a_run_comes_back_as_it_was():
    Store().add_session("gate", runs=[RUN])
    assert Store().runs("gate") == [RUN]
    assert Store().runs("lstm") == []
    line = Store().line("gate")
    assert (line.runs, line.seconds, line.last) == (1, 1.5, RUN.at)


def test_only_the_last_runs_in_their_order():
    store = Store()
    for name in "abcd":
        store.add_session("gate", runs=[replace(RUN, session=name)])
    assert [run.session for run in store.runs("gate", last=2)] == ["c", "d"]


def test_the_last_session_of_a_study_takes_the_place_of_the_one_before():
    store = Store()
    for token, altered in (("a", False), ("b", True), ("c", False)):
        store.add_session("gate", kept=FinishedRun("one update", altered, token, token.encode()))
    assert [(s.token, s.altered, s.kept) for s in store.sessions("gate")] == [
        ("b", True, b"b"),
        ("c", False, b"c"),
    ]


def test_own_studies_come_back_in_their_order():
    own = [
        CustomStudyRow(
            f"yours {n}: seed {9 - n}",
            "one update",
            None,
            [{"name": "a", "model": "MLP", "seed": 9 - n}],
            False,
        )
        for n in (1, 2)
    ]
    for row in own:
        Store().add_own("gate", row)
    assert Store().own("gate") == own


def test_an_exercise_never_loses_what_was_reached():
    store = Store()
    assert store.exercise("gate", "sigmoid") == ExerciseState("gate", "sigmoid", "new", 0, False)
    store.note_exercise("gate", "sigmoid", begun=True)
    store.note_exercise("gate", "sigmoid", hints=2)
    Store().note_exercise("gate", "sigmoid", passed=True)
    store.note_exercise("gate", "sigmoid", hints=1)
    store.note_exercise("gate", "sigmoid", solution=True)
    assert Store().exercises("gate") == {"sigmoid": ExerciseState("gate", "sigmoid", "passed", 2, True)}


def test_forgetting_a_lesson_leaves_the_others():
    store = Store()
    for lesson in ("gate", "lstm"):
        store.set_prediction(lesson, 1)
        store.add_session(lesson, [VerdictRow("it learns", 1.0, True)])
        store.add_session(lesson, runs=[RUN])
        store.note_exercise(lesson, "first", passed=True)
    store.set_place("gate")
    assert store.forget("gate")
    assert set(Store().lines()) == {"lstm"}
    assert (Store().runs("gate"), Store().exercises("gate"), Store().place()) == ([], {}, None)
    assert len(Store().runs("lstm")) == 1
    assert store.forget(None)
    assert Store().lines() == {}


def test_written_behind_it_is_read_in_order():
    store = Store(behind=True)
    for choice in (0, 1, 2, 3):
        store.set_prediction("gate", choice)
    assert store.line("gate").prediction == 3
    assert store.notices() == []


def test_nobody_waits_for_a_disk_that_takes_its_time():
    store = Store(behind=True)
    gate = threading.Event()
    done: list[str] = []
    store.do(gate.wait)
    store.do(lambda: done.append("behind"))
    assert done == [], "it was only asked for"
    gate.set()
    store.finish()
    assert done == ["behind"]


def test_work_that_fails_is_told_and_stops_nothing():
    store = Store(behind=True)
    done: list[str] = []
    store.do(lambda: 1 / 0)
    store.do(lambda: done.append("next"))
    store.finish()
    assert done == ["next"]
    assert ["division by zero" in notice for notice in store.notices()] == [True]


@pytest.mark.parametrize("behind", [False, True])
def test_two_stores_at_once(home: Path, behind: bool):
    a, b = Store(behind=behind), Store(behind=behind)
    a.set_prediction("gate", 1)
    a.finish()
    b.set_answered("gate")
    b.finish()
    line = Store().line("gate")
    assert (line.prediction, line.answered) == (1, True)


def test_the_last_answer_from_memory_counts():
    store = Store()
    for question, said in (("Why?", "no idea"), ("How?", ""), ("Why?", "since w is 0")):
        store.set_recalled("gate", question, said)
    line = Store().line("gate")
    assert line.recalled == {"Why?": "since w is 0", "How?": ""}
    assert line.last is not None
    assert Store().line("lstm").recalled == {}
    assert store.forget("gate")
    assert Store().line("gate").recalled == {}
