"""Looks on while a learner's `train` runs, in its own process: which update it is, the loss, the parameters.

The loop is the learner's. It asks its own `gradients` at every update; a wrapper around that counts, measures
the learner's own loss now and then, and lets whoever watches ask something in between.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

import numpy as np

from toystory.course.exercises.class_model import MODEL, class_of

FIRST, TRAIN, LOSS, GRADIENTS = MODEL[0], MODEL[-1], MODEL[2], MODEL[3]
ALL_UP_TO = 50
"""The loss is measured at every update up to this one, then at every hundredth of those made."""
EVERY = 0.1
"""Seconds of training between two reports, at least."""
AGAIN = 2
"""A function that is called so many times is no loop of its own."""
MOST_FOR_REPORTS = 0.2
"""What reports may take of the time of training: who is asked much is asked more seldom."""
Report = Callable[[dict[str, Any], dict[str, Any]], None]


class WatchedTraining:
    """Use it in a `with` around the call of `train`: afterwards all is as it was.

    updates: how many were begun. points: (update, loss) pairs that have not been reported yet.
    """

    def __init__(self, there: dict[str, Any], module: str, report: Report, own: Callable[[], Any]) -> None:
        """Look at nothing yet.

        Args:
            there: The names that the learner's code has given.
            module: The name of the module that they stand in.
            report: Is given the updates and the points, and the parameters of now; training waits for it.
            own: The object of the learner's class; None where there are functions.
        """
        self._there, self._report, self._own = there, report, own
        self._made: Any = class_of(there, module)
        self._originals: list[tuple[Any, str, Any]] = []
        self._watched = ""
        self._called: dict[str, int] = {}
        self._inside = False
        self._measure_at = 1
        self._report_at = 0.0
        self.updates = 0
        self.points: list[list[float]] = []

    def __enter__(self) -> Self:
        for name, value in list(self._there.items()):
            if inspect.isfunction(value) and name not in (FIRST, TRAIN):
                self._originals.append((self._there, name, value))
                self._there[name] = self._wrapped(name, value)
        for name, value in list(vars(self._made).items()) if self._made else []:
            if inspect.isfunction(value) and name != TRAIN and not name.startswith("__"):
                self._originals.append((self._made, name, value))
                setattr(self._made, name, self._wrapped(name, value))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for holder, name, value in self._originals:
            if isinstance(holder, dict):
                holder[name] = value
            else:
                setattr(holder, name, value)

    def seen(self) -> dict[str, Any]:
        """What was not reported yet."""
        return {"updates": self.updates, "points": self.points}

    def _wrapped(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            if self._inside or not self._stands_for_an_update(name, (*args, *kwargs.values())):
                return function(*args, **kwargs)
            self._inside = True
            try:
                self._look((*args, *kwargs.values()))
                return function(*args, **kwargs)
            finally:
                self._inside = False

        return call

    def _look(self, given: tuple[Any, ...]) -> None:
        """An update begins."""
        own, p, (x, y) = self._own(), self._parameters(given) or {}, _arrays(given)
        self.updates += 1
        kept = None if own is None else own.parameters
        if self.updates >= self._measure_at:
            self._measure_at = self.updates + max(1, (self.updates - ALL_UP_TO) // 100 + 1)
            with contextlib.suppress(Exception):
                self.points.append([self.updates - 1, self._loss(own, p, x, y)])
        if (began := time.monotonic()) > self._report_at:
            points, self.points = self.points, []
            self._report({"updates": self.updates - 1, "points": points}, p)
            ended = time.monotonic()
            self._report_at = ended + max(EVERY, (ended - began) / MOST_FOR_REPORTS)
        if own is not None:
            own.parameters = kept  # whoever watched may have asked the same object

    def _loss(self, own: Any, p: dict[str, Any], x: Any, y: Any) -> float:
        """The learner's own, of a batch."""
        function = next(value for _, each, value in self._originals if each == LOSS)
        if own is None:
            return float(function(p, x, y))
        own.parameters = p
        return float(function(own, x, y))

    def _parameters(self, given: tuple[Any, ...]) -> dict[str, Any] | None:
        own = self._own()
        if own is not None and given and given[0] is own:
            found = own.parameters
        else:
            found = next((each for each in given if isinstance(each, dict)), None)
        return found if isinstance(found, dict) else None

    def _stands_for_an_update(self, name: str, given: tuple[Any, ...]) -> bool:
        """`gradients` does; where `train` never asks it, what gets rows and labels again and again."""
        arrays = _arrays(given)
        if len(arrays) < 2 or self._parameters(given) is None:
            return False
        if name == GRADIENTS and self._watched != GRADIENTS:
            self._watched = GRADIENTS
            self.updates, self._measure_at, self.points = 0, 1, []
        elif not self._watched and _bits(arrays[0]) and _bits(arrays[1]):
            self._called[name] = self._called.get(name, 0) + 1
            if self._called[name] == AGAIN:
                self._watched, self.updates = name, AGAIN - 1
        return name == self._watched


def _arrays(given: tuple[Any, ...]) -> list[Any]:
    """Rows and labels, if anything is."""
    return [each for each in given if isinstance(each, np.ndarray)][:2]


def _bits(values: Any) -> bool:
    return bool(np.isin(values, (0, 1)).all())


def reported_points(message: Mapping[str, Any]) -> list[tuple[int, float]]:
    """The (update, loss) pairs of a report, as far as they make sense."""
    points = message.get("points")
    found = []
    for pair in points if isinstance(points, list) else []:
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(n, int | float) for n in pair):
            found.append((int(pair[0]), float(pair[1])))
    return found
