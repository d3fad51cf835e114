"""The chart widget, through a small app: what stands on the screen, and when it is drawn anew."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.strip import Strip

from tests.support.painted import painted
from toystory.render import chart
from toystory.render.chart import Axes, Level, Series
from toystory.tui.widgets.training import chart as chart_module
from toystory.tui.widgets.training.chart import Chart

FALLING = Series("train", range(0, 1000, 10), [0.7 * math.exp(-i / 25) for i in range(100)])
FRESH = Series("fresh [rows]", range(0, 1000, 50), [0.75 * math.exp(-i / 6) for i in range(20)], "fresh")


class ChartApp(App[None]):
    def __init__(self, **options: Any) -> None:
        super().__init__()
        self.chart = Chart(**options)

    def compose(self) -> ComposeResult:
        yield self.chart


def strips(app: ChartApp) -> list[Strip]:
    return painted(app.screen)


def screen(app: ChartApp) -> list[str]:
    return [strip.text for strip in strips(app)]


def color_of(app: ChartApp, text: str) -> tuple[int, int, int]:
    """The colour of the first piece of the screen that holds `text`."""
    for strip in strips(app):
        for segment in strip:
            if text in segment.text and segment.style is not None and segment.style.color is not None:
                return segment.style.color.get_truecolor()
    raise AssertionError(f"{text!r} is not on the screen")


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    for _ in range(100):
        if holds():
            return
        await pilot.pause()
    raise AssertionError("\n".join(screen(pilot.app)))  # type: ignore[arg-type]


def has_curve(app: ChartApp) -> bool:
    """Whether there is braille between the borders."""
    return any("\u2800" < character <= "\u28ff" for row in screen(app)[1:-1] for character in row)


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The sizes of the drawings made, in order."""
    made: list[tuple[int, int]] = []

    def counted(series: Any, width: int, height: int, *args: Any, **options: Any) -> chart.Rows:
        made.append((width, height))
        return chart.plot(series, width, height, *args, **options)

    monkeypatch.setattr(chart_module, "plot", counted)
    return made


@pytest.fixture(autouse=True)
def colors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)


async def test_the_panel_holds_the_same_drawing_as_the_command_line() -> None:
    app = ChartApp(title="LSTM")
    async with app.run_test(size=(80, 24)) as pilot:
        app.chart.show([FALLING, FRESH])
        await until(pilot, lambda: has_curve(app))
        rows = screen(app)
        assert rows[0].startswith("╭─ LSTM · loss ─")
        assert rows[-1].endswith("─ ━━ train  ━━ fresh [rows] ─╯")
        inside = chart.plot([FALLING, FRESH], 78, 22, header=False)
        assert [row[1:-1] for row in rows[1:-1]] == ["".join(text for text, _ in row) for row in inside]


async def test_an_empty_frame_stands_before_the_first_data() -> None:
    app = ChartApp(axes=Axes(y_label="accuracy", y_limits=(0, 1), x_limits=(0, 500)))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        rows = screen(app)
        assert rows[0].startswith("╭─ accuracy ─")
        assert rows[1].startswith("│  1.0┤ ")
        assert rows[-1] == "╰" + "─" * 58 + "╯"
        assert not has_curve(app)


async def test_an_empty_frame_says_what_to_do_until_there_are_data() -> None:
    app = ChartApp(without="space begins")
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        assert sum("space begins" in row for row in screen(app)) == 1
        app.chart.show([FALLING])
        await until(pilot, lambda: has_curve(app))
        assert not any("space begins" in row for row in screen(app))
        await pilot.resize_terminal(16, 12)
        await pilot.pause()
        assert all(len(row) == 16 for row in screen(app))


async def test_data_given_before_the_app_runs_are_drawn() -> None:
    app = ChartApp()
    app.chart.show([FALLING])
    async with app.run_test(size=(60, 12)) as pilot:
        await until(pilot, lambda: has_curve(app))
        assert "━━ train" in screen(app)[-1]


async def test_the_same_data_draw_nothing_and_new_data_draw_once(drawings: list[tuple[int, int]]) -> None:
    app = ChartApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.chart.show([FALLING])
        await until(pilot, lambda: has_curve(app))
        drawings.clear()
        before = screen(app)
        app.chart.show([Series("train", list(FALLING.xs), list(FALLING.ys))])
        await pilot.pause()
        assert (drawings, screen(app)) == ([], before)
        app.chart.show([FALLING, FRESH])
        await until(pilot, lambda: screen(app) != before)
        assert drawings == [(78, 22)]


async def test_a_new_size_is_filled(drawings: list[tuple[int, int]]) -> None:
    app = ChartApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.chart.show([FALLING])
        await until(pilot, lambda: has_curve(app))
        await pilot.resize_terminal(200, 50)
        await until(pilot, lambda: drawings[-1] == (198, 48))
        rows = screen(app)
        assert len(rows) == 50
        assert rows[-3].startswith("│     └┬")
        assert rows[-3].endswith("─│")
        await pilot.pause()
        assert drawings.count((198, 48)) == 1
        await pilot.resize_terminal(12, 5)
        await until(pilot, lambda: len(screen(app)) == 5)
        assert not has_curve(app)


async def test_curves_take_their_colours_from_the_theme(drawings: list[tuple[int, int]]) -> None:
    app = ChartApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.chart.show([FALLING])
        await until(pilot, lambda: has_curve(app))
        drawn = len(drawings)
        seen = []
        for theme in ("textual-dark", "textual-light"):
            app.theme = theme
            await pilot.pause()
            train = color_of(app, "⠑")
            assert train == color_of(app, "━━")
            seen.append((train, color_of(app, "└")))
        assert len({train for train, _ in seen}) == 2
        assert len({axis for _, axis in seen}) == 2
        assert len(drawings) == drawn  # a theme changes the ink, not the drawing


async def test_without_colours_marks_tell_the_curves_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = ChartApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.chart.show([FALLING, FRESH])
        await until(pilot, lambda: has_curve(app))
        rows = screen(app)
        assert "⠒⠒⠒ train  ⠒×⠒ fresh [rows]" in rows[-1]
        assert sum(row.count("×") for row in rows[1:-1]) > 5
        red, green, blue = color_of(app, "×")
        assert red == green == blue


async def test_without_a_border_the_names_stand_in_the_first_row() -> None:
    app = ChartApp()
    app.chart.styles.border = ("none", "black")
    async with app.run_test(size=(80, 24)) as pilot:
        app.chart.show([FALLING], Axes(levels=(Level(0.5, "coin toss"),)))
        await until(pilot, lambda: has_curve(app))
        assert screen(app)[0].split() == ["loss", "━━", "train", "⠂", "⠂", "coin", "toss"]
