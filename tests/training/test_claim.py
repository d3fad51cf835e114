"""Bars and verdicts, on planted values."""

import math

import pytest

from toystory.training.claim import REPORTED, Bar, Claim, at_least, at_most, between, judge, rounds_to
from toystory.training.run import Runs

HOLDS = [
    (at_least(0.99), (0.99, 1.0), (0.9899, -1.0)),
    (at_most(0.001), (0.001, 0.0, -5.0), (0.0011, 1.0)),
    (between(0.47, 0.53), (0.47, 0.5, 0.53), (0.4699, 0.5301)),
    (rounds_to(0.646799), (0.646799, 0.6467993, 0.6467986), (0.6468, 0.646798)),
    (rounds_to(0.87, 3), (0.8697, 0.8704), (0.8694, 0.8706)),
    (rounds_to(4, 0), (4.0,), (3.0, 5.0)),
    (REPORTED, (0.0, -7.0, 1e9), ()),
]


@pytest.mark.parametrize(("bar", "good", "bad"), HOLDS, ids=[bar.text for bar, _, _ in HOLDS])
def test_a_bar(bar: Bar, good: tuple[float, ...], bad: tuple[float, ...]) -> None:
    for value in good:
        assert bar.holds(value), value
    for value in (*bad, math.nan, math.inf, -math.inf):
        assert not bar.holds(value), value


def test_a_bar_says_what_it_asks() -> None:
    texts = [bar.text for bar, _, _ in HOLDS]
    assert texts == [
        ">= 0.99",
        "<= 0.001",
        "0.47 to 0.53",
        "= 0.646799",
        "= 0.870",
        "= 4",
        "reported",
    ]


@pytest.mark.parametrize(
    ("bar", "measured", "passed", "shown"),
    [
        (at_least(0.99), 0.98765, False, "0.9877"),
        (rounds_to(0.87, 3), 0.86967, True, "0.870"),
        (rounds_to(4, 0), 4.0, True, "4"),
        (at_least(4, 1), 33.25, True, "33.2"),
        (between(0.2, 0.3, 2), 0.3012, False, "0.301"),
        (between(0.2, 0.3, 2), 0.30004, False, "0.30004"),
        (at_least(0.99), 0.98999, False, "0.98999"),
        (at_least(17, 0), 16.75, False, "16.8"),
        (at_most(1e-9, 9), 1.04e-9, False, "1.04e-09"),
        (at_least(0), -1e-30, False, "-1e-30"),
        (at_least(0.25, 1), 0.26, True, "0.3"),
        (at_least(0.25, 1), 0.25, True, "0.25"),
        (between(0.47, 0.53), math.nan, False, "not measured"),
    ],
)
def test_a_verdict(bar: Bar, measured: float, passed: bool, shown: str) -> None:
    verdict = judge(Claim("it is so", ("run",), lambda runs: measured, bar), Runs({}))
    assert (verdict.passed, verdict.shown) == (passed, shown)


def test_a_claim_measures_the_runs_it_is_given() -> None:
    runs = Runs({"run": []})
    seen = []
    judge(Claim("it is so", ("run",), lambda given: seen.append(given) or 1.0, at_least(1)), runs)
    assert seen == [runs]
