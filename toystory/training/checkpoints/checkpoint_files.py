"""A folder of checkpoints: a file each, whole or not at all, and never deleted because it can't be read."""

from __future__ import annotations

import time
from pathlib import Path

from toystory.base import files

SUFFIX = ".npz"
ASIDE = "set-aside-"


class CheckpointFiles:
    """The checkpoints of a folder, by names of their own."""

    def __init__(self, folder: Path) -> None:
        """Look at nothing yet. folder: it may not exist."""
        self.folder = folder

    def save(self, name: str, contents: bytes) -> None:
        """Write a checkpoint in place of what was there.

        Args:
            name: Of the file, without its ending.
            contents: As bytes.

        Raises:
            OSError: It can't be written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        files.write(self._path(name), contents)

    def load(self, name: str) -> bytes | None:
        """Read one; None where there is none. Raises OSError."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def delete(self, name: str) -> None:
        """Away with it, if it is there. Raises OSError."""
        self._path(name).unlink(missing_ok=True)

    def names(self, pattern: str = "*", before: float | None = None) -> list[str]:
        """Which there are, the oldest first. Raises OSError.

        Args:
            pattern: That the names match, as in a shell.
            before: When they were saved at the latest, in seconds since 1970; None for any time.
        """
        paths = [path for path in self.folder.glob(pattern + SUFFIX) if not path.name.startswith(ASIDE)]
        saved = {path.name.removesuffix(SUFFIX): path.stat().st_mtime for path in paths}
        return sorted((n for n in saved if before is None or saved[n] < before), key=lambda name: saved[name])

    def set_aside(self, name: str) -> Path:
        """Give another name to one that can't be resumed, and return it. Raises OSError."""
        aside = self.folder / f"{ASIDE}{time.strftime('%Y%m%d-%H%M%S')}-{name}{SUFFIX}"
        self._path(name).replace(aside)
        return aside

    def remove_unfinished(self) -> None:
        """Away with what was begun long ago and never written to its end."""
        files.remove_unfinished(self.folder)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{SUFFIX}"
