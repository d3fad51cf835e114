"""How long the homework of a class takes: thirty students, five exercises each, with the usual mistakes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.pairs import Row
from toystory.course.exercises.exercise import all_exercises

SET = ("gate/sigmoid", "gate/loss", "two-layer/forward", "two-layer/backward", "lstm/backward")
BAR = 60.0
ENDLESS = "\n\ndef {name}(*_):\n    while True:\n        pass\n"


def hand_in(folder: Path, students: int) -> None:
    """Write what they hand in: right, wrong in every fourth, and one loop without an end."""
    every = {exercise.key: exercise for exercise in all_exercises()}
    chosen = [every[key] for key in SET if key in every]
    chosen += [exercise for exercise in every.values() if exercise not in chosen][: len(SET) - len(chosen)]
    for number in range(students):
        for place, exercise in enumerate(chosen):
            text = exercise.solution
            if (number + place) % 4 == 1 and exercise.mistakes:
                text = exercise.mistakes[number % len(exercise.mistakes)].made_in(text)
            if number == 7 and place == 0:
                text += ENDLESS.format(name=exercise.name)
            file = folder / f"student-{number:02}" / exercise.lesson / f"{exercise.name}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")


def measure(quick: bool) -> Iterator[Row]:
    """One row: the seconds of the whole class beside the minute that it may take."""
    students = 6 if quick else 30
    with tempfile.TemporaryDirectory() as folder:
        hand_in(Path(folder), students)
        began = time.perf_counter()
        command = [sys.executable, "-m", "toystory", "grade", folder, "--json", "--jobs", "2"]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, env=os.environ | {"TOYSTORY_HOME": folder})
        seconds = time.perf_counter() - began
    assert done.returncode == 1
    ratio = seconds / BAR
    yield Row(
        "grading", f"{students} students × {len(SET)} exercises", "a minute", seconds, BAR, ratio, ratio,
        ratio, None if quick else 1.0,
    )  # fmt: skip
