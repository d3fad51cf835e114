"""Lines that go on indented where they are broken."""

from textual.content import Content

from toystory.tui.widgets.text.hanging_indent import HangingLine, wrapped_lines


def test_what_does_not_fit_goes_on_below_the_words() -> None:
    line = HangingLine(Content("note  one two three four"), indent=6)
    assert [part.plain.rstrip() for part in wrapped_lines(line, 20)] == ["note  one two three", "      four"]
    assert [part.plain for part in wrapped_lines(line, 40)] == ["note  one two three four"]


def test_what_is_aligned_with_blanks_stays_so() -> None:
    assert [part.plain for part in wrapped_lines(HangingLine(Content("       [-0.5]"), indent=6), 40)] == [
        "       [-0.5]"
    ]
    assert [part.plain for part in wrapped_lines(HangingLine(Content("")), 40)] == [""]
