"""The paused runs of all lessons, to go on with at another time."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256

from toystory.base import files
from toystory.progress.paused_names import FOLDER
from toystory.progress.store import Store
from toystory.training.checkpoints.checkpoint import Checkpoint, OtherArithmetic, from_bytes, to_bytes
from toystory.training.checkpoints.checkpoint_files import CheckpointFiles


class PausedRuns:
    """Checkpoints of background runs, named after lesson, study and token.

    So two programs at a time never write the same file. What can't go on is set aside, never deleted.
    """

    def __init__(self, store: Store) -> None:
        """Look into the store's folder. store: tells what goes wrong."""
        self._files = CheckpointFiles(store.folder / FOLDER)
        self._tell, self._tell_cant_write = store.tell, store.tell_cant_write
        self._files.remove_unfinished()

    def save(self, lesson: str, study: str, token: str, checkpoint: Checkpoint) -> None:
        """Write it whole, or leave what is there.

        Args:
            lesson: Of the study.
            study: Its name.
            token: Of the run.
            checkpoint: To go on from.
        """
        try:
            self._files.save(f"{_start(lesson, study)}{token}", to_bytes(checkpoint))
        except OSError as error:
            self._tell_cant_write(files.reason(error))

    def delete(self, lesson: str, study: str, token: str, since: float) -> None:
        """Away with the checkpoint of a run that has come to its end, or begins anew.

        Args:
            lesson: Its name.
            study: Its name.
            token: Of the run.
            since: What was saved of that study before goes too: seconds since 1970.
        """
        start = _start(lesson, study)
        with suppress(OSError):
            for name in {f"{start}{token}", *self._files.names(f"{start}*", before=since)}:
                self._files.delete(name)

    def newest(self, lesson: str, study: str) -> tuple[str, Checkpoint] | None:
        """The last checkpoint of a study, after the token of its run; what can't go on is set aside.

        Args:
            lesson: Of the study.
            study: Its name.
        """
        start = _start(lesson, study)
        try:
            for name in reversed(self._files.names(f"{start}*")):
                token = name.removeprefix(start)
                try:
                    return token, from_bytes(self._files.load(name) or b"")
                except OtherArithmetic:
                    self.set_aside(lesson, study, token, "was put down by another version of the models")
                except ValueError:
                    self.set_aside(lesson, study, token, "is damaged")
        except OSError as error:
            self._tell(f"can't read the paused runs in {self._files.folder} ({files.reason(error)})")
        return None

    def set_aside(self, lesson: str, study: str, token: str, why: str) -> None:
        """Give one that can't go on another name, and tell so.

        Args:
            lesson: Of the study.
            study: Its name.
            token: Of the run.
            why: Goes after 'the paused run of …'.
        """
        try:
            where = f": it was set aside as {self._files.set_aside(f'{_start(lesson, study)}{token}')}"
        except OSError as error:
            where = f" and can't be set aside ({files.reason(error)})"
        self._tell(f"the paused run of {study!r} {why}{where}; the run begins anew")

    def clear(self, lesson: str | None) -> None:
        """Delete those of a lesson; of all lessons where it is None. Raises OSError."""
        for name in self._files.names("*" if lesson is None else f"{lesson}.*"):
            self._files.delete(name)


def _start(lesson: str, study: str) -> str:
    """What the names of all of a study's checkpoints begin with."""
    return f"{lesson}.{sha256(study.encode()).hexdigest()[:12]}."
