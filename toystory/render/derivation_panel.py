"""A step of a derivation as a panel: the same one for `show`, `run` and the app."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.panel import Panel
from rich.syntax import Syntax
from rich.text import Text

from toystory.course.derivation.steps import DerivationStep, find_source
from toystory.course.derivation.worked import Worked
from toystory.models.parts.arrays import FloatArray
from toystory.render import numbers

DRAWN = re.compile("[╭╰▁-█▲]")
"""What is in a line that is drawn: the upper or lower edge of a box, bars, and a mark below them."""


def derivation_panel(
    number: int,
    step: DerivationStep,
    value: FloatArray | None = None,
    worked: Worked | None = None,
    *,
    room: int = 0,
    most: int = 6,
    with_source: bool = True,
) -> Panel:
    """Equation, sentence, the equation with its numbers put in, the value it has now, the line of source.

    A value that is one number stands at the end of the worked line already.

    Args:
        number: Of the step, from 1.
        step: The step of the derivation.
        value: What it computes now; None for none.
        worked: The equation with numbers; None for none.
        room: Lines that the worked line takes at least, so that what stands below keeps its place.
        most: Numbers of a row of the value.
        with_source: Whether the line of source is shown; where there is no room, it is not.
    """
    parts: list[RenderableType] = [
        Text(equation_of(step, worked), "bold"),
        Text(sentence_of(step, worked), style="dim"),
    ]
    if worked is not None:
        parts.append(WorkedLine(worked, room))
        parts += [Text(line, style="cyan", no_wrap=True, overflow="crop") for line in worked.below]
    if value is not None and not (worked and value.size == 1):
        parts.append(_value(step, value, most))
    if with_source:
        source = find_source(step)
        parts.append(Text.assemble((f"{source.file}:{source.number}  ", "dim"), source_code(source.line)))
    return Panel(
        Group(*parts),
        title=Text(f"{number} {step.title}"),
        title_align="left",
        box=box.ROUNDED,
        padding=(0, 1),
    )


def equation_of(step: DerivationStep, worked: Worked | None) -> str:
    """The equation that fits the numbers below it.

    Args:
        step: The step of the derivation.
        worked: Its equation with numbers; None for none.
    """
    return (worked.equation if worked else "") or step.equation


def sentence_of(step: DerivationStep, worked: Worked | None) -> str:
    """The sentence that fits the numbers below it.

    Args:
        step: The step of the derivation.
        worked: Its equation with numbers; None for none.
    """
    return (worked.sentence if worked else "") or step.sentence


@lru_cache(maxsize=256)
def source_code(line: str) -> Text:
    """A line of Python in colours; not to be changed."""
    code = Syntax(line, "python", theme="ansi_dark", background_color="default").highlight(line)
    code.rstrip()
    return code


def worked_text(worked: Worked) -> Text:
    """The worked line, its result standing out."""
    plain = str(worked)
    at = plain.rindex("= ") + 2
    return Text.assemble((plain[:at], "cyan"), (plain[at:], "bold cyan"))


def worked_lines(worked: Worked, width: int) -> int:
    """How many lines the worked line takes.

    Args:
        worked: The equation with numbers.
        width: Columns of a line.
    """
    return len(worked_text(worked).wrap(_console(), width))


@cache
def _console() -> Console:
    """Nothing is printed on it; to make one takes longer than what it is asked for."""
    return Console()


class WorkedLine:
    """The worked line, with empty lines below it up to so many."""

    def __init__(self, worked: Worked, room: int) -> None:
        self._worked, self._room = worked, room

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = worked_text(self._worked).wrap(console, options.max_width)
        yield from lines
        yield from [Text("")] * (self._room - len(lines))


def derivation_text(
    number: int, step: DerivationStep, value: FloatArray | None = None, worked: Worked | None = None
) -> str:
    """The same as plain lines: no colour, no box.

    Args:
        number: Of the step, from 1.
        step: The step of the derivation.
        value: What it computes now; None for none.
        worked: The equation with numbers; None for none.
    """
    source = find_source(step)
    lines = [f"{number}. {step.title}", f"   {equation_of(step, worked)}", f"   {sentence_of(step, worked)}"]
    if worked is not None:
        lines += [f"   {worked}", *(f"   {line}".rstrip() for line in _undrawn(worked.below))]
    if value is not None and not (worked and value.size == 1):
        lines += [f"   {line}" for line in _value(step, value).plain.splitlines()]
    return "\n".join([*lines, f"   {source.file}:{source.number}: {source.line}"])


def _undrawn(lines: Iterable[str]) -> Iterator[str]:
    """What of a drawing can be read aloud: the words in its boxes, and no frames or bars."""
    for line in lines:
        if not DRAWN.search(line):
            yield " ".join(line.replace("│", " ").split())


def _value(step: DerivationStep, value: FloatArray, most: int = 6) -> Text:
    name = f"{step.value} = "
    return Text(name + numbers.array(value, most).replace("\n", "\n" + " " * len(name)), style="cyan")
