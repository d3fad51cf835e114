"""The learner's own keys: a file, and what is said of one that is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from toystory.cli.main import main
from toystory.tui.app import ToystoryApp
from toystory.tui.keymap import BadKeymap, all_bindings, named_bindings, read_keymap
from toystory.tui.screens.course import CourseScreen
from toystory.tui.screens.dialogs.help import HelpScreen
from toystory.tui.widgets.text.hanging_indent import HangingIndent

MOVES = {
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "tab", "shift+tab"),
    *("enter", "escape", "backspace"),
}
"""Keys that move about, choose what is marked and leave: they mean what the place makes of that."""


def meanings() -> dict[str, set[str]]:
    """What each other key of the app is called, over all classes that bind it."""
    found: dict[str, set[str]] = {}
    for binding in all_bindings():
        for key in set(binding.key.split(",")) - MOVES:
            found.setdefault(key, set()).add(binding.description)
    return found


def test_a_key_means_one_thing_wherever_it_is_pressed() -> None:
    two = {key: words for key, words in meanings().items() if len(words) > 1 and not key.isdecimal()}
    assert not two, "these keys have two meanings"
    assert {"w", "space", "C", "full_stop"} <= set(meanings())


def test_a_digit_is_always_the_number_of_what_is_listed() -> None:
    for binding in all_bindings():
        if any(key.isdecimal() for key in binding.key.split(",")):
            action = binding.action.partition("(")[0]
            assert action in {"open", "say", "choose", "take", "dismiss", "sandbox"}, binding


def test_every_key_of_the_app_has_a_name() -> None:
    assert {"quit", "help", "train.start", "lesson.leave"} <= set(named_bindings())


def test_without_a_file_nothing_changes(tmp_path: Path) -> None:
    assert read_keymap(tmp_path / "keys.toml") == {}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('train.strat = "f9"', "did you mean train.start?"),
        ('nonsense = "f9"', "no key is called nonsense"),
        ('quit = "no such key"', "quit is 'no such key': expected keys"),
        ("quit = 5", "quit is 5: expected keys"),
        ("quit", "is not understood"),
    ],
)
def test_a_wrong_file_is_told_in_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "keys.toml"
    file.write_text(text)
    with pytest.raises(BadKeymap) as told:
        read_keymap(file)
    assert sentence in str(told.value)
    assert str(file) in str(told.value)


async def test_the_app_takes_the_learners_keys(home: Path) -> None:
    (home / "keys.toml").write_text('help = "f9"\n')
    app = ToystoryApp()
    async with app.run_test() as pilot:
        await pilot.press("question_mark")
        assert isinstance(app.screen, CourseScreen)
        await pilot.press("f9")
        assert isinstance(app.screen, HelpScreen)
        assert "f9" in app.screen.query_one(HangingIndent).text


async def test_wrong_keys_leave_the_app_as_it_was(home: Path) -> None:
    (home / "keys.toml").write_text("help = 5\n")
    app = ToystoryApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert any("help is 5" in notice.message for notice in app._notifications)
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)


def test_the_command_lists_them(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "keys.toml").write_text('"train.start" = "f9"\ntrain.step = "f8"\n')
    assert main(["keys", "--json"]) == 0
    keys = json.loads(capsys.readouterr().out)
    assert (keys["train.start"]["keys"], keys["train.step"]["keys"]) == ("f9", "f8")
    assert main(["keys"]) == 0
    assert str(home / "keys.toml") in capsys.readouterr().out


def test_the_command_tells_what_is_wrong_with_the_file(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "keys.toml").write_text("help = 5\n")
    with pytest.raises(SystemExit) as end:
        main(["keys"])
    assert end.value.code == 2
    assert "help is 5" in capsys.readouterr().err
