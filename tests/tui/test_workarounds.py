"""What we do about Textual 8.2 by reaching into its private names: each test fails once that is not needed
any more, and then the workaround goes."""

from __future__ import annotations

import inspect
import sys
from codecs import getincrementaldecoder

import pytest
from rich.style import Style
from textual import events
from textual._styles_cache import StylesCache
from textual.app import App, ComposeResult
from textual.document._document import Document
from textual.geometry import Size
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Input, Label, OptionList, TextArea

ENOUGH = 50
"""Layouts after which it would go on for ever."""


class Counting(Screen[None]):
    """Counts how often it is laid out, and stops; what it shows changes with its size."""

    laid_out = 0

    def compose(self) -> ComposeResult:
        yield Label()

    def on_resize(self) -> None:
        self.call_after_refresh(lambda: self.query_one(Label).update("x" * self.size.width))

    def _screen_resized(self, size: Size) -> None:
        self.laid_out += 1
        if self.laid_out < ENOUGH:
            super()._screen_resized(size)


async def test_two_sizes_at_once_bring_back_each_other() -> None:
    """`BaseScreen._on_resize`."""
    app = App[None]()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = Counting()
        await app.push_screen(screen)
        for width in (120, 81, 100, 80):
            screen.post_message(events.Resize(Size(width, 24), Size(width, 24)))
            screen.call_later(lambda: None)
        await pilot.pause()
        assert screen.laid_out >= ENOUGH


async def test_a_screen_can_be_dismissed_twice() -> None:
    """`BaseScreen.dismiss`."""
    app = App[None]()
    async with app.run_test():
        await app.push_screen(ModalScreen[None]())
        await app.push_screen(dialog := ModalScreen[None]())
        await dialog.dismiss()
        assert len(app.screen_stack) == 2
        await dialog.dismiss()
        assert len(app.screen_stack) == 1, "it has closed what lay below"


@pytest.mark.skipif(sys.platform == "win32", reason="another driver")
def test_the_terminal_can_hold_up_or_end_the_app() -> None:
    """`TerminalDriver` and `TerminalFile`: a writer that dies of an error and is waited for without end, and
    input that must be UTF-8."""
    from textual.drivers import _writer_thread, linux_driver

    writer = inspect.getsource(_writer_thread.WriterThread)
    assert "except OSError" not in writer
    assert "self._queue.put(text)" in writer
    with pytest.raises(UnicodeDecodeError):
        getincrementaldecoder("utf-8")().decode(b"\xff")
    assert 'getincrementaldecoder("utf-8")().decode' in inspect.getsource(linux_driver)


def test_a_document_ends_lines_at_odd_separators() -> None:
    """`Editor.load_text`."""
    assert Document("a\fb\u2028c").line_count == 3


async def test_the_app_holds_an_editor_that_is_gone() -> None:
    """`Editor.watch`."""
    app = App[None]()
    async with app.run_test():
        await app.mount(editor := TextArea())
        await editor.remove()
        assert [node for node, _ in getattr(app, "__watchers")["theme"]] == [editor]


def click_on_option(widget: Widget, number: int) -> events.Click:
    """As it arrives where that option was painted."""
    style = Style(meta={"option": number})
    return events.Click(widget, 0, 0, 0, 0, 1, False, False, False, style=style)


async def test_a_list_turns_no_page_before_it_is_laid_out() -> None:
    """`Patient.action_page_up` and `action_page_down`."""

    class Hidden(App[None]):
        def compose(self) -> ComposeResult:
            options = OptionList("one", "two")
            options.display = False
            yield options

    app = Hidden()
    async with app.run_test():
        options = app.query_one(OptionList)
        options.highlighted = 1
        with pytest.raises(KeyError):
            options.action_page_up()
        with pytest.raises(IndexError):  # `Patient.on_click`
            await options._on_click(click_on_option(options, 2))


def test_a_maximised_panel_has_its_whole_screen_styled_anew() -> None:
    """`Maximizable.set_class`, which styles the screen and the panel alone: no rule needs more."""
    assert 'self.set_class(maximized is not None, "-maximized-view")' in inspect.getsource(Screen)
    rules = App.DEFAULT_CSS.partition("Screen.-maximized-view {")[2].partition("{")[0]
    assert rules.split()[-1] == ".-maximized"


def test_colours_are_remembered_by_the_lines_of_a_widget() -> None:
    """`StagesScreen.on_unmount`: what a widget has drawn is kept when it is gone."""
    parameters = list(inspect.signature(StylesCache.get_inner_outer.__wrapped__).parameters)
    assert len(parameters) == 3
    assert not isinstance(inspect.getattr_static(StylesCache, "get_inner_outer"), classmethod)
    assert StylesCache.get_inner_outer.cache_info().maxsize == 1024


async def test_keys_reach_widgets_after_the_screen_was_left() -> None:
    """`ToystoryApp.on_event`: a key that is typed behind one that opens a screen goes to the old screen."""

    class Opening(App[None]):
        BINDINGS = [("o", "open", "open")]  # noqa: RUF012
        typed = ""

        def action_open(self) -> None:
            self.push_screen(Asking())

    class Asking(Screen[None]):
        def compose(self) -> ComposeResult:
            yield Input()

    app = Opening()
    async with app.run_test() as pilot:
        for character in "oxyz":
            app.post_message(events.Key(character, character))
        await pilot.pause()
        assert app.screen.query_one(Input).value != "xyz"


async def test_what_is_held_back_is_drawn_all_the_same() -> None:
    """`BaseScreen._compositor_refresh`."""
    drawn = []

    class Shown(App[None]):
        def _display(self, screen: Screen[object], renderable: object) -> None:
            drawn.append(self._batch_count > 0)

    app = Shown()
    async with app.run_test(size=(80, 24)) as pilot:
        app._begin_batch()
        app.screen._refresh_layout(Size(70, 24))
        await pilot.pause()
        assert True in drawn
        app._end_batch()
