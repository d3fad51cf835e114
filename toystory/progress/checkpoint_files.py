"""The files of runs that were put down: their names, and how they are found and deleted."""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

FOLDER = "paused"
ASIDE = "set-aside-"


class Paused:
    """The folder of these files. Each is named after lesson, study and session: two programs at a time never
    write the same one."""

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER

    def path(self, lesson: str, study: str, token: str) -> Path:
        return self.folder / f"{lesson}.{_digest(study)}.{token}.npz"

    def of(self, lesson: str, study: str) -> list[Path]:
        """Those of one study."""
        return list(self.folder.glob(f"{lesson}.{_digest(study)}.*.npz"))

    def beside(self, path: Path) -> Path:
        """Where it is written before it takes its place."""
        return path.with_name(f".{path.name}.{os.getpid()}")

    def sweep(self, older_than: float) -> None:
        """Away with what was begun before that time and never took its place."""
        with suppress(OSError):
            for path in self.folder.glob(".*.npz.*"):
                if path.stat().st_mtime < older_than:
                    path.unlink(missing_ok=True)

    def aside(self, path: Path, stamp: str) -> Path:
        """Another name for one that can't go on."""
        return path.with_name(f"{ASIDE}{stamp}-{path.name}")

    def clear(self, lesson: str | None) -> None:
        """Delete those of a lesson; of all lessons where it is None. Raises OSError."""
        for path in self.folder.glob("*.npz" if lesson is None else f"{lesson}.*.npz"):
            if not path.name.startswith(ASIDE):
                path.unlink(missing_ok=True)


def token_of(path: Path) -> str:
    """The token of the session whose file this is."""
    return path.name.split(".")[2]


def _digest(study: str) -> str:
    return sha256(study.encode()).hexdigest()[:12]
