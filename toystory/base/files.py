"""The one way to write a file: whole or not at all, and never over something by accident."""

from __future__ import annotations

import os
import re
import secrets
import stat
import sys
import time
from contextlib import suppress
from pathlib import Path

from toystory.base.errors import BadRequest

LONG_AGO = 3600.0
"""Seconds after which nobody goes on writing what was begun."""
_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/(\d+)")
_STREAMS = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}


def write(path: Path, contents: str | bytes) -> None:
    """Put `contents` in the file `path`, whole or not at all: beside its place first, then in it.

    A symbolic link is followed and stays one. Into what is no regular file, such as a device or a pipe, it is
    written; nothing takes its place. Text becomes UTF-8, with its line ends as they are.

    Args:
        path: need not exist; its folder must.
        contents: text, or bytes as they are.

    Raises:
        OSError: it can't be written; what was there before still is.
    """
    data = contents.encode() if isinstance(contents, str) else contents
    try:
        if not can_be_replaced(path):
            _write_into(path, data)
            return
        target = Path(os.path.realpath(path))
        beside = _write_beside(target, data)
        try:
            if target.exists():
                beside.chmod(stat.S_IMODE(target.stat().st_mode))
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise _about(path, error) from error


def write_new(path: Path, contents: str | bytes) -> None:
    """Put `contents` in a file, whole or not at all, if nothing has that name.

    Args:
        path: Where to.
        contents: Text, which becomes UTF-8, or bytes.

    Raises:
        FileExistsError: Something is there; it is left as it is.
        OSError: It can't be written, and is not there.
    """
    data = contents.encode() if isinstance(contents, str) else contents
    try:
        beside = _write_beside(path, data)
        try:
            try:
                os.link(beside, path)
            except FileExistsError:
                raise
            except OSError:  # there are file systems without links
                if os.path.lexists(path):
                    raise FileExistsError(None, "File exists") from None
                beside.rename(path)
        finally:
            beside.unlink(missing_ok=True)
    except FileExistsError:
        raise
    except OSError as error:
        raise _about(path, error) from error


def can_be_replaced(path: Path) -> bool:
    """Whether another file may take the place: it is a regular file, or nothing yet."""
    if _descriptor(path) is not None:
        return False
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return True


def remove_unfinished(folder: Path, older_than: float = LONG_AGO) -> None:
    """Delete what a killed program left while it wrote.

    Args:
        folder: Where to look.
        older_than: Seconds; what is younger may still be written.
    """
    with suppress(OSError):
        for path in folder.glob(".toystory-*.part"):
            if path.stat().st_mtime < time.time() - older_than:
                path.unlink(missing_ok=True)


def check_free(path: Path, force: bool, option: str = "--out") -> None:
    """See that `path` can become a file, before the work is done.

    Args:
        path: where it shall be.
        force: whether a file that is there may be replaced.
        option: which names another place on the command line.

    Raises:
        BadRequest: it can't become one, or is one and `force` was not given.
    """
    if path.is_dir():
        raise BadRequest(f"{path} is a folder: name a file with {option}")
    if path.exists() and can_be_replaced(path) and not force:
        raise BadRequest(f"{path} is there already: --force replaces it, {option} names another place")
    check_writable(path, option)


def check_writable(path: Path, option: str) -> None:
    """See that a file can be written at `path`, before the work is done.

    Args:
        path: Where to.
        option: What to name another place with, for the sentence.

    Raises:
        BadRequest: It can't.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(None, "is a folder")
        if path.is_file():
            with path.open("ab"):
                pass
        if can_be_replaced(path):
            _write_beside(Path(os.path.realpath(path)), b"").unlink()
    except FileNotFoundError as error:
        parent = Path(os.path.realpath(path)).parent if path.is_symlink() else path.parent
        raise BadRequest(f"can't write {path}: there is no folder {parent}") from error
    except OSError as error:
        raise BadRequest(f"can't write {path}: {reason(error)}; name another file with {option}") from error


def make_folder(folder: Path) -> None:
    """Make sure that `folder` is one.

    Raises:
        BadRequest: it can't be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadRequest(f"can't make the folder {folder}: {reason(error)}") from error


def reason(error: OSError) -> str:
    """What went wrong, as it stands within a sentence."""
    return (error.strerror or str(error)).lower()


def _write_beside(path: Path, data: bytes) -> Path:
    """Write `data` to a new file in the folder of `path`, and to the disk; that file."""
    beside = path.with_name(f".toystory-{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    return beside


def _write_into(path: Path, data: bytes) -> None:
    """Write `data` into a device, a pipe, or an open file descriptor."""
    descriptor = _descriptor(path)
    if descriptor is None:
        handle = os.open(path, os.O_WRONLY)
    else:
        if descriptor == 1:
            sys.stdout.flush()
        handle = os.dup(descriptor)
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def _descriptor(path: Path) -> int | None:
    """The descriptor that `path` stands for, such as 1 for /dev/stdout; None of any other path."""
    found = _DESCRIPTOR.fullmatch(str(path))
    return int(found[1]) if found else _STREAMS.get(str(path))


def _about(path: Path, error: OSError) -> OSError:
    """The same error, about the file that was asked for and not about one of ours."""
    return OSError(error.errno, error.strerror or str(error), str(path))
