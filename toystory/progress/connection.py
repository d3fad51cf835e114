"""The file of the record: opened for each piece of work, so that a kill loses nothing that was there before.

What is damaged or foreign is set aside under another name, never deleted; what a newer program wrote is left
as it is; a row that tells of nothing is left out. A place that can't be written, and a record that another
program holds, cost one sentence and one short wait.
"""

from __future__ import annotations

import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from toystory.progress.review import question_id
from toystory.progress.schema import APPLICATION, BY_QUESTION, FORMAT, TABLES

T = TypeVar("T")
Work = Callable[["RecordConnection"], T]

NAME = "record.sqlite3"
FIRST_WAIT, PATIENCE = 0.2, 2.0
"""Seconds to wait while another program writes: before it is asked whether locks work here, and in all.
Whoever waited in vain waits no more, until the record is free again."""
BY_ID = 5
"""The format since which questions are kept by their ids."""
STALE = 60.0
"""Seconds after which a lock file belongs to a program that was killed: a transaction takes a part of one."""
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
CANT_NOW = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOLFS,
    sqlite3.SQLITE_AUTH,
    sqlite3.SQLITE_PERM,
}
"""Errors of the place, not of what is in the file."""


Kind = Callable[[Any], bool]
"""Whether a value is what is expected in a column."""


class RecordConnection(sqlite3.Connection):
    """Open for one piece of work.

    Attributes:
        odd: how many rows were left out, for they held something else than this program writes.
    """

    odd = 0

    def rows(
        self, query: str, kinds: Sequence[Kind], values: Sequence[object] = ()
    ) -> Iterator[tuple[Any, ...]]:
        """What the query finds, without odd rows.

        Args:
            query: an SQL SELECT.
            kinds: of its columns, in their order.
            values: of its parameters.
        """
        for row in self.execute(query, values):
            if all(is_right(value) for is_right, value in zip(kinds, row, strict=True)):
                yield row
            else:
                self.odd += 1


def _text(stored: bytes) -> str:
    return stored.decode("utf-8", "replace")


class _Unusable(Exception):
    """The file is no record that this program can read; the message says why."""


class _Newer(Exception):
    """The file was written by a newer program; the message says so."""


class RecordFile:
    """Reads and writes, each in a transaction of its own. `notices` tells what went wrong, in sentences."""

    def __init__(self, folder: Path) -> None:
        """Open nothing yet.

        Args:
            folder: of the record; it may not exist yet.
        """
        self.folder = folder
        self.path = folder / NAME
        self.notices: list[str] = []
        """What the learner must be told and was not yet; whoever tells it takes it out."""
        self._told: set[str] = set()
        self._lost = False
        """Whether the learner was told that nothing can be written."""
        self._lock = threading.Lock()
        self._patience = PATIENCE
        self._system = ""
        """How SQLite locks the file, where not as usual."""

    def read(self, work: Work[T], otherwise: T) -> T:
        """What `work` finds.

        Args:
            work: Is given the connection.
            otherwise: Where there is no record, or it can't be read.
        """
        with self._lock:
            if not _there(self.path):
                return otherwise
            return self._try(work, otherwise, write=False)

    def write(self, work: Work[T], otherwise: T) -> T:
        """Do `work` wholly or not at all.

        Args:
            work: Is given the connection.
            otherwise: Where it can't be done.
        """
        with self._lock:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                self.tell_cant_write(error.strerror or str(error))
                return otherwise
            return self._try(work, otherwise, write=True)

    def check(self) -> None:
        """Look through the whole file, so that damage is found before anyone relies on it."""
        self.read(_look_through, None)

    def _try(self, work: Work[T], otherwise: T, write: bool) -> T:
        for _ in range(3):
            before = _identity(self.path)
            try:
                return self._when_free(work, write)
            except _Unusable as problem:
                if not self._set_aside(str(problem), before) or not write:
                    return otherwise
            except _Newer as problem:
                self.tell(
                    f"the record {self.path} {problem}: it is left as it is, and what you do is not kept"
                )
                return otherwise
            except (sqlite3.Error, OSError) as error:
                held = _code(error) in BUSY
                if held and not write:
                    return self._read_held(work, otherwise)
                reason = "another program holds it" if held else str(error)
                self.tell_cant_write(reason) if write else self._tell_cant_read(reason)
                return otherwise
        return otherwise

    def _when_free(self, work: Work[T], write: bool) -> T:
        """Do it, and wait a little where another program is at it."""
        mode = "rwc" if write else "rw"
        try:
            found = self._do(work, mode, min(self._patience, FIRST_WAIT))
        except sqlite3.Error as error:
            if _code(error) not in BUSY or not self._patience:
                raise
            left, self._patience = max(self._patience - FIRST_WAIT, 0.0), 0.0
            if not self._system and not _locks_work(self.folder):
                self._system = "&vfs=unix-dotfile"
                self._remove_stale_lock()
            found = self._do(work, mode, left)
        self._patience = PATIENCE
        return found

    def _read_held(self, work: Work[T], otherwise: T) -> T:
        """Read a record that another program holds as it stands in the file."""
        self.tell(f"another program holds the record {self.path}: it is read as it was, and nothing is added")
        try:
            return self._do(work, "ro&immutable=1", 0.0)
        except (sqlite3.Error, OSError, _Unusable, _Newer):
            return otherwise

    def _do(self, work: Work[T], mode: str, wait: float) -> T:
        if self.path.is_dir():
            raise _Unusable("is a folder, not a file")
        write = mode.startswith("rwc")
        try:
            address = f"{self.path.absolute().as_uri()}?mode={mode}{self._system}"
            options: dict[str, Any] = {"timeout": wait, "isolation_level": None, "factory": RecordConnection}
            with closing(sqlite3.connect(address, uri=True, **options)) as connection:
                connection.text_factory = _text
                connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
                _add_tables(connection, since=_format(connection), to_stay=write)
                found = work(connection)
                connection.execute("COMMIT")
                if connection.odd:
                    self.tell(f"the record {self.path} has rows that tell of nothing: they are left out")
                return found
        except (ValueError, TypeError) as error:  # a text in it is not what was written
            raise _Unusable("is damaged") from error
        except sqlite3.DatabaseError as error:
            if _code(error) in CANT_NOW:
                raise
            raise _Unusable("is damaged") from error

    def _remove_stale_lock(self) -> None:
        """The lock file of a program that was killed would hold the record for ever."""
        lock = Path(f"{self.path}.lock")
        with suppress(OSError):
            if lock.stat().st_mtime < time.time() - STALE:
                lock.rmdir()

    def _set_aside(self, why: str, before: object) -> bool:
        """Give the file another name; whether a new record can be begun."""
        if _identity(self.path) != before:
            return True  # another program has done it
        stamp = f"{datetime.now():%Y%m%d-%H%M%S}"
        names = [f"set-aside-{stamp}{more}-{NAME}" for more in ("", *(f"-{n}" for n in range(2, 100)))]
        aside = next(p for p in map(self.folder.joinpath, names) if not _there(p))
        try:
            self.path.rename(aside)
            with suppress(FileNotFoundError):  # what SQLite was in the middle of goes with it
                Path(f"{self.path}-journal").rename(f"{aside}-journal")
        except OSError as error:
            reason = error.strerror or str(error)
            self.tell(
                f"the record {self.path} {why} and can't be set aside ({reason.lower()}): "
                "what you do now is not kept"
            )
            return False
        self.tell(f"the record {why}: it was set aside as {aside}, and a new one begins", once=False)
        return True

    def tell_cant_write(self, reason: str) -> None:
        """Tell that what is done now is not kept: once, however much is not."""
        if not self._lost:
            self._lost = True
            where = f"in {self.folder} ({reason.lower()})"
            self.tell(f"can't write the record {where}: what you do now is not kept", once=False)

    def _tell_cant_read(self, reason: str) -> None:
        self.tell(f"can't read the record {self.path} ({reason.lower()})")

    def tell(self, sentence: str, once: bool = True) -> None:
        """Have a sentence among the notices.

        Args:
            sentence: What to tell.
            once: Whether the same sentence is told only once.
        """
        if not (once and sentence in self._told):
            self._told.add(sentence)
            self.notices.append(sentence)


def _format(connection: sqlite3.Connection) -> int:
    """Of the tables that are there, 0 where there are none. Raises _Unusable where something else is."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if (version, application, tables) == (0, 0, 0):
        return 0
    if application != APPLICATION:
        raise _Unusable("is a file of some other program")
    if version > FORMAT:
        raise _Newer(f"was written by a newer toystory (format {version}, and this one reads {FORMAT})")
    return int(version)


def _add_tables(connection: sqlite3.Connection, since: int, to_stay: bool) -> None:
    """Those that came after the format `since`.

    to_stay: in the file; else only for whoever reads now, who finds nothing in them.
    """
    for statement in ";".join(TABLES[format] for format in TABLES if format > since).split(";"):
        connection.execute(statement if to_stay else statement.replace("CREATE TABLE", "CREATE TEMP TABLE"))
    if to_stay and 0 < since < BY_ID:
        _keep_questions_by_id(connection)
    if to_stay and since < FORMAT:
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {FORMAT}")


def _keep_questions_by_id(connection: sqlite3.Connection) -> None:
    """Rows of before have the words of a question; of those in two languages the later one stays."""
    for table in BY_QUESTION:
        rows = connection.execute(f"SELECT lesson, question FROM {table} ORDER BY julianday(at)").fetchall()
        for lesson, question in rows:
            connection.execute(
                f"UPDATE OR REPLACE {table} SET question = ? WHERE lesson = ? AND question = ?",
                (question_id(lesson, question), lesson, question),
            )


def _look_through(connection: sqlite3.Connection) -> None:
    (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if said != "ok":
        raise _Unusable("is damaged")


def _code(error: Exception) -> int:
    """SQLite's number of the error, without its finer distinctions."""
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)) & 0xFF


def _locks_work(folder: Path) -> bool:
    """Whether files can be locked there, as far as can be found out."""
    try:
        import fcntl
    except ImportError:  # Windows, where they always can
        return True
    locked = True
    with suppress(OSError), tempfile.TemporaryFile(dir=folder) as file:
        locked = False
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        locked = True
    return locked


def _identity(path: Path) -> object:
    """Changes when another file takes the place."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _there(path: Path) -> bool:
    """Also of a link that leads nowhere."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True
