"""Installed, the program is one package: a learner's own `models` and `lessons` stay theirs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYOUTS = {
    "a package models": {
        "models/__init__.py": "WHOSE = 'theirs'\n",
        "models/lstm.py": "raise SystemExit(7)\n",
    },
    "a namespace folder models": {"models/mine.py": "WHOSE = 'theirs'\n", "lessons/mine.py": ""},
    "a file models.py": {"models.py": "WHOSE = 'theirs'\n"},
    "a file lessons.py": {"lessons.py": "raise SystemExit(7)\n", "models.py": "WHOSE = 'theirs'\n"},
}
COMMANDS = (
    ["list"],
    ["show", "gate", "--plain"],
    ["run", "--lesson", "gate", "--plain"],
    ["exercise", "gate", "--folder", "answers"],
    ["check", "gate/sigmoid"],
    ["progress"],
    ["export", "gate"],
    [
        "train",
        "--model",
        "LSTM",
        "--hidden",
        "2",
        "--columns",
        "3",
        "--updates",
        "2",
        "--batch",
        "8",
        "--learning-rate",
        "0.01",
    ],
)
EXPECTED = {"check": 1}
"""The sigmoid has not been written yet: not right. All other commands end with 0."""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment that holds what the wheel holds, beside the dependencies."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    site = Path(subprocess.check_output([python, "-c", SITE], text=True).strip())
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    shutil.copytree(ROOT / "toystory", site / "toystory", ignore=shutil.ignore_patterns("__pycache__"))
    return python


SITE = "import sysconfig; print(sysconfig.get_path('purelib'))"
THEIRS = "import models; print(getattr(models, 'WHOSE', None) or __import__('models.mine').mine.WHOSE)"
OURS = "from toystory.models import LSTM; print(LSTM(2))"


def project(folder: Path, layout: str) -> Path:
    """A learner's project with files of these names."""
    for name, text in LAYOUTS[layout].items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run(python: Path, arguments: list[str], folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the fresh environment's Python in `folder`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [python, *arguments], cwd=folder, env=kept | more, capture_output=True, text=True, encoding="utf-8"
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_command_works_inside_a_project_with_such_names(
    layout: str, environment: Path, tmp_path: Path
) -> None:
    folder = project(tmp_path, layout)
    for command in COMMANDS if layout == "a package models" else COMMANDS[2:4]:
        done = run(environment, ["-m", "toystory", *command], folder, PYTHONPATH=str(folder))
        assert done.returncode == EXPECTED.get(command[0], 0), (command, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr


def test_files_named_as_pythons_modules_are_not_taken_for_them(environment: Path, tmp_path: Path) -> None:
    for name in ("pathlib", "typing", "random", "numpy"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(7)\n", encoding="utf-8")
    assert run(environment, ["-m", "toystory", "run", "--lesson", "gate"], tmp_path).returncode == 0


@pytest.mark.parametrize("layout", LAYOUTS)
def test_their_models_are_theirs_and_ours_are_ours(layout: str, environment: Path, tmp_path: Path) -> None:
    folder = project(tmp_path, layout)
    theirs = run(environment, ["-c", THEIRS], folder)
    assert theirs.stdout.strip() == "theirs", theirs.stderr
    assert "LSTM" in run(environment, ["-c", OURS], folder).stdout


def test_a_distribution_that_ships_models_comes_and_goes(environment: Path, tmp_path: Path) -> None:
    wheel = tmp_path / "theirs-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("models/__init__.py", "WHOSE = 'theirs'\n")
        file.writestr("theirs-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
        file.writestr(
            "theirs-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        file.writestr("theirs-1.0.dist-info/RECORD", "models/__init__.py,,\ntheirs-1.0.dist-info/RECORD,,\n")
    pip = [sys.executable, "-m", "pip", "--python", str(environment), "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--no-index", "--no-deps", str(wheel)], check=True)
    assert run(environment, ["-c", THEIRS], tmp_path).stdout.strip() == "theirs"
    assert "LSTM" in run(environment, ["-c", OURS], tmp_path).stdout
    subprocess.run([*pip, "uninstall", "--quiet", "--yes", "theirs"], check=True)
    assert "LSTM" in run(environment, ["-c", OURS], tmp_path).stdout
    assert run(environment, ["-c", THEIRS], tmp_path).returncode == 1
    assert run(environment, ["-m", "toystory", "list"], tmp_path).returncode == 0


def test_the_links_at_the_top_lead_into_the_package() -> None:
    for name in ("models", "lessons"):
        link = ROOT / name
        if link.is_symlink():  # a checkout without links has a small file in its place, and all else works
            assert os.readlink(link) == f"toystory/{name}"
