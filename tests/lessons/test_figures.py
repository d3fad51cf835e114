"""The figures of the prose: each is one that a claim measures."""

from __future__ import annotations

import re

import pytest

from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.lesson import Lesson

PROSE = ("story.md", "predict.md", "recap.md")
FIGURE = re.compile(r"(?<![\w.,])(\d+(?:\.\d+)?) %|(?<![\w.,])(\d+\.\d+)(?!\w)")
DECIMAL = re.compile(r"\d+\.\d+")

ELSEWHERE = {
    ("gate", "0.75"): "w₂, which does not move: test_experiments looks at the weight itself",
    ("regression", "0.5"): "the answer where all weights are 0, which is mathematics",
    ("regression", "0.693"): "and its loss, ln 2",
    ("mlp", "90 %"): "a wrong choice of the prediction",
}
"""Figures of the prose that no claim has, and why."""


def figures(text: str) -> list[str]:
    return [f"{share} %" if share else decimal for share, decimal in FIGURE.findall(text)]


def measured(lesson: Lesson) -> set[str]:
    """Every figure in the claims; a bar's share also as per cent."""
    found = {
        number for claim in lesson.claims for number in DECIMAL.findall(f"{claim.text} {claim.bar.text}")
    }
    return found | {f"{float(number) * 100:g} %" for number in found if float(number) <= 1}


def stated(lesson: Lesson) -> dict[str, str]:
    """Every figure in the prose, and the file it stands in."""
    return {
        figure: name
        for name in PROSE
        for figure in figures((lesson.chapter.folder / name).read_text(encoding="utf-8"))
    }


def is_measured(figure: str, among: set[str]) -> bool:
    """Whether `figure` is among them, or is one of them with three or more digits rounded off."""
    if figure in among:
        return True
    return "%" not in figure and any(
        f"{float(number):.{len(figure.partition('.')[2])}f}" == figure and len(number) > len(figure) + 2
        for number in among
        if "%" not in number
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_of_the_prose_is_measured(name: str) -> None:
    lesson = catalogue.load(name)
    among = measured(lesson)
    for figure, file in stated(lesson).items():
        assert is_measured(figure, among) or (name, figure) in ELSEWHERE, f"{name}/{file}: {figure}"


def test_every_exception_is_needed() -> None:
    for name, figure in ELSEWHERE:
        lesson = catalogue.load(name)
        assert figure in stated(lesson)
        assert not is_measured(figure, measured(lesson))


def test_figures_are_found() -> None:
    assert figures("from 0.510374 to 0.978846, 99 % or 99.9 %; 3,500 rows, v1.2, learning rate 0.07.") == [
        "0.510374",
        "0.978846",
        "99 %",
        "99.9 %",
        "0.07",
    ]


def test_a_figure_that_nothing_measures_is_seen() -> None:
    among = measured(catalogue.load("gate"))
    assert is_measured("0.646799", among)
    assert not is_measured("0.646798", among)
    assert not is_measured("98 %", measured(catalogue.load("rnn")))
    assert is_measured("99.9 %", measured(catalogue.load("rnn")))
