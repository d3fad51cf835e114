"""Whether a lesson has paused runs, told by the names of their files alone: nothing is loaded."""

from __future__ import annotations

from pathlib import Path

FOLDER = "paused"
"""In the learner's folder."""


def has_paused_runs(folder: Path, lesson: str) -> bool:
    """Whether there is a run to go on with.

    Args:
        folder: The learner's.
        lesson: The name of the lesson.
    """
    try:
        return any((folder / FOLDER).glob(f"{lesson}.*.npz"))
    except OSError:
        return False
