"""What an exported lesson is made of; each format writes the same blocks in its own way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Prose:
    """Markdown. key: names the block, so that it keeps its name when others come or go."""

    key: str
    markdown: str


@dataclass(frozen=True)
class Formula:
    """An equation as the terminal shows it, between what leads to it and what follows, both Markdown."""

    key: str
    before: str
    equation: str
    after: str


@dataclass(frozen=True)
class Code:
    """Python. folded: shown when asked for, where a format can do that. parameters: meant to be set."""

    key: str
    source: str
    folded: bool = False
    parameters: bool = False


@dataclass(frozen=True)
class Folded:
    """Markdown that shows when asked for."""

    key: str
    summary: str
    markdown: str


@dataclass(frozen=True)
class Picture:
    """Drawings side by side, as SVG."""

    key: str
    svg: str


Block = Prose | Formula | Code | Folded | Picture
