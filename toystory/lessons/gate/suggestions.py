"""Things to try with the first gate."""

from dataclasses import replace

from toystory.course.suggestion import Suggestion, last_loss
from toystory.lessons.gate.experiments import ALL_FOUR_ROWS, ONE_ROW
from toystory.training.claim import at_least, between, rounds_to

SUGGESTIONS = (
    Suggestion(
        "Start the four rows from quite other weights: 3, −4 and a bias of 2.",
        replace(ALL_FOUR_ROWS, name="other first weights", start=(3.0, -4.0, 2.0)),
        "It ends at ln 2 all the same. The loss of a logistic regression is one bowl, and on XOR its "
        "lowest point is the weight that says nothing.",
        rounds_to(0.693147),
        measure=last_loss,
    ),
    Suggestion(
        "Ask the same gate for AND instead of XOR.",
        replace(ALL_FOUR_ROWS, name="AND", gate="and"),
        "All four rows are right: one straight line has (1,1) on one side and the other three on the "
        "other. What fails at XOR is not the training but the line.",
        at_least(1),
    ),
    Suggestion(
        "Train on row (1,0) alone, a hundred times faster: learning rate 0.7.",
        replace(ONE_ROW, name="one row, faster", learning_rate=0.7),
        "It becomes more certain of that row, and no wiser: still two rows of four.",
        between(0.5, 0.5),
    ),
)
