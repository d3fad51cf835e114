"""What a lesson suggests to try ends as it says."""

from dataclasses import replace

import pytest

from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.suggestion import SEEDS, Suggestion, last_loss
from toystory.training.run import Run

SUGGESTIONS = [suggestion for name in NAMES for suggestion in catalogue.load(name).suggestions]
SMALL = [s for s in SUGGESTIONS if s.experiment.columns == 2 and s.experiment.model != "AutogradNet"]
LARGE = [s for s in SUGGESTIONS if s not in SMALL]
"""Or slow for another reason: in a network of Values every number is an object."""


def came_out(suggestion: Suggestion) -> int:
    """How many of its seeds end as it says."""
    count = 0
    for seed in range(SEEDS):
        run = Run(replace(suggestion.experiment, seed=suggestion.experiment.seed + seed))
        for _ in run:
            pass
        count += suggestion.came_out(run)
    return count


@pytest.mark.parametrize("suggestion", SMALL, ids=lambda s: s.text)
def test_small_ones(suggestion: Suggestion) -> None:
    assert came_out(suggestion) >= suggestion.at_least


@pytest.mark.slow
@pytest.mark.parametrize("suggestion", LARGE, ids=lambda s: s.text)
def test_large_ones(suggestion: Suggestion) -> None:
    assert came_out(suggestion) >= suggestion.at_least


@pytest.mark.parametrize("suggestion", SUGGESTIONS, ids=lambda s: s.text)
def test_a_bar_can_fail(suggestion: Suggestion) -> None:
    if suggestion.measure is not last_loss:
        assert suggestion.bar.low >= 0.7 or suggestion.bar.high <= 0.75
    assert 1 <= suggestion.at_least <= SEEDS


def test_every_chapter_with_a_model_of_its_own_suggests_something() -> None:
    assert all(catalogue.load(name).suggestions for name in NAMES if name != "comparison")
