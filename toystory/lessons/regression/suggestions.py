"""Things to try with the load test."""

from dataclasses import replace

from toystory.course.suggestion import Suggestion
from toystory.lessons.regression.experiments import COUNTING, at_rows
from toystory.training.claim import at_least, between

SUGGESTIONS = (
    Suggestion(
        "Let only the first of the fifty columns count.",
        replace(at_rows(10_000, 1000), name="one column counts", relevant=(0,)),
        "Every row is right. One weight grows, the others have nothing to say: a line is all that this "
        "takes.",
        at_least(0.99),
    ),
    Suggestion(
        "Let two columns count.",
        replace(at_rows(10_000, 1000), name="two columns count", relevant=(0, 1)),
        "Back to a coin. With two, each column on its own says nothing, and a line only adds up what "
        "single columns say.",
        between(0.45, 0.55),
    ),
    Suggestion(
        "Start with the line that counts, all weights 1 and a bias of −24.5, and make fifteen updates.",
        replace(at_rows(10_000, 15), name="counting, then trained", start=COUNTING.start, evaluate_every=1),
        "The loss falls from 1.6 to 1.5, and the mark falls with it, from 56 % to 44 %. The line was sure of "
        "far too much, and where it was wrong that cost more than all that it had right. Training follows "
        "the loss: the weights shrink a little, so that twenty-five switches are no longer enough, and the "
        "rows with just so many change sides.",
        between(0.42, 0.46),
    ),
)
