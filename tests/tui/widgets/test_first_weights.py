"""What is said of a gradient on its way back through first weights."""

import numpy as np
import pytest

from toystory.tui.widgets.pictures.first_weights import end_of


@pytest.mark.parametrize(
    ("bar", "below", "from_there"),
    [
        (1e-3, "it dies out.", "it fades."),
        (0.1, "it fades.", "it gets weaker."),
        (0.5, "it gets weaker.", "it gets through."),
        (2.0, "it gets through.", "it grows."),
        (1e3, "it grows.", "it explodes."),
    ],
)
def test_the_word_for_a_gradient_changes_at_its_bar(bar: float, below: str, from_there: str) -> None:
    assert end_of(float(np.nextafter(bar, 0))) == below
    assert end_of(bar) == from_there


@pytest.mark.parametrize(
    ("back", "word"), [(0.0, "it dies out."), (0.15, "it gets weaker."), (1e300, "it explodes.")]
)
def test_a_gradient_that_lost_most_of_itself_is_not_through(back: float, word: str) -> None:
    assert end_of(back) == word
