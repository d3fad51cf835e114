"""The palette, and the keys of a screen as its commands: what has a key can be searched for by words too."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from textual.actions import parse
from textual.app import ComposeResult, SystemCommand
from textual.command import CommandList, CommandPalette, Hit, Hits
from textual.screen import Screen
from textual.system_commands import SystemCommandsProvider
from textual.widget import Widget

from toystory.tui.bindings import bindings_of
from toystory.tui.screens.base import BaseScreen
from toystory.tui.widgets.options import Patient

MOVES = ("scroll", "cursor", "go(", "say(", "open(", "stage(", "next_stage(", "leave")
"""Beginnings of actions that move about in what is shown: nobody searches for those."""


FOUND_BY_WORDS = 0.1
"""The score of what is found by the words that explain it: below all that is found by its name."""


class Commands(SystemCommandsProvider):
    """Who searches for a gradient shall find the gradient check, though its key is called check."""

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for title, words, callback, _ in self.app.get_system_commands(self.screen):
            score = matcher.match(title)
            if score <= 0 and query.casefold() in words.casefold():
                score = FOUND_BY_WORDS
            if score > 0:
                yield Hit(score, matcher.highlight(title), callback, help=words)


class Found(Patient, CommandList, can_focus=False):
    """The list of what was found."""


class Palette(CommandPalette, BaseScreen[None]):
    """Textual's, for quick fingers and small terminals."""

    def compose(self) -> ComposeResult:
        for widget in super().compose():
            yield Found() if isinstance(widget, CommandList) else widget


def commands_of(screen: Screen[Any]) -> Iterator[SystemCommand]:
    """What can be done now in the stage that is shown and in its screen."""
    stage = getattr(screen, "stage", None)
    nodes: list[Widget] = [stage, screen] if stage is not None else [screen]
    seen: set[str] = set()
    for node in nodes:
        for binding in bindings_of(node):
            if binding.action in seen or not binding.tooltip:
                continue
            seen.add(binding.action)
            _, name, parameters = parse(binding.action)
            if not binding.action.startswith(MOVES) and node.check_action(name, parameters) is not False:
                title, about = (text[0].upper() + text[1:] for text in (binding.description, binding.tooltip))
                yield SystemCommand(title, about, partial(_run, node, binding.action))


async def _run(node: Widget, action: str) -> None:
    """Do it, unless its screen was left while the palette closed."""
    if node.is_attached and node.screen in node.app.screen_stack:
        await node.run_action(action)
