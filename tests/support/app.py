"""What stands on the app's screen, and waiting for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from tests.support.painted import painted
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.lesson.screen import LessonScreen
from toystory.tui.state.lesson_state import LessonState


def shown(app: App[Any]) -> str:
    """The text of the whole screen."""
    return "\n".join(strip.text for strip in painted(app.screen))


async def until(pilot: Pilot[Any], condition: Callable[[], object], seconds: float = 60) -> None:
    """Return once the condition holds; fail with what is on the screen when it does not for so long."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain; on the screen:\n{shown(pilot.app)}"
        await asyncio.sleep(0.02)


async def until_shown(pilot: Pilot[Any], *texts: str) -> None:
    """Return once all these texts are on the screen."""
    await until(pilot, lambda: all(text in shown(pilot.app) for text in texts))


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press these keys, and return once all is done that comes of them at once."""
    await pilot.press(*keys)
    await pilot.pause()


@asynccontextmanager
async def in_lesson(
    name: str, *keys: str, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[ToystoryApp, Pilot[Any]]]:
    """The app with a lesson open, after these keys."""
    app = ToystoryApp(name)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.is_mounted)
        await until_shown(pilot, "Story")
        await press(pilot, *keys)
        yield app, pilot


def lesson_state(app: App[Any]) -> LessonState:
    """Of the lesson that is open."""
    assert isinstance(app.screen, LessonScreen)
    return app.screen.lesson_state
