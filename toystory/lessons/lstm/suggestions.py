"""Things to try with gates."""

from dataclasses import replace

from toystory.course.suggestion import Suggestion
from toystory.lessons.lstm.experiments import EVERY_LENGTH, LONG_ROWS
from toystory.training.claim import at_least, between

SUGGESTIONS = (
    Suggestion(
        "Give it two cells instead of sixteen.",
        replace(EVERY_LENGTH, name="two cells", hidden=(2,)),
        "Learnt, with 35 numbers in all. The rule needs one bit of memory; the other fourteen cells made "
        "it easier to find, not possible.",
        at_least(0.99),
    ),
    Suggestion(
        "Rows that are all 8 bits long, with the label at the end.",
        replace(LONG_ROWS, name="rows of 8 bits", columns=8, updates=3000, evaluate_every=50),
        "A coin still after 3,000 updates: eight steps are no distance for a cell. As long as one bit is not "
        "taken into account, the others say nothing about the label, and what would lead on is faint. How "
        "faint depends on the start: try the next one.",
        between(0.4, 0.6),
    ),
    Suggestion(
        "The same rows of 8 bits, but let the bits speak four times as loud at first: bit scale 1.",
        replace(
            LONG_ROWS,
            name="loud rows of 8 bits",
            columns=8,
            updates=3000,
            evaluate_every=50,
            bit_scale=1.0,
            stop_at=0.999,
        ),
        "Learnt, from most starts. So the signal is not absent on rows of one length; it fades as they grow. "
        "At 10 bits the same start was not seen to do it.",
        at_least(0.99),
        at_least=3,
    ),
    Suggestion(
        "Rows of 50 bits with a label at every step.",
        replace(LONG_ROWS, name="a label at every step", labels="every step", updates=600),
        "Learnt within a few hundred updates: after the first bit the answer is that bit, and each step "
        "from there is one XOR.",
        at_least(0.99),
    ),
)
