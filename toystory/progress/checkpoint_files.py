"""The files of runs that were put down: their names, and how they are found and deleted."""

from __future__ import annotations

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
