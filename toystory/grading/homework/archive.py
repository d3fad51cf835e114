"""The Python files in a student's zip, read in memory: nothing of it is laid on the disk."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

MOST_ENTRIES = 2000
MOST_FILE = 256 * 1024
"""Bytes of one file: an exercise is a few lines."""
MOST_IN_ALL = 16 * 2**20
"""Bytes of all files of an archive together."""
MOST_ARCHIVE = 64 * 2**20
"""Bytes of the archive itself."""


class Entry(NamedTuple):
    """A file of an archive.

    path: inside the archive, /-separated. data: its bytes. fault: why it is not read; "" where it is.
    """

    path: str
    data: bytes
    fault: str = ""


class BadArchive(ValueError):
    """It can't be opened; the message says why."""


def read_zip(data: bytes) -> Iterator[Entry]:
    """Every file in it. Names that lead out of the archive, links and zips in it are told and not followed.

    Args:
        data: The archive.

    Raises:
        BadArchive: It is none, or too much.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise BadArchive(f"it can't be opened as a zip: {error}") from None
    if len(entries) > MOST_ENTRIES:
        raise BadArchive(f"it has more than {MOST_ENTRIES:,} entries")
    left = MOST_IN_ALL
    for entry in entries:
        if entry.is_dir():
            continue
        name = entry.filename.replace("\\", "/")
        if fault := _refused(name, entry):
            yield Entry(name, b"", fault)
            continue
        if not name.endswith(".py"):
            yield Entry(name, b"")
            continue
        try:
            with archive.open(entry) as file:
                # Not the size that the archive tells of: that may be anything.
                read = file.read(min(MOST_FILE, left) + 1)
        except RuntimeError:
            yield Entry(name, b"", "it is locked with a password")
            continue
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError) as error:
            yield Entry(name, b"", f"it can't be read: {error}")
            continue
        if len(read) > MOST_FILE:
            yield Entry(name, b"", f"it is larger than {MOST_FILE // 1024} KB: an exercise is a few lines")
            continue
        left -= len(read)
        if left < 0:
            raise BadArchive(f"it holds more than {MOST_IN_ALL // 2**20} MB")
        yield Entry(name, read)


def _refused(name: str, entry: zipfile.ZipInfo) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or ":" in name:
        return "its name leads out of the archive: it is not opened"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "it is a link: it is not followed"
    if name.lower().endswith(".zip"):
        return "it is a zip in a zip: it is not opened"
    return ""
