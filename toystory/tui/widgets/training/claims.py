"""The claims of a lesson, each with its verdict as soon as it was measured."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from toystory.training.claim import REPORTED, Claim, Verdict
from toystory.tui.widgets.text.hanging_indent import HangingLine, hanging_text

INDENT = 3


def claim_lines(claim: Claim, verdict: Verdict | None, width: int) -> Content:
    """A mark, the claim beside it, and below it what was measured against which bar.

    Args:
        claim: The claim.
        verdict: What was measured; None before it was.
        width: Columns.
    """
    if verdict is None:
        lines = [
            Content.assemble(("·  ", "$foreground 60%"), (claim.text, "$foreground 80%")),
            Content.assemble(" " * INDENT, ("not measured yet", "$foreground 60%")),
        ]
    else:
        mark, color = ("✓  ", "bold $text-success") if verdict.passed else ("✗  ", "bold $text-error")
        bar = claim.bar.text if claim.bar is REPORTED else f"expected {claim.bar.text}"
        lines = [
            Content.assemble((mark, color), claim.text),
            Content.assemble(" " * INDENT, (verdict.shown, color), (f"   {bar}", "$foreground 65%")),
        ]
    return Content("\n").join(hanging_text(HangingLine(line, INDENT), width) for line in lines)


class ClaimList(VerticalScroll):
    """Every claim of the lesson in order."""

    can_focus = False

    DEFAULT_CSS = """
    ClaimList {
        border: round $foreground 30%;
        border-title-color: $foreground;
        padding: 0 0 0 1;
        scrollbar-gutter: stable;
    }
    ClaimList > Static {
        height: auto;
        margin: 0 1 1 0;
    }
    """

    def __init__(self, claims: tuple[Claim, ...], id: str | None = None) -> None:
        super().__init__(id=id)
        self._claims = claims
        self._verdicts: Mapping[str, Verdict] = {}
        self._lines: list[Content | None] = [None] * len(claims)
        self._title = ""
        self._drawn: object = None

    def compose(self) -> ComposeResult:
        for _ in self._claims:
            yield Static(markup=False)

    def on_resize(self) -> None:
        self._draw()

    def show(self, verdicts: Mapping[str, Verdict], title: str) -> None:
        """Put the verdicts, by the texts of their claims, beside the claims.

        Args:
            verdicts: By the texts of their claims.
            title: Of the list.
        """
        if title != self._title:  # setting it draws the whole list anew
            self._title = title
            self.border_title = Content(title)
        self._verdicts = verdicts
        self._draw()

    def _draw(self) -> None:
        width = self.scrollable_content_region.width - 1  # a blank before the scrollbar
        if width < 1 and self._drawn is not None:
            return  # out of sight: drawn anew, it would be laid out twice when it comes back
        wanted = (width, dict(self._verdicts))
        if wanted == self._drawn:
            return
        self._drawn = wanted
        for index, (claim, line) in enumerate(zip(self._claims, self.query(Static), strict=True)):
            content = claim_lines(claim, self._verdicts.get(claim.text), width)
            if content != self._lines[index]:
                self._lines[index] = content
                line.update(content)

    @property
    def text(self) -> str:
        """All of them as plain lines."""
        return "\n".join(line.plain for line in self._lines if line)
