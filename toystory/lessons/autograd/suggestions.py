"""Things to try with the machine that derives."""

from dataclasses import replace

from toystory.course.suggestion import Suggestion
from toystory.lessons.autograd.experiments import MACHINE
from toystory.training.claim import between

SUGGESTIONS = (
    Suggestion(
        "Give the machine eight hidden units.",
        replace(MACHINE, name="eight hidden units", hidden=(8,)),
        "Nothing had to be derived anew. The graph is larger, the rules are the same, and the four rows are "
        "learnt.",
        between(1.0, 1.0),
    ),
    Suggestion(
        "Ask it for AND in place of XOR, with one hidden unit.",
        replace(MACHINE, name="AND, one hidden unit", hidden=(1,), gate="and"),
        "One unit is enough for AND, as a single line is. The machine does not know what it derives: it sees "
        "numbers, and how they were made.",
        between(1.0, 1.0),
    ),
    Suggestion(
        "Start all weights at 0.",
        replace(MACHINE, name="weights of zero", weight_scale=0.0),
        "In the products of the output both factors are 0, so both get an error of 0, and so does all that "
        "lies behind them. The graph is whole, and nothing comes back through it but the error of the "
        "output's bias. Over the four rows that adds up to 0: the bias is right where it is.",
        between(0.5, 0.5),
    ),
)
