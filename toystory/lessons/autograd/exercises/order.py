"""In which order: nobody hands on what he has not got

A Value may hand its gradient on only when it has *all* of it. That is so when everything
it was used for has already handed its own on. So the machine first makes a list: every
Value after those that it was made of. On the way back it walks through that list from
the end.

Here a Value is just a number, its place in a list. `inputs[i]` is a tuple: the places of
those that number i was made of. A leaf, such as a weight, was made of nothing.

Write `topological_order(inputs, last)`. It returns a list of places: `last`, and
everything that it was made of, directly or by way of others, each one exactly once, and
each one after all its inputs. What `last` was not made of does not belong there. Among
several orders that are right, any will do.

    >>> inputs = [(), (), (0, 1), (2, 2), (0,)]
    >>> topological_order(inputs, 3)
    [1, 0, 2, 3]

[0, 1, 2, 3] would be right as well. Number 4 is left out: 3 was not made of it.

The graph of a whole training step is deep: thousands of sums in a row. Python stops a
function that calls itself about a thousand times, so do not call yourself: keep a list
of what there is still to do.
"""

from __future__ import annotations

from toystory.course.exercises.checks import expect_parts
from toystory.course.exercises.exercise import Code, Mistake, Value, Wrong
from toystory.course.exercises.random_inputs import generator


def topological_order(inputs: list[tuple[int, ...]], last: int) -> list[int]:
    """`last` and all that it was made of, every one after its inputs."""
    # TODO: put each on the list when its inputs are there.
    # --- gap
    order: list[int] = []
    seen: set[int] = set()
    to_do = [(last, False)]
    while to_do:
        place, inputs_are_in = to_do.pop()
        if inputs_are_in:
            order.append(place)
        elif place not in seen:
            seen.add(place)
            to_do.append((place, True))
            to_do.extend((each, False) for each in inputs[place])
    return order
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 2
KIND = "heart"
MISTAKES = (
    Mistake(
        "written down on the way in",
        "            seen.add(place)\n            to_do.append((place, True))",
        "            seen.add(place)\n            order.append(place)",
    ),
    Mistake("nothing is remembered", "elif place not in seen:", "else:"),
    Mistake("from the end to the start", "return order", "return order[::-1]"),
    Mistake("only the direct inputs", "return order", "return [*inputs[last], last]"),
    Mistake("without the last one", "return order", "return order[:-1]"),
    Mistake("all that there are", "return order", "return list(range(len(inputs)))"),
    Mistake("only the first input", "for each in inputs[place]", "for each in inputs[place][:1]"),
    Mistake("sorted by place", "return order", "return sorted(order)"),
    Mistake("each one once, in no order", "return order", "return list(seen)"),
)


def check(code: Code) -> None:
    _check_graph(code, [(), (), (0, 1), (2, 2), (0,)], 3)
    _check_graph(code, [()], 0)
    rng = generator(5)
    for size in (6, 12, 25):
        _check_graph(code, *_random_graph(rng, size))
    _check_graph(code, [(), *((n, n) for n in range(40))], 40)
    _check_graph(code, [(), *((n,) for n in range(5000))], 5000)


def _random_graph(rng: object, size: int) -> tuple[list[tuple[int, ...]], int]:
    """A graph whose places are in no order, and one that was made of others."""
    inputs: list[tuple[int, ...]] = []
    for place in range(size):
        count = 0 if place < 2 else int(rng.integers(0, 3))  # type: ignore[attr-defined]
        inputs.append(tuple(int(n) for n in rng.integers(0, place, size=count)) if count else ())  # type: ignore[attr-defined]
    names = [int(n) for n in rng.permutation(size)]  # type: ignore[attr-defined]
    shuffled: list[tuple[int, ...]] = [()] * size
    for place, made_of in enumerate(inputs):
        shuffled[names[place]] = tuple(names[n] for n in made_of)
    largest = max(range(size), key=lambda place: len(_reachable(shuffled, place)))
    return shuffled, largest


def _reachable(inputs: list[tuple[int, ...]], last: int) -> set[int]:
    """Everything that `last` was made of, and itself: slowly, until nothing more comes."""
    found = {last}
    while more := {each for place in found for each in inputs[place]} - found:
        found |= more
    return found


def _check_graph(code: Code, inputs: list[tuple[int, ...]], last: int) -> None:
    small = len(inputs) <= 30
    given: dict[str, Value] = {"inputs": inputs, "last": last} if small else {}
    called = f"topological_order(inputs, {last})" + ("" if small else f" of a graph of {len(inputs):,}")
    found = code("topological_order", inputs, last)
    if not isinstance(found, list | tuple):
        expect_parts(found, 0, called, **given)
    wanted = _reachable(inputs, last) if small else set(range(len(inputs)))
    order = list(found)
    if strangers := [place for place in order if place not in wanted]:
        what = "was not made of it" if strangers[0] in range(len(inputs)) else "is no place"
        raise Wrong(f"{called} has {strangers[0]!r} in it, which {what}", None, _cut(order), given)
    if missing := sorted(wanted - set(order)):
        raise Wrong(f"{called} lacks {missing[0]}", f"{len(wanted)} places", _cut(order), given)
    if len(order) != len(wanted):
        twice = next(place for place in order if order.count(place) > 1)
        raise Wrong(f"{called} has {twice} more than once", f"{len(wanted)} places", _cut(order), given)
    at = {place: number for number, place in enumerate(order)}
    for place in order:
        for each in inputs[place]:
            if at[each] > at[place]:
                raise Wrong(
                    f"{called}: {place} was made of {each}, and stands before it", None, _cut(order), given
                )


def _cut(order: list[int]) -> str:
    return ", ".join(map(str, order[:30])) + (", …" if len(order) > 30 else "")
