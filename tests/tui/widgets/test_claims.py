"""The list of claims: drawn where it is seen, and not for the moment in which it is hidden."""

from __future__ import annotations

import asyncio

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from toystory.lessons.gate.lesson import CLAIMS
from toystory.tui.widgets.training.claims import ClaimList


class Shown(App[None]):
    def compose(self) -> ComposeResult:
        yield ClaimList(CLAIMS)


def test_claims_that_are_hidden_and_come_back_are_not_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[object] = []

    async def watch() -> None:
        app = Shown()
        async with app.run_test(size=(80, 24)) as pilot:
            claims = app.query_one(ClaimList)
            claims.show({}, "claims")
            await pilot.pause()
            before = claims.text
            monkeypatch.setattr(Static, "update", lambda self, content="", **_: drawn.append(content))
            for display in (False, True):
                claims.display = display
                await pilot.pause()
                claims.show({}, "claims")
                await pilot.pause()
            assert claims.text == before

    asyncio.run(watch())
    assert drawn == []
