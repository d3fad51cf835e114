"""The figures of all that is told: each is bound to the run, the setting or the formula that gives it.

Told are the chapter's Markdown, what it suggests, the sentences of its derivation, its exercises with hints
and explanations, and the captions of pictures. (Translations state the figures of their English:
tests/course/text/test_translation.py.) A figure is a number with a point or a per cent, or one that counts
something (updates, rows, bits, seeds …), in digits or in words. It is bound by a claim of its chapter, by a
setting of the experiment that it is told of, by the code of its exercise, by a formula below, or by a
measurement of several seeds below, which takes long and is repeated with `pytest -m slow`.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, replace
from functools import cache
from math import comb
from pathlib import Path

import numpy as np
import pytest

from tests.lessons.test_exercise_figures import EXERCISES, EXPLAINED, TOLD
from tests.support.runs import finished
from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.exercises.exercise import Exercise, exercises_of
from toystory.course.exercises.on_paper import FUNCTION
from toystory.course.lesson import Lesson
from toystory.course.measurements import every_bit_right, last_bit_right, right_at, right_when_rounded
from toystory.lessons.attention.experiments import NOT_SCALED, THINKING_ALOUD
from toystory.lessons.comparison.cells import CELLS, WORKS
from toystory.lessons.comparison.exercises.aloud import gate
from toystory.lessons.comparison.exercises.price import chance
from toystory.lessons.lstm.experiments import LONG_ROWS as LSTM_LONG_ROWS
from toystory.lessons.lstm.experiments import THOROUGH as LSTM_THOROUGH
from toystory.lessons.mlp.experiments import PLUS_OR_MINUS, TOWERS
from toystory.lessons.mlp.real_numbers import QUESTIONS, REASONS
from toystory.lessons.regression.counting import right_by_counting
from toystory.lessons.rnn.experiments import FOUR_THOUSAND, LONG_ROWS, as_alex_did_it
from toystory.models import RNN
from toystory.models.gradient_check import STEP
from toystory.training.experiment import Experiment
from toystory.training.run import Run, Runs, experiments_of
from toystory.training.tabular.dataset import TRAINING
from toystory.training.tabular.tasks import ROWS
from toystory.tui.widgets import pictures

CHAPTERS = NAMES
PROSE = ("story.md", "predict.md", "recap.md", "can.md")
NUMBER = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?"
FIGURE = re.compile(rf"(?<![\w.,/])({NUMBER}) %|(?<![\w.,/])(\d+\.\d+)(?!\w)")
THINGS = "updates|rows|bits|columns|units|seeds|times|starts|numbers|switches|copies"
COUNTED = re.compile(rf"(?<![\w.,/])({NUMBER}) (?:of \d+\b|{THINGS})")
FROM = 10
"""Smaller counts are words of the story: two layers, four rows."""
ONES = "one two three four five six seven eight nine"
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
IN_WORDS = {word: n for n, word in enumerate(f"{ONES} {TEENS}".split(), start=1)} | {
    f"{ten}{one and '-' + one}": 10 * t + o
    for t, ten in enumerate(TENS.split(), start=2)
    for o, one in enumerate(["", *ONES.split()])
}
ANY_WORD = "|".join(sorted(IN_WORDS, key=len, reverse=True))
WORDED = re.compile(rf"\b({ANY_WORD})( hundred| thousand)?\b", re.IGNORECASE)
K_OF_N = re.compile(r"(?<![\w.,/])(\d+ of \d+)(?![\w,])")
DECIMAL = re.compile(r"\d+\.\d+")


def sigma(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def figures(text: str) -> list[str]:
    """What is stated as a measurement: shares and decimals."""
    found = [f"{share} %" if share else decimal for share, decimal in FIGURE.findall(text)]
    return [figure for figure in found if figure not in ("0.0", "1.0")]  # bits, as floats are written


@cache
def counted_then_trained() -> Run:
    """The line that counts, after the few updates that a suggestion makes with it."""
    return finished(
        next(s.experiment for s in catalogue.load("regression").suggestions if s.experiment.start)
    )


FORMULAS: dict[tuple[str, str], Callable[[], str]] = {
    ("gate", "2.718"): lambda: f"{math.e:.3f}",
    ("regression", "0.5"): lambda: f"{sigma(0):g}",
    ("regression", "0.693"): lambda: f"{math.log(2):.3f}",
    ("regression", "24.5"): lambda: f"{(50 - 1) / 2:g}",
    ("regression", "62.3 %"): lambda: f"{100 * right_by_counting(10):.1f} %",
    ("regression", "75 %"): lambda: f"{100 * right_by_counting(2):g} %",
    ("lstm", "0.73"): lambda: f"{sigma(1):.2f}",
    ("lstm", "1.6"): lambda: f"{sigma(1) ** 50 * 1e7:.1f}",
    ("comparison", "55.61 %"): lambda: f"{100 * right_by_counting(50):.2f} %",
    ("comparison", "590"): lambda: str(THINKING_ALOUD.parameters),
    ("comparison", "701"): lambda: str(RNN_TEN_THOUSAND.parameters),
    ("comparison", "1,169"): lambda: f"{LSTM_THOROUGH.parameters:,}",
    ("comparison", "13,313"): lambda: f"{PLUS_OR_MINUS.parameters:,}",
    ("attention", "590"): lambda: str(THINKING_ALOUD.parameters),
    ("rnn", "0.05"): lambda: f"{0.01 * math.sqrt(as_alex_did_it(1, 1).hidden[0]):g}",
    ("mlp", "0.05"): lambda: f"{(TOWERS[0].weight_scale or 0) * math.sqrt(TOWERS[0].columns / 2):g}",
    ("mlp", "0.014"): lambda: f"{(TOWERS[0].weight_scale or 0) * math.sqrt(TOWERS[0].hidden[0] / 2):.3f}",
    ("mlp", "0.01"): lambda: f"{TOWERS[0].weight_scale:g}",
    ("mlp", "16,384"): lambda: f"{2**14:,}",
    ("gate/by_hand", "0.1"): lambda: f"{1 - 0.9:.1f}",
    ("gate/by_hand", "0.007"): lambda: f"{sigma(-5):.3f}",
    ("gate/by_hand", "0.993"): lambda: f"{sigma(5):.3f}",
    ("regression/one_more_column", "0.1"): lambda: f"{1 - 0.9:.1f}",
    ("regression/measured_gradient", "0.000001"): lambda: f"{STEP:f}",
    ("regression", "1.6"): lambda: f"{counted_then_trained().losses.points[0][1]:.1f}",
    ("regression", "1.5"): lambda: f"{counted_then_trained().losses.points[-1][1]:.1f}",
    ("regression", "56 %"): lambda: f"{100 * right_by_counting(50):.0f} %",
    ("regression", "44 %"): lambda: f"{100 * (right_by_counting(50) - comb(50, 25) / 2**50):.0f} %",
    ("two-layer/backward", "0.995"): lambda: f"{math.tanh(3):.3f}",
    ("two-layer/momentum", "2.71"): lambda: f"{1 + 0.9 * (1 + 0.9):.2f}",
    ("autograd/slopes", "6.02"): lambda: f"{3.01 * 2:.2f}",
    ("mlp/adam", "3.2"): lambda: f"{0.1 / math.sqrt(0.001):.1f}",
    ("rnn/through_time", "0.00001"): lambda: f"{0.8**50:.5f}",
    ("rnn/by_hand", "0.9993"): lambda: f"{math.tanh(4):.4f}",
    ("rnn/by_hand", "0.76"): lambda: f"{math.tanh(1):.2f}",
    ("rnn/by_hand", "11"): lambda: str(RNN(2).size),
    ("lstm/keep", "0.99995"): lambda: f"{sigma(10):.5f}",
    ("lstm/keep", "0.76"): lambda: f"{math.tanh(1):.2f}",
    ("lstm/keep", "0.995"): lambda: f"{sigma(10) ** 100:.3f}",
    ("comparison", "50 %"): lambda: f"{100 * sigma(0):g} %",
    ("comparison/price", "75 %"): lambda: f"{100 * chance(np.array([0, 0, 0, 1] * 25)):g} %",
    ("comparison/price", "87.5 %"): lambda: f"{100 * (1 - 2**-3):g} %",
    ("comparison/price", "2.5"): lambda: f"{100 * math.sqrt(0.25 / 400):g}",
    ("comparison/aloud", "60.5 %"): lambda: f"{100 * 0.99**50:.1f} %",
    ("comparison/aloud", "0.008"): lambda: f"{gate(np.zeros((1, 2)))[0]:.3f}",
}
"""Figures that are worked out: by chapter, or exercise, and figure."""

ELSEWHERE = {
    ("regression", "10"): "of ten bits, whose share is bound",
    ("attention", "60"): "sixty rows: a claim of the chapter mlp",
    ("regression/parity", "7 %"): "no share: a remainder",
    ("regression/loss_and_gradients", "10"): "any small number of rows",
    ("two-layer/rate_finder", "0.00001"): "any small rate",
    ("two-layer/rate_finder", "3.3"): "a section of a paper",
    ("autograd/slopes", "3.01"): "chosen: 3, moved a little",
    ("autograd/slopes", "0.001"): "chosen: a little",
    ("rnn/through_time", "0.8"): "chosen: any factor below 1",
    ("mlp/dropout", "200"): "test_real_numbers trains on them",
    **{(key, words.split()[-1]): "test_exercise_figures" for key, words, _ in TOLD},
    **{
        (key, figure): "test_exercise_figures"
        for key in EXPLAINED
        for figure in figures(EXERCISES[key].explanation)
    },
    ("regression/bug_hunt", "1,250"): "times the eight rows of its example",
    ("comparison/aloud", "5,000"): "the row of its example, which is run",
    ("gate", "0.75"): "w₂, which does not move: test_experiments looks at the weight itself",
    ("mlp", "99 %"): "a bar of the chapter's claims, in a choice too",
}
"""Figures of the prose that are seen to in another way."""

WRONG_CHOICES = {("mlp", "90 %"), ("mlp", "80")}


def in_digits(text: str) -> str:
    """The same with its numbers written as digits: sixty rows as 60 rows."""
    times = {"": 1, " hundred": 100, " thousand": 1000}
    return WORDED.sub(lambda m: f"{IN_WORDS[m[1].lower()] * times[(m[2] or '').lower()]:,}", text)


def counts(text: str) -> list[str]:
    """Numbers that count something, and k of n."""
    text = " ".join(text.split())
    found = [n for n in COUNTED.findall(in_digits(text)) if float(n.replace(",", "")) >= FROM]
    return found + K_OF_N.findall(text)


def measured(lesson: Lesson) -> set[str]:
    """Every figure in the claims; a bar's share also as per cent."""
    said = " ".join(f"{claim.text} {claim.bar.text}" for claim in lesson.claims)
    return with_shares(DECIMAL.findall(said))


def with_shares(numbers: Iterable[str]) -> set[str]:
    found = set(numbers)
    return found | {f"{float(number) * 100:g} %" for number in found if float(number) <= 1}


def settings(lesson: Lesson) -> set[str]:
    """The whole numbers that the chapter's experiments, claims and suggestions are made of."""
    experiments = [e for study in lesson.studies for e in experiments_of(study)]
    found = made_of(*experiments, *(s.experiment for s in lesson.suggestions))
    for claim in lesson.claims:
        found |= set(re.findall(NUMBER, f"{claim.text} {claim.bar.text}"))
    return found | {str(int(n.replace(",", ""))) for n in found if "." not in n}


def made_of(*experiments: Experiment) -> set[str]:
    found: set[str] = set()
    for e in experiments:
        for value in (e.rows, e.columns, e.updates, e.batch, e.evaluate_every, e.parameters, *e.hidden):
            found |= set() if value is None else {f"{value:,}", str(value)}
        found |= {str(2**e.columns)} if e.columns < 20 else set()
    return found


def is_measured(figure: str, among: set[str]) -> bool:
    """Whether `figure` is among them, or is one of them with three or more digits rounded off."""
    if figure in among:
        return True
    return "%" not in figure and any(
        f"{float(number):.{len(figure.partition('.')[2])}f}" == figure and len(number) > len(figure) + 2
        for number in among
        if DECIMAL.fullmatch(number)
    )


@dataclass(frozen=True)
class Told:
    """A text, and what gives figures to it alone.

    Attributes:
        where: It stands.
        text: What a learner reads, without code.
        numbers: Of its own experiment, or of the code beside it.
    """

    where: str
    text: str
    numbers: Set[str] = frozenset()


@cache
def told_by(chapter: str) -> tuple[Told, ...]:
    """All that a chapter tells."""
    lesson = catalogue.load(chapter)
    texts = [Told(name, (lesson.chapter.folder / name).read_text(encoding="utf-8")) for name in PROSE]
    for step in lesson.derivation:
        texts.append(Told(f"derivation, {step.title}", f"{step.equation} {step.sentence}"))
    for one in lesson.suggestions:
        e = one.experiment
        rates = {f"{v:g}" for v in (e.learning_rate, e.weight_scale, e.bit_scale) if v is not None}
        bar = with_shares(n for n in re.findall(NUMBER, one.bar.text) if "," not in n)
        texts.append(Told(f"suggestion, {e.name}", f"{one.text} {one.reason}", {*made_of(e), *rates, *bar}))
    for exercise in exercises_of(chapter):
        texts.append(Told(exercise.key, words_of(exercise), numbers_in_code(exercise)))
    return tuple(texts)


def words_of(exercise: Exercise) -> str:
    """Task, hints and explanation, without code, and without what is given to be worked out on paper."""
    task = "\n\n".join(part for part in exercise.task.split("\n\n") if f"{FUNCTION}()" not in part)
    text = "\n".join((task, *exercise.hints, exercise.explanation))
    return re.sub(r"(?m)^    .*$|`[^`]*`", " ", text)


def numbers_in_code(exercise: Exercise) -> set[str]:
    """Of the solution and the check, and of the examples of the task, which are run."""
    file = catalogue.load(exercise.lesson).chapter.folder / "exercises" / f"{exercise.name}.py"
    code, examples = file.read_text(encoding="utf-8"), re.findall(r"(?m)^    .*$", exercise.task)
    # A bar of 0.99 is told as 99 of 100.
    bars = {f"{100 * float(bar):g}" for bar in re.findall(r"\bbar=(0\.\d+)", code)}
    shown = set(re.findall(NUMBER, "\n".join(examples)))
    return numbers_of(code) | shown | bars | {f"{bar} of 100" for bar in bars}


def numbers_of(code: str) -> set[str]:
    values = [n.value for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Constant)]
    numbers = {value for value in values if isinstance(value, int | float) and value is not True}
    return {f"{value:,}" for value in numbers} | {f"{value:g}" for value in numbers}


@cache
def captions() -> tuple[Told, ...]:
    """What pictures say of what they show, and why tasks of real numbers end as they do."""
    learnt_from = {f"{TRAINING * ROWS:g}"}
    texts = [Told("real numbers", " ".join((*REASONS.values(), *QUESTIONS.values())), learnt_from)]
    for file in sorted(Path(pictures.__file__).parent.glob("*.py")):
        code = file.read_text(encoding="utf-8")
        tree = ast.parse(code)
        docstrings = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
        strings = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in docstrings]
        said = "\n".join(text for text in strings if isinstance(text, str) and " " in text)
        texts.append(Told(file.stem, said, {*numbers_of(code), "50 %"}))  # a coin's
    return tuple(texts)


def unbound(lesson: Lesson, texts: Iterable[Told] | None = None) -> list[str]:
    """The figures that nothing gives, with where they stand.

    Args:
        lesson: Whose claims, settings and formulas give figures.
        texts: What is read; all that the lesson tells unless given.
    """
    among, numbers, name = measured(lesson), settings(lesson), lesson.name
    tables = {figure for table in MEASURED for figure in table.figures if table.chapter == name}
    missing = []
    for told in told_by(name) if texts is None else texts:
        places = (name, told.where)
        bound = {f for place, f in (*FORMULAS, *ELSEWHERE, *WRONG_CHOICES) if place in places}
        bound |= tables | told.numbers
        missing += [f"{told.where}: {f}" for f in figures(told.text) if not is_measured(f, among | bound)] + [
            f"{told.where}: {n}" for n in counts(told.text) if n not in bound | numbers
        ]
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
        measure: What has to be 0.99 or more of a finished run; unless given, its accuracy on fresh rows, and
            it may end as soon as it is good.
    """

    chapter: str
    what: str
    experiment: Experiment
    seeds: int
    learnt: int
    give_or_take: int = 0
    measure: Callable[[Run], float] | None = None

    @property
    def figures(self) -> tuple[str, ...]:
        """The counts, and the settings that its words name."""
        return (f"{self.learnt} of {self.seeds}", *re.findall(NUMBER, self.what))


def writes_all(columns: int, rows: int) -> Callable[[Run], float]:
    """The share of rows of which attention that thinks aloud writes every bit right."""
    measure = every_bit_right(THINKING_ALOUD.name, columns, rows)
    return lambda run: float(measure(Runs({THINKING_ALOUD.name: [run]})))


def answers_like_a_coin(run: Run) -> float:
    """1 where the last bit of long rows is as the claim of the chapter says."""
    share = last_bit_right(run.experiment.name, columns=2000, rows=100)(Runs({run.experiment.name: [run]}))
    return float(0.35 <= float(share) <= 0.65)


SMALL_BATCHES = replace(
    as_alex_did_it(10_000, 4000), rows=None, batch=128, lengths="one per batch", evaluate_every=50
)
LOUD = replace(LSTM_LONG_ROWS, columns=8, updates=3000, evaluate_every=50, bit_scale=1.0, learning_rate=1e-2)
RNN_TEN_THOUSAND = next(c.experiment for c in CELLS if (c.model, c.rows, c.way) == ("RNN", 10_000, WORKS))
EVEN = replace(LSTM_THOROUGH, lengths="one even per batch")
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
    Measured("rnn", "rows of 12", replace(LONG_ROWS, columns=12, updates=2000), 10, 1, 1),
    Measured("rnn", "rows of 16", replace(LONG_ROWS, columns=16, updates=2000), 10, 0),
    Measured("lstm", "two cells", replace(LSTM_THOROUGH, hidden=(2,)), 5, 4, 1),
    Measured("lstm", "loud rows of 8", LOUD, 5, 3, 1),
    Measured("lstm", "loud rows of 10", replace(LOUD, columns=10), 5, 0, 1),
    Measured("lstm", "20 rows of 100,000", LSTM_THOROUGH, 5, 5, 1, right_at(columns=100_000, rows=20)),
    Measured("lstm", "8 bits", LSTM_THOROUGH, 5, 5, 1, right_when_rounded(8, columns=5000, rows=50)),
    Measured("lstm", "4 bits", LSTM_THOROUGH, 5, 4, 1, right_when_rounded(4, columns=5000, rows=50)),
    Measured("lstm", "3 bits", LSTM_THOROUGH, 5, 1, 1, right_when_rounded(3, columns=5000, rows=50)),
    Measured(
        "lstm", "up to 10", replace(LSTM_THOROUGH, columns=10), 5, 5, 1, right_at(columns=500, rows=200)
    ),
    Measured("lstm", "even", EVEN, 10, 8, 1, right_at(columns=49, rows=500)),
    Measured("attention", "rows of 500", THINKING_ALOUD, 40, 40, 1, writes_all(columns=500, rows=100)),
    Measured("attention", "rows of 2,000", THINKING_ALOUD, 40, 36, 3, writes_all(columns=2000, rows=20)),
    Measured("attention", "a coin at 2,000", NOT_SCALED, 40, 39, 1, answers_like_a_coin),
)


@pytest.mark.slow
@pytest.mark.parametrize("told", MEASURED, ids=lambda m: f"{m.chapter}: {m.what}")
def test_as_many_seeds_learn_it_as_is_told(told: Measured) -> None:
    learnt = 0
    for seed in range(told.seeds):
        experiment = replace(told.experiment, seed=seed)
        if told.measure is None:
            experiment = replace(experiment, stop_at=0.999, evaluate_every=50)
        run = finished(experiment)
        learnt += (run.fresh_accuracy if told.measure is None else told.measure(run)) >= 0.99
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
    for place, figure in (*FORMULAS, *ELSEWHERE):
        chapter, _, exercise = place.partition("/")
        texts = [told for told in told_by(chapter) if not exercise or told.where == place]
        assert any(figure in in_digits(told.text) for told in texts), (place, figure)


def test_captions_are_bound() -> None:
    assert unbound(catalogue.load("mlp"), captions()) == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_planted_figure_is_found_in_every_kind_of_text(name: str) -> None:
    planted = "It took seventy-three updates, and 61.7 % were right."
    texts = [replace(told, text=f"{told.text}\n\n{planted}") for told in (*told_by(name), *captions())]
    found = unbound(catalogue.load(name), texts)
    for told in texts:
        assert {f"{told.where}: 61.7 %", f"{told.where}: 73"} <= set(found)


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
