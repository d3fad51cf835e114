"""The sandbox: any model on any gate, with the settings first."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.widgets import Input

from tests.support.painted import painted
from tests.support.some import some
from toystory.base.language import VARIABLE
from toystory.course.catalogue import NAMES
from toystory.training.background import BackgroundRun
from toystory.training.settings import MODEL_NAMES, OPTIMIZER_NAMES
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.course import CourseScreen
from toystory.tui.screens.dialogs.setting_row import SettingRow
from toystory.tui.screens.sandbox import RECIPES, SandboxForm, SandboxScreen, sandbox_lesson
from toystory.tui.state.inspection import Cursor
from toystory.tui.widgets.derivation.row import RowLine


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.001)


@pytest.fixture(autouse=True)
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is started makes its first pull and waits."""
    monkeypatch.setattr(BackgroundRun, "start", BackgroundRun.step)


def drive(test: Callable[[ToystoryApp, Any], Awaitable[None]], size: tuple[int, int] = (80, 24)) -> None:
    async def whole() -> None:
        app = ToystoryApp()
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await test(app, pilot)

    asyncio.run(whole())


def test_every_model_has_a_recipe_and_its_own_derivation():
    assert tuple(RECIPES) == MODEL_NAMES
    for model in MODEL_NAMES:
        lesson = sandbox_lesson(model)
        assert [study.model for study in lesson.studies] == [model]
        assert lesson.claims == ()
        assert lesson.derivation


def test_the_derivation_tells_nothing_that_is_true_in_the_story_alone():
    for model in MODEL_NAMES:
        said = " ".join(f"{step.title} {step.sentence}" for step in sandbox_lesson(model).derivation)
        assert "fifty" not in said
        assert "cancel, for every column" not in said


@pytest.mark.parametrize("code", ["en", "de"])
def test_every_step_has_numbers_without_hidden_layers_too(code: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(VARIABLE, code)
    towers = [
        replace(RECIPES["MLP"], hidden=(), optimizer=optimizer, weight_decay=0.1, clip=1.0)
        for optimizer in OPTIMIZER_NAMES
    ]
    for experiment in (*RECIPES.values(), *towers):
        lesson, model = sandbox_lesson(experiment.model), experiment.build_model()
        now = Cursor().trace(lesson, experiment, model, experiment.learning_rate)
        assert len(now.steps) >= 7
        assert all(now.step_values(step).worked is not None for step in now.steps)


def test_without_claims_their_place_is_the_picture_s():
    async def test(app: ToystoryApp, pilot: Any) -> None:
        app.open_sandbox(RECIPES["LogisticRegression"])
        await pilot.pause()
        await pilot.press("g")
        await pilot.pause()
        assert not app.screen.query_one("#claims").region
        assert app.screen.query_one("#glance").region

    drive(test, (120, 36))


def test_every_model_is_to_be_seen_in_the_form():
    async def test(app: ToystoryApp, pilot: Any) -> None:
        app.ask_sandbox()
        await pilot.pause()
        shown = "\n".join(strip.text for strip in painted(app.screen))
        assert all(model in shown for model in MODEL_NAMES)
        choice = app.screen.query_one("#row-model", SettingRow).control
        assert choice.region.height == 2
        await pilot.click(choice, offset=(1, 1))
        assert choice.value in MODEL_NAMES[3:], "of the second line"

    drive(test)


def test_its_key_asks_for_the_settings_and_then_trains():
    async def test(app: ToystoryApp, pilot: Any) -> None:
        await pilot.press("0")
        await pilot.pause()
        assert isinstance(app.screen, SandboxForm)
        # Two layers, and a gate of another kind.
        await pilot.press("down", "right", "right", "enter")
        await pilot.pause()
        assert isinstance(app.screen, SandboxScreen)
        lesson_state = app.screen.lesson_state
        wait_for(lambda: lesson_state.session.idle)
        assert lesson_state.study.name == "yours 1: gate or"
        assert (lesson_state.session.experiment.model, lesson_state.session.experiment.gate) == (
            "TwoLayerNet",
            "or",
        )
        await pilot.press("l")
        await pilot.pause()
        assert app.screen.stage is app.screen.stages[1]
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, CourseScreen)

    drive(test)


@pytest.mark.parametrize("model", some(("RNN",), MODEL_NAMES))
def test_every_model_can_be_chosen_and_looked_into(model: str):
    async def test(app: ToystoryApp, pilot: Any) -> None:
        app.ask_sandbox()
        await pilot.pause()
        row = app.screen.query_one("#row-model", SettingRow)
        row.value = model
        await pilot.pause()
        assert app.screen.draft.experiment == RECIPES[model]
        await pilot.press("enter")
        await pilot.pause()
        session = app.screen.lesson_state.session
        wait_for(lambda: session.idle)
        assert session.experiment.model == model
        assert session.error == ""
        await pilot.press("l")
        await pilot.pause()

    drive(test, (120, 36))


def test_another_model_opens_another_sandbox():
    async def test(app: ToystoryApp, pilot: Any) -> None:
        app.open_sandbox(RECIPES["TwoLayerNet"])
        await pilot.pause()
        await pilot.press("O", "left", "enter")
        await pilot.pause()
        assert isinstance(app.screen, SandboxScreen)
        assert app.screen.lesson_state.session.experiment == RECIPES["LogisticRegression"]
        assert [type(screen) for screen in app.screen_stack[-2:]] == [CourseScreen, SandboxScreen]

    drive(test)


def test_it_stands_below_the_chapters():
    async def test(app: ToystoryApp, pilot: Any) -> None:
        await pilot.press(*["down"] * len(NAMES), "enter")
        await pilot.pause()
        assert isinstance(app.screen, SandboxForm)

    drive(test)


@pytest.mark.parametrize(
    ("changes", "labels"),
    [
        ({"gate": "or"}, "label   0 1 1 1 1"),
        ({"relevant": (1, 3)}, "label   0 1 1 1 1"),
        ({}, "parity  0 1 0 0 1"),
    ],
)
def test_a_recurrent_model_is_shown_what_its_own_gate_asks(changes: dict[str, Any], labels: str):
    async def test(app: ToystoryApp, pilot: Any) -> None:
        app.open_sandbox(replace(RECIPES["RNN"], columns=5, **changes))
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, SandboxScreen)
        await pilot.press("d", "x", *"01101", "enter")
        await pilot.pause()
        assert str(screen.query_one(RowLine).render()).splitlines()[1].strip() == labels
        await pilot.press("l")
        screen.stages[1].query_one("#bits", Input).value = "01101"
        await pilot.pause()
        lamps = [line.split() for line in screen.stage.copy_text().splitlines() if line.startswith("lamp")]
        assert lamps == [["lamp", *labels.split()[1:]]]

    drive(test, (80, 24))
