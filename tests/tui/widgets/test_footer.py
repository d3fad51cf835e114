"""The footer: the keys of now, in one row, for the mouse too."""

from __future__ import annotations

from toystory.tui.app import ToystoryApp
from toystory.tui.screens.lesson.screen import LessonScreen
from toystory.tui.widgets.footer import Footer


def shown(app: ToystoryApp) -> str:
    return str(app.screen.query_one(Footer).render())


async def test_it_offers_what_has_the_focus() -> None:
    app = ToystoryApp()
    async with app.run_test(size=(120, 36)) as pilot:
        assert shown(app) == " ↑↓ choose  ⏎ open  1–9 open  0 sandbox  q quit  ? help "
        await pilot.press("2", "t")
        assert shown(app).startswith(" space run  . step ")
        await pilot.press("s")
        assert shown(app) == " esc back  q quit  ? help "


async def test_a_click_presses_the_key_under_the_mouse() -> None:
    app = ToystoryApp("gate")
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("s")
        await pilot.click(Footer, offset=(3, 0))
        await pilot.pause()
        assert not isinstance(app.screen, LessonScreen), "esc leaves the lesson"
        await pilot.click(Footer, offset=(110, 0))
        assert app.is_running


async def test_the_mouse_over_a_key_has_it_explained() -> None:
    app = ToystoryApp("gate")
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("s")
        footer = app.screen.query_one(Footer)
        await pilot.hover(Footer, offset=(3, 0))
        assert footer.tooltip == "back to the chapters (also backspace, and b); what trains is paused"
        await pilot.hover(Footer, offset=(12, 0))
        assert footer.tooltip == "quit at once (also ctrl+q)"
        await pilot.hover(Footer, offset=(110, 0))
        assert footer.tooltip is None


async def test_what_has_no_room_is_left_out_whole() -> None:
    app = ToystoryApp("gate")
    async with app.run_test(size=(60, 18)) as pilot:
        await pilot.press("t")
        assert shown(app) == " space run  . step  e type  r anew  a all  v view "
