"""Things to try with attention."""

from dataclasses import replace

from toystory.course.suggestion import Suggestion
from toystory.lessons.attention.experiments import AT_ONCE, THINKING_ALOUD
from toystory.training.claim import at_least, between

SUGGESTIONS = (
    Suggestion(
        "Rows that are all 50 bits long.",
        replace(THINKING_ALOUD, name="rows of 50 bits", lengths="full"),
        "Learnt all the same. The RNN and the LSTM needed short rows to begin with; here every bit that is "
        "written is a short question of its own, however long the row.",
        at_least(0.99),
    ),
    Suggestion(
        "Two numbers for a token, and four ReLU units.",
        replace(THINKING_ALOUD, name="2 wide, 4 hidden units", width=2, hidden=(4,), updates=2000),
        "Learnt, with 56 numbers in all. The parity so far and the next bit go in, one bit comes out: a "
        "small question, and most of the 590 were there to make it easier to find.",
        at_least(0.99),
    ),
    Suggestion(
        "The answer at once, with 64 ReLU units, and three times as long.",
        replace(AT_ONCE, name="at once, 64 units, 3,000 updates", hidden=(64,), updates=3000),
        "A coin still, though it copies one column. What it reads with one look lies on a line from all 0 to "
        "all 1. The 16 units of before can bend that in 16 places, and parity turns at every bit: they could "
        "not hold the rule at all. 64 can. To hold it and to find it are two things.",
        between(0.45, 0.55),
    ),
)
