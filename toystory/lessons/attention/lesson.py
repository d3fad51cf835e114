"""A gate more powerful: asked at once, thinking aloud, and on rows far longer than any it has seen."""

from __future__ import annotations

from toystory.course.chapter import Chapter
from toystory.course.failures import stays_a_coin
from toystory.course.lesson import Lesson
from toystory.course.measurements import (
    chain_right,
    every_bit_right,
    fresh_accuracy,
    furthest_from_xor,
    last_bit_right,
    tree_right,
)
from toystory.lessons.attention.derivation import DERIVATION, SYMBOLS
from toystory.lessons.attention.experiments import AT_ONCE, GATE, NOT_SCALED, THINKING_ALOUD
from toystory.lessons.attention.suggestions import SUGGESTIONS
from toystory.training.claim import REPORTED, Claim, at_least, at_most, between
from toystory.training.control import controls


def lesson(chapter: Chapter) -> Lesson:
    """The chapter with all that is in it."""
    return Lesson(
        chapter=chapter,
        derivation=DERIVATION,
        symbols=SYMBOLS,
        example=(1, 0, 1, 1, 0),
        suggestions=SUGGESTIONS,
        studies=(AT_ONCE, NOT_SCALED, THINKING_ALOUD, GATE, controls((AT_ONCE,))),
        ends_with=THINKING_ALOUD.name,
        answers=(NOT_SCALED.name, THINKING_ALOUD.name),
        claims=CLAIMS,
    )


CLAIMS = (
    stays_a_coin("Asked for the answer at once, it is right on about half of the fresh rows", AT_ONCE.name),
    Claim(
        "Thinking aloud, it is right on fresh rows of 50 bits",
        (THINKING_ALOUD.name,),
        fresh_accuracy(THINKING_ALOUD.name),
        at_least(0.999),
    ),
    Claim(
        "… and every bit that it writes on the way is right",
        (THINKING_ALOUD.name,),
        every_bit_right(THINKING_ALOUD.name, columns=50, rows=2000),
        at_least(0.999),
    ),
    Claim(
        "… of 500 bits as well, ten times as many as it was trained on",
        (THINKING_ALOUD.name,),
        every_bit_right(THINKING_ALOUD.name, columns=500, rows=100),
        at_least(0.99),
    ),
    Claim(
        "… and of 2,000 (36 of 40 seeds come to that)",
        (THINKING_ALOUD.name,),
        every_bit_right(THINKING_ALOUD.name, columns=2000, rows=20),
        at_least(0.99),
    ),
    Claim(
        "Without the factor it is right on fresh rows of 50 bits, too",
        (NOT_SCALED.name,),
        fresh_accuracy(NOT_SCALED.name),
        at_least(0.995),
    ),
    Claim(
        "… but of 2,000 bits it gets hardly a row right to the end",
        (NOT_SCALED.name,),
        every_bit_right(NOT_SCALED.name, columns=2000, rows=100),
        at_most(0.25),
    ),
    Claim(
        "… and its answer there is as good as a coin (39 of 40 seeds come to that)",
        (NOT_SCALED.name,),
        last_bit_right(NOT_SCALED.name, columns=2000, rows=100),
        between(0.35, 0.65),
    ),
    Claim(
        "Of 500 bits, without the factor, it gets every bit right in this share of rows",
        (NOT_SCALED.name,),
        every_bit_right(NOT_SCALED.name, columns=500, rows=100),
        REPORTED,
    ),
    Claim(
        "Inside, its answer is the parity so far XOR the next bit: the furthest of four answers",
        (THINKING_ALOUD.name,),
        furthest_from_xor(THINKING_ALOUD.name),
        at_most(0.05),
    ),
    Claim(
        "49 copies of the gate of chapter three in a chain: every bit right, in this share of rows",
        (GATE.name,),
        chain_right(GATE.name, columns=50, rows=2000),
        at_least(1.0),
    ),
    Claim(
        "… wired as a tree: the answer right",
        (GATE.name,),
        tree_right(GATE.name, columns=50, rows=2000),
        at_least(1.0),
    ),
    Claim(
        "… and 4,999 copies as a tree, on rows of 5,000 bits",
        (GATE.name,),
        tree_right(GATE.name, columns=5000, rows=200),
        at_least(1.0),
    ),
)
