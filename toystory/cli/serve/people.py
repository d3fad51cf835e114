"""Who is there: a name given at the door, or a browser without one; and the folder that is theirs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import time
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from toystory.base.errors import BadRequest
from toystory.base.paths import home
from toystory.cli.serve.access import Access
from toystory.progress.store import Store

LONGEST_NAME = 60
GUEST = re.compile(r"(\d{8}T\d{4})\.([0-9a-f]{32})")
OLD_GUEST = re.compile(r"[0-9a-f]{32}")
TAKEN_WORDS = re.compile(r"guest-.*|con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)
"""No names for a person's folder."""
MOST_FAILURES, LONGEST_WAIT = 5, 60.0
"""Wrong codes for a name before it has to wait, and seconds that it waits at most."""


@dataclass(frozen=True)
class Person:
    """Who a record belongs to.

    Attributes:
        folder: Where it is kept.
        name: As it was given at the door; empty without one.
        cookie: What the browser is known by.
    """

    folder: Path
    name: str = ""
    cookie: str = ""

    @property
    def label(self) -> str:
        """For a teacher's eyes."""
        return self.name or self.folder.name


class People:
    """Knows browsers by their cookies. This one: a record for each browser, which nobody can guess."""

    has_door = False
    lasts = 365 * 24 * 3600
    """Seconds that a browser is remembered; 0 for as long as it is open."""

    def of_cookie(self, cookie: str) -> Person | None:
        """Whose browser sends that; None for nobody's."""
        if OLD_GUEST.fullmatch(cookie):
            return Person(visitors() / cookie, cookie=cookie)
        match = GUEST.fullmatch(cookie)
        if match is None:
            return None
        try:
            came = datetime.strptime(match[1], "%Y%m%dT%H%M")
        except ValueError:
            return None
        digest = hashlib.sha256(match[2].encode()).hexdigest()[:8]
        return Person(visitors() / f"guest-{came:%Y-%m-%d-%H%M}-{digest}", cookie=cookie)

    def newcomer(self) -> Person | None:
        """Someone who was never here; None where they have to say who they are."""
        person = self.of_cookie(f"{datetime.now():%Y%m%dT%H%M}.{secrets.token_hex(16)}")
        assert person is not None
        return person


class Owner(People):
    """One learner, whose server it is, with the record that the app in a terminal has too."""

    lasts = 0

    def of_cookie(self, cookie: str) -> Person | None:
        return Person(home())

    def newcomer(self) -> Person | None:
        return Person(home())


class NotLetIn(Exception):
    """The door stays closed; the message says why."""


class Named(People):
    """Everybody says a name at the door, of a list if there is one, with a code if the list has it."""

    has_door = True
    lasts = 0

    def __init__(self, access: Access, file: Path | None) -> None:
        """Read the list.

        Args:
            access: What cookies are signed with.
            file: A name a line, after a comma perhaps its code; None: any name.

        Raises:
            BadRequest: the file can't be read, or has a name twice.
        """
        self._access = access
        self._file = file
        self._failures: dict[str, tuple[int, float]] = {}
        self._list = self._read()
        self.asks_code = any(code for _, code in self._list.values())

    def enter(self, said: str, code: str) -> Person:
        """Who has said that at the door.

        Raises:
            NotLetIn: there is no such name, or the code is wrong.
        """
        name = clean_name(said)
        if not name:
            raise NotLetIn("Type your name.")
        if len(name) > LONGEST_NAME:
            raise NotLetIn(f"A name has {LONGEST_NAME} letters at most.")
        if self._file is None:
            return self._person(name)
        self._reread()
        known = self._list.get(name.casefold())
        if known is None:
            raise NotLetIn(f"{name} is not on the list: type your name as your teacher has written it.")
        self._check_code(name.casefold(), known[1], code.strip())
        return self._person(known[0])

    def of_cookie(self, cookie: str) -> Person | None:
        encoded, _, signature = cookie.partition(".")
        try:
            name = base64.urlsafe_b64decode(encoded.encode() + b"==").decode()
        except ValueError:
            return None
        if not hmac.compare_digest(signature.encode(), self._access.sign("name", name).encode()):
            return None
        if self._file is not None and name.casefold() not in self._list:
            return None
        return self._person(name)

    def newcomer(self) -> Person | None:
        return None

    def _person(self, name: str) -> Person:
        encoded = base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")
        return Person(folder_of(name), name, f"{encoded}.{self._access.sign('name', name)}")

    def _check_code(self, key: str, wanted: str, code: str) -> None:
        failures, until = self._failures.get(key, (0, 0.0))
        if (wait := until - time.monotonic()) > 0:
            raise NotLetIn(f"Too many wrong codes: wait {wait:.0f} s.")
        if wanted and not hmac.compare_digest(wanted.encode(), code.encode()):
            failures += 1
            pause = min(LONGEST_WAIT, 2.0 ** (failures - MOST_FAILURES)) if failures >= MOST_FAILURES else 0
            self._failures[key] = failures, time.monotonic() + pause
            raise NotLetIn("That is not the code of this name." if code else "Type your code, too.")
        self._failures.pop(key, None)

    def _reread(self) -> None:
        """A name that was added while the server runs is let in; a file that is being written is left."""
        try:
            self._list = self._read()
        except BadRequest:
            return
        self.asks_code = any(code for _, code in self._list.values())

    def _read(self) -> dict[str, tuple[str, str]]:
        """Names and codes, by the name in small letters."""
        if self._file is None:
            return {}
        try:
            lines = self._file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is no text in UTF-8"
            raise BadRequest(f"can't read the names in {self._file}: {why}") from error
        found: dict[str, tuple[str, str]] = {}
        for number, line in enumerate(lines, start=1):
            said, _, code = re.sub(r"[;\t]", ",", line.partition("#")[0], count=1).partition(",")
            name = clean_name(said)
            if not name:
                continue
            if len(name) > LONGEST_NAME or name.casefold() in found:
                fault = "is there twice" if name.casefold() in found else "is too long"
                raise BadRequest(f"{self._file}, line {number}: {name[:LONGEST_NAME]} {fault}")
            found[name.casefold()] = name, code.strip()
        if not found:
            raise BadRequest(f"no name is in {self._file}: write one a line, and ', CODE' after it")
        return found


def visitors() -> Path:
    """Where the visitors' folders are."""
    return home() / "visitors"


def clean_name(said: str) -> str:
    """A name without what can't be seen in it."""
    text = unicodedata.normalize("NFC", said)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def folder_name(name: str) -> str:
    """A folder's name in which a teacher reads the person's; no two people have the same."""
    plain = re.sub(r"[^\w\- ]", "_", name).strip().replace(" ", "-")
    lossy = plain != name.replace(" ", "-") or "-" in name
    if lossy or TAKEN_WORDS.fullmatch(plain) or OLD_GUEST.fullmatch(plain):
        plain = f"{plain}-{hashlib.sha256(name.casefold().encode()).hexdigest()[:6]}"
    return plain


def remove_if_empty(folder: Path) -> None:
    """Take away a folder in which nothing was done; whatever is in the way, it stays."""
    try:
        if not folder.is_dir() or not is_untouched(folder):
            return
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    except OSError:
        return


def is_untouched(folder: Path) -> bool:
    """Whether there is nothing in it that someone did."""
    names = {path.name for path in folder.iterdir()}
    return names <= {"record.sqlite3", "record.sqlite3-wal", "record.sqlite3-shm"} and (
        not names or Store(folder).is_untouched()
    )


def folder_of(name: str) -> Path:
    """The folder of a person: whoever writes the name in small letters comes to the same record."""
    wanted = folder_name(name)
    try:
        there = sorted(folder.name for folder in visitors().iterdir())
    except OSError:
        there = []
    if wanted not in there:
        wanted = next((folder for folder in there if folder.casefold() == wanted.casefold()), wanted)
    return visitors() / wanted
