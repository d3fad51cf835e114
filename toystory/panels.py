"""A step of a derivation as a panel: the same one for `show`, `run` and the app."""

from __future__ import annotations

from rich import box
from rich.console import Group
from rich.panel import Panel
from rich.syntax import Syntax
from rich.text import Text

from lessons.derivation import DerivationStep, find_source
from lessons.worked import Worked
from models.arrays import FloatArray
from toystory import numbers


def derivation_panel(
    number: int, step: DerivationStep, value: FloatArray | None = None, worked: Worked | None = None
) -> Panel:
    """Equation, sentence, the equation with its numbers put in, the value it has now, the line of source.

    A value that is one number stands at the end of the worked line already.
    """
    source = find_source(step)
    parts = [Text(step.equation, style="bold"), Text(step.sentence, style="dim")]
    if worked is not None:
        parts.append(Text(str(worked), style="cyan"))
    if value is not None and not (worked and value.size == 1):
        parts.append(_value(step, value))
    code = Syntax(source.line, "python", theme="ansi_dark", background_color="default").highlight(source.line)
    code.rstrip()
    parts.append(Text.assemble((f"{source.file}:{source.number}  ", "dim"), code))
    return Panel(
        Group(*parts),
        title=Text(f"{number} {step.title}"),
        title_align="left",
        box=box.ROUNDED,
        padding=(0, 1),
    )


def derivation_text(
    number: int, step: DerivationStep, value: FloatArray | None = None, worked: Worked | None = None
) -> str:
    """The same as plain lines: no colour, no box."""
    source = find_source(step)
    lines = [f"{number}. {step.title}", f"   {step.equation}", f"   {step.sentence}"]
    if worked is not None:
        lines.append(f"   {worked}")
    if value is not None and not (worked and value.size == 1):
        lines += [f"   {line}" for line in _value(step, value).plain.splitlines()]
    return "\n".join([*lines, f"   {source.file}:{source.number}: {source.line}"])


def _value(step: DerivationStep, value: FloatArray) -> Text:
    return Text.assemble((f"{step.value} = ", "cyan"), (numbers.array(value), "cyan"))
