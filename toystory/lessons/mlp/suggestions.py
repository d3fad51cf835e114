"""Things to try with stacked units."""

from dataclasses import replace

from toystory.course.suggestion import Suggestion
from toystory.lessons.mlp.experiments import PLUS_OR_MINUS, SIGNS_ALONE, TOWERS
from toystory.training.claim import at_least, between

SUGGESTIONS = (
    Suggestion(
        "Fifty columns, but let only three of them count; 128 units and Gaussian weights.",
        replace(
            PLUS_OR_MINUS,
            name="three columns count",
            first_weights="he",
            hidden=(128,),
            relevant=(0, 1, 2),
            updates=4000,
            batch=256,
            learning_rate=3e-3,
            final_learning_rate=1.0,
            evaluate_every=100,
        ),
        "Learnt. What makes fifty columns hard is not the forty-seven that are noise but how many have to "
        "be seen together. Watch the curve: it lies still, and then it drops at once.",
        at_least(0.99),
    ),
    Suggestion(
        "Let every unit have a row of signs of its own, and no biases; make 24,000 updates.",
        SIGNS_ALONE,
        "Learnt, but it takes over ten times as long: the loss lies still for thousands of updates. Shared "
        "signs and bends at different counts were not needed; they are a shorter way.",
        at_least(0.99),
    ),
    Suggestion(
        "The same 24,000 updates, with batches of 256 instead of 512.",
        replace(SIGNS_ALONE, name="batches of 256", batch=256),
        "One half, for all 24,000 updates. The road is narrow: the gradient that shows the way is small, "
        "and in a smaller batch the noise is larger. Half the rate helps: then the noise of many small "
        "steps cancels, and about nine rows of ten are right.",
        between(0.45, 0.55),
    ),
    Suggestion(
        "The gate for fifty switches in batches of 32: a quarter of the rate, four times the updates.",
        replace(
            PLUS_OR_MINUS, name="batches of 32, small steps", batch=32, learning_rate=2.5e-3, updates=7_000
        ),
        "Learnt, but for about two rows in a hundred, and from fewer rows in all. A small batch is no "
        "fault, it is noisy: at a smaller rate the noise of many steps cancels. Batch and rate belong "
        "together.",
        at_least(0.97),
    ),
    Suggestion(
        "The gate for fifty switches, at a rate that does not fall.",
        replace(PLUS_OR_MINUS, name="the rate does not fall", final_learning_rate=1.0),
        "Not quite: a few rows in a hundred stay wrong. Steps as long as at the beginning carry it past the "
        "place where it should settle, now to this side and now to that. A rate that falls, called decay, "
        "takes large steps first and small ones at the end.",
        between(0.9, 0.99),
    ),
    Suggestion(
        "Alex's own tower and all his settings, asked for the first switch alone, but with 3,000 updates.",
        replace(
            TOWERS[0],
            name="one switch, 3,000 updates",
            relevant=(0,),
            updates=3000,
            stop_at=0.999,
            evaluate_every=50,
        ),
        "For hundreds of updates the loss lies at ln 2, and then the switch is copied. His weights began so "
        "small that the first layers passed nothing on: thirty updates were none at all. (From some starts "
        "it never happens: all ReLUs of a layer have died.)",
        at_least(0.99),
        at_least=3,
    ),
)
