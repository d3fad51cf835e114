"""The way back: one step, taken everywhere

A calculation was made and has left a graph behind. Number i was made of the numbers at
the places `inputs[i]`, and for each of those `slopes[i]` has the slope: how much number
i moves when that input moves. The places are in order already: every number stands after
its inputs, and the last number of all is the loss.

Write `gradients(inputs, slopes)`. It returns a list, for every place how much the loss
moves when that number moves. The loss itself moves with itself: its gradient is 1. What
the loss was not made of has a gradient of 0.

Which number can be finished first? What does it owe to its inputs? And what if one of
them was owed something already? Sami's question is the whole point.

Walk one graph on paper before you write. Take x = 2, then a = x·x, then b = 3·x, and at last
L = a·b. Write down in `on_paper()`:

    "da"    how L moves with a
    "db"    how L moves with b
    "dx"    how L moves with x: it went into a two
            times, and into b once
    "rule"  x is told something by each of its uses.
            What counts?
            A  the last one      B  the largest
            C  their sum         D  their mean

Now the graph of the example:

    >>> inputs = [(), (), (0, 1), (2, 0)]
    >>> slopes = [(), (), (2.0, 3.0), (1.0, 1.0)]
    >>> gradients(inputs, slopes)
    [3.0, 3.0, 1.0, 1.0]

Number 0 is 3, number 1 is 2: number 2 is their product, and number 3, the loss, is
number 2 plus number 0. So number 0 moves the loss in two ways.
"""

from __future__ import annotations

from toystory.course.exercises.checks import expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator


def on_paper() -> dict[str, float | str]:
    """Your answers: "da", "db" and "dx" are numbers, "rule" is a letter."""
    # TODO: return {"da": …, "db": …, "dx": …, "rule": "…"}
    # --- gap
    return {"da": 6.0, "db": 4.0, "dx": 36.0, "rule": "C"}
    # --- end of gap


def gradients(inputs: list[tuple[int, ...]], slopes: list[tuple[float, ...]]) -> list[float]:
    """How much the last number moves when each number moves."""
    # TODO: from the end to the start.
    # --- gap
    found = [0.0] * len(inputs)
    found[-1] = 1.0
    for place in reversed(range(len(inputs))):
        for each, slope in zip(inputs[place], slopes[place], strict=True):
            found[each] += slope * found[place]
    return found
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 3
KIND = "heart"
MISTAKES = (
    Mistake(
        "what was there is replaced",
        "found[each] += slope",
        "found[each] = slope",
        "Where a number is used twice, the second message has replaced the first. They have to be added.",
    ),
    Mistake("from the start to the end", "in reversed(range(len(inputs)))", "in range(len(inputs))"),
    Mistake("the loss begins with 0", "found[-1] = 1.0", "found[-1] = 0.0"),
    Mistake("all begin with 1", "[0.0] * len(inputs)", "[1.0] * len(inputs)"),
    Mistake("the slopes alone", "slope * found[place]", "slope"),
    Mistake(
        "the gradient is handed on without the slope",
        "slope * found[place]",
        "found[place]",
    ),
    Mistake(
        "one step only",
        "in reversed(range(len(inputs)))",
        "in (len(inputs) - 1,)",
    ),
    Mistake("slopes are added", "slope * found[place]", "slope + found[place]"),
    Mistake(
        "the first input only",
        "zip(inputs[place], slopes[place], strict=True)",
        "zip(inputs[place][:1], slopes[place])",
    ),
    Mistake("the mean, on paper", '"rule": "C"', '"rule": "D"'),
)


QUESTIONS: dict[str, Number | Choice] = {
    "da": Number(6.0, "In the product a·b, a has the slope b, and b is 3·2."),
    "db": Number(4.0, "In the product a·b, b has the slope a, and a is 2·2."),
    "dx": Number(
        36.0, "Through a: da times x, for the first x, and as much for the second. Through b: db times 3."
    ),
    "rule": Choice(
        "C",
        {
            "A": "Put it in: it does not give the dx that you get from L = 3x³ at x = 2.",
            "B": "Every use moves L, the small ones too.",
            "D": "Two uses move L further than one: nothing is shared out.",
        },
    ),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    _check_graph(code, [(), (), (0, 1), (2, 0)], [(), (), (2.0, 3.0), (1.0, 1.0)])
    _check_graph(code, [(), (0, 0), (1, 0)], [(), (3.0, 3.0), (0.5, -1.0)])
    rng = generator(7)
    for size in (4, 6, 9):
        inputs: list[tuple[int, ...]] = [(), ()]
        slopes: list[tuple[float, ...]] = [(), ()]
        for place in range(2, size):
            count = 1 + int(rng.integers(0, 3))
            inputs.append((place - 1, *(int(n) for n in rng.integers(0, place, size=count - 1))))
            slopes.append(tuple(float(s) for s in rng.normal(size=count).round(1) + 0.25))
        _check_graph(code, inputs, slopes)


def _check_graph(code: Code, inputs: list[tuple[int, ...]], slopes: list[tuple[float, ...]]) -> None:
    right = [_over_all_ways(inputs, slopes, place, len(inputs) - 1) for place in range(len(inputs))]
    found = code("gradients", inputs, slopes)
    expect_same(found, right, "gradients(inputs, slopes)", inputs=inputs, slopes=slopes)


def _over_all_ways(
    inputs: list[tuple[int, ...]], slopes: list[tuple[float, ...]], place: int, last: int
) -> float:
    """The sum over every way from `place` to `last` of the product of its slopes: slow, and obviously
    right."""
    if place == last:
        return 1.0
    total = 0.0
    for user, made_of in enumerate(inputs):
        for each, slope in zip(made_of, slopes[user], strict=True):
            if each == place and user <= last:
                total += slope * _over_all_ways(inputs, slopes, user, last)
    return total
