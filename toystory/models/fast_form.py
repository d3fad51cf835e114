"""What a fast form can do, which classes have one, and when it is taken.

A fast form computes what a model computes, arranged for speed (`models/fast/`). It was held to the readable
source of its model by tests; should somebody change that source, training runs the source as it stands, so
that what is shown is what trains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple, Protocol

from toystory.models.parts.arrays import Bits, FloatArray, Lengths, Parameters
from toystory.models.parts.batches import Batch
from toystory.models.source_fingerprint import source_fingerprint


class FastForm(Protocol):
    """One model in its fast form; it reads the model's own parameters at every call. One thread at a time.

    Attributes:
        rows_at_once: Pieces of so many rows are fastest.
    """

    rows_at_once: int

    def loss_and_gradients(
        self, x: Bits, y: Bits, lengths: Lengths | None = None
    ) -> tuple[float, Parameters]:
        """As that of the model. The gradients are the form's own arrays: good until the next call.

        Args:
            x: Bits, (rows, columns).
            y: Labels, (rows,), or (rows, columns) with one at every step.
            lengths: How many bits of each row count, (rows,); None for all.
        """

    def of_frozen_rows(self, batch: Batch) -> tuple[float, Parameters] | None:
        """The same of a whole large batch whose rows stay as they are (`models.parts.arrays.is_frozen`).

        For a form that gains by knowing them from one update to the next. None: take it in pieces.
        """
        return None

    def logits(self, x: Bits) -> FloatArray:
        """The logit at the end of every row, (rows,); the form's own array, good until the next call."""


class _Entry(NamedTuple):
    make: Callable[[Any], FastForm | None]
    functions: tuple[Callable[..., Any], ...]
    held_to: str


_ENTRIES: dict[type, _Entry] = {}


def register(
    kind: type,
    make: Callable[[Any], FastForm | None],
    held_to: str,
    functions: Iterable[Callable[..., Any]] = (),
) -> None:
    """Let models of exactly the class `kind` train in the form that `make` makes of one.

    Args:
        kind: A subclass of it, which may have other equations, has no fast form.
        make: Returns None for a model that has none, or for all: then its source is watched nevertheless.
        held_to: The fingerprint of the readable source that tests have held the form to.
        functions: What the source calls without naming it, such as activations looked up in a table.
    """
    _ENTRIES[kind] = _Entry(make, tuple(functions), held_to)


def fast_form(model: Any) -> FastForm | None:
    """The fast form of `model`; None where its class has none, or its source is no longer that held to."""
    kind: type = type(model)
    return None if kind not in _ENTRIES or is_changed(kind) else _ENTRIES[kind].make(model)


@cache
def is_changed(kind: type) -> bool:
    """Whether the readable source of `kind` has changed since its fast form was held to it."""
    return kind in _ENTRIES and fingerprint_of(kind) not in ("", _ENTRIES[kind].held_to)


@cache
def fingerprint_of(kind: type) -> str:
    """What its fast form is to be held to now; empty where the source can't be read."""
    entry = _ENTRIES.get(kind)
    return source_fingerprint(kind, entry.functions if entry else ())


def notice(kind: type) -> str:
    """What whoever trains a model of this class should say; empty where there is nothing to say."""
    if not is_changed(kind):
        return ""
    file = f"models/{kind.__module__.rpartition('.')[2]}.py"
    return f"{file}, or what it calls, has been changed: training runs it as it stands, which may be slower"


def registered_classes() -> tuple[type, ...]:
    """Those that are registered."""
    return tuple(_ENTRIES)
