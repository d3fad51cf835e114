"""R in Train looks for a learning rate, and enter takes it."""

from __future__ import annotations

import asyncio

from toystory.tui.app import ToystoryApp
from toystory.tui.screens.dialogs.rate_finder import RateFinderScreen
from toystory.tui.screens.lesson.screen import LessonScreen


async def test_the_rate_that_is_found_is_taken_with_enter_and_left_with_escape() -> None:
    async with ToystoryApp("two-layer").run_test(size=(80, 24)) as pilot:
        await pilot.press("t", "J")
        found = pilot.app.screen
        assert isinstance(found, RateFinderScreen)
        assert found.query_one("#dialog").styles.border_top[0] == "round", "it stands over what is shown"
        for _ in range(400):
            if found.curve is not None:
                break
            await asyncio.sleep(0.01)
        assert found.curve is not None
        await pilot.press("enter")
        lesson = pilot.app.screen
        assert isinstance(lesson, LessonScreen)
        assert lesson.lesson_state.session.learning_rate == found.curve.suggested
        await pilot.press("J", "escape")
        assert pilot.app.screen is lesson
