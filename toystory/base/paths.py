"""Where the learner's things are kept."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import platformdirs

from toystory.base.errors import BadRequest

VARIABLE = "TOYSTORY_HOME"
WHOLE_MODELS = "whole-models"
"""The folder there of what the models that a learner wrote came to."""


def home() -> Path:
    """The folder of the learner's record and exercises, which may not exist yet.

    It is $TOYSTORY_HOME, or the platform's place for the data of users; without any home folder, one among
    the temporary files (`home_notice` says so).

    Raises:
        BadRequest: $TOYSTORY_HOME names a user's folder, and there is no such user; or no folder can be had.
    """
    return _chosen_or_usual_home() or _make_temporary_home()


def home_notice() -> str | None:
    """What the learner must know about `home`, in a sentence."""
    if _chosen_or_usual_home():
        return None
    return (
        f"no home folder is known here: what you do is kept in {home()}, among temporary files; "
        f"{VARIABLE} names a better place"
    )


def expanded(path: Path, what: str) -> Path:
    """`path` with ~ and ~user in place of the home folders that they stand for.

    Args:
        path: as it was typed.
        what: what says so, for the sentence.

    Raises:
        BadRequest: there is no such user, or no home folder is known.
    """
    try:
        return path.expanduser()
    except RuntimeError:
        raise BadRequest(f"{what} is {path}, and no such home folder is known: write it in full") from None


def keymap_file() -> Path:
    """Where the learner's own keys are written down; there need not be such a file."""
    return home() / "keys.toml"


def _chosen_or_usual_home() -> Path | None:
    """None where no home folder is known."""
    if os.environ.get("HOME") == "":
        del os.environ["HOME"]  # as if it were not set: the system may know the folder all the same
    if chosen := os.environ.get(VARIABLE):
        return expanded(Path(chosen), VARIABLE)
    try:
        usual = platformdirs.user_data_dir("toystory", appauthor=False)
    except RuntimeError:
        return None
    return None if usual.startswith("~") else Path(usual)


def _make_temporary_home() -> Path:
    """A folder among the temporary files, for this user's eyes alone."""
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    try:
        folder = Path(tempfile.gettempdir()) / f"toystory-{user}"
        folder.mkdir(mode=0o700, exist_ok=True)
        mine = not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
    except OSError as error:
        why = f"no home folder is known here, nor can one be made ({error.strerror or error})"
        raise BadRequest(f"{why}: set {VARIABLE} to a folder") from error
    if not mine:
        raise BadRequest(f"no home folder is known here, nor can {folder} be one: set {VARIABLE} to a folder")
    return folder
