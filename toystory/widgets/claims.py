"""The claims of a lesson, each with its verdict as soon as it was measured."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from lessons.claim import Claim, Verdict


def claim_line(claim: Claim, verdict: Verdict | None) -> Content:
    """A mark, the claim, and what was measured against which bar."""
    if verdict is None:
        return Content.assemble(
            ("·  ", "$foreground 60%"),
            (claim.text, "$foreground 80%"),
            ("\nnot measured yet", "$foreground 60%"),
        )
    mark, color = ("✓  ", "$text-success") if verdict.passed else ("✗  ", "$text-error")
    bar = claim.bar.text if claim.bar.text == "reported" else f"expected {claim.bar.text}"
    return Content.assemble(
        (mark, f"bold {color}"),
        claim.text,
        (f"\n{verdict.shown}", f"bold {color}"),
        (f"   {bar}", "$foreground 65%"),
    )


class ClaimList(VerticalScroll):
    """Every claim of the lesson in order."""

    can_focus = False

    DEFAULT_CSS = """
    ClaimList {
        border: round $foreground 30%;
        border-title-color: $foreground;
        padding: 0 1;
    }
    ClaimList > Static {
        height: auto;
        margin-bottom: 1;
    }
    """

    def __init__(self, claims: tuple[Claim, ...], id: str | None = None) -> None:
        super().__init__(id=id)
        self._claims = claims
        self._lines: list[Content | None] = [None] * len(claims)

    def compose(self) -> ComposeResult:
        for _ in self._claims:
            yield Static(markup=False)

    def show(self, verdicts: Mapping[str, Verdict], title: str) -> None:
        """Put the verdicts, by the texts of their claims, beside the claims."""
        self.border_title = Content(title)
        for index, (claim, line) in enumerate(zip(self._claims, self.query(Static), strict=True)):
            content = claim_line(claim, verdicts.get(claim.text))
            if content != self._lines[index]:
                self._lines[index] = content
                line.update(content)

    @property
    def text(self) -> str:
        """All of them as plain lines."""
        return "\n".join(line.plain for line in self._lines if line)
