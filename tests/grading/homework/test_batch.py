"""A class at once: what one does costs only its own time."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import ClassVar

import pytest

from toystory.course.exercises.exercise import exercises_of
from toystory.grading.failures import Source
from toystory.grading.homework import batch
from toystory.grading.homework.alike import fingerprint, own_statements
from toystory.grading.homework.batch import Graded, grade
from toystory.grading.homework.submissions import Submission

SIGMOID = next(exercise for exercise in exercises_of("gate") if exercise.name == "sigmoid")
BACKWARD = next(exercise for exercise in exercises_of("two-layer") if exercise.name == "backward")
HEAD = "import os, signal, sys, time\nimport numpy as np\n\n\ndef sigmoid(z):\n"
RIGHT = HEAD + "    return 1 / (1 + np.exp(-z))\n"
SOLUTION_FILE = Path(sys.modules["toystory.lessons"].__path__[0]) / "gate" / "exercises" / "sigmoid.py"


def handed_in(**texts: str) -> list[Submission]:
    return [
        Submission(student, f"{student}.py", SIGMOID, Source(f"{student}.py", text))
        for student, text in texts.items()
    ]


def by_student(graded: list[Graded]) -> dict[str, Graded]:
    return {each.submission.student: each for each in graded}


def test_each_gets_its_own_verdict_whatever_the_others_do() -> None:
    rows = handed_in(
        right=RIGHT,
        wrong=HEAD + "    return z\n",
        kills=HEAD + "    os.kill(os.getppid(), signal.SIGKILL)\n",
        crashes=HEAD + "    os.abort()\n",
        ends=HEAD + "    os._exit(0)\n",
        prints=HEAD + "    os.write(1, b'x' * 12_000_000)\n    return 1 / (1 + np.exp(-z))\n",
        right_too=RIGHT + "\n# with a comment\n",
        unchanged=SIGMOID.start,
    )
    told: list[Graded] = []
    graded = by_student(grade(rows, 2, told.append))
    assert {name for name, each in graded.items() if each.passed} == {"right", "right_too", "prints"}
    assert len(told) == len(rows)
    said = {name: each.verdict.sentence for name, each in graded.items()}
    assert "should be" in said["wrong"]
    assert "not permitted" in said["kills"] or "was ended while" in said["kills"]
    assert "broke down" in said["crashes"]
    assert "ended its own process" in said["ends"]
    assert said["unchanged"] == batch.UNCHANGED
    assert "the same as right_too; so short" in graded["right"].suspicious[0]


@pytest.mark.slow
def test_what_hangs_costs_its_own_limit_alone() -> None:
    endless = HEAD + "    while True: pass\n"
    rows = handed_in(sleeps=HEAD + "    time.sleep(3600)\n", loops=endless, right=RIGHT)
    began = time.monotonic()
    graded = by_student(grade(rows, 2))
    assert time.monotonic() - began < 90
    assert "does it wait for something?" in graded["sleeps"].verdict.sentence
    assert "is there a loop without an end?" in graded["loops"].verdict.sentence
    assert graded["right"].passed


class Dying:
    """A worker whose process is ended by some files, and by others only once: they were beside it."""

    died: ClassVar[set[str]] = set()

    def check(self, exercise: object, source: Source, wall_clock: float) -> batch.Verdict:
        if source.name == "kills.py" or (source.name == "beside.py" and source.name not in self.died):
            self.died.add(source.name)
            raise batch.Died
        return batch.Verdict(True, "It is right.")

    def stop(self, at_once: bool = False) -> None:
        pass


def test_who_was_only_beside_a_killed_process_is_judged_again() -> None:
    rows = handed_in(kills="k = 1", beside="b = 1", fine="f = 1")
    graded = by_student(grade(rows, 1, workers=Dying))  # type: ignore[arg-type]
    assert graded["beside"].passed
    assert graded["fine"].passed
    assert "was ended while this file ran" in graded["kills"].verdict.sentence
    assert graded["kills"].suspicious


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        (HEAD + f"    return open({str(SOLUTION_FILE)!r}).read() and z\n", "reads this program's lessons"),
        (HEAD + "    sys.meta_path.pop(0)\n    import toystory.lessons.gate.exercises.sigmoid as s\n"
         "    return s.sigmoid(z)\n", "imports toystory"),
        (HEAD + "    os.system('true')\n    return z\n", "starts another process"),
        (HEAD + "    return z\n\n\nimport subprocess\n", "imports subprocess"),
    ],
)  # fmt: skip
def test_who_looks_for_the_solution_is_told(text: str, sign: str) -> None:
    (graded,) = grade(handed_in(mia=text), 1)
    assert any(told.startswith(sign) for told in graded.suspicious), graded.suspicious


def test_nothing_is_suspicious_of_what_is_as_usual() -> None:
    (graded,) = grade(handed_in(mia=RIGHT), 1)
    assert graded.passed
    assert graded.suspicious == ()


def test_other_names_comments_and_layout_are_the_same_work() -> None:
    one = "def f(x, y):\n    total = x + y  # a sum\n    return total\n"
    other = 'def f(a: int, b: int) -> int:\n    """Adds."""\n    s: int = (a +\n        b)\n    return s\n'
    assert fingerprint(one) == fingerprint(other)
    assert fingerprint(one) != fingerprint(one.replace("+", "-"))
    assert fingerprint("def f(:\n  x # a") == fingerprint("def f(:\n    x")
    assert fingerprint("def f(:\n  x") != fingerprint("def f(:\n  y")
    for exercise in (SIGMOID, BACKWARD):
        assert fingerprint(exercise.solution) != fingerprint(exercise.start)
    assert own_statements(SIGMOID.solution, SIGMOID.start) == 1
    assert own_statements(BACKWARD.solution, BACKWARD.start) >= 3
