"""The sandbox: any model on any gate, with the settings first."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.support.app import press
from tests.support.painted import painted
from tests.support.some import some
from tests.support.waiting import wait_for
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


@pytest.fixture(autouse=True)
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is started makes its first pull and waits."""
    monkeypatch.setattr(BackgroundRun, "start", BackgroundRun.step)


@asynccontextmanager
async def on_the_course(
    size: tuple[int, int] = (80, 24),
) -> AsyncIterator[tuple[ToystoryApp, Pilot[None]]]:
    app = ToystoryApp()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


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


async def test_without_claims_their_place_is_the_picture_s():
    async with on_the_course(size=(120, 36)) as (app, pilot):
        app.open_sandbox(RECIPES["LogisticRegression"])
        await pilot.pause()
        await press(pilot, "g")
        assert not app.screen.query_one("#claims").region
        assert app.screen.query_one("#glance").region


async def test_every_model_is_to_be_seen_in_the_form():
    async with on_the_course() as (app, pilot):
        app.ask_sandbox()
        await pilot.pause()
        shown = "\n".join(strip.text for strip in painted(app.screen))
        assert all(model in shown for model in MODEL_NAMES)
        choice = app.screen.query_one("#row-model", SettingRow).control
        assert choice.region.height == 2
        await pilot.click(choice, offset=(1, 1))
        assert choice.value in MODEL_NAMES[3:], "of the second line"


async def test_its_key_asks_for_the_settings_and_then_trains():
    async with on_the_course() as (app, pilot):
        await press(pilot, "0")
        assert isinstance(app.screen, SandboxForm)
        # Two layers, and a gate of another kind.
        await press(pilot, "down", "right", "right", "enter")
        assert isinstance(app.screen, SandboxScreen)
        lesson_state = app.screen.lesson_state
        wait_for(lambda: lesson_state.session.idle)
        assert lesson_state.study.name == "yours 1: gate or"
        assert (lesson_state.session.experiment.model, lesson_state.session.experiment.gate) == (
            "TwoLayerNet",
            "or",
        )
        await press(pilot, "l")
        assert app.screen.stage is app.screen.stages[1]
        await press(pilot, "escape")
        assert isinstance(app.screen, CourseScreen)


@pytest.mark.parametrize("model", some(("RNN",), MODEL_NAMES))
async def test_every_model_can_be_chosen_and_looked_into(model: str):
    async with on_the_course(size=(120, 36)) as (app, pilot):
        app.ask_sandbox()
        await pilot.pause()
        row = app.screen.query_one("#row-model", SettingRow)
        row.value = model
        await pilot.pause()
        assert app.screen.draft.experiment == RECIPES[model]
        await press(pilot, "enter")
        session = app.screen.lesson_state.session
        wait_for(lambda: session.idle)
        assert session.experiment.model == model
        assert session.error == ""
        await press(pilot, "l")


async def test_another_model_opens_another_sandbox():
    async with on_the_course() as (app, pilot):
        app.open_sandbox(RECIPES["TwoLayerNet"])
        await pilot.pause()
        await press(pilot, "O", "left", "enter")
        assert isinstance(app.screen, SandboxScreen)
        assert app.screen.lesson_state.session.experiment == RECIPES["LogisticRegression"]
        assert [type(screen) for screen in app.screen_stack[-2:]] == [CourseScreen, SandboxScreen]


async def test_it_stands_below_the_chapters():
    async with on_the_course() as (app, pilot):
        await press(pilot, *["down"] * len(NAMES), "enter")
        assert isinstance(app.screen, SandboxForm)


@pytest.mark.parametrize(
    ("changes", "labels"),
    [
        ({"gate": "or"}, "label   0 1 1 1 1"),
        ({"relevant": (1, 3)}, "label   0 1 1 1 1"),
        ({}, "parity  0 1 0 0 1"),
    ],
)
async def test_a_recurrent_model_is_shown_what_its_own_gate_asks(changes: dict[str, Any], labels: str):
    async with on_the_course(size=(80, 24)) as (app, pilot):
        app.open_sandbox(replace(RECIPES["RNN"], columns=5, **changes))
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, SandboxScreen)
        await press(pilot, "d", "x", *"01101", "enter")
        assert str(screen.query_one(RowLine).render()).splitlines()[1].strip() == labels
        await pilot.press("l")
        screen.stages[1].query_one("#bits", Input).value = "01101"
        await pilot.pause()
        lamps = [line.split() for line in screen.stage.copy_text().splitlines() if line.startswith("lamp")]
        assert lamps == [["lamp", *labels.split()[1:]]]
