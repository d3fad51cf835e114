"""Things to try with a hidden layer."""

from dataclasses import replace

from toystory.course.suggestion import Suggestion
from toystory.lessons.two_layer.experiments import FOUR_ROWS
from toystory.training.claim import between

SUGGESTIONS = (
    Suggestion(
        "Give it two hidden units and seed 1. Then try seeds 0, 2, 3 and 4.",
        replace(FOUR_ROWS, name="two hidden units", hidden=(2,), seed=1),
        "Seed 1 ends at the loss ½ ln 2: two rows are right and two are tied. Both units are needed, and "
        "both went the same way; nothing pulls them apart again. Some of the other seeds get it right.",
        between(0.25, 0.75),
    ),
    Suggestion(
        "Start all weights at 0.",
        replace(FOUR_ROWS, name="weights of zero", weight_scale=0.0),
        "The loss stays at ln 2. With all weights zero the hidden units say 0 whatever they hear, the "
        "blame they get back is 0, and nothing ever moves.",
        between(0.5, 0.5),
    ),
    Suggestion(
        "Learn a hundred times faster: learning rate 30.",
        replace(FOUR_ROWS, name="learning rate 30", learning_rate=30.0),
        "The first updates throw the weights so far that every tanh is flat. Flat means a slope of almost "
        "0: nothing gets back, and the wrong answers stay as certain as they are.",
        between(0.25, 0.75),
    ),
)
