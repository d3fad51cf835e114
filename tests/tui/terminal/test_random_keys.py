"""Keys, clicks, pastes and resizes at random in every lesson while it trains: nothing raises or hangs, and no
thread is left over."""

from __future__ import annotations

import asyncio
import faulthandler
import random
import sys
import threading
from collections.abc import Iterator

import pytest
from textual import events

from tests.support.keys import KEYS, QUITTING, character
from tests.support.some import some
from toystory.course.catalogue import NAMES
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.course import CourseScreen

LETTERS = tuple("abcdefghijklmnoprstuvwxyzABCDEFGHIJKLMNOPRSTUVWXYZ0123456789")
"""All but q, which ends the app; some are bound to nothing."""
PRESSED = tuple(dict.fromkeys((*LETTERS, *(key for key in KEYS if key not in QUITTING), "f1", "f6")))
STARTING = ("space", "t", "full_stop")
"""Said more often than the rest, so that something trains most of the time."""
SIZES = ((80, 24), (120, 36), (200, 50), (100, 30), (60, 18), (40, 10), (20, 5), (1, 1), (500, 200))
RESIZED = 0.2
"""Share of the bursts of keys before which the size of the terminal changes."""
CLICKED = 0.2
"""Share of what is done that is done with the mouse."""
PASTED = 0.01
PASTES = ("1e-3", "1011", "a = 1\n    b = 2\r\n\tc\n", "0" * 100_000)
FROZEN = 120.0
"""Seconds without an answer after which the test tells where everybody stands, and ends."""
BURSTS = (1, 1, 2, 3, 5, 10, 20, 40)
SWITCH_INTERVAL = 0.0001
"""Seconds: the training thread gives way soon, so that the keys come fast."""


def key(name: str) -> events.Key:
    return events.Key(name, character(name))


def mouse(kind: type[events.MouseEvent], x: int, y: int, button: int) -> events.MouseEvent:
    return kind(None, x, y, 0, 0, button, False, False, False, screen_x=x, screen_y=y)


def do_something(app: ToystoryApp, rng: random.Random) -> None:
    """Press a key, click once or twice, move the mouse, turn its wheel, or paste."""
    chance = rng.random()
    if chance < PASTED:
        app.post_message(events.Paste(rng.choice(PASTES)))
    elif chance < CLICKED:
        x, y = rng.randrange(app.size.width), rng.randrange(app.size.height)
        app.post_message(mouse(events.MouseMove, x, y, 0))
        if rng.random() < 0.2:
            wheel = rng.choice((events.MouseScrollDown, events.MouseScrollUp))
            app.post_message(mouse(wheel, x, y, 0))
        for _ in range(rng.choice((1, 1, 2))):
            app.post_message(mouse(events.MouseDown, x, y, 1))
            app.post_message(mouse(events.MouseUp, x, y, 1))
    else:
        names = STARTING if rng.random() < 0.1 else PRESSED
        app.post_message(key(rng.choice(names)))


async def settle(app: ToystoryApp) -> None:
    """Let the app, and then the screen it shows, answer what they were told before."""
    for node in (lambda: app, lambda: app.screen):
        if not app.is_running or not app.screen_stack:
            return
        told, asked = asyncio.Event(), node()
        asked.call_later(told.set)
        # What closes meanwhile does not answer any more; and the training does not wait for an answer.
        while not told.is_set() and asked.is_running and app.is_running:
            await asyncio.sleep(0)


async def press_at_random(lesson: str, presses: int, seed: int) -> None:
    """Raises whatever the app raises."""
    rng = random.Random(seed)
    while presses > 0:
        app = ToystoryApp(lesson)
        async with app.run_test(size=(120, 36)) as pilot:
            while presses > 0 and app.is_running:
                if isinstance(app.screen, CourseScreen):
                    app.post_message(key(str(NAMES.index(lesson) + 1)))
                if rng.random() < RESIZED:
                    await pilot.resize_terminal(*rng.choice(SIZES))
                # As from a keyboard, they come faster than they can be answered.
                for _ in range(rng.choice(BURSTS)):
                    do_something(app, rng)
                    presses -= 1
                await settle(app)
                faulthandler.dump_traceback_later(FROZEN, exit=True, file=sys.__stderr__)
            # It ends as when a learner quits: what is still on its way then is not answered.
            app.exit()
            while app.is_running:
                await asyncio.sleep(0)
        # The list of commands has one that quits: then it is opened again.
        assert app.return_code in (None, 0)


@pytest.fixture(autouse=True)
def impatient() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    yield
    sys.setswitchinterval(before)
    faulthandler.cancel_dump_traceback_later()


def trainers() -> list[str]:
    """The threads that train."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("train ")]


@pytest.mark.parametrize("lesson", some(("lstm",), NAMES))
async def test_a_few_random_keys_do_no_harm(lesson: str) -> None:
    await press_at_random(lesson, presses=60, seed=NAMES.index(lesson))
    assert trainers() == []


async def test_it_opens_with_what_random_keys_have_left_behind() -> None:
    """Paused runs, own studies, code half typed: all on the same record."""
    for seed in (1, 2):
        await press_at_random("two-layer", presses=40, seed=seed)
    assert trainers() == []


@pytest.mark.slow
@pytest.mark.parametrize("lesson", NAMES)
async def test_five_hundred_random_keys_on_an_old_record_do_no_harm(lesson: str) -> None:
    for seed in (300, 301):
        await press_at_random(lesson, presses=500, seed=seed + NAMES.index(lesson))
    assert trainers() == []


@pytest.mark.slow
@pytest.mark.parametrize("thousand", range(10))
@pytest.mark.parametrize("lesson", NAMES)
async def test_ten_thousand_random_keys_do_no_harm(lesson: str, thousand: int) -> None:
    await press_at_random(lesson, presses=1000, seed=100 + 10 * NAMES.index(lesson) + thousand)
    assert trainers() == []
