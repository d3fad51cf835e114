"""Files: whole or not at all, and never over something by accident."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from toystory.base import files
from toystory.base.errors import BadRequest
from toystory.base.files import check_free, check_writable, make_folder, remove_unfinished, write, write_new

posix = pytest.mark.skipif(os.name != "posix", reason="devices, pipes and limits of POSIX")

FULL = """
import resource, signal, sys
from pathlib import Path
from toystory.base import files
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    getattr(files, sys.argv[1])(Path(sys.argv[2]), b"x" * 5000)
except OSError as error:
    sys.exit(f"{files.reason(error)}: {error.filename}")
"""
"""A program for which the disk is full after 1,000 bytes."""


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_file_that_is_there_is_replaced_only_by_force(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    check_free(path, force=False)
    write(path, "one\n")
    with pytest.raises(BadRequest, match="is there already"):
        check_free(path, force=False)
    check_free(path, force=True)
    write(path, "two — ‹3›\r\n")
    assert path.read_bytes() == "two — ‹3›\r\n".encode()
    assert names(tmp_path) == {"a.md"}


def test_what_can_not_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to("loop")
    for place, why in (
        (tmp_path, "is a folder"),
        (tmp_path / "none" / "a.md", "there is no folder"),
        (tmp_path / "file" / "a.md", "not a directory"),
        (tmp_path / "loop", "symbolic link"),
    ):
        with pytest.raises(BadRequest, match=why):
            check_free(place, force=True)
        with pytest.raises(OSError) as caught:  # noqa: PT011
            write(place, "text")
        assert caught.value.filename == str(place)
    with pytest.raises(BadRequest, match="can't make the folder"):
        make_folder(tmp_path / "file" / "b")
    assert names(tmp_path) == {"file", "loop"}


@pytest.mark.parametrize("way", [write, write_new])
def test_a_new_file_has_the_rights_that_any_other_would_have(tmp_path: Path, way: object) -> None:
    (tmp_path / "usual").touch()
    assert callable(way)
    way(tmp_path / "ours", "text")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_an_old_file_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    write(path, "one")
    path.chmod(0o600)
    write(path, "two")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_link_is_followed_and_stays_one(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "real.md").write_text("one\n")
    (tmp_path / "link.md").symlink_to(tmp_path / "elsewhere" / "real.md")
    (tmp_path / "to-nothing.md").symlink_to(tmp_path / "elsewhere" / "new.md")
    for link in ("link.md", "to-nothing.md"):
        write(tmp_path / link, "two\n")
        assert (tmp_path / link).is_symlink()
        assert (tmp_path / link).read_text() == "two\n"
    assert names(tmp_path / "elsewhere") == {"real.md", "new.md"}


def test_a_file_that_is_there_is_no_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_new(tmp_path / "a", "mine")
    (tmp_path / "link").symlink_to("nowhere")

    def without_links(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    for _ in range(2):
        for name in ("a", "link"):
            with pytest.raises(FileExistsError):
                write_new(tmp_path / name, "other")
        monkeypatch.setattr(os, "link", without_links)
    write_new(tmp_path / "b", "also without links")
    assert (tmp_path / "a").read_text() == "mine"
    assert (tmp_path / "b").read_text() == "also without links"
    assert names(tmp_path) == {"a", "b", "link"}


@posix
@pytest.mark.parametrize("way", ["write", "write_new"])
def test_a_full_disk_changes_nothing(tmp_path: Path, way: str) -> None:
    place = tmp_path / "a.md"
    if way == "write":
        place.write_text("what was there")
    before = names(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", FULL, way, str(place)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == f"file too large: {place}\n"
    assert names(tmp_path) == before
    assert way == "write_new" or place.read_text() == "what was there"


def test_an_interruption_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    (tmp_path / "a").write_text("what was there")
    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "a", "other")
    assert (tmp_path / "a").read_text() == "what was there"
    assert names(tmp_path) == {"a"}


def test_what_a_killed_program_left_is_deleted_when_it_is_old(tmp_path: Path) -> None:
    for name in (".toystory-1-ab.part", ".toystory-2-cd.part", "mine.part"):
        (tmp_path / name).touch()
    os.utime(tmp_path / ".toystory-1-ab.part", (1, 1))
    os.utime(tmp_path / "mine.part", (1, 1))
    remove_unfinished(tmp_path)
    assert names(tmp_path) == {".toystory-2-cd.part", "mine.part"}
    remove_unfinished(tmp_path / "no such folder")


@posix
def test_a_device_is_written_into_and_stays_what_it_is() -> None:
    before = os.stat(os.devnull)
    for force in (False, True):
        check_free(Path(os.devnull), force)
        check_writable(Path(os.devnull), "--save")
        write(Path(os.devnull), b"gone")
    assert os.stat(os.devnull) == before
    if Path("/dev/full").exists():
        with pytest.raises(OSError, match="No space left") as caught:
            write(Path("/dev/full"), b"too much")
        assert caught.value.filename == "/dev/full"


@posix
def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    check_free(pipe, force=False)
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append(pipe.read_bytes()))
    reader.start()
    write(pipe, "through it")
    reader.join(20)
    assert found == [b"through it"]
    assert pipe.is_fifo()
    assert names(tmp_path) == {"pipe"}


@posix
@pytest.mark.parametrize("place", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_standard_output_takes_it_in_its_turn(tmp_path: Path, place: str) -> None:
    if place.startswith("/proc") and not Path("/proc/self").exists():
        pytest.skip("there is no /proc")
    code = (
        "from pathlib import Path\n"
        "from toystory.base.files import write\n"
        f"print('before')\nwrite(Path({place!r}), 'in it\\n')\nprint('behind')"
    )
    with (tmp_path / "out").open("wb") as out:
        subprocess.run(
            [sys.executable, "-c", code],
            stdout=out,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            timeout=60,
            check=True,
        )
    assert (tmp_path / "out").read_text() == "before\nin it\nbehind\n"
    assert names(tmp_path) == {"out"}


@posix
@pytest.mark.parametrize("kills", [3, pytest.param(100, marks=pytest.mark.slow)])
def test_killed_at_any_moment_the_old_file_or_the_new_one_is_there(tmp_path: Path, kills: int) -> None:
    code = (
        "import itertools, sys\n"
        "from pathlib import Path\n"
        "from toystory.base.files import write\n"
        "print('ready', flush=True)\n"
        "for n in itertools.count():\n"
        "    write(Path(sys.argv[1]), str(n % 10) * 1_000_000)\n"
    )
    place = tmp_path / "file"
    for kill in range(kills):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(place)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        assert process.stdout
        process.stdout.readline()
        try:
            process.wait(0.02 + 0.0007 * kill)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.wait(20)
        process.stdout.close()
        if place.exists():
            text = place.read_text()
            assert len(text) == 1_000_000
            assert len(set(text)) == 1
    files.remove_unfinished(tmp_path, older_than=-60)
    assert names(tmp_path) <= {"file"}
