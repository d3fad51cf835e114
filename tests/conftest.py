"""What every test has: a home of its own for the learner's things."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import hypothesis
import pytest

from toystory.base.language import VARIABLE as LANGUAGE
from toystory.base.paths import VARIABLE
from toystory.course.own_lessons import VARIABLE as LESSONS
from toystory.render.dots import VARIABLE as BLOCKS

os.environ["TEXTUAL_ANIMATIONS"] = "none"
"""Read when Textual is imported: a test waits for no animation."""
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
"""Hundreds of programs are started: the first compiles the checkout, not each of them."""


hypothesis.settings.register_profile("the same on every machine", deadline=None, derandomize=True)
hypothesis.settings.load_profile("the same on every machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What lasts longest begins first: at the end, nothing would be left to run beside it."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Thousands of collected tests are no garbage; to look through them all the time takes a fifth of it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, also for programs that a test starts."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv(VARIABLE, str(folder))
    # A command with --lessons, --language or --ascii sets these for all that come after.
    monkeypatch.setenv(LESSONS, "")
    monkeypatch.setenv(LANGUAGE, "en")
    monkeypatch.setenv(BLOCKS, "")
    return folder
