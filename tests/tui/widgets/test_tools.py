"""The row of words with their keys."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from toystory.tui.widgets.tools import Tool, Tools

OFFERED = tuple(Tool(key, word, word) for key, word in (("z", "zoom"), ("M", "panel"), ("W", "command")))


class WithTools(App[None]):
    def compose(self) -> ComposeResult:
        yield Tools()


@pytest.mark.parametrize(
    ("columns", "shown"),
    [(40, "z zoom  M panel  W command"), (28, "z zoom M panel W command"), (27, "z zoom M panel"), (8, "")],
)
async def test_a_word_that_has_no_room_is_left_out_whole(columns: int, shown: str) -> None:
    app = WithTools()
    async with app.run_test(size=(columns, 3)) as pilot:
        tools = app.query_one(Tools)
        tools.show(OFFERED)
        await pilot.pause()
        assert "".join(segment.text for segment in tools.render_line(0)).strip() == shown
