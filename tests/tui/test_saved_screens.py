"""What is shown, kept as a text file."""

from __future__ import annotations

from pathlib import Path

from tests.support.app import press
from toystory.tui.app import ToystoryApp
from toystory.tui.saved_screens import save_text


def test_a_page_never_takes_the_place_of_another(home: Path) -> None:
    assert [save_text(text).name for text in ("one", "two")] == ["page-1.txt", "page-2.txt"]
    assert (home / "pages" / "page-1.txt").read_text() == "one\n"


async def test_a_key_saves_what_is_shown(home: Path) -> None:
    app = ToystoryApp()
    async with app.run_test() as pilot:
        await press(pilot, "Y")
        assert "Gates that learn" in (home / "pages" / "page-1.txt").read_text()


async def test_a_folder_that_cannot_be_written_is_told(home: Path) -> None:
    (home / "pages").write_text("a file where the folder should be")
    app = ToystoryApp()
    async with app.run_test() as pilot:
        await press(pilot, "Y")
        assert any("can't save it" in notice.message for notice in app._notifications)
