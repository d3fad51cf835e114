"""The learner's code in its process: whatever it does, there is a sentence, and nothing of it is left."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from toystory.course.exercises.checks import expect_same
from toystory.course.exercises.exercise import SECONDS, Code, Exercise, all_exercises
from toystory.grading.background_check import Checked, Checker
from toystory.grading.failures import Source
from toystory.grading.sandbox import process, wire
from toystory.grading.sandbox.process import Cancelled, CantStart, LearnerProcess
from toystory.grading.verdict import Verdict, check, check_file

HEAD = "import numpy as np, os, sys, time\ndef sigmoid(z):\n"
RIGHT = "    return 1 / (1 + np.exp(-z))\n"
POSIX = hasattr(os, "fork")


def check_sigmoid(code: Code) -> None:
    for shape in ((1,), (3, 4)):
        z = np.random.default_rng(0).normal(size=shape)
        expect_same(code("sigmoid", z), 1 / (1 + np.exp(-z)), "sigmoid(z)", z=z)


EXERCISE = Exercise("gate", "sigmoid", "Sigmoid", 1, "heart", "", "", "", (), "", check_sigmoid)


def judge(text: str) -> Verdict:
    return check(EXERCISE, Source("sigmoid.py", text))


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time limit, shorter than a learner has it; on a busy machine it takes long to use it up."""
    monkeypatch.setitem(globals(), "EXERCISE", replace(EXERCISE, seconds=0.6))
    monkeypatch.setattr(process, "WALL_CLOCK", 60.0)


def test_a_check_has_five_seconds() -> None:
    assert SECONDS == 5


def test_what_is_right_passes_and_what_it_prints_is_shown() -> None:
    verdict = judge(HEAD + "    print('z is', z[0].shape)\n" + RIGHT)
    assert verdict.passed
    assert verdict.output.splitlines()[0] == "z is ()"
    assert "z is ()" in verdict.text()


USED = "sigmoid was still running after 0.6 seconds of processor time, in line "
WAITED = "sigmoid was still not done after 3 seconds, in line 3, in which it used the processor little"
ENDLESS = {
    "    while True:\n        pass\n": USED,
    "    while True:\n        z = z + 1\n": USED,
    "    sum(range(10**12))\n": USED + "3",
    "    time.sleep(1000)\n": WAITED,
    "    while True: print('hello')\n": "sigmoid was still running after",
}


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("body", ENDLESS)
def test_what_never_ends_is_stopped_and_told_where(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if "sleep" in body:
        monkeypatch.setattr(process, "WALL_CLOCK", 5.0)
    verdict = judge(HEAD + body)
    assert not verdict.passed
    assert ENDLESS[body] in verdict.sentence
    assert len(verdict.output) <= process.KEPT
    assert len(verdict.text()) < 3000


@pytest.mark.usefixtures("hurried")
def test_a_file_that_never_ends_is_stopped() -> None:
    assert "sigmoid.py was still running" in judge("while True: pass").sentence


def test_who_prints_much_and_is_right_is_right() -> None:
    verdict = judge(HEAD + "    os.write(1, b'x' * 12_000_000)\n" + RIGHT)
    assert verdict.passed
    assert verdict.cut > 20_000_000


@pytest.mark.usefixtures("hurried")
def test_who_prints_without_end_is_told_what_was_printed() -> None:
    verdict = judge(HEAD + "    while True: os.write(1, b'x' * 100_000)\n")
    assert "still running after" in verdict.sentence, "of the processor, or by the clock of a busy machine"
    assert "had printed" in verdict.sentence


SENTENCES = {
    "no bracket": (HEAD + "    return (1\n", ["not Python", "line 3, column 12", "'(' was never closed"]),
    "no indentation": (HEAD + "return 1\n", ["not Python", "line 3", "expected an indented block"]),
    "recursion": (HEAD + "    return sigmoid(z)\n", ["calls itself", "line 3"]),
    "exit": (HEAD + "    sys.exit()\n", ["ends the program with exit", "line 3", "return"]),
    "exit while it is loaded": ("import sys\nsys.exit(0)\n", ["sigmoid.py ends the program", "line 2"]),
    "os._exit": (HEAD + "    os._exit(0)\n", ["ended its own process", "exit code 0"]),
    "os._exit while it is loaded": ("import os\nos._exit(0)\n", ["sigmoid.py ended its own process"]),
    "10 GB": (HEAD + "    return np.zeros(10 * 2**30 // 8)\n", ["more memory than the 2 GB", "line 3"]),
    "nothing": (HEAD + "    pass\n", ["sigmoid(z) returned nothing", "`return`"]),
    "another name": (
        HEAD.replace("sigmoid", "sigmiod") + RIGHT,
        ["no function named", "did you mean sigmiod"],
    ),
    "no function": ("sigmoid = 3\n", ["is no function", "def sigmoid"]),
    "no argument": ("def sigmoid():\n    return 1\n", ["takes 0 positional arguments"]),
    "input": (HEAD + "    input()\n", ["waits for something to be typed", "line 3"]),
    "a module that is not there": ("import no_such_module\n", ["imports what is not there", "line 1"]),
    "an exception": (HEAD + "    return z / [][0]\n", ["raised IndexError: list index out of range"]),
    "garbage": (
        HEAD
        + "    for fd in range(3, 20):\n        try: os.write(fd, b'x' * 99)\n        except OSError: pass\n"
        + RIGHT,
        ["made no sense"],
    ),
    "all closed": (HEAD + "    os.closerange(0, 99)\n    time.sleep(99)\n", ["ended its own process"]),
    "killed": (HEAD + "    os.kill(os.getpid(), 9)\n", ["ended its own process"]),
    "too much": (HEAD + "    return np.zeros(10**8, dtype='u1')\n", ["more than 16 MB"]),
    "a circle": (HEAD + "    x = []\n    x.append(x)\n    return x\n", ["contains itself"]),
    "a generator": (HEAD + "    return (x for x in z)\n", ["returned a generator"]),
    "an object": (HEAD + "    return object()\n", ["returned an object"]),
    "objects": (HEAD + "    return np.array([None])\n", ["an array of Python objects"]),
    "strings": (HEAD + "    return np.array(['a'])\n", ["other than numbers"]),
    "a string": (HEAD + "    return '0.5'\n", ["an array of shape (1,) and is the string '0.5'"]),
    "a huge number": (HEAD + "    return 10**5000\n", ["thousands of digits"]),
    "a long list": (HEAD + "    return list(range(10**6))\n", ["100,000 entries"]),
    "an odd key": (HEAD + "    return {None: 1}\n", ["a dict with a NoneType for a key"]),
    "few digits": (HEAD + "    return (1 / (1 + np.exp(-z))).astype('f2')\n", ["float16 holds fewer digits"]),
    "NaN": (HEAD + "    return z * np.nan\n", ["is NaN"]),
    "another shape": (HEAD + "    return z[0]\n", ["an array of shape (1,) and is one number"]),
    "the answers printed": (HEAD + "    print('It is right.')\n", ["returned nothing"]),
    "whole numbers": (
        HEAD + "    return (z * 0).astype(int)\n",
        ["should hold floats and holds whole numbers"],
    ),
    "no text": ("def sigmoid(z):\n    return 'a\ud7ff'\n", ["and is the string"]),
}


@pytest.mark.skipif(not POSIX, reason="signals and limits of POSIX")
@pytest.mark.parametrize("name", SENTENCES)
def test_each_gets_its_sentence(name: str) -> None:
    text, parts = SENTENCES[name]
    verdict = judge(text)
    assert not verdict.passed
    assert [part for part in parts if part not in verdict.sentence] == [], verdict.sentence
    assert "\n" not in verdict.sentence


def test_the_traceback_is_cut_to_the_learners_lines() -> None:
    verdict = judge(HEAD + "    return helper(z)\n\ndef helper(z):\n    return np.reshape(z, (7, 7))\n")
    assert verdict.trace == (
        "line 3, in sigmoid: return helper(z)",
        "line 6, in helper: return np.reshape(z, (7, 7))",
    )
    assert verdict.given == {"z": "[0.12573]"}


def test_who_changes_numpy_is_told_and_not_believed() -> None:
    patch = "np.exp = lambda x: x\nnp.allclose = lambda *a, **k: True\nnp.abs = lambda x: 0 * x\n"
    verdict = judge(HEAD + RIGHT + patch)
    assert not verdict.passed
    assert "should be 0.531391" in verdict.sentence
    assert "numpy.exp" in verdict.notes[0]


CHEATS = (
    "class All(np.ndarray):\n    def __eq__(self, other): return True\n"
    "    __sub__ = __rsub__ = lambda self, other: 0\n"
    "def sigmoid(z): return np.zeros(z.shape).view(All)\n",
    "class Number(float):\n    def __eq__(self, other): return True\n    def __hash__(self): return 0\n"
    "def sigmoid(z): return Number(3)\n",
    "import atexit, threading\natexit.register(print, 'passed')\n"
    "threading.Thread(target=lambda: print('{\"passed\": true}')).start()\ndef sigmoid(z): return z\n",
    "import json, sys\nfor m in list(sys.modules.values()):\n    if hasattr(m, 'Verdict'): m.Verdict = None\n"
    "def sigmoid(z): return {'passed': True, 'ok': True}\n",
    "from toystory.lessons.gate.exercises.sigmoid import sigmoid\n",
    "from toystory.models.parts.activations import sigmoid\n",
)


@pytest.mark.parametrize("text", CHEATS)
def test_no_trick_makes_a_wrong_answer_right(text: str) -> None:
    assert not judge("import numpy as np\n" + text).passed


def test_the_program_itself_is_not_there_to_be_asked() -> None:
    verdict = judge("from toystory.lessons.gate.exercises.sigmoid import sigmoid\n")
    assert "imports toystory.lessons from this program (line 1)" in verdict.sentence


def test_a_list_of_the_answers_that_were_told_is_not_enough() -> None:
    exercise = next(each for each in all_exercises() if each.key == "gate/sigmoid")
    answers: list[tuple[object, object]] = []

    def written_down(function: str, /, *arguments: Any) -> Any:
        assert exercise.solved is not None
        answer = exercise.solved(function, *arguments)
        answers.append((arguments[0].tolist(), answer.tolist()))
        return answer

    exercise.check(written_down)
    text = (
        f"import numpy as np\nTOLD = {answers!r}\n"
        "def sigmoid(z):\n    for given, answer in TOLD:\n        if given == z.tolist():\n"
        "            return np.array(answer)\n    return 0 * z\n"
    )
    verdict = check(exercise, Source("sigmoid.py", text))
    assert not verdict.passed
    assert "drawn for this check alone" in verdict.text()


DATA = b64encode(bytes(16)).decode()


@pytest.mark.parametrize(
    "value",
    [
        {"array": DATA, "dtype": "<f8", "shape": [10**30], "scalar": False},
        {"array": DATA, "dtype": "<f8", "shape": [3], "scalar": False},
        {"array": DATA, "dtype": "<f8", "shape": [-2], "scalar": False},
        {"array": DATA, "dtype": "O", "shape": [2], "scalar": False},
        {"array": DATA, "dtype": "<f8", "shape": [2]},
        {"array": 3, "dtype": "<f8", "shape": [2], "scalar": False},
        {"dict": [[[1], 2]]},
        {"tuple": 3},
    ],
)
def test_what_is_no_value_is_no_message(value: object) -> None:
    with pytest.raises(wire.BadMessage):
        wire.read(io.BytesIO(json.dumps({"ok": True, "value": value}).encode() + b"\n"))


@pytest.mark.parametrize(
    "line",
    [b"[]\n", b"7\n", b"{}\n", b"nonsense\n", b'{"value": 1}', b"[" * 10**6 + b"\n", b"[],[]," * 10**6],
)
def test_what_is_no_message_is_not_taken_for_one(line: bytes) -> None:
    with pytest.raises(wire.BadMessage):
        wire.read(io.BytesIO(line))


@pytest.mark.skipif(not POSIX, reason="forks")
@pytest.mark.parametrize("leave", ["", "        os.setsid()\n"])
def test_what_it_has_started_is_ended_with_it(leave: str) -> None:
    body = f"    pid = os.fork()\n    if pid == 0:\n{leave}        time.sleep(1000)\n    return pid\n"
    text = f"import os, time\ndef spawn():\n{body}"
    if leave and not Path("/proc").exists():
        pytest.skip("only Linux tells who has left the group")
    with LearnerProcess() as learner:
        assert "ok" in learner.load("x.py", text)
        _, pid = learner.call("spawn", ())
        assert runs(pid)
        assert runs(learner.pid)
    assert not runs(learner.pid)
    wait_until(lambda: not runs(pid))  # killed: the system takes a moment to bury it


@pytest.mark.skipif(not Path("/proc").exists(), reason="only Linux tells who has left the group")
def test_what_has_left_the_group_and_forgotten_where_it_comes_from_is_ended_too() -> None:
    body = "    return subprocess.Popen(['sleep', '1000'], env={}, start_new_session=True).pid\n"
    with LearnerProcess() as learner:
        learner.load("x.py", f"import subprocess\ndef spawn():\n{body}")
        _, pid = learner.call("spawn", ())
        assert runs(pid)
    wait_until(lambda: not runs(pid))


def test_cancelling_ends_it_at_once() -> None:
    cancel = threading.Event()
    began = threading.Event()
    found: list[BaseException] = []
    pids: list[int] = []

    def work() -> None:
        try:
            with LearnerProcess(cancel) as learner:
                pids.append(learner.pid)
                learner.load("x.py", "import time\ndef f():\n    time.sleep(1000)\n")
                began.set()
                learner.call("f", ())
        except Cancelled as error:
            found.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert began.wait(30)
    cancel.set()
    thread.join(30)
    assert found
    wait_until(lambda: not runs(pids[0]))


def test_it_says_when_there_is_no_process_to_run_it_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(CantStart, match="no process can be started"):
        judge(HEAD + RIGHT)
    monkeypatch.undo()
    monkeypatch.setattr(process, "BOOT", "import no_such_module")
    with pytest.raises(CantStart, match="No module named 'no_such_module'"):
        judge(HEAD + RIGHT)


def test_it_says_when_there_is_no_folder_to_run_it_in(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("tempfile.gettempdir", refuse)
    with pytest.raises(CantStart, match="no temporary folder can be made"):
        judge(HEAD + RIGHT)
    checker = Checker()
    checker.start(EXERCISE, Source("sigmoid.py", HEAD + RIGHT))
    checked: list[Checked] = []
    wait_until(lambda: checked.append(found) if (found := checker.poll()) else bool(checked))
    assert checked[0].verdict.sentence.startswith("the check broke down: no temporary folder can be made")


@pytest.mark.skipif(not POSIX, reason="processor time and signals of POSIX")
def test_a_slow_machine_ends_nothing_that_is_right() -> None:
    """What counts is the processor's time, not the clock on the wall."""
    exercise = replace(EXERCISE, seconds=0.5)
    slow = HEAD + "    time.sleep(0.6)\n" + RIGHT
    assert check(exercise, Source("sigmoid.py", slow)).passed


AT_REST = (
    "import time\nfrom toystory.grading.sandbox.process import LearnerProcess\n"
    "with LearnerProcess() as learner:\n    learner.load('x.py', 'x = 1')\n    time.sleep(1000)\n"
)
ASLEEP = "import os, time\nif hasattr(os, 'fork'):\n    os.fork()\ntime.sleep(1000)\n"


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize(
    "command",
    [("-c", AT_REST), ("-m", "toystory", "check", "sigmoid.py"), ("-m", "toystory", "grade", "class")],
    ids=["at rest", "asleep in a check", "asleep in a class's"],
)
def test_whatever_it_does_it_ends_with_the_program_that_is_killed(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "class" / "alex").mkdir(parents=True)
    for folder in (tmp_path, tmp_path / "class" / "alex"):
        (folder / "sigmoid.py").write_text(f"{HEAD}{RIGHT}\n{ASLEEP}")
    (temporary := tmp_path / "temporary").mkdir()

    def at_work() -> list[Path]:
        there = [entry for entry in Path("/proc").glob("[0-9]*") if runs(int(entry.name))]
        return [entry for entry in there if _working_folder(entry).is_relative_to(temporary)]

    with subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.DEVNULL,
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(Path(__file__).parents[3])},
        start_new_session=True,
    ) as checking:
        wait_until(lambda: len(at_work()) == (1 if "-c" in command else 2))
        checking.kill()
    wait_until(lambda: not at_work() and not list(temporary.iterdir()))


def _working_folder(process: Path) -> Path:
    try:
        return (process / "cwd").readlink()
    except OSError:  # it is gone
        return Path("/")


def test_a_folder_that_was_left_long_ago_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    old, new = tmp_path / f"{process.PREFIX}old", tmp_path / f"{process.PREFIX}new"
    for folder, age in ((old, 2 * process.LONG_AGO), (new, 0.0)):
        folder.mkdir()
        os.utime(folder, (time.time() - age,) * 2)
    assert judge(HEAD + RIGHT).passed
    assert list(tmp_path.iterdir()) == [new]


BAD_FILES: dict[str, tuple[bytes, str]] = {
    "latin.py": ("# Grüße\n".encode("latin-1"), "is not UTF-8 text (the byte 0xfc in line 1)"),
    "null.py": (b"x = 1\n\0\n", "null byte in line 2"),
    "large.py": (b"#" * 300_000, "larger than 256 KB"),
    "empty.py": (b"", "has no function named sigmoid"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_no_program_gets_its_sentence(tmp_path: Path, name: str) -> None:
    data, sentence = BAD_FILES[name]
    (tmp_path / name).write_bytes(data)
    verdict = check_file(EXERCISE, tmp_path / name)
    assert not verdict.passed
    assert sentence in verdict.sentence


def test_a_file_that_is_not_there_and_one_that_is_a_folder(tmp_path: Path) -> None:
    assert "there is no file" in check_file(EXERCISE, tmp_path / "no.py").sentence
    assert "can't be read" in check_file(EXERCISE, tmp_path).sentence


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    file = tmp_path / "sigmoid.py"
    file.write_bytes(b"\xef\xbb\xbf" + (HEAD + RIGHT).replace("\n", "\r\n").encode())
    assert check_file(EXERCISE, file).passed


def test_no_colours_and_cursors_of_the_learners_reach_the_terminal() -> None:
    verdict = judge(HEAD + "    print('\\x1b[31mred\\x1b[2J')\n    raise ValueError('\\x1b[H')\n")
    assert "\x1b" not in verdict.text()


def test_the_folder_it_works_in_is_gone_afterwards() -> None:
    text = "import os\ndef where():\n    open('x', 'w').write('y')\n    return os.getcwd()\n"
    with LearnerProcess() as learner:
        learner.load("x.py", text)
        _, folder = learner.call("where", ())
        assert Path(folder).is_dir()
    assert not Path(folder).exists()


def runs(pid: int) -> bool:
    """Whether the process is there, and more than a name in a table."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return not Path("/proc/self").exists()


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        threading.Event().wait(0.02)
