"""Where the learner's things are kept."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

VARIABLE = "TOYSTORY_HOME"


def home() -> Path:
    """The folder of the learner's record and exercises: $TOYSTORY_HOME, or the platform's place for the data
    of users. It may not exist yet."""
    own = os.environ.get(VARIABLE)
    return Path(own).expanduser() if own else Path(platformdirs.user_data_dir("toystory", appauthor=False))


def keymap_file() -> Path:
    """Where the learner's own keys are written down; there need not be such a file."""
    return home() / "keys.toml"
