"""What a lesson suggests to try ends as it says."""

import pytest

from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.suggestion import Suggestion
from toystory.training.run import Run

SUGGESTIONS = [suggestion for name in NAMES for suggestion in catalogue.load(name).suggestions]
SMALL = [s for s in SUGGESTIONS if s.experiment.columns == 2]
LARGE = [s for s in SUGGESTIONS if s.experiment.columns > 2]


def ends_as_it_says(suggestion: Suggestion) -> bool:
    run = Run(suggestion.experiment)
    for _ in run:
        pass
    return suggestion.fresh.holds(run.fresh_accuracy)


@pytest.mark.parametrize("suggestion", SMALL, ids=lambda s: s.text)
def test_small_ones(suggestion: Suggestion) -> None:
    assert ends_as_it_says(suggestion)


@pytest.mark.slow
@pytest.mark.parametrize("suggestion", LARGE, ids=lambda s: s.text)
def test_large_ones(suggestion: Suggestion) -> None:
    assert ends_as_it_says(suggestion)


def test_every_chapter_with_a_model_of_its_own_suggests_something() -> None:
    assert all(catalogue.load(name).suggestions for name in NAMES if name != "comparison")
