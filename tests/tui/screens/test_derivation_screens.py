"""The derivation on the screen: what is shown is what the model computed, and what is asked for happens."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from textual.color import Color
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from tests.support.app import press, until
from tests.support.derivation import experiment_of, lines, opened
from tests.support.painted import painted
from tests.support.some import some, some_lessons
from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.derivation.small_model import SMALL, small_model
from toystory.course.derivation.steps import DerivationStep
from toystory.course.derivation.worked import number
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.dialogs.row import RowScreen
from toystory.tui.screens.inspection.derivation import DerivationScreen
from toystory.tui.screens.inspection.gradient_check import GradientCheckScreen
from toystory.tui.screens.inspection.source import SourceScreen
from toystory.tui.screens.lesson.screen import LessonScreen
from toystory.tui.screens.lesson.train import TrainStage
from toystory.tui.state.inspection import Cursor
from toystory.tui.widgets.derivation.row import RowLine
from toystory.tui.widgets.derivation.steps import DerivationView, StepPanel, SymbolLine
from toystory.tui.widgets.training.claims import ClaimList


@pytest.mark.parametrize("name", some_lessons())
async def test_every_step_shows_what_the_model_computed(name: str) -> None:
    app = ToystoryApp()
    async with app.run_test(size=(200, 50)) as pilot:
        screen = opened(name)
        await app.push_screen(screen)
        for index, page in enumerate(screen.pages):
            screen.go_to(index)
            await pilot.pause()
            if isinstance(page, str):
                continue
            beside = screen.query_one("#now").region.x
            text = re.sub(r"[\s│]+", " ", "\n".join(line[beside:] for line in lines(screen)))
            worked = screen.trace.step_values(page).worked
            assert worked is not None
            assert f"= {number(worked.result, 6)}" in text
            for part in (page.equation, page.source):
                assert part in text


async def test_a_long_name_leaves_the_learning_rate_to_be_read() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = opened("comparison")
        screen.trace = replace(
            screen.trace,
            experiment=replace(screen.trace.experiment, name="RNN, the way that works, 10,000 rows"),
            learning_rate=0.007,
        )
        await app.push_screen(screen)
        await pilot.pause()
        title = lines(screen)[0].rstrip()
        assert "learning rate 0.007 · RNN, the way" in title
        assert title.endswith("…")


async def test_what_comes_next_is_hidden_until_asked_for() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = opened("gate", (1, 1))
        await app.push_screen(screen)
        await pilot.pause()
        assert "dz =" not in screen.copy_text()
        assert "… 9 more" in screen.copy_text()
        for _ in range(3):
            await pilot.press("right")
        assert "4  the error" in screen.copy_text()
        assert "5  " not in screen.copy_text()
        await pilot.press("left")
        assert "4  the error" in screen.copy_text()
        assert screen.page == screen.pages[2]
        await pilot.press("escape")
        assert app.screen is not screen


async def test_beside_the_panel_the_list_shows_every_number() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(120, 36)) as pilot:
        screen = opened("attention")
        await app.push_screen(screen)
        screen.go_to(len(screen.pages) - 1)
        for width in (120, 200, 116, 108, 100):
            await pilot.resize_terminal(width, 50)
            await until(pilot, lambda right=width - 1: screen.query_one("#now").region.right == right)
            below = width < 116  # beside it where both have room
            await until(pilot, lambda below=below: is_below(screen) == below)
            edge = None if below else screen.query_one("#now").region.x
            listed = [line[:edge] for line in lines(screen)]
            numbers = [line for line in listed if re.match(r"\s*\d+  .* = ", line)]
            assert len(numbers) > 20
            assert [line for line in numbers if "…" in line] == []


def is_below(screen: DerivationScreen) -> bool:
    return screen.query_one("#now").region.x == screen.query_one("#list").region.x


async def test_another_theme_is_drawn_in_at_once() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = opened("gate")
        await app.push_screen(screen)
        for _ in range(2):
            await pilot.press("m")
            ink = Color.parse(app.theme_variables["primary"]).rich_color
            await until(pilot, lambda ink=ink: ink in inks(screen))


def inks(screen: Screen[Any]) -> set[object]:
    """The colours in which anything but blanks is written on a screen."""
    segments = (segment for strip in painted(screen) for segment in strip)
    return {segment.style.color for segment in segments if segment.text.strip() and segment.style}


async def test_the_row_is_typed_and_must_fit() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = opened("gate")
        await app.push_screen(screen)
        await until(pilot, lambda: "inside one update" in "\n".join(lines(screen)))
        await pilot.press("x")
        dialog = app.screen
        assert isinstance(dialog, RowScreen)
        # What it is typed for stays in sight.
        await until(pilot, lambda: "inside one update" in "\n".join(lines(dialog)))
        dialog.query_one(Input).value = "101"
        await pilot.press("enter")
        assert app.screen is dialog
        assert "reads 2 bits at once: you typed 3" in str(dialog.query_one("#hint").render())
        dialog.query_one(Input).value = "0 1"
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen and screen.trace.row.tolist() == [[0, 1]])
        assert screen.trace.label == 1
        seen = set()
        for _ in range(4):
            await pilot.press("o")
            seen.add(tuple(screen.trace.row[0].tolist()))
        assert len(seen) == 4


async def test_bits_and_units_by_keys_and_mouse() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(120, 36)) as pilot:
        screen = opened("lstm", (1, 1, 0, 1))
        await app.push_screen(screen)
        await pilot.pause()
        text = lines(screen)
        assert next(line for line in text if "bit  " in line).split()[1:] == list("1101")
        assert next(line for line in text if "parity" in line).split()[1:] == list("1001")
        assert screen.trace.t == 3
        before = screen.copy_text()
        await pilot.press("<", "<")
        assert screen.trace.t == 1
        assert screen.copy_text() != before
        await pilot.press("<", "<", "<")
        assert screen.trace.t == 0
        await pilot.press("n", "n", "N")
        assert screen.trace.unit == 1
        assert "s[1] =" in screen.copy_text()
        await pilot.click(RowLine, offset=(2 + 8 + 4, 0))  # the third bit
        assert screen.trace.t == 2
        await pilot.press("o")
        assert screen.trace.bits == 4


async def test_the_arrows_beside_the_unit_can_be_clicked() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(120, 36)) as pilot:
        screen = opened("two-layer", (1, 0))
        await app.push_screen(screen)
        await pilot.pause()
        line = next(text for text in lines(screen) if "unit" in text)
        for arrow, unit in (("‹", screen.trace.units - 1), ("›", 0), ("›", 1)):
            await pilot.click(RowLine, offset=(line.index(arrow), 1))
            assert screen.trace.unit == unit


async def test_symbols_are_explained_with_the_shape_they_have() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(120, 36)) as pilot:
        screen = opened("rnn", (1, 0, 1))
        await app.push_screen(screen)
        await pilot.pause()
        hidden = screen.trace.experiment.hidden[0]
        line = screen.query_one(SymbolLine)
        assert line.text.startswith(f"s  (steps + 1, rows, hidden) = 4×1×{hidden}: what each unit hears")
        await pilot.press("S", "S")
        assert line.text.startswith(f"W_hh  (hidden, hidden) = {hidden}×{hidden}: ")
        assert f"{hidden}×{hidden}" in "\n".join(lines(screen))
        for _ in range(4):
            await pilot.press("S")
        assert line.text.startswith("s  ")


@pytest.mark.parametrize("name", some_lessons())
async def test_the_source_opens_at_the_line_of_the_step(name: str) -> None:
    app = ToystoryApp()
    async with app.run_test(size=(120, 30)) as pilot:
        screen = opened(name)
        await app.push_screen(screen)
        await pilot.press("c")
        source = app.screen
        assert isinstance(source, SourceScreen)
        step = screen.pages[0]
        assert isinstance(step, DerivationStep)
        await until(pilot, lambda: any("▶" in line for line in lines(source)))
        marked = next(line for line in lines(source) if "▶" in line)
        assert step.source in marked
        assert step.source in source.copy_text()
        await pilot.press("escape")
        assert app.screen is screen


async def test_a_line_of_the_source_that_does_not_fit_goes_on_below() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = opened("lstm")
        await app.push_screen(screen)
        await pilot.press("c")
        source = app.screen
        await until(pilot, lambda: any("▶" in line for line in lines(source)))
        shown = " ".join(" ".join(line.split()) for line in lines(source))
        assert "np.zeros((7, steps + 1, rows, self.hidden), self.dtype)" in shown


@pytest.mark.parametrize(("size", "around"), [((80, 24), False), ((120, 36), True), ((200, 50), True)])
async def test_the_source_stands_below_the_step_where_there_is_room(
    size: tuple[int, int], around: bool
) -> None:
    app = ToystoryApp()
    async with app.run_test(size=size) as pilot:
        screen = opened("two-layer")
        screen.cursor.other_view = size == (120, 36)  # the network has its place
        await app.push_screen(screen)
        for page in screen.pages:
            if isinstance(page, DerivationStep):
                screen.go_to(screen.pages.index(page))
                await until(pilot, lambda page=page: any(page.title in line for line in lines(screen)))
                await pilot.pause()
                marked = [line for line in lines(screen) if "▶" in line]
                assert len(marked) == around
                assert not around or page.source[:30] in marked[0]
        screen.go_to(screen.pages.index("changes"))
        await pilot.pause()
        assert not any("▶" in line for line in lines(screen))


async def opened_lesson(pilot: Pilot[Any], name: str) -> TrainStage:
    """The Train stage of a lesson, with its derivation in sight."""
    app = pilot.app
    assert isinstance(app, ToystoryApp)
    app.open_lesson(name)
    await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.focused is not None)
    await pilot.press("t")
    await until(pilot, lambda: app.screen.query(TrainStage))
    stage = app.screen.query_one(TrainStage)
    await until(pilot, lambda: stage.has_focus)
    return stage


async def test_the_panels_of_a_lesson_follow_the_row_the_bit_and_the_unit() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(120, 36)) as pilot:
        stage = await opened_lesson(pilot, "rnn")
        view = stage.query_one(DerivationView)
        await until(pilot, lambda: "s[0] =" in view.text)
        model = stage.lesson_state.session.experiment.build_model()
        await pilot.press("<", "n")
        await until(pilot, lambda: "s[1] =" in view.text)
        row = np.array([stage.lesson_state.lesson.example])
        s = model.forward(row)["s"][len(row[0]) - 2, 0, 1]
        assert f"= {number(s, 6)}" in view.text
        await pilot.press("o")
        await until(pilot, lambda: f"= {number(s, 6)}" not in view.text)
        heights = [panel.size.height for panel in stage.query(StepPanel)]
        for _ in range(6):
            await press(pilot, "<")
        assert [panel.size.height for panel in stage.query(StepPanel)] == heights


def test_the_layers_of_a_tower_are_gone_through_as_the_bits_of_a_row() -> None:
    place, experiment = Cursor(), replace(experiment_of("mlp"), hidden=(4, 3))
    model, lesson = experiment.build_model(), catalogue.load("mlp")
    seen = []
    for step in (0, 1, 1, -1, -1):
        now = place.trace(lesson, experiment, model, 0.1)
        place.move_bit(now, step)
        now = place.trace(lesson, experiment, model, 0.1)
        (sums,) = (each for each in now.steps if each.value == f"z{now.layer}")
        worked = now.step_values(sums).worked
        assert worked is not None
        z = model.forward(now.row)[f"z{now.layer}"][0]
        assert worked.left == f"z{now.layer}[{now.unit}]"
        assert worked.result == pytest.approx(z[now.unit])
        seen.append((now.layer, now.units))
    assert seen == [(1, 4), (2, 3), (2, 3), (1, 4), (1, 4)]


@pytest.mark.parametrize(("signed", "said"), [(False, "; it reads −1 and +1, not 0 and 1"), (True, "")])
def test_a_small_model_that_reads_other_bits_says_so(signed: bool, said: str) -> None:
    experiment = replace(experiment_of("mlp"), signed=signed)
    now = Cursor(small=True).trace(catalogue.load("mlp"), experiment, experiment.build_model(), 0.1)
    assert now.notes[0] == SMALL["MLP"].name + said


async def test_a_key_turns_to_a_small_model_of_two_units_and_back() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(80, 24)) as pilot:
        stage = await opened_lesson(pilot, "rnn")
        await pilot.press("d")
        view = stage.query_one(DerivationView)
        await until(pilot, lambda: "more: " in view.text)
        as_alex_trains = [panel.step.title for panel in stage.query(StepPanel) if panel.display]
        await pilot.press("underscore")
        await until(pilot, lambda: "more: " not in view.text)
        with_clip = [panel.step.title for panel in stage.query(StepPanel) if panel.display]
        assert with_clip == [*as_alex_trains[:-1], "the clip", "Adam's first step"]
        assert as_alex_trains[-1] == "the update"
        assert stage.current_trace().units == 2
        assert any(SMALL["RNN"].name in line for line in lines(app.screen))
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, DerivationScreen))
        screen = app.screen
        assert isinstance(screen, DerivationScreen)
        small = small_model(SMALL["RNN"])
        expected = small.forward(screen.trace.row)["s"][screen.trace.bits - 1, 0, 0]
        assert f"= {number(expected, 6)}" in screen.copy_text()
        screen.go_to(screen.pages.index("by hand"))
        assert "(This small model was trained with adam.)" in screen.copy_text()
        assert "The lesson trains with" not in screen.copy_text()
        screen.go_to(0)
        await pilot.press("underscore")
        await until(pilot, lambda: screen.trace.units == 25)
        assert "more: " in screen.copy_text()


@pytest.mark.parametrize(
    ("key", "screen"),
    [("i", DerivationScreen), ("C", GradientCheckScreen), ("c", SourceScreen), ("x", RowScreen)],
)
async def test_the_keys_of_train_open_what_they_say(key: str, screen: type[Screen[Any]]) -> None:
    app = ToystoryApp()
    async with app.run_test(size=(80, 24)) as pilot:
        stage = await opened_lesson(pilot, "gate")
        await pilot.press(key)
        await until(pilot, lambda: isinstance(app.screen, screen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is stage.screen)
        await pilot.press("g")
        await until(pilot, lambda: stage.query_one(ClaimList).size.height > 0)


async def test_the_words_below_the_row_can_be_clicked() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(80, 24)) as pilot:
        stage = await opened_lesson(pilot, "gate")
        await pilot.press("d")
        await until(pilot, lambda: stage.query_one(RowLine).size.height > 0)
        line = next(text for text in lines(app.screen) if "another" in text)
        offset = (line.index("inside") - stage.query_one(RowLine).region.x + 1, 1)
        await pilot.click(RowLine, offset=offset)
        await until(pilot, lambda: isinstance(app.screen, DerivationScreen))


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_panels_of_one_update_are_maximised_and_brought_back(size: tuple[int, int]) -> None:
    app = ToystoryApp()
    async with app.run_test(size=size) as pilot:
        await opened_lesson(pilot, "gate")
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, DerivationScreen) and app.screen.panels)
        screen = app.screen
        for name in ("now", "list"):
            await pilot.press("M")
            await until(pilot, lambda name=name: screen.query_one(f"#{name}").region.width == size[0])
            assert screen.maximized is screen.query_one(f"#{name}")
        await pilot.press("right")
        assert screen.at == 1
        await pilot.press("escape")
        await until(pilot, lambda: screen.maximized is None)
        assert app.screen is screen


def test_a_row_that_the_next_model_cannot_read_gives_way_to_the_example() -> None:
    place = Cursor((1, 0, 0))
    lesson, experiment = catalogue.load("gate"), experiment_of("gate")
    assert place.row_for(lesson, experiment).shape == (1, 2)
    assert place.row_for(catalogue.load("rnn"), experiment_of("rnn")).tolist() == [[1, 0, 0]]
    place.set_row("", experiment)
    assert place.row is None


@pytest.mark.parametrize("name", some(("gate", "mlp", "lstm", "attention"), NAMES))
async def test_a_model_that_diverged_can_be_looked_at(name: str) -> None:
    place, experiment = Cursor(), experiment_of(name)
    model = experiment.build_model()
    for values in model.parameters.values():
        values[...] = np.nan
    now = place.trace(catalogue.load(name), experiment, model, experiment.learning_rate)
    app = ToystoryApp()
    async with app.run_test(size=(120, 36)) as pilot:
        screen = DerivationScreen(now, place)
        await app.push_screen(screen)
        for index in range(len(screen.pages)):
            screen.go_to(index)
            await pilot.pause()
        assert "nan" in screen.copy_text()
