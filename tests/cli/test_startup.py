"""The program from outside: what a command imports, where it is called from, what its output goes to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from toystory.course.catalogue import NAMES

ROOT = Path(__file__).parents[2]
HEAVY = ("numpy", "rich", "plotext", "textual")
GATE = ["run", "--lesson", "gate", "--jobs", "1"]
ONE = [*GATE, "--experiment", "one update"]


def environment(**changes: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "LANG"))
    }
    return {**kept, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **changes}


def toystory(
    *arguments: str, cwd: Path = ROOT, stdout: int = subprocess.PIPE, **changes: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "toystory", *arguments],
        cwd=cwd,
        env=environment(**changes),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )


def imported_by(*arguments: str) -> set[str]:
    """Which of the heavy packages a command has imported at its end."""
    code = (
        "import sys\n"
        f"sys.argv = ['toystory', *{list(arguments)!r}]\n"
        "from toystory.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print(*(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(), capture_output=True, timeout=60, check=True
    )
    return set(done.stderr.decode().split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("list",),
        ("list", "--json"),
        ("--help",),
        ("--version",),
        ("run", "--help"),
        ("show", "--help"),
        ("lstn",),
    ],
)
def test_what_needs_no_numpy_does_not_import_it(arguments: tuple[str, ...]) -> None:
    assert imported_by(*arguments) & set(HEAVY) == set()


@pytest.mark.parametrize(
    "arguments", [("show", "gate"), ("show", "gate", "--plain"), (*ONE, "--plain"), (*ONE, "--json")]
)
def test_what_draws_no_chart_imports_neither_textual_nor_plotext(arguments: tuple[str, ...]) -> None:
    assert imported_by(*arguments) & {"textual", "plotext"} == set()


def test_the_first_picture_of_the_app_waits_for_nothing_that_comes_later() -> None:
    later = ("numpy", "plotext", "markdown_it", "textual.widgets._text_area", "secrets", "hashlib")
    of_ours = ("command_palette", "saved_screens", "screens.dialogs.help", "screens.lesson.screen")
    names = {*later, *(f"toystory.tui.{name}" for name in of_ours), "toystory.course.text.prose"}
    code = f"import sys, toystory.tui.app, toystory.tui.terminal; print(*{names!r} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(), capture_output=True, timeout=60, check=True
    )
    assert done.stdout.decode().split() == []


# ---------------------------------------------------------------- end to end


def test_list() -> None:
    done = toystory("list")
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(done.stdout.splitlines()) == len(NAMES)


def test_wrong_usage() -> None:
    done = toystory("run", "--lesson", "lstn")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith("toystory: no lesson is called 'lstn': did you mean lstm?")


def test_run_with_two_jobs() -> None:
    done = toystory("run", "--lesson", "gate", "--jobs", "2", "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["passed"]


def test_show_when_piped_has_no_escape_codes() -> None:
    done = toystory("show", "mlp", TERM="xterm-256color")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\x1b" not in done.stdout
    assert "50-4-3-1" in done.stdout.decode()


def test_run_when_piped_has_no_escape_codes() -> None:
    done = toystory(*ONE, TERM="xterm-256color")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\x1b" not in done.stdout
    assert b"  PASS " in done.stdout


# ---------------------------------------------------------------- called from elsewhere


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder with packages of the same names as ours, which must not be taken for them."""
    for name in ("models", "lessons"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('the wrong package was imported')\n")
    (tmp_path / "numpy.py").write_text("raise SystemExit('the wrong numpy was imported')\n")
    return tmp_path


@pytest.mark.parametrize(
    "arguments", [("list",), ("show", "gate"), ("run", "--lesson", "gate", "--jobs", "2")]
)
def test_a_folder_with_its_own_models_and_lessons(elsewhere: Path, arguments: tuple[str, ...]) -> None:
    done = toystory(*arguments, cwd=elsewhere)
    assert (done.returncode, done.stderr) == (0, b"")


def test_paths_to_save_to_are_those_of_that_folder(elsewhere: Path) -> None:
    assert toystory(*ONE, "--save", "gate.npz", cwd=elsewhere).returncode == 0
    assert (elsewhere / "gate.npz").stat().st_size > 100


# ---------------------------------------------------------------- where the output goes


@pytest.mark.parametrize("arguments", [("list",), ("show", "gate"), ("show", "lstm", "--plain"), tuple(GATE)])
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_a_sign_that_the_encoding_lacks_is_spelled(arguments: tuple[str, ...], encoding: str) -> None:
    done = toystory(*arguments, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode(encoding)
    assert "gate" in text.lower()
    assert "\\u" not in text
    if arguments == ("show", "gate"):
        assert ("w_1 x_1" in text) == (encoding != "utf-8")


def test_json_survives_any_encoding() -> None:
    done = toystory(*ONE, "--json", PYTHONIOENCODING="ascii")
    assert "…" in json.loads(done.stdout)["claims"][1]["claim"]


@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_the_plainest_locale_is_enough(locale: str) -> None:
    done = toystory(*ONE, LC_ALL=locale, LANG=locale)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"  PASS " in done.stdout


LINES = [("list",), ("--help",), ("show", "gate"), ("show", "gate", "--plain"), tuple(ONE), (*ONE, "--json")]


@pytest.mark.parametrize("arguments", LINES)
def test_a_closed_pipe_is_one_sentence(arguments: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = toystory(*arguments, stdout=writer)
    finally:
        os.close(writer)
    assert done.stderr == b"toystory: whoever read the output closed it before its end\n"
    assert done.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("arguments", LINES)
def test_a_full_disk_is_one_sentence(arguments: tuple[str, ...]) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        done = toystory(*arguments, stdout=full)
    finally:
        os.close(full)
    assert done.stderr == b"toystory: can't read or write: No space left on device\n"
    assert done.returncode == 1


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
@pytest.mark.parametrize("arguments", ["list", "show gate", "run --lesson gate --experiment 1"])
def test_without_stdin_and_stdout_it_runs_all_the_same(arguments: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f"exec '{sys.executable}' -m toystory {arguments} <&- >&-"],
        cwd=ROOT,
        env=environment(),
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
