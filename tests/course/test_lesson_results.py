"""What a lesson came to, as values and as JSON; and the sentences that report it."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.console import Console

from toystory.cli.reporting.choice import choose_reporter
from toystory.cli.reporting.plain import (
    PlainReporter,
    Reporter,
    SilentReporter,
)
from toystory.cli.reporting.run_lines import study_line, summary, total, verdict_word
from toystory.cli.reporting.terminal import TerminalReporter
from toystory.course import catalogue
from toystory.course.lesson import Lesson
from toystory.course.lesson_results import LessonResult, result
from toystory.lessons.gate.experiments import ALL_FOUR_ROWS, ONE_ROW, ONE_UPDATE
from toystory.training.claim import REPORTED, Claim, at_least
from toystory.training.experiment import Experiment
from toystory.training.pools.report import Report
from toystory.training.pools.train_all import nameless
from toystory.training.run import Run, Study, experiments_of, over_columns, over_seeds, over_setting

SMALL = Experiment(
    name="small", model="MLP", columns=20, hidden=(4,), updates=30, batch=16, learning_rate=1e-3,
    evaluate_every=10,
)  # fmt: skip
WILD = replace(SMALL, name="wild", learning_rate=1e30, optimizer="gradient descent")


def finished(experiment: Experiment) -> Run:
    run = Run(nameless(experiment))
    for _ in run:
        pass
    return run


def lesson_of(*studies: Study, claims: tuple[Claim, ...] = ()) -> Lesson:
    gate = catalogue.load("gate")
    return replace(gate, studies=studies, claims=claims, ends_with=studies[-1].name)


def result_of(lesson: Lesson, seed: int = 0) -> LessonResult:
    every = [nameless(e) for study in lesson.studies for e in experiments_of(study)]
    return result(lesson, seed, {e: finished(e) for e in every})


def claim(name: str, measure: float, text: str = "it is so") -> Claim:
    return Claim(text, (name,), lambda runs: measure, at_least(0.5))


HOLDS, FAILS = claim("one update", 0.75), claim("one update", 0.25, "it is not")
TOLD = Claim("by the way", ("one update",), lambda runs: 0.125, REPORTED)


@pytest.mark.parametrize(
    ("claims", "passed"),
    [((), True), ((HOLDS,), True), ((HOLDS, FAILS), False), ((TOLD,), True), ((HOLDS, TOLD), True)],
)
def test_a_lesson_passes_when_its_claims_hold(claims: tuple[Claim, ...], passed: bool) -> None:
    assert result_of(lesson_of(ONE_UPDATE, claims=claims)).passed == passed


def test_a_lesson_with_a_run_that_diverged_does_not_pass() -> None:
    assert not result_of(lesson_of(WILD)).passed


def test_seconds_are_those_of_all_runs() -> None:
    done = result_of(lesson_of(ONE_UPDATE, over_seeds("sweep", SMALL, 2)))
    assert len(done.all_runs) == 3
    assert done.seconds == sum(run.seconds for run in done.all_runs) > 0


def test_experiments_that_differ_in_name_alone_share_a_run() -> None:
    done = result_of(lesson_of(SMALL, replace(SMALL, name="again")))
    assert done.runs.one("small") is done.runs.one("again")


def test_json_has_the_promised_shape() -> None:
    done = result_of(lesson_of(SMALL, ONE_UPDATE, claims=(HOLDS, FAILS, TOLD)), seed=5)
    told = json.loads(json.dumps(done.as_json(), allow_nan=False))
    assert list(told) == ["lesson", "seed", "passed", "seconds", "claims", "runs"]
    assert (told["lesson"], told["seed"], told["passed"]) == ("gate", 5, False)
    assert told["claims"] == [
        {"claim": "it is so", "passed": True, "measured": 0.75, "bar": ">= 0.5", "control": None},
        {"claim": "it is not", "passed": False, "measured": 0.25, "bar": ">= 0.5", "control": None},
        {"claim": "by the way", "passed": True, "measured": 0.125, "bar": "reported", "control": None},
    ]
    run, gate = told["runs"]
    assert {"experiment", "model", "rows", "columns", "updates", "seconds", "loss"} < set(run)
    assert {"train_accuracy", "fresh_accuracy"} < set(run)
    assert (run["experiment"], run["model"], run["rows"], run["columns"]) == ("small", "MLP", None, 20)
    assert (run["updates"], run["tie"], run["diverged"]) == (30, False, False)
    assert run["loss"] == [[update, loss] for update, loss in done.runs.one("small").losses.points]
    assert gate["rows"] == 1


def test_json_has_no_more_than_a_hundred_points_of_a_curve_and_the_last() -> None:
    done = result_of(lesson_of(ONE_ROW))
    (run,) = done.as_json()["runs"]
    assert 50 <= len(run["loss"]) <= 101
    assert run["loss"][0][0] == 0
    assert run["loss"][-1] == [3500, done.runs.one("one row").loss]
    assert [update for update, _ in run["loss"]] == sorted({update for update, _ in run["loss"]})


def test_json_of_a_run_that_diverged_has_no_nan() -> None:
    lesson = lesson_of(WILD, claims=(claim("wild", math.nan),))
    told = json.loads(json.dumps(result_of(lesson).as_json(), allow_nan=False))
    (run,) = told["runs"]
    assert run["diverged"]
    assert (run["train_accuracy"], run["fresh_accuracy"]) == (None, None)
    assert told["claims"][0]["measured"] is None
    assert not told["passed"]


def test_every_experiment_of_a_sweep_has_an_entry() -> None:
    told = result_of(lesson_of(over_seeds("sweep", replace(SMALL, updates=1), 3))).as_json()
    assert [(run["experiment"], run["seed"]) for run in told["runs"]] == [
        ("sweep, no. 1", 0),
        ("sweep, no. 2", 1),
        ("sweep, no. 3", 2),
    ]


def test_a_missing_run_is_an_error() -> None:
    with pytest.raises(KeyError):
        result(lesson_of(SMALL), 0, {})


# ---------------------------------------------------------------- sentences


def line(study: Study) -> str:
    return study_line(study, [finished(e) for e in experiments_of(study)])


def test_a_line_about_fresh_rows() -> None:
    pattern = r"small: 30 updates in \d+\.\d s, loss 0\.\d{4}, right on \d\d\.\d\d % of fresh rows"
    assert re.fullmatch(pattern, line(SMALL))


def test_a_line_about_kept_rows_has_both_figures() -> None:
    pattern = r"small: .* right on \d\d\.\d\d % of its own rows, \d\d\.\d\d % of fresh rows"
    assert re.fullmatch(pattern, line(replace(SMALL, rows=100)))


def test_rows_that_are_all_there_are_are_not_called_fresh() -> None:
    assert line(ONE_UPDATE).endswith("right on 0.00 % of its own rows, 75.00 % of all 4 rows")
    assert "1 update in" in line(ONE_UPDATE)


def test_a_tie_is_called_one() -> None:
    assert line(replace(ALL_FOUR_ROWS, start=(), updates=0)).endswith("50.00 % (a tie) of all 4 rows")


def test_a_run_that_may_stop_early_says_which_weights_are_kept() -> None:
    short = replace(SMALL, updates=4, evaluate_every=2, patience=3)
    assert re.search(r"of fresh rows; the weights of update \d are kept: there the loss on the", line(short))
    assert "kept" not in line(replace(short, patience=None))
    reached = line(replace(short, stop_at=0.0))
    assert not reached.endswith((";", "; "))
    assert "kept" not in reached


def test_a_run_that_diverged_says_when_and_what_to_do() -> None:
    pattern = r"wild: diverged at update \d+ with learning rate 1e\+30: .*\. Try a smaller learning rate\."
    assert re.fullmatch(pattern, line(WILD))


def test_a_sweep_over_seeds_counts() -> None:
    recipe = replace(SMALL, columns=2, hidden=(16,), learning_rate=0.05, updates=400, stop_at=1.0)
    pattern = r"sweep: 3 of 3 solved, half of them within \d+ updates, the last after \d+, \d+\.\d s"
    assert re.fullmatch(pattern, line(over_seeds("sweep", recipe, 3)))
    assert re.fullmatch(r"sweep: 0 of 2 solved, \d\.\d s", line(over_seeds("sweep", SMALL, 2)))
    assert re.fullmatch(r"sweep: 0 of 2 solved, 2 diverged, .*", line(over_seeds("sweep", WILD, 2)))


def test_a_sweep_over_columns_lists_them() -> None:
    recipe = replace(SMALL, hidden=(16,), learning_rate=0.05, updates=400, stop_at=1.0)
    text = line(over_columns("dial", recipe, (2, 3, 20)))
    assert re.match(r"dial: 2 of 3 solved; columns and updates: 2 after \d+, 3 after \d+, \d\.\d s$", text)


def test_a_sweep_over_another_setting_tells_what_each_came_to() -> None:
    text = line(over_setting("rates", replace(SMALL, updates=1), "learning_rate", (0.01, 1e30)))
    assert re.match(r"rates: rate 0\.01: loss \d\.\d{4}, right on .*; rate 1e\+30: ", text)


def test_a_summary_leaves_out_what_is_only_told() -> None:
    done = result_of(lesson_of(ONE_UPDATE, claims=(HOLDS, TOLD, FAILS)))
    assert re.fullmatch(r"FAILED, 1 of 2 claims hold, 0\.\d s of training", summary(done))
    assert [verdict_word(verdict) for verdict in done.verdicts] == ["PASS", "TOLD", "FAIL"]
    passed = result_of(lesson_of(ONE_UPDATE, claims=(HOLDS, TOLD)))
    assert summary(passed).startswith("passed, 1 of 1 claims hold")
    assert total([passed, passed]) == "all 2 lessons passed"
    assert total([passed, done]) == "1 of 2 lessons FAILED: gate"


# ---------------------------------------------------------------- reporters


def plain() -> tuple[Reporter, Callable[[], str]]:
    out = io.StringIO()
    return PlainReporter(out), out.getvalue


def on_a_terminal(width: int = 100, color: bool = True) -> tuple[Reporter, Callable[[], str]]:
    out = io.StringIO()
    console = Console(file=out, force_terminal=color, width=width, height=40, highlight=False)
    return TerminalReporter(console), out.getvalue


def report(reporter: Reporter, *results: LessonResult) -> None:
    chosen = [done.lesson for done in results]
    experiments = [e for lesson in chosen for study in lesson.studies for e in experiments_of(study)]
    reporter.begin(chosen, experiments)
    for done in results:
        for run in done.all_runs:
            assert run.progress is not None
            reporter.report(Report(nameless(run.experiment), run.progress))
            reporter.finished(run)
        reporter.lesson(done)
    reporter.end(list(results))
    reporter.close()


def test_plain_lines() -> None:
    reporter, text = plain()
    done = result_of(lesson_of(ONE_UPDATE, claims=(HOLDS, FAILS, TOLD)))
    report(reporter, done, done)
    lines = text().splitlines()
    assert lines[0] == "gate: The first gate (seed 0)"
    assert lines[1].startswith("  one update: 1 update in ")
    assert lines[2:5] == [
        "  PASS it is so: 0.7500 (asked: >= 0.5)",
        "  FAIL it is not: 0.2500 (asked: >= 0.5)",
        "  TOLD by the way: 0.1250",
    ]
    assert lines[5].startswith("gate: FAILED, 1 of 2 claims hold")
    assert lines[-1] == "2 of 2 lessons FAILED: gate, gate"
    assert "\x1b" not in text()


@pytest.mark.parametrize("width", [40, 80, 160])
def test_on_a_terminal_there_are_curve_derivation_and_verdicts(width: int) -> None:
    reporter, text = on_a_terminal(width)
    done = result_of(lesson_of(ONE_ROW, claims=(claim("one row", 0.75), replace(FAILS, needs=("one row",)))))
    report(reporter, done)
    shown = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", text())
    for part in ("The first gate", "one row", "╭─ 1 the sum", "╭─ 3 the loss", "✓", "✗", ">= 0.5", "FAILED"):
        assert part in shown
    assert re.search("[\u2801-\u28ff]", shown), "no curve"
    assert max(map(len, shown.splitlines())) <= width
    assert "\x1b[" in text()


def test_a_run_that_diverged_at_once_can_be_shown() -> None:
    reporter, text = on_a_terminal()
    report(reporter, result_of(lesson_of(WILD, claims=(claim("wild", math.nan),))))
    assert "diverged at update" in text()
    assert "not measured" in text()
    assert "the sum" not in text()


def test_the_cursor_is_given_back_whatever_happens() -> None:
    reporter, text = on_a_terminal()
    reporter.begin([catalogue.load("gate")], [SMALL, ONE_ROW])
    reporter.close()
    assert text().rindex("\x1b[?25h") > text().rindex("\x1b[?25l")


def test_an_interruption_tells_what_was_reached() -> None:
    whole, part = result_of(lesson_of(ONE_UPDATE)), result_of(lesson_of(ONE_ROW))
    progress = next(iter(Run(SMALL)))
    live = Report(nameless(SMALL), progress._replace(update=1234, loss=0.69314))
    for make in (plain, on_a_terminal):
        reporter, text = make()
        reporter.begin([], [SMALL])
        reporter.interrupted([whole], [part], [live])
        reporter.close()
        shown = text()
        assert "interrupted; finished before that: gate" in shown
        assert "gate, as far as it came:" in shown
        assert "  one row: 3,500 updates in " in shown
        assert "on their way were:" in shown
        assert f"  small: 1,234 of {SMALL.updates:,} updates made, loss 0.6931" in shown


def test_the_silent_one_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    report(SilentReporter(), result_of(lesson_of(ONE_UPDATE)))
    SilentReporter().interrupted([], [], [])
    assert capsys.readouterr() == ("", "")


class Terminal(io.StringIO):
    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return True


def test_the_reporter_fits_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(choose_reporter(as_json=False, plain=False), PlainReporter)  # no terminal here
    monkeypatch.setattr("sys.stdout", Terminal("utf-8"))
    assert isinstance(choose_reporter(as_json=False, plain=False), TerminalReporter)
    assert isinstance(choose_reporter(as_json=False, plain=True), PlainReporter)
    assert isinstance(choose_reporter(as_json=True, plain=False), SilentReporter)
    monkeypatch.setattr("sys.stdout", Terminal("ascii"))
    assert isinstance(choose_reporter(as_json=False, plain=False), PlainReporter)
