"""Turning from stage to stage does no work that nobody sees."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from weakref import ref

import pytest
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.pilot import Pilot
from textual.widget import Widget

from tests.support.app import in_lesson, press, until, until_shown
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.lesson.screen import LessonScreen
from toystory.tui.screens.lesson.train import TrainStage
from toystory.tui.widgets.derivation.row import RowLine
from toystory.tui.widgets.derivation.steps import StepPanel


async def test_stages_that_were_opened_are_not_styled_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    styled: list[DOMNode] = []
    apply = Stylesheet.apply

    def watched(sheet: Stylesheet, node: DOMNode, **more: Any) -> None:
        styled.append(node)
        apply(sheet, node, **more)

    app = ToystoryApp("gate")
    async with app.run_test(size=(120, 36)) as pilot:
        for key in "sptlu":
            await press(pilot, key)
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        monkeypatch.setattr(Stylesheet, "apply", watched)
        for key in "stlu":
            styled.clear()
            await press(pilot, key)
            of_a_stage = [node for node in styled if any(stage in node.ancestors for stage in screen.stages)]
            assert of_a_stage == [], f"turned to by {key}"


async def test_no_screen_has_the_styles_of_the_others_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app = ToystoryApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        monkeypatch.setattr(Stylesheet, "reparse", lambda _: pytest.fail("all styles are read again"))
        for key in ("2", "O", "escape", "t", "i", "escape", "e", "escape", "escape", "0", "escape"):
            await press(pilot, key)


async def test_a_derivation_that_is_shown_again_measures_no_panel_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    measured: list[Widget] = []
    measure = Widget.get_content_height

    def watched(widget: Widget, *room: Any) -> int:
        if isinstance(widget, StepPanel):
            measured.append(widget)
        return measure(widget, *room)

    monkeypatch.setattr(Widget, "get_content_height", watched)
    async with in_lesson("lstm", "t", size=(120, 36)) as (_, pilot):
        assert measured
        measured.clear()
        await press(pilot, "M")
        for shown in ("not measured yet", "what is heard"):
            await press(pilot, "v")
            await until_shown(pilot, shown)
        assert measured == []


async def test_nothing_holds_a_lesson_that_was_left() -> None:
    async def look_at_all_stages(pilot: Pilot[Any]) -> list[ref[DOMNode]]:
        await press(pilot, "1", *"sptlu")
        screen = pilot.app.screen
        assert isinstance(screen, LessonScreen)
        return [ref(screen), *(ref(node) for node in screen.walk_children())]

    app = ToystoryApp()
    async with app.run_test(size=(120, 36)) as pilot:
        seen = await look_at_all_stages(pilot)
        assert len(seen) > 50
        await press(pilot, "s", "escape")
        await until(pilot, lambda: not any(node() for node in seen), seconds=20)


async def test_a_terminal_that_was_too_small_for_a_moment_takes_no_keys_away() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(120, 36)) as pilot:

        async def shrink_and_grow() -> None:
            for size in ((50, 10), (120, 36)):
                await pilot.resize_terminal(*size)
                await pilot.pause()

        await shrink_and_grow()
        await press(pilot, "down", "enter")
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        assert screen.lesson_state.lesson.name == "regression"
        for key, binding in (
            ("p", "predict.1"),
            ("t", "train.start"),
            ("l", "inside.view"),
            ("u", "turn.check"),
        ):
            await press(pilot, key)
            assert binding in {active.binding.id for active in screen.active_bindings.values()}
            await shrink_and_grow()
            assert binding in {active.binding.id for active in screen.active_bindings.values()}, key


@pytest.mark.parametrize(("lesson", "of_the_model"), [("gate", True), ("lstm", False)])
async def test_the_row_is_drawn_when_it_looks_different(
    lesson: str, of_the_model: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ToystoryApp(lesson)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("t")
        if of_the_model:  # in the first chapters the derivation is shown on demand
            await press(pilot, "Z")
        stage = app.screen.query_one(TrainStage)
        row, now = stage.query_one(RowLine), stage.current_trace()
        drawn: list[object] = []
        monkeypatch.setattr(row, "refresh", lambda **_: drawn.append(True))
        row.show(now)
        assert not drawn
        values = now.values | {"a": now.values["a"] + 0.001}
        row.show(replace(now, values=values))
        assert bool(drawn) == of_the_model, "in time it does not tell the answer"
        drawn.clear()
        row.show(replace(now, values=values, row=1 - now.row))
        assert drawn
