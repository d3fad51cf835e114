"""The charts: what the reader sees, and that no data, however hostile, take the process down."""

import json
import math
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from toystory.render.chart import (
    LOOKS,
    Axes,
    Level,
    Point,
    Scale,
    Series,
    draw,
    drawable_points,
    linear_scale,
    log_scale,
    plot,
    points_of,
)

ROOT = Path(__file__).parents[2]
FRAME = 6  # columns left of the curves where the y labels are short: five for the labels, one for the axis


def lines(*args: Any, **options: Any) -> list[str]:
    return draw(*args, color=False, **options).split("\n")


def inked(row: str) -> set[int]:
    """The columns inside the frame that are not blank."""
    return {column for column, character in enumerate(row[FRAME:]) if character != " "}


# The guard, with the real plotext in a child process: it ends the process on what it cannot draw

CHILD = """
import json, sys
from toystory.render.chart import Axes, Level, Series, draw
for line in sys.stdin:
    case = json.loads(line)
    axes = Axes(log_y=case["log_y"], x_limits=case["x_limits"] and tuple(case["x_limits"]),
                y_limits=case["y_limits"] and tuple(case["y_limits"]),
                levels=tuple(Level(y, "level") for y in case["levels"]))
    series = [Series("curve", xs, ys, role) for xs, ys, role in case["series"]]
    text = draw(series, case["width"], case["height"], axes, color=case["color"], header=case["header"])
    print(json.dumps(text), flush=True)
"""


class Child:
    """A process that draws one case after another; started anew when it has died."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None

    def draw(self, case: dict[str, Any]) -> str:
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-c", CHILD],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        assert self.process.stdin
        assert self.process.stdout
        assert self.process.stderr
        self.process.stdin.write(json.dumps(case) + "\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], 20)  # longer means that it hangs
        answer = self.process.stdout.readline() if ready else ""
        if not answer:
            self.process.kill()
            error = self.process.stderr.read()
            self.close()
            pytest.fail(f"the child {'died' if ready else 'hangs'}: {error}")
        return str(json.loads(answer))  # anything printed beside the answer fails here

    def close(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    child = Child()
    yield child
    child.close()


HOSTILE = [None, math.nan, math.inf, -math.inf, 0.0, -0.0, -1.0]
HOSTILE += [1e300, -1e300, 1e-300, 5e-324, 1.7e308, 1e12, 1e16]
numbers = st.one_of(
    st.floats(0, 1),
    st.floats(0, 1000),
    st.floats(),
    st.sampled_from(HOSTILE),
    st.floats(1e16, 1e16 + 64),
)
loss_curves = st.builds(
    lambda calm, spikes: [spikes.get(i, 0.7 / (1 + calm * i)) for i in range(120)],
    st.floats(0, 1),
    st.dictionaries(st.integers(0, 119), st.sampled_from(HOSTILE), max_size=4),
)
ys = st.one_of(
    st.lists(numbers, max_size=40),
    loss_curves,
    st.builds(lambda value, length: [value] * length, numbers, st.integers(1, 30)),
)
xs = st.one_of(
    st.builds(
        lambda start, step: [start + step * i for i in range(120)], st.integers(0, 10**6), st.integers(0, 50)
    ),
    st.lists(numbers, max_size=40),
)
limits = st.none() | st.sampled_from([(0.0, 1.0), (1e-3, 1e3), (0.5, 0.500001), (1e-300, 1e99)])
cases = st.fixed_dictionaries(
    {
        "series": st.lists(st.tuples(xs, ys, st.sampled_from(sorted(LOOKS))), max_size=3),
        "width": st.integers(0, 150),
        "height": st.integers(0, 50),
        "log_y": st.booleans(),
        "x_limits": limits,
        "y_limits": st.none() | st.sampled_from([(1e-3, 1.0), (1e-300, 1e99)]),
        "levels": st.lists(st.sampled_from([0.5, 0.0, -1.0, 1e99]), max_size=1),
        "color": st.booleans(),
        "header": st.booleans(),
    }
)


# Without shrinking, for a case that hangs would hang again each time.
@settings(max_examples=300, phases=[Phase.generate], report_multiple_bugs=False)
@given(case=cases)
def test_any_data_are_drawn_in_the_size_asked_for(child: Child, case: dict[str, Any]) -> None:
    text = re.sub(r"\x1b\[[\d;]*m", "", child.draw(case))
    rows = text.split("\n") if case["height"] else []
    assert [len(row) for row in rows] == [case["width"]] * case["height"]


def test_differences_beyond_the_range_of_floats_are_drawn(child: Child) -> None:
    ends = [1.7e308, -1.7e308] * 20
    case: dict[str, Any] = {"series": [(ends[:20] + sorted(ends), ends, "train")], "width": 60, "height": 16}
    case |= {
        "log_y": False,
        "x_limits": None,
        "y_limits": None,
        "levels": [],
        "color": False,
        "header": False,
    }
    rows = child.draw(case).split("\n")
    assert inked(rows[0])
    assert inked(rows[-3])


@pytest.mark.parametrize("spike", [1e300, -1e300, 1e12, math.inf, math.nan, None])
def test_a_lone_spike_does_not_flatten_the_curve(child: Child, spike: float | None) -> None:
    ys: list[float | None] = [0.9 - i / 200 for i in range(100)]
    calm = {"series": [(list(range(100)), list(ys), "train")], "width": 60, "height": 16, "log_y": False}
    calm |= {"x_limits": None, "y_limits": None, "levels": [], "color": False, "header": False}
    expected = [row[:FRAME] for row in child.draw(calm).split("\n")]
    ys[50] = spike
    spiked = child.draw(calm | {"series": [(list(range(100)), ys, "train")]})
    assert [row[:FRAME] for row in spiked.split("\n")] == expected


# What the reader sees


def test_the_curve_fills_the_frame_from_corner_to_corner() -> None:
    drawn = lines([Series("train", [0, 100], [0.8, 0.2])], 46, 14, Axes(y_limits=(0.2, 0.8)))
    assert drawn[0].split() == ["loss", "⠒⠒⠒", "train"]
    assert drawn[1][FRAME] != " "
    assert drawn[1].rstrip() != drawn[1]
    assert drawn[-3][-1] != " "
    assert drawn[-3][FRAME] == " "
    assert drawn[-2].startswith("     └┬")
    assert " update " in drawn[-2]
    assert drawn[-1].split()[0] == "0"
    assert drawn[-1].split()[-1] == "100"


def test_a_name_longer_than_every_gap_covers_a_tick_mark_but_no_label() -> None:
    axes = Axes("bits that stand before the end", "gradient")
    drawn = lines([Series("train", [0, 49], [0.8, 0.2])], 60, 14, axes)
    assert " bits that stand before the end " in drawn[-2]
    assert drawn[-2].count("┬") < len(drawn[-1].split()) == 3


@pytest.mark.parametrize("end", [1, 5, 30, 200, 1000, 3500, 24_000])
def test_the_horizontal_axis_has_its_name_at_every_width(end: int) -> None:
    for width in range(30, 200):
        drawn = lines([Series("train", [0, end], [0.8, 0.2])], width, 8, Axes(x_limits=(0, end)))
        assert " update " in drawn[-2], width


def test_colours_and_plain_text_are_the_same_drawing() -> None:
    curve = [Series("train", range(50), [math.exp(-i / 10) for i in range(50)])]
    colored = draw(curve, 60, 12, header=False)
    assert f"\x1b[{LOOKS['train'].code}m" in colored
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == draw(curve, 60, 12, header=False, color=False)
    assert "\x1b" not in draw(curve, 60, 12, color=False)


def test_every_curve_has_its_ink() -> None:
    series = [Series(role, [0, 10], [i, i], role) for i, role in enumerate(LOOKS)]
    inks = {ink for row in plot(series, 80, 40, header=False) for text, ink in row if text.strip()}
    assert inks == {*LOOKS, "axis"}


def test_without_colours_marks_tell_the_curves_apart() -> None:
    series = [Series("train", range(100), [1.0] * 100), Series("fresh", range(100), [0.0] * 100, "fresh")]
    drawn = lines(series, 60, 12)
    assert "⠒⠒⠒ train" in drawn[0]
    assert "⠒×⠒ fresh" in drawn[0]
    assert "×" not in drawn[1]
    assert drawn[-3].count("×") >= 8
    assert "×" not in draw(series, 60, 12)


@pytest.mark.parametrize("gap", [math.nan, None, math.inf])
def test_a_value_that_is_no_number_leaves_a_gap(gap: float | None) -> None:
    ys = [0.5 if i < 40 or i > 60 else gap for i in range(101)]
    axes = Axes(x_limits=(0, 100), y_limits=(0, 1))
    rows = lines([Series("train", range(101), ys)], FRAME + 101, 10, axes, header=False)[:-2]
    used = {column for row in rows for column in inked(row)}
    assert used == set(range(101)) - set(range(40, 61))


def test_a_spike_between_ten_thousand_points_is_seen() -> None:
    ys = [0.1] * 10_000
    ys[5_000], ys[7_000] = 0.9, 0.0
    axes = Axes(x_limits=(0, 10_000), y_limits=(0, 1))
    rows = lines([Series("train", range(10_000), ys)], 80, 14, axes, header=False)
    high, low = inked(rows[1]), inked(rows[11])
    assert {36, 37, 38} >= high > set()
    assert {51, 52, 53} >= low > set()


def test_zero_and_below_are_gaps_on_a_logarithmic_axis() -> None:
    points = points_of(Series("train", range(5), [1.0, 0.0, 10.0, -3.0, 100.0]), Axes(log_y=True))
    assert [(p.x, p.y) for p in points] == [(0, 0), (2, 1), (4, 2)]
    assert len({p.run for p in points}) == 3


def test_a_logarithmic_axis_names_its_decades() -> None:
    falling = Series("train", range(100), [10 ** (-i / 25) for i in range(100)])
    drawn = lines([falling], 60, 20, Axes(log_y=True))
    assert [row.split("┤")[0].strip() for row in drawn if "┤" in row] == ["1", "0.1", "0.01", "0.001", "1e-4"]


ONE_DOT = "⠁⠂⠄⡀⠈⠐⠠⢀"


def dots(row: str) -> int:
    """Of a level, in a row."""
    return sum(character in ONE_DOT for character in row)


def all_dots(row: str) -> int:
    """Of the braille in a row, as its bits."""
    return reduce(or_, (ord(character) - ord("⠀") for character in row if "⠀" <= character <= "⣿"))


def test_a_level_is_dotted_and_named() -> None:
    drawn = lines([Series("train", [0, 100], [0.9, 0.1])], 60, 14, Axes(levels=(Level(0.5, "coin toss"),)))
    assert drawn[0].rstrip().endswith("⠂ ⠂ coin toss")
    assert [dots(row) > 20 for row in drawn[1:]].count(True) == 1


@pytest.mark.parametrize("height", range(8, 30))
def test_a_curve_that_stays_at_a_level_covers_it(height: int) -> None:
    level = Axes(y_limits=(0.0, 1.0), levels=(Level(0.6931, "a coin"),))
    empty = lines([Series("train", [0, 1], [0.0, 0.0])], 60, height, level)
    drawn = lines([Series("train", [0, 1], [0.6931, 0.6931])], 60, height, level)
    [number] = [number for number, row in enumerate(empty[1:], start=1) if dots(row) > 20]
    of_level, of_curve = (all_dots(rows[number]) for rows in (empty, drawn))
    assert of_level == of_curve, "the curve lies neither above the level nor below it"
    assert of_level in (0x09, 0x12, 0x24, 0xC0), "one row of dots"


@pytest.mark.parametrize("height", range(8, 40, 3))
def test_a_tick_stands_where_its_value_is_drawn(height: int) -> None:
    axes = Axes(y_limits=(0.0, 1.0), x_limits=(0.0, 1000.0))
    named = {float(row[:5]): number for number, row in enumerate(lines([], 90, height, axes)) if "┤" in row}
    assert len(named) >= 2
    for value, number in named.items():
        level = Axes(y_limits=(0.0, 1.0), x_limits=(0.0, 1000.0), levels=(Level(value, "here"),))
        drawn = lines([Series("train", [0], [1 - value])], 90, height, level)
        assert dots(drawn[number]) >= 40
    bottom = lines([], 90, height, axes)[-2]
    ticks = [column for column, character in enumerate(bottom) if character == "┬"]
    drawn = lines([Series("train", [0, 200, None, 400, 600, 800, 1000], [0] * 7)], 90, height, axes)
    assert ticks[0] == FRAME
    assert ticks[-1] == 89
    assert all(drawn[-3][column] != " " for column in ticks)


def test_before_the_first_point_the_frame_stands_empty() -> None:
    drawn = lines([], 50, 10, header=False)
    assert all(row == "     │" + " " * 44 for row in drawn[:-2])
    assert " update " in drawn[-2]
    assert drawn[-1].strip() == ""
    fixed = lines([], 50, 10, Axes(x_limits=(0, 20_000), y_limits=(0, 1)))
    assert fixed[1].startswith("  1.0┤")
    assert fixed[-1].split()[-1] == "20k"


@pytest.mark.parametrize(("width", "height"), [(0, 0), (1, 1), (9, 20), (80, 4), (80, 1), (8, 3)])
def test_too_small_a_place_stays_blank(width: int, height: int) -> None:
    assert lines([Series("train", [0, 1], [0, 1])], width, height) == ([" " * width] * height or [""])


def test_a_series_stands_still_when_its_list_grows() -> None:
    xs, ys = [0.0, 1.0], [0.5, 0.4]
    series = Series("train", xs, ys)
    xs.append(2.0)
    ys.append(0.3)
    assert series == Series("train", [0.0, 1.0], [0.5, 0.4]) != Series("train", xs, ys)


def test_wrong_descriptions_are_refused() -> None:
    with pytest.raises(ValueError, match="role"):
        Series("train", [], [], "nobody")
    for limits in [(1.0, 1.0), (2.0, 1.0), (0.0, math.inf), (math.nan, 1.0)]:
        with pytest.raises(ValueError, match="finite and rising"):
            Axes(y_limits=limits)
    with pytest.raises(ValueError, match="above zero"):
        Axes(y_limits=(0.0, 1.0), log_y=True)
    with pytest.raises(ValueError, match="finite"):
        Level(math.nan, "nowhere")


# Thinning and ticks


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(-1, 2)), max_size=400).map(sorted),
    st.integers(2, 60),
)
def test_thinning_keeps_the_lowest_and_the_highest_of_each_column(
    pairs: list[tuple[float, float]], columns: int
) -> None:
    x, y = Scale(0.0, 100.0, [], []), Scale(-1.0, 2.0, [], [])
    kept = drawable_points([Point(*pair, run=0) for pair in pairs], x, y, columns)
    for column in range(columns):
        before = [height for place, height in pairs if x.column(place, columns) == column]
        after = [p.y for p in kept if x.column(p.x, columns) == column]
        assert len(after) <= 2
        assert (min(before, default=None), max(before, default=None)) == (
            min(after, default=None),
            max(after, default=None),
        )
    assert [p.x for p in kept] == sorted(p.x for p in kept)


@given(st.floats(-1e3, 1e3), st.floats(1e-6, 1e9), st.integers(2, 8), st.booleans())
def test_ticks_are_steps_of_one_two_or_five(low: float, span: float, most: int, snap: bool) -> None:
    scale = linear_scale(low, low + span, most, snap=snap)
    steps = [after - before for before, after in zip(scale.ticks, scale.ticks[1:], strict=False)]
    assert len(scale.ticks) <= most + 3
    for step in steps:
        assert round(float(f"{step:.3e}".split("e")[0]), 1) in (1.0, 2.0, 5.0, 10.0)
    if snap:
        assert scale.low <= low + 1e-5 * span
        assert low + span <= scale.high + 1e-5 * span
        assert (scale.ticks[0], scale.ticks[-1]) == (scale.low, scale.high)
    assert all(scale.low <= tick <= scale.high for tick in scale.ticks)
    assert len(set(scale.labels)) == len(scale.labels)


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0, 1, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (0.691, 0.694, ["0.691", "0.692", "0.693", "0.694"]),
        (0, 4_000, ["0", "1,000", "2,000", "3,000", "4,000"]),
        (0, 20_000, ["0", "5k", "10k", "15k", "20k"]),
        (0, 1_000_000, ["0", "0.2M", "0.4M", "0.6M", "0.8M", "1.0M"]),
        (-1, 1, ["-1.0", "-0.5", "0.0", "0.5", "1.0"]),
        (0, 1e-5, ["0", "2e-6", "4e-6", "6e-6", "8e-6", "1e-5"]),
    ],
)
def test_labels(low: float, high: float, labels: list[str]) -> None:
    assert linear_scale(low, high, 5, snap=False).labels == labels


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0.05, 2, ["0.05", "0.1", "0.2", "0.5", "1", "2"]),
        (0.003, 0.8, ["0.01", "0.1", "1"]),
        (1e-7, 1e5, ["1e-6", "0.001", "1", "1,000"]),
    ],
)
def test_labels_of_a_logarithmic_axis(low: float, high: float, labels: list[str]) -> None:
    assert log_scale(math.log10(low), math.log10(high), 5, snap=True).labels == labels


def test_importing_the_charts_loads_neither_plotext_nor_textual() -> None:
    code = "import sys, toystory.render.chart; print(*{'plotext', 'textual', 'numpy'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


# Without plotext, and without braille


def drawn(**variables: str) -> str:
    xs = list(range(50))
    series = [Series("loss", xs, [math.exp(-x / 10) for x in xs]), Series("fresh", xs, [0.5] * 50, "fresh")]
    return draw(series, 60, 12, Axes(levels=(Level(0.693, "a coin: ln 2"),)), color=False)


def test_without_plotext_the_curves_lie_where_they_lay(monkeypatch: pytest.MonkeyPatch) -> None:
    with_it = drawn().splitlines()
    monkeypatch.setitem(sys.modules, "plotext", None)
    without = drawn().splitlines()
    assert [len(line) for line in without] == [len(line) for line in with_it]
    signs = sum(sign != " " for line in with_it for sign in line)
    pairs = zip("".join(with_it), "".join(without), strict=True)
    alike = sum((a == " ") == (b == " ") for a, b in pairs)
    assert alike > 60 * 12 - 0.2 * signs


@pytest.mark.parametrize("variable", [("TERM", "linux"), ("TOYSTORY_ASCII", "1")])
def test_where_there_is_no_braille_curves_are_made_of_blocks(
    variable: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(*variable)
    shown = drawn()
    assert not re.search("[\u2800-\u28ff]", shown)
    assert len(re.findall("[▀▄█]", shown)) > 60
    assert "a coin: ln 2" in shown
