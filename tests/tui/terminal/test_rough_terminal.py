"""The app in a terminal that is treated roughly: it is resized, pasted into, read slowly, sent signals and
taken away, on every screen; the app ends when it should, and with what it should."""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="needs a POSIX terminal")

from tests.grading.own_model.test_own_training import TEXT
from tests.support.keys import KEYS, typed
from tests.support.pseudo_terminal import PseudoTerminal
from toystory.cli.main import main
from toystory.course.catalogue import NAMES

SIZES = ((1, 1), (500, 200), (80, 24), (120, 36), (40, 10))
"""Of terminals."""
SENT = tuple(typed(key) for key in KEYS)
"""Those that end the app among them: then the round is over."""
BEHIND = (("two-layer", b"u7 "), ("two-layer", b"u7 H"), ("mlp", b"t#"), ("mlp", b"t# "))
"""Screens behind a key that only one lesson has, and a model that passed: reached by chance too seldom."""
ENDINGS = ("close", "SIGTERM", "SIGHUP", "SIGQUIT")


def a_round(seed: int, actions: int, most: int) -> None:
    """Open the app somewhere, do a few rough things, and end it. most: lines that are pasted."""
    rng = random.Random(seed)
    lesson, first = rng.choice(BEHIND) if rng.random() < 0.2 else (rng.choice(NAMES), b"")
    with PseudoTerminal(lesson) as terminal:
        terminal.read(rng.uniform(0, 2))
        terminal.type(first)
        for _ in range(actions):
            match rng.choice(("keys", "keys", "keys", "resize", "paste", "noise", "slowly")):
                case "keys":
                    terminal.type(b"".join(rng.choices(SENT, k=rng.choice((1, 3, 10)))))
                case "resize":
                    terminal.resize(*rng.choice(SIZES))
                case "paste":
                    marks = (b"\x1b[200~", b"\x1b[201~") if rng.random() < 0.7 else (b"", b"")
                    terminal.type(marks[0] + b"x = 1\r" * rng.choice((1, 10, 100, most)) + marks[1])
                case "noise":
                    terminal.type(bytes(rng.randrange(128, 256) for _ in range(20)))
                case "slowly":
                    for _ in range(10):
                        terminal.read(0.1, most=200)
            terminal.read(0.2)
        ending = rng.choice(ENDINGS)
        if ending == "close":
            terminal.close()
            # What has not begun to draw finds that it has no terminal.
            codes = {128 + signal.SIGHUP} | (set() if b"\x1b[?1049h" in terminal.written else {1, 2})
        else:
            terminal.process.send_signal(getattr(signal, ending))
            codes = {128 + getattr(signal, ending), -getattr(signal, ending)}
        assert terminal.end() in codes | {0}, f"round {seed}: {terminal.last_words()}"
        assert b"Traceback" not in terminal.written, f"round {seed}: {terminal.last_words()}"
        if ending != "close":
            assert terminal.left_on() == [], f"round {seed}: {terminal.last_words()}"


@pytest.mark.parametrize("seed", range(3))
def test_a_terminal_treated_roughly(seed: int) -> None:
    a_round(seed, actions=5, most=1000)


@pytest.mark.slow
@pytest.mark.parametrize("fifty", range(20))
def test_a_thousand_rounds(fifty: int, home: Path) -> None:
    file = home / "exercises" / "two-layer" / "whole_model.py"
    file.parent.mkdir(parents=True)
    file.write_text(TEXT, encoding="utf-8")
    assert main(["check", str(file)]) == 0, "its own screen opens only then"
    for seed in range(50):
        a_round(1000 + 50 * fifty + seed, actions=10, most=150_000)
