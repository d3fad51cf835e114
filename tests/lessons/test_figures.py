"""The figures of the prose: each is bound to the run, the setting or the formula that gives it.

A figure is a number with a point or a per cent, or one that counts something (updates, rows, bits, seeds …).
It is bound by a claim of its chapter, by a setting of the chapter's experiments, by a formula below, or by a
measurement of several seeds below, which takes long and is repeated with `pytest -m slow`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import pytest

from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.lesson import Lesson
from toystory.lessons.attention.experiments import THINKING_ALOUD
from toystory.lessons.lstm.experiments import THOROUGH as LSTM_THOROUGH
from toystory.lessons.mlp.experiments import PLUS_OR_MINUS, TOWERS
from toystory.lessons.regression.counting import right_by_counting
from toystory.lessons.rnn.experiments import FOUR_THOUSAND, LONG_ROWS, as_alex_did_it
from toystory.training.experiment import Experiment
from toystory.training.run import Run, experiments_of

CHAPTERS = NAMES
PROSE = ("story.md", "predict.md", "recap.md")
NUMBER = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?"
FIGURE = re.compile(rf"(?<![\w.,/])({NUMBER}) %|(?<![\w.,/])(\d+\.\d+)(?!\w)")
COUNTED = re.compile(
    rf"(?<![\w.,/])({NUMBER}) (?:of \d+\b|updates|rows|bits|columns|units|seeds|times|starts|numbers)"
)
K_OF_N = re.compile(r"(?<![\w.,/])(\d+ of \d+)(?![\w,])")
DECIMAL = re.compile(r"\d+\.\d+")


def sigma(z: float) -> float:
    return 1 / (1 + math.exp(-z))


FORMULAS: dict[tuple[str, str], Callable[[], str]] = {
    ("regression", "0.5"): lambda: f"{sigma(0):g}",
    ("regression", "0.693"): lambda: f"{math.log(2):.3f}",
    ("regression", "24.5"): lambda: f"{(50 - 1) / 2:g}",
    ("regression", "62.3 %"): lambda: f"{100 * right_by_counting(10):.1f} %",
    ("regression", "75 %"): lambda: f"{100 * right_by_counting(2):g} %",
    ("lstm", "0.73"): lambda: f"{sigma(1):.2f}",
    ("lstm", "1.6"): lambda: f"{sigma(1) ** 50 * 1e7:.1f}",
    ("comparison", "55.61 %"): lambda: f"{100 * right_by_counting(50):.2f} %",
    ("comparison", "590"): lambda: str(THINKING_ALOUD.parameters),
    ("comparison", "305"): lambda: f"{FOUR_THOUSAND.parameters}",
    ("comparison", "1,169"): lambda: f"{LSTM_THOROUGH.parameters:,}",
    ("comparison", "13,313"): lambda: f"{PLUS_OR_MINUS.parameters:,}",
    ("attention", "590"): lambda: str(THINKING_ALOUD.parameters),
    ("rnn", "0.05"): lambda: f"{0.01 * math.sqrt(as_alex_did_it(1, 1).hidden[0]):g}",
    ("mlp", "0.05"): lambda: f"{(TOWERS[0].weight_scale or 0) * math.sqrt(TOWERS[0].columns / 2):g}",
    ("mlp", "0.014"): lambda: f"{(TOWERS[0].weight_scale or 0) * math.sqrt(TOWERS[0].hidden[0] / 2):.3f}",
    ("mlp", "0.01"): lambda: f"{TOWERS[0].weight_scale:g}",
    ("mlp", "16,384"): lambda: f"{2**14:,}",
}
"""Figures that are worked out: by chapter and figure."""

ELSEWHERE = {
    ("gate", "0.75"): "w₂, which does not move: test_experiments looks at the weight itself",
    ("mlp", "99 %"): "a bar of the chapter's claims, in a choice too",
}
"""Figures of the prose that are seen to in another way."""

WRONG_CHOICES = {("mlp", "90 %"), ("mlp", "80")}


def figures(text: str) -> list[str]:
    """What is stated as a measurement: shares and decimals."""
    return [f"{share} %" if share else decimal for share, decimal in FIGURE.findall(text)]


def counts(text: str) -> list[str]:
    """Numbers that count something, and k of n."""
    return [n for n in COUNTED.findall(text) if int(n.replace(",", "").split(".")[0]) > 20] + K_OF_N.findall(
        text
    )


def measured(lesson: Lesson) -> set[str]:
    """Every figure in the claims; a bar's share also as per cent."""
    found = {
        number for claim in lesson.claims for number in DECIMAL.findall(f"{claim.text} {claim.bar.text}")
    }
    return found | {f"{float(number) * 100:g} %" for number in found if float(number) <= 1}


def settings(lesson: Lesson) -> set[str]:
    """The whole numbers that the chapter's experiments, claims and suggestions are made of."""
    found: set[str] = set()
    experiments = [e for study in lesson.studies for e in experiments_of(study)]
    for e in experiments + [s.experiment for s in lesson.suggestions]:
        for value in (e.rows, e.columns, e.updates, e.batch, e.evaluate_every, *e.hidden):
            found |= set() if value is None else {f"{value:,}", str(value)}
        found |= {str(2**e.columns)} if e.columns < 20 else set()
    for claim in lesson.claims:
        found |= set(re.findall(NUMBER, f"{claim.text} {claim.bar.text}"))
    return found | {str(int(n.replace(",", ""))) for n in found if "." not in n}


def is_measured(figure: str, among: set[str]) -> bool:
    """Whether `figure` is among them, or is one of them with three or more digits rounded off."""
    if figure in among:
        return True
    return "%" not in figure and any(
        f"{float(number):.{len(figure.partition('.')[2])}f}" == figure and len(number) > len(figure) + 2
        for number in among
        if "%" not in number
    )


def prose(lesson: Lesson) -> Iterable[tuple[str, str]]:
    for name in PROSE:
        yield name, (lesson.chapter.folder / name).read_text(encoding="utf-8")


def unbound(lesson: Lesson) -> list[str]:
    """The figures that nothing gives, with the file that they stand in."""
    among, numbers, name = measured(lesson), settings(lesson), lesson.name
    bound = {f for chapter, f in (*FORMULAS, *ELSEWHERE, *WRONG_CHOICES) if chapter == name}
    bound |= {figure for table in MEASURED for figure in table.figures if table.chapter == name}
    missing = []
    for file, text in prose(lesson):
        missing += [f"{file}: {f}" for f in figures(text) if f not in bound and not is_measured(f, among)]
        missing += [f"{file}: {n}" for n in counts(text) if n not in bound and n not in numbers]
    return missing


# ---------------------------------------------------------------- measured over several seeds


@dataclass(frozen=True)
class Measured:
    """How often something is learnt: a table, or a sentence, of the prose.

    Attributes:
        chapter: Where it is told.
        what: In words.
        experiment: With its first seed.
        seeds: How many are tried.
        learnt: How many of them are told to have learnt it.
        give_or_take: How far another machine's last bits may move that.
    """

    chapter: str
    what: str
    experiment: Experiment
    seeds: int
    learnt: int
    give_or_take: int = 0

    @property
    def figures(self) -> tuple[str, ...]:
        """The counts, and the settings that its words name."""
        return (f"{self.learnt} of {self.seeds}", *DECIMAL.findall(self.what))


SMALL_BATCHES = replace(
    as_alex_did_it(10_000, 4000), rows=None, batch=128, lengths="one per batch", evaluate_every=50
)
MEASURED = (
    Measured("rnn", "nothing changed", FOUR_THOUSAND, 5, 5),
    Measured("rnn", "bits read as 0 and 1", replace(FOUR_THOUSAND, signed=False), 5, 5, 1),
    Measured(
        "rnn",
        "plain gradient descent, rate 0.3",
        replace(FOUR_THOUSAND, optimizer="gradient descent", learning_rate=0.3),
        5,
        5,
        1,
    ),
    Measured(
        "rnn",
        "… and not clipped",
        replace(FOUR_THOUSAND, optimizer="gradient descent", learning_rate=0.3, clip=None),
        5,
        4,
        2,
    ),
    Measured("rnn", "all first weights Gaussian × 0.1", replace(FOUR_THOUSAND, weight_scale=0.1), 5, 0),
    Measured("rnn", "all first weights Gaussian × 0.01", replace(FOUR_THOUSAND, weight_scale=0.01), 5, 0),
    Measured("rnn", "rows of 50 only", replace(LONG_ROWS, updates=4000), 3, 0),
    Measured("rnn", "Alex's settings, but every length", SMALL_BATCHES, 5, 0),
    Measured("rnn", "… and an orthogonal start", replace(SMALL_BATCHES, weight_scale=None), 5, 0),
    Measured(
        "rnn", "… and bits of −1 and +1 too", replace(SMALL_BATCHES, weight_scale=None, signed=True), 5, 2, 2
    ),
    Measured("rnn", "rows of 8", replace(LONG_ROWS, columns=8, updates=2000), 10, 10, 1),
    Measured("rnn", "rows of 10", replace(LONG_ROWS, columns=10, updates=2000), 10, 3, 2),
    Measured("rnn", "rows of 16", replace(LONG_ROWS, columns=16, updates=2000), 10, 0),
    Measured("lstm", "two cells", replace(LSTM_THOROUGH, hidden=(2,)), 5, 4, 1),
)


@pytest.mark.slow
@pytest.mark.parametrize("told", MEASURED, ids=lambda m: f"{m.chapter}: {m.what}")
def test_as_many_seeds_learn_it_as_is_told(told: Measured) -> None:
    learnt = 0
    for seed in range(told.seeds):
        run = Run(replace(told.experiment, seed=seed, stop_at=0.999, evaluate_every=50))
        for _ in run:
            pass
        learnt += run.fresh_accuracy >= 0.99
    assert abs(learnt - told.learnt) <= told.give_or_take


def test_the_table_of_one_thing_at_a_time_is_the_measured_one() -> None:
    recap = (catalogue.load("rnn").chapter.folder / "recap.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?)(?: \(3 seeds\))? \| (\d+ of \d+) \|$", recap, re.MULTILINE)
    assert rows == [(m.what, m.figures[0]) for m in MEASURED if m.chapter == "rnn"][: len(rows)]
    assert len(rows) == 10


# ---------------------------------------------------------------- the prose


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_figure_of_the_prose_is_bound(name: str) -> None:
    assert unbound(catalogue.load(name)) == []


@pytest.mark.parametrize(
    ("at", "formula"), FORMULAS.items(), ids=lambda v: str(v) if isinstance(v, tuple) else ""
)
def test_a_figure_is_what_its_formula_says(at: tuple[str, str], formula: Callable[[], str]) -> None:
    assert formula() == at[1]


def test_every_binding_is_needed() -> None:
    for name, figure in (*FORMULAS, *ELSEWHERE):
        assert any(figure in text for _, text in prose(catalogue.load(name))), (name, figure)


def test_figures_are_found() -> None:
    assert figures("from 0.510374 to 0.978846, 99 % or 99.9 %; 3,500 rows, v1.2, learning rate 0.07.") == [
        "0.510374", "0.978846", "99 %", "99.9 %", "0.07",
    ]  # fmt: skip
    assert counts("3,500 updates, 5 of 5 seeds, two rows, 50 bits, in 1997, chapter 3") == [
        "3,500",
        "50",
        "5 of 5",
    ]


def test_a_figure_that_nothing_gives_is_seen() -> None:
    lesson = catalogue.load("gate")
    among = measured(lesson)
    assert is_measured("0.646799", among)
    assert not is_measured("0.646798", among)
    assert not is_measured("98 %", measured(catalogue.load("rnn")))
    assert is_measured("99.9 %", measured(catalogue.load("rnn")))
    assert "3,500" in settings(lesson)
    assert "3,501" not in settings(lesson)
