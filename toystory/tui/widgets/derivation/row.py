"""The row that the derivation is worked out for: its bits, what is asked of them, and where one looks."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from toystory.course.analysis.memory import running_labels
from toystory.tui.state.inspection import Trace

CELL = 2
LABEL = 8
FAINT, LINK = "$foreground 65%", "underline $foreground 85%"
LINKS = (
    ("type", "type"),
    ("another", "another"),
    ("one update", "inside"),
    ("source", "source"),
    ("check", "check"),
    ("small", "2 units"),
)
"""What else there is to do with the row: what is asked for, and the word to click."""
LINKS_INSIDE = tuple(link for link in LINKS if link[0] != "one update")


class RowLine(Widget):
    """In time: the bits in a line, the current one marked, the running parity below.

    Everything that can be changed is changed by a click as well.
    """

    DEFAULT_CSS = """
    RowLine {
        height: auto;
        padding: 0 2;
    }
    """

    class Change(Message):
        """A click asks for something: one of LINKS, 'unit' or 'layer' (by so much), or 'bit' (that one)."""

        def __init__(self, what: str, by: int = 0) -> None:
            super().__init__()
            self.what, self.by = what, by

    def __init__(self, links: tuple[tuple[str, str], ...] = LINKS) -> None:
        super().__init__()
        self._link_words = links
        self._trace: Trace | None = None

    def show(self, trace: Trace) -> None:
        """Draw this row, if anything of it would look different; the place of everything stays."""
        before, self._trace = self._trace, trace
        if before is not None and _visible_parts(before) == _visible_parts(trace):
            return
        self.refresh(layout=before is None or _shape(before) != _shape(trace))

    @staticmethod
    def action_for(change: Change) -> str:
        """The action of a stage or screen that does what a click asks for."""
        return {
            "type": "type_row",
            "another": "another_row",
            "one update": "one_update",
            "source": "source",
            "check": "check",
            "small": "small",
            "unit": f"unit({change.by})",
            "bit": f"go_to_bit({change.by})",
            "layer": f"bit({change.by})",
        }[change.what]

    def action_ask(self, what: str, by: int = 0) -> None:
        self.post_message(self.Change(what, by))

    def render(self) -> RenderResult:
        now = self._trace
        if now is None:
            return ""
        lines = [
            Content.styled(note, "bold $text-secondary").truncate(self.size.width, ellipsis=True)
            for note in now.notes
        ]
        lines += [self._whole(now)] if now.t is None else self._in_time(now, now.t)
        steps, links = self._steps(now), self._links()
        if self._narrow(now, self.size.width):
            return Content("\n").join([*lines, steps, links])
        return Content("\n").join([*lines, Content.assemble(steps, links)])

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        now = self._trace
        if now is None:
            return 2
        return (2 if now.t is None else 3) + len(now.notes) + self._narrow(now, width)

    def _narrow(self, now: Trace, width: int) -> bool:
        """Whether the links need a line of their own."""
        steps = self._steps(now).cell_length
        return steps > 0 and steps + self._links().cell_length > width

    def _whole(self, now: Trace) -> Content:
        bits = "".join(map(str, now.row[0]))
        room = max(8, self.size.width - 30)
        bits = bits if len(bits) <= room else f"{bits[: room - 2]} …"
        return Content.assemble(
            ("row ", FAINT),
            (bits, "bold @click=ask('type')"),
            ("   label ", FAINT),
            (str(now.label), "bold"),
            ("   answer ", FAINT),
            (f"{now.answer:.4f}", "bold"),
        )

    def _in_time(self, now: Trace, t: int) -> list[Content]:
        task = now.experiment.task
        labels = running_labels(task, now.row)[0]
        name = "parity" if (task.gate, task.relevant) == ("xor", None) else "label"
        fit = max(1, (self.size.width - LABEL - 4) // CELL)
        start = min(max(0, t - fit // 2), max(0, now.bits - fit))
        bits: list[tuple[str, str]] = [(f"{'bit':<{LABEL}}", FAINT)]
        sums: list[tuple[str, str]] = [(f"{name:<{LABEL}}", FAINT)]
        more = "… " if start else ""
        bits.append((more, FAINT))
        sums.append((" " * len(more), ""))
        for k in range(start, min(start + fit, now.bits)):
            style = "bold reverse" if k == t else "bold" if k < t else FAINT
            bits += [(f"{now.row[0][k]}", f"{style} @click=ask('bit',{k})"), (" ", "")]
            sums += [(f"{labels[k]}", f"{style} @click=ask('bit',{k})"), (" ", "")]
        if start + fit < now.bits:
            bits.append(("…", FAINT))
        return [Content.assemble(*bits), Content.assemble(*sums)]

    def _steps(self, now: Trace) -> Content:
        """Which bit and which unit, and the ways to the next ones."""
        parts: list[tuple[str, str]] = []
        if now.t is not None:
            before, after = max(now.t - 1, 0), min(now.t + 1, now.bits - 1)
            parts += [
                ("bit ", FAINT),
                ("‹", f"{LINK} @click=ask('bit',{before})"),
                (f" {now.t + 1:>{len(str(now.bits))}} of {now.bits} ", "bold"),
                ("›", f"{LINK} @click=ask('bit',{after})"),
                ("   ", ""),
            ]
        layer, unit = (now.layer, now.layers), (now.unit, now.units)
        return Content.assemble(*parts, layer_and_unit(layer, unit, "ask('layer',{})", "ask('unit',{})"))

    def _links(self) -> Content:
        parts: list[tuple[str, str]] = []
        for what, words in self._link_words:
            if what == "small" and (self._trace is None or not self._trace.has_small):
                continue
            parts += [(words, f"{LINK} @click=ask('{what}')"), ("  ", "")]
        return Content.assemble(*parts[:-1])


def layer_and_unit(layer: tuple[int, int], unit: tuple[int, int], to_layer: str, to_unit: str) -> Content:
    """Where in a network one looks, and the ways to the next places; nothing where there is one alone.

    Args:
        layer: Which one, from 1, and how many there are.
        unit: Which one, from 0, and how many there are.
        to_layer: The action of a click for another layer; {} stands for how far.
        to_unit: That for another unit.
    """
    parts: list[tuple[str, str]] = []
    at, layers = layer
    if layers > 1:
        parts += [
            ("layer ", FAINT),
            ("‹", f"{LINK} @click={to_layer.format(-1)}"),
            (f" {at} of {layers} ", "bold"),
            ("›", f"{LINK} @click={to_layer.format(1)}"),
            ("   ", ""),
        ]
    at, units = unit
    if units > 1:
        parts += [
            ("unit ", FAINT),
            ("‹", f"{LINK} @click={to_unit.format(units - 1)}"),
            (f" {at:>{len(str(units - 1))}} ", "bold"),
            ("›", f"{LINK} @click={to_unit.format(1)}"),
            (f" 0–{units - 1}   ", FAINT),
        ]
    return Content.assemble(*parts)


def _shape(now: Trace) -> tuple[object, ...]:
    """What its height depends on."""
    return (len(now.notes), now.has_small, now.t is None, now.units, now.layers, now.bits)


def _visible_parts(now: Trace) -> tuple[object, ...]:
    """In time nothing of it is the model's."""
    whole = () if now.t is not None else (now.label, f"{now.answer:.4f}")
    return (now.notes, now.experiment.task, now.row.tobytes(), now.t, now.unit, now.units, now.layer, *whole)
