"""A step of a derivation as a panel and as plain lines."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

from toystory.course import catalogue
from toystory.course.derivation.steps import WorkedStep, find_source, work_out
from toystory.render.derivation_panel import derivation_panel, derivation_text
from toystory.training.run import experiments_of


def drawn(done: WorkedStep, width: int, color: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=color, color_system="truecolor" if color else None
    )
    console.print(derivation_panel(done.number, done.step, done.value, done.worked))
    return out.getvalue()


@pytest.fixture(params=["gate", "two-layer", "mlp", "rnn", "lstm", "comparison"])
def steps(request: pytest.FixtureRequest) -> list[WorkedStep]:
    lesson = catalogue.load(request.param)
    experiment = experiments_of(lesson.study(lesson.ends_with))[-1]
    x = lesson.example_row(experiment)
    y = experiment.task.whole_rows(x).y
    return work_out(lesson.derivation, experiment.build_model(), x, y, experiment.learning_rate)


def test_a_panel_holds_all_of_a_step(steps: list[WorkedStep]) -> None:
    for done in steps:
        text = drawn(done, width=200)
        source = find_source(done.step)
        assert f"{done.number} {done.step.title}" in text
        for part in (done.step.equation, done.step.sentence, str(done.worked), source.line):
            assert part in text
        assert f"{source.file}:{source.number}" in text
        assert "\x1b" not in text


def test_the_source_is_highlighted_where_there_are_colours(steps: list[WorkedStep]) -> None:
    coloured = [drawn(done, width=160, color=True) for done in steps]
    for done, text in zip(steps, coloured, strict=True):
        assert done.step.source in re.sub(r"\x1b\[[\d;]*m", "", text)
    # A line of nothing but names has nothing to highlight; no lesson has only such lines.
    assert any(done.step.source not in text for done, text in zip(steps, coloured, strict=True))


def test_a_narrow_panel_stays_in_its_frame(steps: list[WorkedStep]) -> None:
    for done in steps:
        assert {len(line) for line in drawn(done, width=40).splitlines()} == {40}


def test_plain_lines_say_the_same(steps: list[WorkedStep]) -> None:
    for done in steps:
        text = derivation_text(done.number, done.step, done.value, done.worked)
        source = find_source(done.step)
        lines = text.splitlines()
        assert lines[0] == f"{done.number}. {done.step.title}"
        assert lines[1:4] == [f"   {done.step.equation}", f"   {done.step.sentence}", f"   {done.worked}"]
        assert lines[-1] == f"   {source.file}:{source.number}: {source.line}"
        assert (f"   {done.step.value} = [" in text) == (done.value.size > 1)


def test_without_numbers_there_is_the_derivation_alone(steps: list[WorkedStep]) -> None:
    for done in steps:
        source = find_source(done.step)
        assert derivation_text(done.number, done.step).splitlines() == [
            f"{done.number}. {done.step.title}",
            f"   {done.step.equation}",
            f"   {done.step.sentence}",
            f"   {source.file}:{source.number}: {source.line}",
        ]


def test_a_value_without_a_worked_line_is_shown() -> None:
    step = catalogue.load("gate").derivation[0]
    assert "   z = 0.605000\n" in derivation_text(1, step, np.array(0.605))


def test_the_example_row_is_as_wide_as_the_model() -> None:
    lesson = catalogue.load("mlp")
    experiment = experiments_of(lesson.studies[0])[0]
    for columns in (1, 3, 50, 51, 120):
        row = lesson.example_row(replace(experiment, columns=columns))
        assert row.shape == (1, columns)
        assert row[0].tolist() == ([1, 0] * 60)[:columns]
    recurrent = catalogue.load("rnn")
    experiment = experiments_of(recurrent.studies[0])[0]
    assert recurrent.example_row(replace(experiment, columns=9)).tolist() == [[1, 0, 1, 1, 0]]
