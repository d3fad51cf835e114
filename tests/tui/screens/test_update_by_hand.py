"""The update worked out by hand, and what a step has changed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.support.app import press
from tests.support.derivation import experiment_of, lines, opened, reading_of, slope
from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.derivation.one_update import question
from toystory.training.settings import OptimizerName
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.inspection.derivation import DerivationScreen
from toystory.tui.screens.inspection.update_pages import UpdatePage, changes_text
from toystory.tui.state.inspection import Cursor


@asynccontextmanager
async def at_page(page: UpdatePage, name: str, size: tuple[int, int]) -> AsyncIterator[DerivationScreen]:
    """One update of a lesson, turned to this page."""
    async with ToystoryApp().run_test(size=size) as pilot:
        screen = opened(name)
        await pilot.app.push_screen(screen)
        screen.go_to(screen.pages.index(page))
        await pilot.pause()
        yield screen


async def asked(pilot: Pilot[Any], screen: DerivationScreen, answer: str) -> str:
    """Go to the question and answer it."""
    await pilot.app.push_screen(screen)
    screen.go_to(screen.pages.index("by hand"))
    await pilot.pause()
    assert isinstance(pilot.app.focused, Input)
    pilot.app.focused.value = answer
    await press(pilot, "enter")
    return "\n".join(lines(screen))


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "Right: "), (0.009, "Right: "), (0.02, "Not yet. You found "), (None, "Not yet")],
)
async def test_the_update_by_hand_is_judged(share: float | None, said: str) -> None:
    app = ToystoryApp()
    async with app.run_test(size=(120, 36)) as pilot:
        screen = opened("gate", (1, 1))
        now = screen.trace
        wanted = now.model.parameters["w"][0] - now.learning_rate * slope(now, "w", 0)
        answer = -wanted if share is None else wanted * (1 + share)
        text = await asked(pilot, screen, f"{answer:.9f}")
        assert said in text
        (line,) = re.findall(r"w\[0\] = (\S+) − (\S+)·\(?(\S+?)\)? = (\S+)", text)
        before, rate, gradient, after = (float(figure.replace("−", "-")) for figure in line)
        assert rate == now.learning_rate
        assert (before, after) == pytest.approx((now.model.parameters["w"][0], wanted), rel=1e-4)
        assert gradient == pytest.approx(slope(now, "w", 0), rel=1e-4)


async def test_an_answer_that_is_no_number_is_told_and_none_shows_the_line() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(120, 36)) as pilot:
        screen = opened("gate", (1, 1))
        assert "not a number" in await asked(pilot, screen, "a lot")
        app.pop_screen()
        screen = opened("gate", (1, 1))
        assert "the line that computes it" in await asked(pilot, screen, "")


async def test_the_changes_are_those_of_one_step() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(120, 36)) as pilot:
        screen = opened("two-layer")
        await app.push_screen(screen)
        screen.go_to(len(screen.pages) - 1)
        await pilot.pause()
        now = screen.trace
        beside = screen.query_one("#now").region.x
        text = "\n".join(line[beside:] for line in lines(screen))
        for name, values in now.model.parameters.items():
            moved = np.array([now.learning_rate * slope(now, name, k) for k in range(values.size)])
            before = np.linalg.norm(values.astype(float))
            after = np.linalg.norm(values.astype(float).ravel() - moved)
            row = next(line for line in text.splitlines() if re.search(rf"\s{name}\s.*\sat \[", line))
            figures = re.findall(r"−?\d+\.\d+(?:e[−+-]\d+)?", row)
            found = [abs(float(figure.replace("−", "-"))) for figure in figures]
            assert found == pytest.approx([before, after, np.abs(moved).max()], rel=2e-3, abs=2e-6)


@pytest.mark.parametrize(
    ("optimizer", "said"),
    [
        ("gradient descent", "One step of gradient descent, η = 0.1,"),
        ("momentum", "The first step of momentum, η = 0.1,"),
        ("adam", "The first step of Adam, η = 0.1,"),
    ],
)
def test_the_changes_are_those_of_what_trains(optimizer: OptimizerName, said: str) -> None:
    experiment = replace(experiment_of("gate"), optimizer=optimizer)
    now = Cursor((1, 1)).trace(catalogue.load("gate"), experiment, experiment.build_model(), 0.1)
    text = changes_text(now, 80)
    assert text.startswith(said)
    step = 0.1 if optimizer == "adam" else 0.1 * abs(slope(now, "b", 0))
    told = next(line for line in text.splitlines() if line.startswith("b"))
    assert abs(float(told.split()[-3].replace("−", "-"))) == pytest.approx(step, rel=1e-3)


async def test_the_changes_of_attention_fit_beside_the_list() -> None:
    async with at_page("changes", "attention", size=(120, 36)) as screen:
        beside = screen.query_one("#now").region.x
        shown = [line[beside:] for line in lines(screen)]
        for name in screen.trace.model.parameters:
            assert any(re.match(rf"\s*{name}\s.* at \[.*\]", line) for line in shown), name
        assert "‖after‖" in screen.copy_text()


async def test_the_figures_of_the_update_by_hand_stand_below_each_other() -> None:
    async with at_page("by hand", "lstm", size=(80, 24)) as screen:
        asked = screen.copy_text().split("gradient descent?")[1].splitlines()
        begins = [row.end() for line in asked if (row := re.match(r"(?:d?\w+\[.*\]|[ηκ]) +", line))]
        assert len(begins) >= 3
        assert len(set(begins)) == 1, asked


def test_the_question_is_about_a_number_that_moves() -> None:
    for name in NAMES:
        now = reading_of(name, Cursor())
        q = question(now.model, now.values, now.learning_rate)
        assert q.judge(q.after) == "right"
        if q.after != q.before:
            assert q.gradient != 0
            assert q.judge(q.before) != "right"


async def test_the_field_stays_open_until_the_answer_is_right() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = opened("gate", (1, 1))
        await asked(pilot, screen, "12")
        assert isinstance(app.focused, Input)
        await pilot.press("backspace", "backspace", "backspace", "backspace")
        assert app.screen is screen
        await pilot.press(*"0.1", "escape", "backspace", "1", "2")
        assert (app.screen, app.focused) == (screen, None)
        screen.go_to(screen.at)
        now = screen.trace
        wanted = now.model.parameters["w"][0] - now.learning_rate * slope(now, "w", 0)
        screen.query_one("#answer", Input).value = f"{wanted:.9f}"
        await press(pilot, "enter")
        assert app.focused is None
        await pilot.press("right")
        assert screen.page != "by hand"


async def test_enter_without_an_answer_tells_it_and_then_goes_on() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = opened("gate", (1, 1))
        await asked(pilot, screen, "")
        assert screen.page == "by hand"
        await press(pilot, "enter")
        assert screen.page != "by hand"
