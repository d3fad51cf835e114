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
        "Rows that are all 10 bits long, with the label at the end.",
        replace(LONG_ROWS, name="rows of 10 bits", columns=10, updates=3000),
        "A coin still after 3,000 updates. So distance alone is not the trouble: as long as one bit is "
        "not taken into account, the others say nothing about the label, and there is no half-right "
        "answer to start from.",
        between(0.45, 0.55),
    ),
    Suggestion(
        "Rows of 50 bits with a label at every step.",
        replace(LONG_ROWS, name="a label at every step", labels="every step", updates=600),
        "Learnt within a few hundred updates: after the first bit the answer is that bit, and each step "
        "from there is one XOR.",
        at_least(0.99),
    ),
)
