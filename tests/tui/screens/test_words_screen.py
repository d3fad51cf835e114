"""The glossary, which a key opens on every screen at the words that stand there."""

from __future__ import annotations

import pytest

from tests.support.app import press
from tests.support.painted import painted
from toystory.course.analysis.curves import NAMES, curve
from toystory.course.text.glossary import words_in
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.dialogs.words import WordsScreen, words_shown
from toystory.tui.widgets.options import Options
from toystory.tui.widgets.training.chart import Chart


def shown(app: ToystoryApp) -> str:
    return "\n".join(strip.text for strip in painted(app.screen))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The loss of a batch, for 3 epochs.", ["cross-entropy", "batch", "epoch"]),
        ("W ∘ δ, and Σ of σ(z)", ["symbols", "delta", "sigmoid"]),
        ("He and a b", []),
        ("a learning rate is no rate of learning", ["learning rate"]),
    ],
)
def test_the_words_of_a_text_in_their_order(text: str, words: list[str]) -> None:
    assert [word.word for word in words_in(text)] == words


@pytest.mark.parametrize("name", NAMES)
def test_the_slope_that_is_drawn_is_that_of_the_curve(name: str) -> None:
    drawn = curve(name)
    rises = (drawn.a[2:] - drawn.a[:-2]) / (drawn.z[2:] - drawn.z[:-2])
    smooth = abs(drawn.z[1:-1]) > 0.1 if name == "relu" else drawn.z[1:-1] < 99
    assert abs(rises - drawn.slope[1:-1])[smooth].max() < 1e-3


async def test_w_opens_the_words_of_the_screen_and_closes_them() -> None:
    app = ToystoryApp("gate")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("t", "Z")
        there = words_shown(app.screen)
        assert {"cross-entropy", "learning rate"} <= {word.word for word in there}
        await press(pilot, "w")
        assert isinstance(app.screen, WordsScreen)
        assert there[0].meaning[:20] in shown(app)
        options = app.screen.query_one(Options)
        options.highlighted = next(i for i, option in enumerate(options.options) if option.id == "tanh")
        await pilot.pause()
        assert [series.label for series in app.screen.query_one(Chart).series] == ["tanh", "slope: 1 − a²"]
        await press(pilot, "w")
        assert not isinstance(app.screen, WordsScreen)


async def test_in_a_dialog_too() -> None:
    app = ToystoryApp("gate")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "t", "question_mark", "w")
        assert isinstance(app.screen, WordsScreen)
