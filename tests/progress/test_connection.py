"""The file of the record: what a kill, damage, a newer program and a full disk do to it."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from toystory.cli.main import main
from toystory.course.catalogue import load
from toystory.lessons.two_layer.experiments import FOUR_ROWS
from toystory.progress.connection import NAME, PATIENCE
from toystory.progress.lesson_progress import CourseProgress
from toystory.progress.review import Review
from toystory.progress.rows import VerdictRow
from toystory.progress.schema import FORMAT
from toystory.progress.store import Store
from toystory.progress.studies import CustomStudy
from toystory.training.background import BackgroundRun

WRITER = """
import sys
from toystory.progress.lesson_progress import CourseProgress
from toystory.progress.studies import CustomStudy
from toystory.progress.rows import VerdictRow
from toystory.progress.store import Store
store = Store()
lesson = sys.argv[1]
for number in range(int(sys.argv[2]), int(sys.argv[3])):
    store.add_session(lesson, [VerdictRow(f"claim {number}", float(number), True)])
    print(number, flush=True)
"""


def start_writer(lesson: str, first: int = 0, end: int = 10**6) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", WRITER, lesson, str(first), str(end)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


def claims(lesson: str) -> list[str]:
    return sorted(Store().line(lesson).verdicts, key=lambda text: int(text.split()[1]))


def notices_of_a_new_store() -> list[str]:
    store = Store()
    store.check()
    store.lines()
    store.set_prediction("gate", 1)
    assert store.line("gate").prediction == 1, "a new record takes what comes now"
    return store.notices()


def set_aside(home: Path) -> list[Path]:
    return [path for path in home.iterdir() if path.name.startswith("set-aside-") and path.suffix]


def test_what_is_written_is_there_again():
    store = Store()
    store.set_prediction("gate", 2)
    store.add_session("gate", [VerdictRow("it learns", 0.75, True)])
    store.set_place("gate")
    again = Store()
    assert again.line("gate").prediction == 2
    assert again.line("gate").verdicts == {"it learns": (0.75, True)}
    assert again.place() == "gate"
    assert again.notices() == []


def test_reading_makes_no_file(home: Path):
    store = Store()
    assert (store.lines(), store.place(), store.runs("gate"), store.exercises("gate")) == ({}, None, [], {})
    assert list(home.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="it has no SIGKILL")
@pytest.mark.parametrize("kills", [6, pytest.param(200, marks=pytest.mark.slow)])
def test_a_kill_at_any_moment_loses_nothing_that_was_there(kills: int):
    chance = random.Random(0)
    said = 0
    for _ in range(kills):
        writer = start_writer("gate", said)
        assert writer.stdout is not None
        for _ in range(chance.randrange(1, 12)):
            line = writer.stdout.readline()
        os.kill(writer.pid, signal.SIGKILL)
        rest = writer.stdout.read()
        writer.stdout.close()
        writer.wait()
        last = int(([line, *rest.splitlines()])[-1])
        found = claims("gate")
        assert found[: last + 1] == [f"claim {number}" for number in range(last + 1)]
        assert len(found) <= last + 2, "at most one more than it had time to say"
        said = len(found)
    store = Store()
    store.check()
    assert store.notices() == []


def test_two_writers_keep_each_others_doings():
    writers = [start_writer(name, 0, 25) for name in ("gate", "gate", "lstm")]
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    assert len(claims("gate")) == len(claims("lstm")) == 25


def random_bytes(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(20_000))


def truncated(path: Path) -> None:
    contents = path.read_bytes()
    path.write_bytes(contents[: len(contents) // 2 + 100])


def zeros_in_the_middle(path: Path) -> None:
    contents = bytearray(path.read_bytes())
    contents[4096:12288] = bytes(8192)
    path.write_bytes(contents)


def a_text(path: Path) -> None:
    path.write_text("my diary")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "something").write_text("of mine")


def another_program(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name)")
    connection.close()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (random_bytes, "damaged"),
        (truncated, "damaged"),
        (zeros_in_the_middle, "damaged"),
        (a_text, "damaged"),
        (a_folder, "a folder"),
        (another_program, "some other program"),
    ],
)
def test_what_is_no_record_is_set_aside_with_a_sentence(
    home: Path, damage: Callable[[Path], None], words: str
):
    store = Store()
    for number in range(6):
        store.add_session("gate", [VerdictRow(f"claim {number} " + "x" * 3000, 1.0, True)])
    store.note_exercise("gate", "sigmoid", begun=True)
    damage(home / NAME)
    before = (home / NAME).read_bytes() if (home / NAME).is_file() else None
    (notice,) = notices_of_a_new_store()
    assert words in notice
    assert "set aside" in notice
    (aside,) = set_aside(home)
    assert str(aside) in notice
    if before is not None:
        assert aside.read_bytes() == before
    else:
        assert (aside / "something").read_text() == "of mine"
    assert notices_of_a_new_store() == []


def test_programs_that_find_the_same_damage_set_it_aside_once(home: Path):
    (home / NAME).write_text("no record")
    writers = [start_writer(name, 0, 3) for name in ("gate", "lstm", "rnn")]
    for writer in writers:
        writer.communicate()
    assert [len(claims(name)) for name in ("gate", "lstm", "rnn")] == [3, 3, 3]
    assert [path.read_text() for path in set_aside(home)] == ["no record"]


def test_an_empty_file_is_a_new_record(home: Path):
    (home / NAME).touch()
    assert notices_of_a_new_store() == []
    assert set_aside(home) == []


def as_of_format(path: Path, number: int) -> None:
    """As the program wrote it before the tables that came since: answers from memory, marks, reviews."""
    with sqlite3.connect(path) as connection:
        for table in ("review", "mark", "recall")[: 4 - number]:
            connection.execute(f"DROP TABLE {table}")
        connection.execute(f"PRAGMA user_version = {number}")
    connection.close()


@pytest.mark.parametrize("number", range(1, FORMAT))
def test_a_record_of_a_format_before_is_read_and_given_what_it_lacks(home: Path, number: int):
    Store().set_prediction("gate", 2)
    as_of_format(home / NAME, number)
    before = (home / NAME).read_bytes()
    store = Store()
    line = store.line("gate")
    assert (line.prediction, line.recalled, line.marks, line.reviews) == (2, {}, frozenset(), {})
    assert (home / NAME).read_bytes() == before, "reading changes nothing"
    store.set_recalled("gate", "Why?", "so")
    store.set_mark("gate", "Story", True)
    store.set_review("gate", "Why?", Review(0, 0, 2))
    line = store.line("gate")
    assert (line.prediction, line.recalled, line.marks) == (2, {"Why?": "so"}, {"Story"})
    assert line.reviews == {"Why?": Review(0, 0, 2)}
    store.set_mark("gate", "Story", False)
    assert store.line("gate").marks == frozenset()
    assert store.notices() == []
    assert set_aside(home) == []


def test_set_aside_twice_keeps_both(home: Path):
    for text in ("one", "two"):
        (home / NAME).write_text(text)
        notices_of_a_new_store()
    assert sorted(path.read_text() for path in set_aside(home)) == ["one", "two"]


def test_a_home_that_cant_be_made_costs_one_sentence(home: Path, monkeypatch: pytest.MonkeyPatch):
    (home / "file").touch()
    monkeypatch.setenv("TOYSTORY_HOME", str(home / "file" / "within"))
    store = Store()
    store.set_prediction("gate", 1)
    store.set_prediction("gate", 2)
    assert store.line("gate").prediction is None
    (notice,) = store.notices()
    assert "can't write the record" in notice
    assert "not kept" in notice


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_home_can_be_read(home: Path):
    Store().set_prediction("gate", 1)
    (home / NAME).chmod(0o400)
    home.chmod(0o500)
    try:
        store = Store()
        store.set_prediction("gate", 2)
        assert store.line("gate").prediction == 1
        (notice,) = store.notices()
        assert "can't write the record" in notice
    finally:
        home.chmod(0o700)


def test_a_record_of_a_newer_program_is_left_as_it_is(home: Path):
    Store().set_prediction("gate", 1)
    with sqlite3.connect(home / NAME) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = (home / NAME).read_bytes()
    store = Store()
    store.check()
    store.set_prediction("gate", 2)
    assert store.line("gate").prediction is None
    assert not store.forget(None)
    (notice,) = store.notices()
    assert f"newer toystory (format 99, and this one reads {FORMAT}): it is left as it is" in notice
    assert (home / NAME).read_bytes() == before
    assert os.listdir(home) == [NAME]


@pytest.fixture
def held(home: Path) -> Iterator[sqlite3.Connection]:
    """The record, locked by another program."""
    Store().set_prediction("gate", 1)
    other = sqlite3.connect(home / NAME, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    yield other
    other.close()


def test_a_record_that_another_holds_is_read_and_costs_one_sentence_and_one_wait(
    held: sqlite3.Connection, home: Path, monkeypatch: pytest.MonkeyPatch
):
    waits: list[float] = []
    connect = sqlite3.connect

    def counting(*args: Any, timeout: float, **options: Any) -> sqlite3.Connection:
        waits.append(timeout)
        return connect(*args, timeout=timeout / 10, **options)

    monkeypatch.setattr(sqlite3, "connect", counting)
    store = Store()
    for choice in (2, 3):
        assert store.line("gate").prediction == 1
        store.set_prediction("gate", choice)
    assert sum(waits) == PATIENCE
    reading, writing = store.notices()
    assert "it is read as it was" in reading
    assert "another program holds it" in writing
    held.execute("ROLLBACK")
    store.set_prediction("gate", 4)
    assert Store().line("gate").prediction == 4, "what comes after it is free is kept"
    assert set_aside(home) == []


def test_where_locks_do_not_work_the_record_is_kept_all_the_same(
    held: sqlite3.Connection, home: Path, monkeypatch: pytest.MonkeyPatch
):
    """Such a file system says of every lock that another program has it."""
    monkeypatch.setattr("toystory.progress.connection._locks_work", lambda folder: False)
    (home / f"{NAME}.lock").mkdir()
    os.utime(home / f"{NAME}.lock", (1, 1))
    store = Store()
    store.set_prediction("gate", 2)
    assert store.line("gate").prediction == 2
    assert store.notices() == []
    assert os.listdir(home) == [NAME]


ODD = (
    None,
    "",
    "abc",
    "[]",
    "{}",
    "[{}]",
    '{"a": [[1, null]]}',
    '{"name": 1}',
    "[" * 5000,
    b"\xff\x00",
    -1,
    10**18,
    1.5,
)
TABLES_OF_TEXT = (
    "lesson",
    "verdict",
    "run",
    "session",
    "own",
    "exercise",
    "place",
    "recall",
    "mark",
    "review",
)


@pytest.mark.parametrize("thorough", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_no_odd_value_in_any_column_ends_in_a_traceback(
    home: Path, capsys: pytest.CaptureFixture[str], thorough: bool
):
    write_some_of_everything()
    whole = (home / NAME).read_bytes()
    connection = sqlite3.connect(home / NAME)
    columns = [
        (table, row[1])
        for table in TABLES_OF_TEXT
        for row in connection.execute(f"PRAGMA table_info({table})")
    ]
    connection.close()
    lesson = load("two-layer")
    for place, (table, column) in enumerate(columns):
        for odd in ODD if thorough else [ODD[place % len(ODD)]]:
            (home / NAME).write_bytes(whole)
            with suppress(sqlite3.Error), sqlite3.connect(home / NAME) as connection:
                connection.execute(f"UPDATE {table} SET {column} = ?", [odd])
            connection.close()
            learner = CourseProgress(Store())
            assert learner.place in (None, lesson.name)
            learner.open(lesson)
            if thorough:
                assert main(["progress", "--json"]) == 0
                assert main(["progress", "--plain"]) == 0
    capsys.readouterr()
    assert set_aside(home) == []


def write_some_of_everything() -> None:
    """A row in every table, each of which the program itself has written."""
    lesson = load("two-layer")
    learner = CourseProgress(Store())
    record = learner.open(lesson)
    record.prediction, record.answered = 1, True
    record.recall("Why?", "so")
    record.mark("next")
    record.review("Why?", 0, 3, 9)
    record.be_at("Train", lesson.studies[0].name)
    learner.place = lesson.name
    assert record.store is not None
    record.store.note_exercise(lesson.name, "forward", begun=True, hints=1)
    made = replace(FOUR_ROWS, name="yours 1: updates 3", updates=3)
    record.add_own(CustomStudy(made, FOUR_ROWS.name))
    session = BackgroundRun(replace(FOUR_ROWS, updates=3), lesson.claims, {})
    session.start()
    while session.state != "finished":
        time.sleep(0.001)
    record.take_over(session)
    record.store.finish()


FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
from toystory.progress.lesson_progress import CourseProgress
from toystory.progress.studies import CustomStudy
from toystory.progress.rows import VerdictRow
from toystory.progress.store import Store
store = Store()
for number in range(40):
    store.add_session("gate", [VerdictRow(f"claim {number} " + "x" * 4000, 1.0, True)])
print(store.notices())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such limit")
def test_a_full_disk_costs_one_sentence_and_leaves_what_was_there(home: Path):
    done = subprocess.run(
        [sys.executable, "-c", FULL], capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("can't write the record") == 1
    store = Store()
    store.check()
    assert 0 < len(store.line("gate").verdicts) < 40
    assert store.notices() == []
    assert set_aside(home) == []
