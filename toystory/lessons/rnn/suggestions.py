"""Things to try with memory."""

from dataclasses import replace

from toystory.course.suggestion import Suggestion
from toystory.lessons.rnn.experiments import EVERY_LENGTH, LONG_ROWS
from toystory.training.claim import at_least, between

SUGGESTIONS = (
    Suggestion(
        "Rows of 50 bits only, but with a label at every step.",
        replace(LONG_ROWS, name="a label at every step", labels="every step", updates=4000),
        "Learnt, though all rows are long. The label after the first bit is a row of length 1 in "
        "disguise: the easy questions are asked again, inside every row.",
        at_least(0.99),
    ),
    Suggestion(
        "Rows of every length, with one unit of memory.",
        replace(EVERY_LENGTH, name="one hidden unit", hidden=(1,)),
        "One bit has to be remembered, and still one unit is not enough: to turn its memory over at a 1 "
        "and keep it at a 0 is an XOR of bit and memory, and one unit draws one line.",
        between(0.45, 0.55),
    ),
)
