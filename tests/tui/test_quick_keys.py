"""Keys typed so fast that the app has not yet answered the ones before: none is lost, and none does harm."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from textual import events
from textual._callback import invoke
from textual.command import CommandList
from textual.geometry import Size
from textual.keys import REPLACED_KEYS
from textual.widgets import Input
from textual.worker import WorkerFailed

from tests.support.app import press
from tests.tui.test_workarounds import click_on_option
from toystory.course.catalogue import NAMES
from toystory.training.tabular.experiment import TabularExperiment
from toystory.tui.app import ToystoryApp
from toystory.tui.command_palette import Palette, commands_of
from toystory.tui.screens.course import CourseScreen
from toystory.tui.screens.dialogs.learning_rate import LearningRateScreen
from toystory.tui.screens.inspection.derivation import DerivationScreen
from toystory.tui.screens.lesson.screen import LessonScreen
from toystory.tui.screens.lesson.train import TrainStage
from toystory.tui.screens.real_numbers.form import RealNumbersForm

CHARACTERS = {"space": " ", "colon": ":", "full_stop": "."}


def type_at_once(app: ToystoryApp, *names: str) -> None:
    """All of them before the app can answer the first."""
    for name in names:
        character = CHARACTERS.get(name, name if len(name) == 1 else None)
        app.post_message(events.Key(REPLACED_KEYS.get(name, name), character))


async def until(app: ToystoryApp, condition: Callable[[], object]) -> None:
    while app.is_running and not condition():
        await asyncio.sleep(0)


async def answered(app: ToystoryApp) -> None:
    told = asyncio.Event()
    app.call_later(told.set)
    await until(app, told.is_set)


@pytest.mark.parametrize(
    "opened", [("6",), ("end", *["up"] * (len(NAMES) - 5), "enter")], ids=["number", "enter"]
)
async def test_a_lesson_is_opened_and_trains_at_one_go(opened: tuple[str, ...]) -> None:
    app = ToystoryApp()
    async with app.run_test(size=(120, 36)):
        type_at_once(app, *opened, "t", "space")
        await answered(app)
        lesson = app.screen
        assert isinstance(lesson, LessonScreen)
        assert lesson.lesson_state.lesson.name == NAMES[5]
        assert isinstance(lesson.stage, TrainStage)
        await until(
            app, lambda: lesson.lesson_state.session.run and lesson.lesson_state.session.run.updates > 0
        )
        assert app.is_running


@pytest.mark.parametrize("name", ["left", "escape", "M", "O", "t"])
async def test_a_key_that_comes_back_from_a_field_waits_for_the_screen_that_was_opened_meanwhile(
    name: str,
) -> None:
    app = ToystoryApp()
    async with app.run_test(size=(120, 36)):
        lesson = LessonScreen("gate")
        opened = app.push_screen(lesson)
        assert not lesson.is_mounted
        key = events.Key(name, name if len(name) == 1 else None)
        key._set_forwarded()
        await app.on_event(key)
        await opened
        await answered(app)
        assert app.return_code is None
        assert lesson.is_mounted


async def test_a_lesson_is_left_and_the_next_one_opened_at_one_go() -> None:
    app = ToystoryApp(NAMES[0])
    async with app.run_test(size=(120, 36)):
        type_at_once(app, "t", "escape", "2", "l")
        await answered(app)
        assert isinstance(app.screen, LessonScreen)
        assert app.screen.lesson_state.lesson.name == NAMES[1]
        assert app.screen.stage.title == "Look inside"


async def test_what_is_searched_for_can_be_typed_at_once() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(120, 36)):
        type_at_once(app, "colon", *"sandbox")
        await answered(app)
        palette = app.screen
        assert isinstance(palette, Palette)
        await until(app, lambda: app.screen.query_one(Input).value == "sandbox")
        # A search that begins only when it has been left finds no list, and does no harm.
        await app.pop_screen()
        with pytest.raises(WorkerFailed):
            await palette._gather_commands("late").wait()
        assert app.is_running
        assert app.return_code is None


async def test_a_learning_rate_can_be_typed_at_once() -> None:
    app = ToystoryApp(NAMES[0])
    async with app.run_test(size=(120, 36)):
        lesson = app.screen
        assert isinstance(lesson, LessonScreen)
        type_at_once(app, "t", "e", *"0.7", "enter")
        await until(app, lambda: lesson.lesson_state.session.learning_rate == 0.7)
        assert app.is_running


async def test_the_palette_can_be_turned_by_a_page_before_it_is_laid_out() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(120, 36)) as pilot:
        type_at_once(app, "colon")
        await answered(app)
        palette = app.screen
        assert isinstance(palette, Palette)
        await pilot.resize_terminal(1, 1)
        found = palette.query_one(CommandList)
        await until(app, lambda: found.highlighted == 0)
        type_at_once(app, "pagedown", "pageup")
        found.post_message(click_on_option(found, found.option_count))  # painted before the list was shorter
        await answered(app)
        await pilot.pause()
    assert not app.return_code


async def test_one_update_can_be_left_before_it_is_drawn() -> None:
    app = ToystoryApp(NAMES[0])
    async with app.run_test(size=(120, 36)) as pilot:
        type_at_once(app, "t", *["i", "right", "escape"] * 5)
        await answered(app)
        await pilot.pause()
        assert isinstance(app.screen, LessonScreen)
    assert not app.return_code


async def test_two_answers_close_one_dialog() -> None:
    app = ToystoryApp(NAMES[0])
    async with app.run_test(size=(120, 36)) as pilot:
        lesson = app.screen
        await pilot.press("t", "e")
        dialog = app.screen
        assert isinstance(dialog, LearningRateScreen)
        dialog.dismiss(0.5)
        dialog.dismiss(0.6)
        await pilot.pause()
        assert app.screen is lesson


async def test_what_is_typed_behind_the_end_is_not_answered() -> None:
    app = ToystoryApp(NAMES[0])
    async with app.run_test(size=(120, 36)) as pilot:
        lesson = app.screen
        await pilot.press("t")
        type_at_once(app, "q", "s", "l", "p", "escape")
        await until(app, lambda: False)
        assert isinstance(lesson, LessonScreen)
    assert app.return_code == 0


async def test_a_lesson_ends_with_the_app_while_it_is_opened() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(120, 36)):
        assert isinstance(app.screen, CourseScreen)
        # Not a key: the terminal is closed.
        app.open_lesson(NAMES[0])
        app.exit()
        await until(app, lambda: False)
    assert app.return_code == 0


@pytest.mark.parametrize("stage", ["s", "p", "t", "l", "u"])
async def test_commands_and_what_explains_them_begin_alike(stage: str) -> None:
    app = ToystoryApp("gate")
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press(stage)
        for command in app.get_system_commands(app.screen):
            assert not command.title[0].islower(), command
            assert not command.help[0].islower(), command


async def test_a_command_of_a_screen_that_was_left_meanwhile_does_nothing() -> None:
    app = ToystoryApp("rnn")
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("t", "i")
        inside = app.screen
        assert isinstance(inside, DerivationScreen)
        commands = [command.callback for command in commands_of(inside)]
        assert commands
        inside.dismiss()
        await until(app, lambda: not inside.is_attached)
        for command in commands:
            await invoke(command)
        assert isinstance(app.screen, LessonScreen)


@pytest.mark.parametrize("keys", [("question_mark",), ("colon",), ("t", "e"), ("t", "O")])
async def test_ctrl_q_quits_out_of_every_dialog(keys: tuple[str, ...]) -> None:
    app = ToystoryApp("gate")
    async with app.run_test(size=(120, 36)) as pilot:
        await press(pilot, *keys)
        assert app.screen.is_modal
        await pilot.press("ctrl+q")
        assert app.return_code == 0


async def test_two_clicks_beside_the_help_leave_only_the_help() -> None:
    app = ToystoryApp("gate")
    async with app.run_test(size=(120, 36)) as pilot:
        lesson = app.screen
        await pilot.press("question_mark")
        await pilot.click(offset=(1, 30), times=2)
        await pilot.pause()
        assert app.screen is lesson


async def test_two_sizes_at_once_do_not_bring_back_each_other() -> None:
    app = ToystoryApp("gate")
    async with app.run_test(size=(80, 24)) as pilot:
        screen, laid_out = app.screen, []
        screen.screen_layout_refresh_signal.subscribe(screen, lambda _: laid_out.append(screen.size))
        for width in (120, 81, 100, 80):
            screen.post_message(events.Resize(Size(width, 24), Size(width, 24)))
            screen.call_later(
                lambda: None
            )  # Textual takes two of them together only where nothing is between
        await pilot.pause()
        assert len(laid_out) < 10
        assert screen.size == (80, 24)


async def test_a_lesson_left_while_it_is_made_is_left_in_silence() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(80, 24)) as pilot:
        for moments in range(8):
            app.push_screen(LessonScreen("gate"))
            for _ in range(moments):
                await asyncio.sleep(0)
            app.pop_screen()
        await pilot.pause()
        assert app.return_code is None
        # Neither has widgets yet, and a form looks for what is typed in them.
        for screen in (LessonScreen("gate"), RealNumbersForm(TabularExperiment(name="", data="moons"))):
            app.push_screen(screen)
        await asyncio.sleep(0)
        app.exit()
    assert app.return_code == 0
