"""The keys of a stage, a screen or the app, with those that its classes inherit."""

from __future__ import annotations

from collections.abc import Iterator

from textual.binding import Binding
from textual.dom import DOMNode


def bindings_of(node: DOMNode) -> list[Binding]:
    """The bindings that classes of ours give it, inherited ones first, each once."""
    return list({binding.id or binding: binding for binding in _bindings_of(type(node))}.values())


def _bindings_of(cls: type) -> Iterator[Binding]:
    if cls.__module__.startswith("toystory."):
        for base in cls.__bases__:
            yield from _bindings_of(base)
        for binding in vars(cls).get("BINDINGS", ()):
            if isinstance(binding, Binding):
                yield binding
