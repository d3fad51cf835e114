"""The keys of a screen as commands of the palette: what has a key can be searched for by its words too."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from textual.app import SystemCommand
from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget

MOVES = ("scroll", "cursor", "go(", "say(", "open(", "stage(", "turn(", "leave")
"""Beginnings of actions that move about in what is shown: nobody searches for those."""


def commands_of(screen: Screen[Any]) -> Iterator[SystemCommand]:
    """What can be done now in the stage that is shown and in its screen."""
    stage = getattr(screen, "stage", None)
    nodes: list[Widget] = [stage, screen] if stage is not None else [screen]
    seen: set[str] = set()
    for node in nodes:
        for binding in node.BINDINGS:
            if not isinstance(binding, Binding) or binding.action in seen or not binding.tooltip:
                continue
            seen.add(binding.action)
            name = binding.action.partition("(")[0]
            if not binding.action.startswith(MOVES) and node.check_action(name, ()) is not False:
                title = binding.description[0].upper() + binding.description[1:]
                yield SystemCommand(title, binding.tooltip, partial(node.run_action, binding.action))
