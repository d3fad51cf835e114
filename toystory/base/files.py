"""Files for the learner to take away: whole or not at all, and never over something by accident."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from toystory.base.errors import BadRequest, RunFailed


def check_free(path: Path, force: bool, option: str = "--out") -> None:
    """Raise BadRequest where `path` can't become a file, or is one and `force` was not given."""
    if path.is_dir():
        raise BadRequest(f"{path} is a folder: name a file with {option}")
    if path.exists() and not force:
        raise BadRequest(f"{path} is there already: --force replaces it, {option} names another place")
    parent = path.parent
    if parent.exists() and not parent.is_dir():
        raise BadRequest(f"can't write {path}: {parent} is not a folder")
    if not parent.exists():
        raise BadRequest(f"can't write {path}: there is no folder {parent}")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise BadRequest(f"can't write {path}: the folder {parent} may not be written to")


def make_folder(folder: Path) -> None:
    """Make sure that `folder` is one. Raises BadRequest."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadRequest(
            f"can't make the folder {folder}: {(error.strerror or str(error)).lower()}"
        ) from error


def write_whole(path: Path, text: str) -> None:
    """Write `text` beside its place and then move it there. Raises RunFailed."""
    beside = path.with_name(f".{path.name}-{os.getpid()}.part")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(path.resolve())
    except OSError as error:
        raise RunFailed(f"can't write {path}: {(error.strerror or str(error)).lower()}") from error
    finally:
        with suppress(OSError):
            beside.unlink()
