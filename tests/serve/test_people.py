"""Who is at the door, and whose folder is whose."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("textual_serve", reason="needs the extra serve")

from toystory.base.errors import BadRequest
from toystory.cli.serve.access import Access, read_key
from toystory.cli.serve.people import Named, NotLetIn, People, folder_name, remove_if_empty, visitors
from toystory.progress.store import Store

ACCESS = Access("127.0.0.1")


def named(tmp_path: Path, text: str) -> Named:
    file = tmp_path / "names.txt"
    file.write_text(text, encoding="utf-8")
    return Named(ACCESS, file)


def test_a_browser_is_known_again_and_nobody_can_guess_it() -> None:
    people = People()
    one, other = people.newcomer(), people.newcomer()
    assert one is not None
    assert other is not None
    assert one.folder != other.folder
    assert people.of_cookie(one.cookie) == one
    assert one.cookie.partition(".")[2] not in one.folder.name


@pytest.mark.parametrize("cookie", ["", "../../etc", "a" * 31, "g" * 32, "20261301T1200." + "a" * 32])
def test_a_visitor_cannot_choose_a_folder(cookie: str) -> None:
    assert People().of_cookie(cookie) is None


def test_a_name_is_known_again_however_it_is_written() -> None:
    people = Named(ACCESS, None)
    ada = people.enter("  Ada   Lovelace ", "")
    assert ada.folder == visitors() / "Ada-Lovelace"
    assert people.of_cookie(ada.cookie) == ada
    ada.folder.mkdir(parents=True)
    assert people.enter("ada lovelace", "").folder == ada.folder


def test_a_cookie_of_ones_own_making_opens_nothing() -> None:
    people = Named(ACCESS, None)
    name, _, signature = people.enter("Ada", "").cookie.partition(".")
    other = people.enter("Bob", "").cookie.partition(".")[0]
    assert people.of_cookie(f"{other}.{signature}") is None
    assert people.of_cookie(f"{name}.") is None
    assert people.of_cookie("ä.b") is None


def test_of_a_list_only_its_names_come_in_and_with_their_codes(tmp_path: Path) -> None:
    people = named(tmp_path, "# 9b\nAda Lovelace, 4711\nÉmile; 12\nBob\n")
    assert people.asks_code
    assert people.enter("ada lovelace", "4711").name == "Ada Lovelace"
    assert people.enter("Émile", " 12 ").name == "Émile"
    assert people.enter("bob", "").name == "Bob"
    for said, code, answer in (
        ("Ada Lovelace", "0", "not the code"),
        ("Ada Lovelace", "", "your code"),
        ("Eve", "", "not on the list"),
        ("", "", "Type your name"),
        ("x" * 61, "", "60 letters"),
    ):
        with pytest.raises(NotLetIn, match=answer):
            people.enter(said, code)


def test_whoever_guesses_codes_waits(tmp_path: Path) -> None:
    people = named(tmp_path, "Ada, 4711\n")
    for guess in range(5):
        with pytest.raises(NotLetIn):
            people.enter("Ada", str(guess))
    with pytest.raises(NotLetIn, match="wait"):
        people.enter("Ada", "4711")


def test_a_name_added_to_the_list_comes_in(tmp_path: Path) -> None:
    people = named(tmp_path, "Ada\n")
    (tmp_path / "names.txt").write_text("Ada\nBob\n")
    assert people.enter("Bob", "").name == "Bob"


@pytest.mark.parametrize(
    ("text", "fault"), [("", "no name"), ("Ada\nada\n", "line 2: ada is there twice"), ("x" * 70, "line 1")]
)
def test_a_list_that_makes_no_sense_is_told(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(BadRequest, match=fault):
        named(tmp_path, text)


def test_no_two_names_have_one_folder_and_none_leaves_it() -> None:
    names = ["Ada L", "Ada-L", "Ada/L", "Ada_L", "../../etc", "con", "guest-2026", "..", "a" * 32, "Łukasz"]
    folders = [folder_name(name) for name in names]
    assert len(set(folders)) == len(names)
    assert all(Path(folder).name == folder and folder.strip(".") for folder in folders)
    assert folder_name("Łukasz") == "Łukasz"


def test_a_folder_in_which_nothing_was_done_goes(tmp_path: Path) -> None:
    looked, guessed, wrote = (tmp_path / name for name in ("looked", "guessed", "wrote"))
    for folder in (looked, guessed, wrote):
        store = Store(folder)
        store.opened("gate", 3)
        store.set_place("gate")
    Store(guessed).set_prediction("gate", 1)
    (wrote / "exercises").mkdir()
    for folder in (looked, guessed, wrote, tmp_path / "never there"):
        remove_if_empty(folder)
    assert not looked.exists()
    assert guessed.exists()
    assert wrote.exists()


def test_the_key_stays_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    key = read_key(tmp_path)
    assert len(key) >= 32
    assert read_key(tmp_path) == key
    assert (tmp_path / "serve-key").stat().st_mode & 0o077 == 0
