"""Things to try with memory."""

from dataclasses import replace

from toystory.course.suggestion import Suggestion
from toystory.lessons.rnn.experiments import ALEX, FOUR_THOUSAND, LONG_ROWS
from toystory.training.claim import at_least, between

COPIES = replace(ALEX, name="copies the last switch", rows=1000, updates=500, relevant=(49,))
"""Alex's own settings on fewer rows, for a hundred times as many updates, and one switch that counts."""

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
        replace(FOUR_THOUSAND, name="one hidden unit", hidden=(1,)),
        "There is only one bit to keep, and still one unit is not enough. It must turn its memory over at "
        "a 1 and keep it at a 0. That is an XOR of bit and memory, and one unit draws one line.",
        between(0.45, 0.55),
    ),
    Suggestion(
        "Rows that are all 8 bits long, with the label at the end; then make them 10, 12 and 16.",
        replace(LONG_ROWS, name="rows of 8 bits", columns=8, updates=2000, evaluate_every=50),
        "Learnt. In 2,000 updates 3 of 10 seeds did it at 10 bits, 1 of 10 at 12 and 0 of 10 at 16: what "
        "leads on is there on rows of one length too, and it fades as they grow.",
        at_least(0.99),
    ),
    Suggestion(
        "Every length, but with all first weights drawn from a Gaussian × 0.1.",
        replace(FOUR_THOUSAND, name="a small start", weight_scale=0.1),
        "One half. The rows alone are not the recipe: from so small a start nothing is kept from one bit to "
        "the next, and the short rows have nothing to hold on to.",
        between(0.45, 0.55),
    ),
    Suggestion(
        "Alex's network and rate, 500 updates, and only the last of the fifty switches counts.",
        COPIES,
        "Learnt: what comes last is still in the memory when the answer is given. So his settings can "
        "learn something, given updates enough. Now ask for the first switch.",
        at_least(0.99),
    ),
    Suggestion(
        "The same, and only the first of the fifty switches counts.",
        replace(COPIES, name="copies the first switch", relevant=(0,)),
        "One half. Forty-nine steps with small weights lie between it and the answer, and nothing of it "
        "arrives. If one switch can't be copied, a coin on XOR says nothing about XOR.",
        between(0.44, 0.56),
    ),
)
