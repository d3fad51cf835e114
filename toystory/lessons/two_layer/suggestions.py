"""Things to try with a hidden layer."""

from dataclasses import replace

from toystory.course.suggestion import Suggestion, last_loss
from toystory.lessons.two_layer.experiments import FOUR_ROWS
from toystory.training.claim import at_most, between

SUGGESTIONS = (
    Suggestion(
        "Give it two hidden units and seed 1. Then try seeds 0, 2, 3 and 4.",
        replace(FOUR_ROWS, name="two hidden units", hidden=(2,), seed=1),
        "Seeds 1, 2 and 3 end at the loss ½ ln 2, with two rows right and two tied at one half. Two rows of "
        "opposite labels have come to stand on one point, where both units are flat: no answer can be right "
        "for both, the fairest is ½, and a flat unit passes no error back. Seeds 0 and 4 get it right.",
        between(0.346, 0.348),
        measure=last_loss,
        at_least=3,
    ),
    Suggestion(
        "Start all weights at 0.",
        replace(FOUR_ROWS, name="weights of zero", weight_scale=0.0),
        "The loss stays at ln 2. With all weights zero the hidden units say 0 whatever they hear, the "
        "blame they get back is 0, and nothing ever moves.",
        between(0.5, 0.5),
    ),
    Suggestion(
        "Plain gradient descent, at ten times the rate: 3.",
        replace(FOUR_ROWS, name="plain descent at rate 3", optimizer="gradient descent", learning_rate=3.0),
        "As quick as momentum at 0.3: it gets below a loss of 0.1 sooner, and below 0.01 mostly later. "
        "Pushes in one direction add up to ten times the rate with momentum, and on the four rows nothing "
        "keeps plain descent from stepping so far at once. Compare optimisers only at the best rate of each.",
        at_most(0.01),
        measure=last_loss,
    ),
    Suggestion(
        "Learn a hundred times faster: learning rate 30.",
        replace(FOUR_ROWS, name="learning rate 30", learning_rate=30.0),
        "The first updates throw the weights so far that every tanh is flat. Flat means a slope of almost "
        "0: nothing gets back, and the wrong answers stay as certain as they are.",
        at_most(0.75),
    ),
)
