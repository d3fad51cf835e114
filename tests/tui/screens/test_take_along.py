"""What can be taken along from the app: the trained model as a file, its training in another framework."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.support.app import in_lesson, shown, until
from toystory.course.catalogue import NAMES
from toystory.course.catalogue import load as load_lesson
from toystory.models import load
from toystory.training.run import experiments_of
from toystory.tui.saved_models import contents_of, save_model
from toystory.tui.screens.dialogs.export_model import FORMS
from toystory.tui.screens.inspection.framework import FrameworkScreen
from toystory.tui.screens.lesson.screen import LessonScreen


async def test_the_model_that_is_looked_at_becomes_a_file(home: Path) -> None:
    async with in_lesson("gate", size=(100, 30)) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        assert not screen.check_action("export_model", ()), "there is no model in a story"
        await pilot.press("t", "space")
        await until(pilot, lambda: screen.lesson_state.session.state == "finished")
        for number in ("1", "2", "2"):
            await pilot.press("E")
            await until(pilot, lambda: "Take the model of" in shown(app))
            await pilot.press(number)
            await until(pilot, lambda: app.screen is screen)
        run = screen.lesson_state.session.run
        assert run is not None
        rows = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.uint8)
        saved = load(home / "models" / "gate-1.npz")
        np.testing.assert_array_equal(saved.predict_proba(rows), run.model.predict_proba(rows))
        scripts = sorted(path.name for path in (home / "models").glob("*.py"))
        assert scripts == ["gate-1_pytorch.py", "gate-2_pytorch.py"], "none takes the place of another"
        assert "import torch" in (home / "models" / scripts[0]).read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "form"),
    [
        *(("rnn", form) for form in FORMS if form != "onnx"),
        *((name, "pytorch") for name in NAMES if name not in ("rnn", "mlp", "comparison")),
    ],
)
def test_every_model_has_a_form_and_one_has_all(name: str, form: str, home: Path) -> None:
    lesson = load_lesson(name)
    model = experiments_of(lesson.study(lesson.ends_with))[-1].build_model()
    path = save_model(model, form, name)
    assert path.parent == home / "models"
    assert path.stat().st_size > 100
    as_named, contents = contents_of(model, form, f"{name}-1")
    assert as_named == path.name
    assert contents


async def test_the_training_run_is_shown_in_two_frameworks() -> None:
    async with in_lesson("lstm", "F", size=(120, 36)) as (app, pilot):
        await until(pilot, lambda: "PyTorch: the same training run" in shown(app))
        screen = app.screen
        assert isinstance(screen, FrameworkScreen)
        assert "import torch" in screen.copy_text()
        await pilot.press("tab")
        await until(pilot, lambda: "JAX: the same training run" in shown(app))
        assert "import jax" in screen.copy_text()
        await pilot.press("F")
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))


@pytest.mark.parametrize("name", NAMES)
def test_every_chapter_has_its_script_or_a_sentence(name: str) -> None:
    lesson = load_lesson(name)
    screen = FrameworkScreen(lesson, experiments_of(lesson.studies[0])[0])
    for framework in screen.files:
        text = screen.text_of(framework)
        assert "def update(" in text or text.startswith("# lesson "), text[:200]
