"""Things to try with gates."""

from dataclasses import replace

from toystory.course.measurements import right_at, right_when_rounded
from toystory.course.suggestion import Suggestion
from toystory.lessons.lstm.experiments import LONG_ROWS, THOROUGH
from toystory.training.claim import at_least, between

QUICK = replace(LONG_ROWS, learning_rate=1e-2)
SUGGESTIONS = (
    Suggestion(
        "Give it two cells instead of sixteen.",
        replace(THOROUGH, name="two cells", hidden=(2,)),
        "Learnt from some starts and not from others (seed 1 is one of those), with 35 numbers in all. The "
        "rule needs one bit of memory; the other fourteen cells made it easier to find, not possible.",
        at_least(0.99),
        at_least=4,
    ),
    Suggestion(
        "Rows that are all 8 bits long, with the label at the end.",
        replace(QUICK, name="rows of 8 bits", columns=8, updates=3000, evaluate_every=50),
        "A coin still after 3,000 updates, though it copies the first of the 8 bits and the last: eight "
        "steps are no distance for a cell. As long as one bit is not taken into account, the others say "
        "nothing about the label, and what would lead on is faint. How faint depends on the start: try the "
        "next one.",
        between(0.4, 0.6),
    ),
    Suggestion(
        "The same rows of 8 bits, but let the bits speak four times as loud at first: bit scale 1.",
        replace(
            QUICK,
            name="loud rows of 8 bits",
            columns=8,
            updates=3000,
            evaluate_every=50,
            bit_scale=1.0,
            stop_at=0.999,
        ),
        "Learnt, from 3 of 5 seeds. So the signal is not absent on rows of one length; it fades as they "
        "grow. At 10 bits 0 of 5 seeds did it.",
        at_least(0.99),
        at_least=3,
    ),
    Suggestion(
        "Rows of 50 bits with a label at every step.",
        replace(QUICK, name="a label at every step", labels="every step", updates=600),
        "Learnt within a few hundred updates: after the first bit the answer is that bit, and each step "
        "from there is one XOR.",
        at_least(0.99),
    ),
    Suggestion(
        "Taught on at most 50 bits. What will be left of it at 100,000 bits, and at a million? Guess first.",
        replace(THOROUGH, name="for very long rows"),
        "All of it: 20 rows of 100,000 bits without a mistake, from 5 of 5 seeds; and the million too, from "
        "those that were asked. It learnt a step, and a gate so steep that it pulls every small slip back.",
        at_least(0.95),
        right_at(columns=100_000, rows=20),
    ),
    Suggestion(
        "How exact must its weights be? Round each to 4 bits, and then to 3. Guess first.",
        replace(THOROUGH, name="to be rounded"),
        "Rounded to 8 bits, 5 of 5 seeds are right at 5,000 bits; to 4 bits, 4 of 5. At 3 bits there are "
        "seven numbers to choose from, and 1 of 5 seeds still works. The others get more wrong the longer "
        "the row.",
        at_least(0.97),
        right_when_rounded(4, columns=50, rows=1000),
    ),
    Suggestion(
        "Teach it on rows of 1 to 10 bits only, and ask it rows of 50. Guess first.",
        replace(THOROUGH, name="lengths 1 to 10", columns=10),
        "All right, from 5 of 5 seeds, and still 99 % or more at 500 bits.",
        at_least(0.99),
        right_at(columns=50, rows=1000),
    ),
    Suggestion(
        "And on rows of 1 to 5 bits only?",
        replace(THOROUGH, name="lengths 1 to 5", columns=5),
        "Nearly: more than 85 % of rows of 50 bits. At 500 bits some seeds are little better than a coin, "
        "and some are nearly always right. In so short rows a memory that slips a little does no harm, so "
        "nothing teaches it to hold.",
        at_least(0.85),
        right_at(columns=50, rows=1000),
    ),
    Suggestion(
        "And on rows of 1 and 2 bits?",
        replace(THOROUGH, name="lengths 1 and 2", columns=2),
        "A coin. It answers its own two lengths without a mistake, and has learnt nothing that lasts longer.",
        between(0.4, 0.6),
        right_at(columns=50, rows=1000),
    ),
    Suggestion(
        "Teach it on even lengths only, 2, 4, … 50, and ask it rows of 49. Guess first, and try ten seeds.",
        replace(THOROUGH, name="even lengths", lengths="one even per batch"),
        "On odd lengths 8 of 10 seeds were right too, though nobody ever asked them; one learnt neither. "
        "Seed 4 was right on every row of 50 bits and wrong on every row of 49: it had learnt another rule, "
        "which agrees with ours on all that it was asked. Its marks could not tell.",
        at_least(0.99),
        right_at(columns=49, rows=500),
        at_least=3,
    ),
)
