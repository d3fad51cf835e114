"""What every test has: a home of its own for the learner's things."""

from __future__ import annotations

from pathlib import Path

import pytest

from toystory.base.paths import VARIABLE
from toystory.render.dots import VARIABLE as BLOCKS


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, also for programs that a test starts."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv(VARIABLE, str(folder))
    monkeypatch.setenv(BLOCKS, "")  # a command with --ascii sets it for all that come after
    return folder
