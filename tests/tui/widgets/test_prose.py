"""Markdown in one widget: its lines at a width, and what they are styled with."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from toystory.tui.widgets.text.prose import DARK, Prose, blocks_of


class Page(App[None]):
    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.prose = Prose(markdown)

    def compose(self) -> ComposeResult:
        yield self.prose


async def lines(markdown: str, width: int = 24) -> list[str]:
    async with Page(markdown).run_test(size=(width, 40)) as pilot:
        await pilot.pause()
        prose = pilot.app.query_one(Prose)
        drawn = [prose.render_line(y).text.rstrip() for y in range(prose.size.height)]
        assert all(len(line) <= width for line in drawn)
        return drawn


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("# Title\n\nOne *two*\nthree.", ["Title", "", "One two three.", ""]),
        ("Words that go on in the next line.", ["Words that go on in the", "next line.", ""]),
        ("One.\n\n## Part\n\nTwo.", ["One.", "", "Part", "", "Two.", ""]),
        ("- a point that is too long\n- two", ["• a point that is too", "  long", "• two", ""]),
        ("9. nine\n10. ten", [" 9. nine", "10. ten", ""]),
        ("> said by somebody long ago", ["▌  said by somebody long", "▌  ago", ""]),
        ("Words:\n\n    a = b\n\n    c\n\nMore.", ["Words:", "", "  a = b", "", "  c", "", "More.", ""]),
        ("One.\n\n---\n\nTwo.", ["One.", "", "", "─" * 24, "", "Two.", ""]),
        ("| a | b |\n|---|---|\n| 1 | two |", ["a  b", "─" * 6, "1  two", ""]),
        ("", []),
    ],
)
async def test_a_text_is_laid_out(markdown: str, expected: list[str]) -> None:
    assert await lines(markdown) == expected


async def test_a_table_that_is_too_wide_has_its_widest_column_broken() -> None:
    drawn = await lines("| what | how much of it there is |\n|---|---|\n| salt | a little more than before |")
    assert drawn[0] == "what  how much of it"
    assert drawn[1] == "      there is"
    assert drawn[3:5] == ["salt  a little more than", "      before"]


async def test_what_is_shown_can_change_and_so_can_the_theme() -> None:
    async with Page("One.").run_test(size=(24, 10)) as pilot:
        prose = pilot.app.query_one(Prose)
        prose.update("One `word`.\n\nTwo.")
        await pilot.pause()
        assert prose.size.height == 4
        before = prose.render_line(0)
        pilot.app.theme = "textual-light"
        await pilot.pause()
        after = prose.render_line(0)
        assert before.text == after.text
        assert [segment.style for segment in before] != [segment.style for segment in after]


def test_words_are_styled_as_they_are_marked() -> None:
    (block,) = blocks_of("An *em*, a **strong**, `code` and https://example.org/x, then.", DARK)
    styled = {block.content.plain[span.start : span.end]: str(span.style) for span in block.content.spans}
    assert styled == {
        "em": "italic",
        "strong": "bold",
        "code": DARK.word,
        "https://example.org/x": "underline",
    }


def test_only_what_names_its_language_is_coloured() -> None:
    formula, code = blocks_of("    h = tanh(W x + b)\n\n```python\ndef f(): return 1\n```", DARK)
    assert not formula.content.spans
    assert len({str(span.style) for span in code.content.spans}) > 1
