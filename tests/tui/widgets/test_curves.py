"""The curves of a run: which stand in the charts, under which names."""

from __future__ import annotations

from dataclasses import replace

from textual.app import App, ComposeResult

from tests.support.painted import painted
from toystory.lessons.mlp.experiments import WIDE
from toystory.lessons.rnn.experiments import LONG_ROWS
from toystory.training.background import BackgroundRun
from toystory.training.run import Run, Study, over_setting
from toystory.tui.widgets.training.curves import Curves


class CurvesApp(App[None]):
    def compose(self) -> ComposeResult:
        yield Curves()


async def drawn(study: Study, *, gradient: bool = False, width: int = 80) -> str:
    """Both charts of a study whose experiments have all run."""
    session = BackgroundRun(study)
    for experiment in session.experiments:
        session.runs.append(run := Run(experiment))
        for _ in run:
            pass
    async with CurvesApp().run_test(size=(width, 30)) as pilot:
        curves = pilot.app.query_one(Curves)
        curves.show_loss(session, [], log=False, zoom=False)
        show = curves.show_gradient if gradient else curves.show_accuracy
        show(session, [], zoom=False)
        await pilot.pause()
        return "\n".join(strip.text for strip in painted(pilot.app.screen))


async def test_the_gradients_length_stands_in_place_of_the_accuracy_with_the_bound_of_the_clip() -> None:
    text = await drawn(replace(LONG_ROWS, columns=4, updates=5), gradient=True)
    assert "length of the gradient" in text
    assert "clipped here" in text
    assert "accuracy" not in text


async def test_runs_that_differ_in_one_setting_have_each_a_name_and_lie_over_each_other() -> None:
    recipe = replace(WIDE, columns=4, rows=None, hidden=(4,), updates=5)
    text = await drawn(over_setting("batches", recipe, "batch", (8, 16, 32)))
    assert text.count("batches of 8  ━━ 16  ━━ 32") == 2


async def test_of_a_fixed_set_the_loss_on_fresh_rows_is_drawn_too() -> None:
    small = replace(WIDE, hidden=(4,), rows=64, batch=16, updates=5, evaluate_every=1)
    assert (await drawn(small)).count("fresh rows") == 2
    assert (await drawn(replace(small, rows=None))).count("fresh rows") == 1


async def test_a_level_is_named_only_where_all_names_have_room() -> None:
    small = replace(WIDE, hidden=(4,), rows=64, batch=16, updates=5)
    assert "training  ⠂ ⠂ a coin, ln 2 ─" in await drawn(small)
    narrow = await drawn(small, width=36)
    assert "training ─" in narrow
    assert "…" not in narrow
