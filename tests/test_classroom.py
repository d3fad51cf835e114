"""The workflow of docs/CLASSROOM.md: its own lines, run as they stand, but for the installation."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from toystory.course.exercises.exercise import exercises_of

TEXT = (Path(__file__).parents[1] / "docs" / "CLASSROOM.md").read_text(encoding="utf-8")
WORKFLOW = TEXT.partition("<!-- workflow -->")[2].partition("<!-- end -->")[0]
LINES = re.findall(r"^ +run: (.+)$", WORKFLOW, re.MULTILINE)
ROOT = Path(__file__).parents[1]


def carry_out(folder: Path) -> list[int]:
    """The exit codes of the lines, each in a shell of its own, as a runner has it."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    program = programs / "toystory"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m toystory "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    install, *lines = LINES
    assert install.startswith("python -m pip install")
    return [
        subprocess.run(
            ["bash", "-e", "-c", line], cwd=folder, env=environment, capture_output=True
        ).returncode
        for line in lines
    ]


@pytest.mark.skipif(os.name != "posix", reason="the runner is Linux")
def test_the_workflow_is_green_where_all_is_right_and_else_red(tmp_path: Path) -> None:
    folder = tmp_path / "exercises" / "gate"
    folder.mkdir(parents=True)
    for exercise in exercises_of("gate"):
        (folder / f"{exercise.name}.py").write_text(exercise.solution, encoding="utf-8")
    assert carry_out(tmp_path) == [0, 0]
    told = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert told["passed"]
    assert len(told["exercises"]) == len(exercises_of("gate"))

    (folder / "sigmoid.py").write_text("def sigmoid(z):\n    return z\n", encoding="utf-8")
    assert carry_out(tmp_path) == [0, 1]
    told = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert [row["name"] for row in told["exercises"] if not row["passed"]] == ["sigmoid"]


def test_every_key_of_the_json_is_described() -> None:
    row = json.loads(
        subprocess.run(
            [sys.executable, "-m", "toystory", "check", "gate/sigmoid", "--json"],
            cwd=ROOT,
            capture_output=True,
            text=True,
        ).stdout
    )["exercises"][0]
    table = TEXT.partition("### What `check --json` says")[2].partition("Exit codes")[0]
    assert set(re.findall(r"`(\w+)`", table)) >= set(row)
