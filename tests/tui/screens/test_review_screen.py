"""Questions that were not known, asked again in the app."""

from __future__ import annotations

from tests.support.app import press
from tests.support.painted import painted
from toystory.course.catalogue import load
from toystory.progress.lesson_progress import CourseProgress
from toystory.progress.review import Review
from toystory.progress.store import Store
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.lesson.screen import LessonScreen
from toystory.tui.screens.review import ReviewScreen


def shown(app: ToystoryApp) -> str:
    return "\n".join(strip.text for strip in painted(app.screen))


async def test_the_next_chapter_asks_what_was_not_known_and_keeps_the_mark() -> None:
    question = load("gate").recall[0].id
    before = CourseProgress(Store())
    before.record("gate").review(question, 0, 1, before.last)
    before.record("gate").review("What was asked before the recap was written anew?", 0, 1, before.last)
    app = ToystoryApp("regression")
    async with app.run_test(size=(120, 36)) as pilot:
        await press(pilot, "p", "1")
        assert isinstance(app.screen, LessonScreen)
        coming = next(step for step in app.screen.steps if step.name == "review")
        assert coming.text.startswith("a question comes back from other chapters")
        await press(pilot, "Q")
        assert isinstance(app.screen, ReviewScreen)
        await press(pilot, *"so", "enter")
        assert "1 knew it" in shown(app)
        await press(pilot, "1")
        assert "That was all" in shown(app)
        await press(pilot, "escape")
        assert isinstance(app.screen, LessonScreen)
        assert "review" not in [step.name for step in app.screen.steps]
    assert CourseProgress(Store()).record("gate").reviews[question] == Review(2, 1, 4)


async def test_where_nothing_is_due_it_says_so() -> None:
    before = CourseProgress(Store())
    before.record("gate").review("A question that no chapter asks any more?", 0, 1, before.last)
    before.record("regression").prediction = 0
    assert before.due == []
    app = ToystoryApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "Q")
        assert [note.message[:21] for note in app._notifications] == ["No question is due. W"]
