"""Curves as SVG: well-formed, labelled, and sound whatever the figures are."""

from __future__ import annotations

import math
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toystory.export.page.svg_chart import MOST_NAMED, SIZE, SMALL, Series, chart
from toystory.export.page.ticks import linear_ticks, log_ticks

FALLING = [(update, 1 / (1 + update)) for update in range(0, 1000, 50)]


def draw(*series: Series, **options: object) -> Element:
    return ElementTree.fromstring(chart("a title", series, y_label="loss", **options))  # type: ignore[arg-type]


def texts(svg: Element) -> list[str]:
    return [element.text or "" for element in svg.iter("text")]


def curves(svg: Element) -> list[list[tuple[float, float]]]:
    found = []
    for line in svg.iter("polyline"):
        pairs = [pair.split(",") for pair in line.attrib["points"].split()]
        found.append([(float(x), float(y)) for x, y in pairs])
    return found


def test_the_axes_are_labelled() -> None:
    svg = draw(Series("", FALLING))
    assert {"updates", "loss", "0", "200", "800", "0.2"} <= set(texts(svg))
    title = svg.find("title")
    assert title is not None
    assert title.text == "a title"


def test_a_falling_curve_falls_from_left_to_right_within_the_drawing() -> None:
    (curve,) = curves(draw(Series("", FALLING)))
    assert len(curve) == len(FALLING)
    assert [x for x, _ in curve] == sorted(x for x, _ in curve)
    assert [y for _, y in curve] == sorted(y for _, y in curve)
    assert all(0 <= x <= SIZE[0] and 0 <= y <= SIZE[1] for x, y in curve)


def test_names_are_shown_where_there_are_few() -> None:
    assert "fresh rows" in texts(draw(Series("fresh rows", FALLING), Series("own", FALLING, dashed=True)))
    many = [Series(f"no. {n}", FALLING) for n in range(MOST_NAMED + 1)]
    assert not any(text.startswith("no. ") for text in texts(draw(*many)))


def test_text_is_escaped() -> None:
    nasty = "</svg><script>alert(1)</script> & co"
    svg = ElementTree.fromstring(chart(nasty, [Series(nasty, FALLING)], y_label="a < b"))
    assert svg.find(".//script") is None
    assert {nasty, "a < b"} <= set(texts(svg))


@pytest.mark.parametrize("points", [[], [(0, math.nan)], [(math.inf, 1.0)]])
def test_without_points_it_says_so(points: list[tuple[float, float]]) -> None:
    svg = draw(Series("", points))
    assert texts(svg) == ["nothing to draw yet"]


def test_one_point_is_a_dot() -> None:
    svg = draw(Series("", [(0, 0.7)]))
    assert len(list(svg.iter("circle"))) == 1
    assert curves(svg) == []


def test_a_hole_breaks_the_curve() -> None:
    svg = draw(Series("", [(0, 1), (1, 2), (2, math.nan), (3, 2), (4, 1)]))
    assert [len(curve) for curve in curves(svg)] == [2, 2]


def test_ends_of_the_axis_may_be_given() -> None:
    (curve,) = curves(draw(Series("", [(0, 0.5), (10, 0.5)]), low=0, high=1))
    bottom, top = SIZE[1] - 40, 12
    assert curve[0][1] == pytest.approx((bottom + top) / 2)


def test_on_a_log_axis_powers_of_ten_are_equally_far_apart() -> None:
    svg = draw(Series("", [(0, 1.0), (1, 0.1), (2, 0.01), (3, 0.0)]), log=True)
    (curve,) = curves(svg)
    heights = [y for _, y in curve]
    assert len(heights) == 3
    assert heights[1] - heights[0] == pytest.approx(heights[2] - heights[1], abs=0.2)
    assert {"1", "0.1", "0.01"} <= set(texts(svg))


@pytest.mark.parametrize("size", [SIZE, SMALL])
def test_no_number_runs_over_the_edge(size: tuple[int, int]) -> None:
    svg = draw(Series("", [(0, 1.0), (1_000_000, 0.5)]), size=size)
    last = next(element for element in svg.iter("text") if element.text == "1,000,000")
    assert last.attrib["text-anchor"] == "end"
    assert float(last.attrib["x"]) <= size[0]


numbers = st.floats(allow_nan=True, allow_infinity=True, width=32)


@given(st.lists(st.tuples(numbers, numbers), max_size=8), st.booleans())
def test_any_figures_are_drawn_within_the_drawing(points: list[tuple[float, float]], log: bool) -> None:
    svg = draw(Series("", points), log=log)
    for curve in curves(svg):
        assert all(0 <= x <= SIZE[0] and 0 <= y <= SIZE[1] for x, y in curve)
    assert not any("nan" in text or "inf" in text for text in texts(svg))


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0, 1, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (0, 4000, ["0", "1,000", "2,000", "3,000", "4,000"]),
        (-1, 1, ["−1.0", "−0.5", "0", "0.5", "1.0"]),
        (0.31, 0.72, ["0.4", "0.5", "0.6", "0.7"]),
        (0, 3e-6, ["0", "1e−6", "2e−6", "3e−6"]),
    ],
)
def test_marks_stand_at_steps_of_one_two_or_five(low: float, high: float, said: list[str]) -> None:
    assert [text for _, text in linear_ticks(low, high)] == said


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 12))
def test_marks_are_few_in_order_and_within(low: float, length: float, most: int) -> None:
    ticks = linear_ticks(low, low + length, most)
    values = [value for value, _ in ticks]
    assert len(values) <= most
    assert values == sorted(set(values))
    assert all(low - length * 1e-6 <= value <= low + length * (1 + 1e-6) for value in values)


def test_marks_may_not_be_closer_than_told() -> None:
    assert [text for _, text in linear_ticks(0, 1, closest=1)] == ["0", "1"]


def test_a_short_log_axis_has_marks_between_the_powers() -> None:
    assert [text for _, text in log_ticks(0.1, 1)] == ["0.1", "0.2", "0.5", "1"]
    assert len(log_ticks(1e-12, 1)) <= 8
