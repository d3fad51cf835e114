"""A record in one file, to carry to another machine: a zip with exercises, paused runs and whole models."""

from __future__ import annotations

import io
import json
import os
import re
import sqlite3
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from toystory import __version__
from toystory.base import files
from toystory.base.errors import BadRequest
from toystory.base.paths import WHOLE_MODELS
from toystory.progress.connection import NAME, RecordConnection, RecordFile
from toystory.progress.merge import Other, merge
from toystory.progress.paused_names import FOLDER as PAUSED

ABOUT = "about.json"
EXERCISES = "exercises"
EXERCISE = re.compile(r"exercises/[\w-]+/\w[\w.-]*\.py")
CHECKPOINT = re.compile(rf"{PAUSED}/[\w.-]+\.npz")
WHOLE_MODEL = re.compile(rf"{WHOLE_MODELS}/[\w-]+\.json")
MOST_EXERCISE, MOST_CHECKPOINT, MOST_RECORD = 2**20, 2**28, 2**30
"""Bytes of one file of each kind: what is larger is not ours."""
MOST_FILES = 5000
FIRST_YEAR = 1980
"""Before it there are no dates in a zip; the true times stand in `about.json`."""


@dataclass(frozen=True)
class Kept:
    """A file beside the record. changed: when it was written last, in seconds since 1970."""

    contents: bytes
    changed: float


@dataclass
class Bundle:
    """What is carried: the record as SQLite wrote it, and files by their paths, exercises/gate/sigmoid.py."""

    record: bytes | None = None
    files: dict[str, Kept] = field(default_factory=dict)


@dataclass
class Imported:
    """What came of an import: rows by table, and files that came in, or were set aside for newer ones."""

    rows: dict[str, int] = field(default_factory=dict)
    written: list[Path] = field(default_factory=list)
    aside: list[Path] = field(default_factory=list)


def collect(home: Path, exercises: Path) -> Bundle:
    """All that a learner has.

    Args:
        home: Where the record is.
        exercises: Where the exercises are.
    """
    bundle = Bundle(_snapshot(home))
    for name, path in _beside(home, exercises):
        with suppress(OSError):
            bundle.files[name] = Kept(path.read_bytes(), path.stat().st_mtime)
    return bundle


def to_bytes(bundle: Bundle) -> bytes:
    """The zip."""
    data = io.BytesIO()
    about = {
        "program": "toystory",
        "version": __version__,
        "changed": {name: kept.changed for name, kept in bundle.files.items()},
    }
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(_entry(ABOUT, time.time()), json.dumps(about, indent=1))
        if bundle.record is not None:
            packed.writestr(_entry(NAME, time.time()), bundle.record)
        for name, kept in sorted(bundle.files.items()):
            packed.writestr(_entry(name, kept.changed), kept.contents)
    return data.getvalue()


def read(path: Path) -> Bundle:
    """Read an exported record, a record's own file, or a folder that has one.

    Args:
        path: Which.

    Raises:
        BadRequest: It is none of these.
    """
    try:
        if path.is_dir():
            bundle = collect(path, path / EXERCISES)
            if bundle.record is None:
                raise BadRequest(f"there is no record in {path}")
            return bundle
        if path.name == NAME or _is_sqlite(path):
            return Bundle(_copy(path))
        with zipfile.ZipFile(path) as packed:
            return _unpack(packed, path)
    except FileNotFoundError:
        raise BadRequest(f"there is no file {path}") from None
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, NotImplementedError, EOFError) as error:
        raise BadRequest(f"{path} is no record that 'toystory record export' wrote ({error})") from None
    except sqlite3.Error as error:
        raise BadRequest(f"{path} can't be read as a record ({error})") from None
    except OSError as error:
        raise BadRequest(f"can't read {path}: {files.reason(error)}") from None


def lay_out(bundle: Bundle, folder: Path) -> RecordFile:
    """The record of a bundle in a folder of its own, to be read there.

    Args:
        bundle: What was read.
        folder: An empty one.

    Raises:
        BadRequest: It is no database, or does more than hold rows.
    """
    if bundle.record is not None:
        (folder / NAME).write_bytes(bundle.record)
        _check_tables_only(folder / NAME)
    return RecordFile(folder)


def take_over(bundle: Bundle, scratch: Path, home: Path, exercises: Path) -> Imported:
    """Merge it into what is here: what is newer counts, and what it takes the place of is set aside.

    Args:
        bundle: From elsewhere.
        scratch: An empty folder.
        home: Where the record is.
        exercises: Where the exercises are.

    Raises:
        BadRequest: Its record is damaged, or this one can't be written.
        OSError: A file can't be written.
    """
    imported = Imported()
    if bundle.record is not None:
        theirs = lay_out(bundle, scratch)
        other = theirs.read(Other, None)
        if other is None:
            raise BadRequest(" ".join(["the record in it can't be read:", *theirs.notices]))
        mine = RecordFile(home)
        rows = mine.write(lambda connection: merge(connection, other), None)
        if rows is None:
            raise BadRequest(" ".join(["nothing was taken over:", *mine.notices]))
        imported.rows = rows
    for name, kept in sorted(bundle.files.items()):
        first, _, rest = name.partition("/")
        _take_file(kept, (exercises if first == EXERCISES else home / first) / rest, imported)
    return imported


def _take_file(kept: Kept, path: Path, imported: Imported) -> None:
    """Write it unless the same is there; the older of two goes beside, under another name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        if path.read_bytes() == kept.contents:
            return
        if path.suffix in (".npz", ".json"):  # made by the program: of two, the newer one is enough
            if path.stat().st_mtime >= kept.changed:
                return
        else:
            aside = _free_name(path, kept.contents)
            if aside is None:
                return
            if path.stat().st_mtime >= kept.changed:
                files.write(aside, kept.contents)
                imported.aside.append(aside)
                return
            path.rename(aside)
            imported.aside.append(aside)
    files.write(path, kept.contents)
    os.utime(path, (kept.changed, kept.changed))
    imported.written.append(path)


def _free_name(path: Path, contents: bytes) -> Path | None:
    """A name beside the file that nothing has: sigmoid.1.py; None where one of those is the same already."""
    number = 1
    while (other := path.with_name(f"{path.stem}.{number}{path.suffix}")).exists():
        if other.read_bytes() == contents:
            return None
        number += 1
    return other


def _snapshot(home: Path) -> bytes | None:
    """The record as it stands, though somebody writes; None where there is none."""
    record = RecordFile(home)
    found = record.read(_serialized, None)
    if found is None and record.notices:
        raise BadRequest(" ".join(record.notices))
    return found


def _serialized(connection: RecordConnection) -> bytes:
    with closing(sqlite3.connect(":memory:")) as copy:
        connection.backup(copy)
        return copy.serialize()


def _copy(path: Path) -> bytes:
    """A record's file, which is somebody else's: nothing of it is changed."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as theirs, closing(sqlite3.connect(":memory:")) as copy:
        theirs.backup(copy)
        return copy.serialize()


def _check_tables_only(path: Path) -> None:
    """No views and triggers: those compute when they are read."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            kinds = {kind for (kind,) in connection.execute("SELECT DISTINCT type FROM sqlite_master")}
    except sqlite3.Error as error:
        raise BadRequest(f"the record in it can't be read ({error})") from None
    if not kinds <= {"table", "index"}:
        raise BadRequest("the record in it is none that toystory wrote")


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


def _beside(home: Path, exercises: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(exercises.glob("*/*.py")):
        name = f"{EXERCISES}/{path.parent.name}/{path.name}"
        if EXERCISE.fullmatch(name) and path.is_file() and path.stat().st_size <= MOST_EXERCISE:
            yield name, path
    for path in sorted((home / PAUSED).glob("*.npz")):
        if CHECKPOINT.fullmatch(name := f"{PAUSED}/{path.name}"):
            yield name, path
    for path in sorted((home / WHOLE_MODELS).glob("*.json")):
        if WHOLE_MODEL.fullmatch(name := f"{WHOLE_MODELS}/{path.name}"):
            yield name, path


def _unpack(packed: zipfile.ZipFile, path: Path) -> Bundle:
    names = packed.namelist()
    if NAME not in names and ABOUT not in names:
        raise BadRequest(f"{path} is no record that 'toystory record export' wrote")
    if len(names) > MOST_FILES:
        raise BadRequest(f"{path} has more than {MOST_FILES:,} files")
    changed: dict[str, float] = {}
    if ABOUT in names:
        about = json.loads(_read(packed, ABOUT, MOST_EXERCISE))
        told = about.get("changed") if isinstance(about, dict) else None
        changed = {str(n): float(at) for n, at in told.items()} if isinstance(told, dict) else {}
    bundle = Bundle(_read(packed, NAME, MOST_RECORD) if NAME in names else None)
    for name in names:
        if EXERCISE.fullmatch(name) or WHOLE_MODEL.fullmatch(name):
            contents = _read(packed, name, MOST_EXERCISE)
        elif CHECKPOINT.fullmatch(name):
            contents = _read(packed, name, MOST_CHECKPOINT)
        else:
            continue  # a name that leads elsewhere, or what a later version has
        bundle.files[name] = Kept(contents, min(changed.get(name, 0.0), time.time()))
    return bundle


def _read(packed: zipfile.ZipFile, name: str, most: int) -> bytes:
    with packed.open(name) as file:
        contents = file.read(most + 1)
    if len(contents) > most:
        raise ValueError(f"{name} in it is larger than {most // 2**20} MB")
    return contents


def _entry(name: str, changed: float) -> zipfile.ZipInfo:
    date = time.localtime(changed)[:6]
    entry = zipfile.ZipInfo(name, date if date[0] >= FIRST_YEAR else (FIRST_YEAR, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry
