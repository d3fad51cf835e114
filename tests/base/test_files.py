"""Files to take away: whole or not at all, and never over something by accident."""

from __future__ import annotations

from pathlib import Path

import pytest

from toystory.base.errors import BadRequest, RunFailed
from toystory.base.files import check_free, make_folder, write_whole


def test_a_file_that_is_there_is_replaced_only_by_force(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    check_free(path, force=False)
    write_whole(path, "one\n")
    with pytest.raises(BadRequest, match="is there already"):
        check_free(path, force=False)
    check_free(path, force=True)
    write_whole(path, "two — ‹3›\n")
    assert path.read_text("utf-8") == "two — ‹3›\n"
    assert [p.name for p in tmp_path.iterdir()] == ["a.md"]


def test_what_can_not_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place, why in (
        (tmp_path, "is a folder"),
        (tmp_path / "none" / "a.md", "there is no folder"),
        (tmp_path / "file" / "a.md", "is not a folder"),
    ):
        with pytest.raises(BadRequest, match=why):
            check_free(place, force=True)
    with pytest.raises(BadRequest, match="can't make the folder"):
        make_folder(tmp_path / "file" / "b")


def test_a_file_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    write_whole(path, "one\n")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(RunFailed, match="no space left"):
        write_whole(path, "two\n")
    assert path.read_text() == "one\n"
    assert [p.name for p in tmp_path.iterdir()] == ["a.md"]


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("one\n")
    (tmp_path / "link.md").symlink_to(tmp_path / "real.md")
    write_whole(tmp_path / "link.md", "two\n")
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_text() == "two\n"
