"""The gradient check of the model as it is."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.app import until
from tests.support.derivation import experiment_of, opened, trained
from tests.support.some import some_lessons
from toystory.course import catalogue
from toystory.models import GradientCheck
from toystory.models.gradient_check import in_float64
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.inspection.gradient_check import MOST, CheckedRow, GradientCheckScreen, verdict
from toystory.tui.state.inspection import Cursor


@pytest.mark.parametrize("name", some_lessons())
async def test_the_gradient_check_of_the_model_as_it_is(name: str) -> None:
    app = ToystoryApp()
    async with app.run_test(size=(120, 36)) as pilot:
        screen = opened(name)
        await app.push_screen(screen)
        await pilot.press("C")
        check = app.screen
        assert isinstance(check, GradientCheckScreen)
        await until(pilot, lambda: check.done)
        parameters = screen.trace.model.parameters
        assert [c.name for c in check.checks] == list(parameters)
        for found, values in zip(check.checks, parameters.values(), strict=True):
            assert found.measured.size == min(values.size, MOST)
            assert found.measured.size + found.left_out == values.size
            assert f"{np.linalg.norm(found.measured):.3e}" in check.copy_text()
        assert f"{len(parameters)} of {len(parameters)} parameters agree" in check.copy_text()
        assert screen.trace.model.dtype.name == screen.trace.experiment.dtype
        await pilot.press("escape")


async def test_leaving_ends_the_gradient_check() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(120, 36)) as pilot:
        place = Cursor(tuple([1, 0] * 100))
        experiment = experiment_of("lstm")
        now = place.trace(catalogue.load("lstm"), experiment, trained(experiment), 0.01)
        check = GradientCheckScreen(CheckedRow.of(now))
        await app.push_screen(check)
        (worker,) = list(app.workers)
        await pilot.press("escape")
        await until(pilot, lambda: worker.is_finished)
        assert not check.done


def test_a_wrong_gradient_differs_and_rounding_does_not() -> None:
    right = np.array([0.3, -0.2])
    assert verdict(GradientCheck("w", right, right * (1 + 1e-8)), 0.7) == "agree"
    assert verdict(GradientCheck("w", right, right * 1.001), 0.7) == "differ"
    assert verdict(GradientCheck("w", right * 1e-9, right * 1.1e-9), 0.7).startswith("agree, as far")
    assert verdict(GradientCheck("w", right * np.nan, right), 0.7) == "not finite"


def test_the_checked_copy_has_the_same_parameters() -> None:
    experiment = experiment_of("rnn")
    model = trained(experiment)
    copy = in_float64(model)
    for name, values in model.parameters.items():
        assert copy.parameters[name].dtype == np.float64
        np.testing.assert_array_equal(copy.parameters[name], values)
