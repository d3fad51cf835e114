"""The app in a terminal that is treated roughly: it is resized, pasted into, read slowly, sent signals and
taken away, on every screen; the app ends when it should, and with what it should."""

from __future__ import annotations

import random
import signal

import pytest

pytest.importorskip("pty", reason="needs a POSIX terminal")

from tests.support.pseudo_terminal import PseudoTerminal
from toystory.course.catalogue import NAMES

SIZES = ((1, 1), (500, 200), (80, 24), (120, 36), (40, 10))
KEYS = b"tplsuTiOIHhcegdvMmyxnjk.aq?0123456789 \r\t\x1b\x7f[]+-"
"""q among them: where it ends the app, the round is over."""
ENDINGS = ("close", "SIGTERM", "SIGHUP", "SIGQUIT")


def a_round(seed: int, actions: int, most: int) -> None:
    """Open the app somewhere, do a few rough things, and end it. most: lines that are pasted."""
    rng = random.Random(seed)
    with PseudoTerminal(rng.choice(NAMES)) as terminal:
        terminal.read(rng.uniform(0, 2))
        for _ in range(actions):
            match rng.choice(("keys", "keys", "keys", "resize", "paste", "noise", "slowly")):
                case "keys":
                    terminal.type(bytes(rng.choice(KEYS) for _ in range(rng.choice((1, 3, 10)))))
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
            codes = {128 + signal.SIGHUP}
        else:
            terminal.process.send_signal(getattr(signal, ending))
            codes = {128 + getattr(signal, ending), -getattr(signal, ending)}
        assert terminal.end() in codes | {0}, terminal.written[-3000:].decode(errors="replace")
        assert b"Traceback" not in terminal.written
        if ending != "close":
            assert terminal.left_on() == []


@pytest.mark.parametrize("seed", range(3))
def test_a_terminal_treated_roughly(seed: int) -> None:
    a_round(seed, actions=5, most=1000)


@pytest.mark.slow
@pytest.mark.parametrize("hundred", range(10))
def test_a_thousand_rounds(hundred: int) -> None:
    for seed in range(100):
        a_round(1000 + 100 * hundred + seed, actions=10, most=150_000)
