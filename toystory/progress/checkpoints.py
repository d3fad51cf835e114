"""The shelf: runs that were put down, a file each, to go on with at another time."""

from __future__ import annotations

import time
from contextlib import suppress

from toystory.base import files
from toystory.progress.checkpoint_files import Paused, token_of
from toystory.progress.store import Store
from toystory.training.checkpoint import Checkpoint, OtherCode, from_bytes, to_bytes


class Shelf:
    """Puts sessions into files and takes them out; what can't go on is set aside, never deleted."""

    def __init__(self, store: Store) -> None:
        """store: whose folder it is in, and which tells what goes wrong."""
        self._paused = Paused(store.folder)
        self._tell, self._tell_cant_write = store.tell, store.tell_cant_write
        files.remove_unfinished(self._paused.folder)

    def put(self, lesson: str, study: str, token: str, checkpoint: Checkpoint) -> None:
        """Write it whole, or leave what is there."""
        path = self._paused.path(lesson, study, token)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write(path, to_bytes(checkpoint))
        except OSError as error:
            self._tell_cant_write(files.reason(error))

    def remove(self, lesson: str, study: str, token: str, since: float) -> None:
        """The session has come to its end, or begins anew: away with it, and with what was put down of that
        study before the time `since`."""
        own = self._paused.path(lesson, study, token)
        with suppress(OSError):
            for path in self._paused.of(lesson, study):
                if path == own or path.stat().st_mtime < since:
                    path.unlink(missing_ok=True)

    def newest(self, lesson: str, study: str) -> tuple[str, Checkpoint] | None:
        """The last one put down of that study, after the token of its session.

        Those that can't go on are set aside.
        """
        try:
            paths = sorted(self._paused.of(lesson, study), key=lambda path: path.stat().st_mtime)
            while paths:
                path = paths.pop()
                token = token_of(path)
                contents = path.read_bytes()
                try:
                    return token, from_bytes(contents)
                except OtherCode:
                    self.set_aside(lesson, study, token, "was put down by another version of the models")
                except ValueError:
                    self.set_aside(lesson, study, token, "is damaged")
        except OSError as error:
            self._tell(f"can't read the paused runs in {self._paused.folder} ({files.reason(error)})")
        return None

    def set_aside(self, lesson: str, study: str, token: str, why: str) -> None:
        """Give it another name, for it can't go on."""
        path = self._paused.path(lesson, study, token)
        aside = self._paused.aside(path, time.strftime("%Y%m%d-%H%M%S"))
        where = f": it was set aside as {aside}"
        try:
            path.replace(aside)
        except OSError as error:
            where = f" and can't be set aside ({files.reason(error)})"
        self._tell(f"the paused run of {study!r} {why}{where}; the run begins anew")
