"""The screen for rows of real numbers: it trains, draws what is answered where, and takes a table."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from toystory.base.served import SERVED
from toystory.lessons.mlp.real_numbers import EXPERIMENTS, MOONS, QUESTIONS, REASONS, straight
from toystory.models import SoftmaxMLP, load
from toystory.training.tabular import experiment as experiment_module
from toystory.training.tabular.background import TabularBackgroundRun
from toystory.training.tabular.csv_reader import BadTable, read_dataset
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.inspection.gradient_check import GradientCheckScreen
from toystory.tui.screens.lesson.screen import LessonScreen
from toystory.tui.screens.real_numbers import screen as module
from toystory.tui.screens.real_numbers.form import RealNumbersForm, in_the_form, read, texts_of
from toystory.tui.screens.real_numbers.screen import TICK, RealNumbersScreen

SHORT = replace(MOONS, rows=100, updates=200, hidden=(8,), dropout=0.1)


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXPERIMENTS", (SHORT, straight(SHORT)))
    monkeypatch.setattr(module, "REASONS", {SHORT: "it bends"})


async def finished(screen: RealNumbersScreen, pilot: Any) -> None:
    for _ in range(300):
        await pilot.pause(0.05)
        if screen.run.state in ("finished", "failed"):
            await pilot.pause(0.3)
            return
    raise AssertionError(f"it is {screen.run.state} still")


async def wait_for(pilot: Any, happened: Callable[[], bool]) -> None:
    for _ in range(300):
        if happened():
            return
        await pilot.pause(0.02)
    raise AssertionError("it has not happened")


def said_in(form: RealNumbersForm) -> str:
    return " ".join(str(form.query_one("#hint").render()).split())


def test_every_task_stands_beside_straight_lines() -> None:
    names = [experiment.name for experiment in EXPERIMENTS]
    assert names[1:8:2] == [f"{name}, straight lines only" for name in names[:8:2]]
    assert [experiment.hidden for experiment in EXPERIMENTS[1:8:2]] == [()] * 4
    assert QUESTIONS.keys() == REASONS.keys()
    assert all(len(f"Guess first: {question}") <= 76 for question in QUESTIONS.values()), "a line of 80"
    assert names[8:] == ["the parity of 20 switches", "the parity of 20 switches, with dropout"]


async def test_from_the_chapter_it_trains_and_draws_and_takes_a_table(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"{i % 7},{i % 5},{i},{'ab'[i % 2]}" for i in range(60)]
    table = tmp_path / "mine.csv"
    table.write_text("\n".join(["x,y,z,kind", *rows]))
    app = ToystoryApp("mlp")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("number_sign")
        screen = app.screen
        assert isinstance(screen, RealNumbersScreen)
        await pilot.press("space")
        await finished(screen, pilot)
        assert "test" in screen._list._entries[0].note
        assert screen._list._entries[0].finished
        assert "A upper, B lower" in str(screen._answers.border_subtitle)
        letters = "".join(segment.text for line in screen._canvas._lines for segment in line)
        assert {"A", "B"} <= set(letters)
        await pilot.press("v")
        await pilot.pause(0.3)
        assert screen._losses.region
        assert not screen._answers.region
        assert [series.label for series in screen._losses.series] == ["training rows", "validation rows"]

        for sign in ("columns", "forward, step 1 of 6", "forward, step 2 of 6"):
            await pilot.press("v" if sign == "columns" else "right")
            await wait_for(pilot, lambda sign=sign: sign in screen._canvas.text)  # type: ignore[misc]
        await pilot.press("v")
        await wait_for(pilot, lambda: "first weights  now" in screen._canvas.text)
        assert "layer 1" in screen._canvas.text
        await pilot.press("v")
        await wait_for(pilot, lambda: screen._answers.border_title == "answers")

        assert "it bends" in str(screen._figures.render())
        drawn: list[object] = []
        with monkeypatch.context() as patched:
            patched.setattr(screen._figures, "update", lambda *_, **__: drawn.append(True))
            await pilot.pause(3 * TICK)
            assert not drawn, "nothing is drawn while nothing moves"
            screen._tick()
            assert drawn
        await pilot.press("W", "E")
        await pilot.pause(0.2)
        await pilot.press("1")
        await pilot.pause(0.2)
        (file,) = (home / "models").iterdir()
        assert isinstance(load(file), SoftmaxMLP)
        command = "toystory train --data moons --rows 100 --hidden 8 --updates 200 --dropout 0.1"
        assert app.clipboard == command
        await pilot.press("d")
        await pilot.pause(0.3)
        assert screen._derivation.region
        text = screen.copy_text()
        assert "a − onehot(y)" in text
        assert "z1[0]" in text
        assert "dropout: the mask" in text
        await pilot.press("n", "C")
        check = app.screen
        assert isinstance(check, GradientCheckScreen)
        while not check.done:
            await pilot.pause(0.05)
        assert "4 of 4 parameters agree" in check.copy_text()
        assert "one mask is drawn" in check.copy_text()
        await pilot.press("escape")
        assert "z1[1]" in screen.copy_text()
        assert "unit ‹ 1 › 0–7" in str(screen._place.render())

        await pilot.press("d", "O")
        form = app.screen
        assert isinstance(form, RealNumbersForm)
        form.query_one("#row-data Input").value = str(table)  # type: ignore[attr-defined]
        await pilot.press("enter")  # at once: the form hears of the change afterwards
        await wait_for(pilot, lambda: "x, y, z, kind" in said_in(form))
        form.query_one("#row-label Input").value = "kind"  # type: ignore[attr-defined]
        form.query_one("#row-updates Input").value = "40"  # type: ignore[attr-defined]
        await pilot.pause(0.2)
        await pilot.press("enter")
        await wait_for(pilot, lambda: app.screen is screen)
        await finished(screen, pilot)
        assert screen.run.state == "finished"
        assert "answered" in screen._canvas.text
        assert "yours 1" in screen.copy_text()
        await pilot.press("r", "full_stop")
        await wait_for(pilot, lambda: screen.run.idle and screen.run.snapshot is not None)
        assert screen.run.snapshot.progress.update == 1  # type: ignore[union-attr]
        run = screen.run
        await pilot.press("escape")
        assert isinstance(app.screen, LessonScreen)
        await pilot.press("number_sign")
        again = app.screen
        assert isinstance(again, RealNumbersScreen)
        assert again.run is run
        assert run.state == "paused"
        await wait_for(pilot, lambda: again._list._entries[:1] == screen._list._entries[:1])
        await pilot.press("escape")


async def test_beside_the_network_arrows_walk_and_the_other_keys_look_at_a_layer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "EXPERIMENTS", (replace(SHORT, hidden=(4, 4)),))
    app = ToystoryApp()
    async with app.run_test(size=(130, 30)) as pilot:
        app.open_real_numbers()
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, RealNumbersScreen)
        await pilot.press("full_stop")
        await wait_for(pilot, lambda: screen.run.idle and screen.run.snapshot is not None)
        await pilot.press("v", "d", "right", "right", "left", "greater_than_sign")
        await wait_for(pilot, lambda: "layer ‹ 2 of 2 ›" in str(screen._place.render()))
        await wait_for(pilot, lambda: "forward, step 1 of 8" in screen._canvas.text)
        assert screen._place.region.height == 1
        await pilot.press("less_than_sign")
        await wait_for(pilot, lambda: "layer ‹ 1 of 2 ›" in str(screen._place.render()))
        assert "step 1 of 8" in screen._canvas.text


async def test_a_file_is_read_beside_the_form_which_can_be_left_or_changed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []

    def read_for_ever(path: Path, *_: object) -> None:
        try:
            while True:
                _[-1]()  # type: ignore[operator]
                threading.Event().wait(0.01)
        finally:
            ended.append(path.name)

    monkeypatch.setattr(experiment_module, "read_dataset", read_for_ever)
    app = ToystoryApp("mlp")
    async with app.run_test(size=(80, 24)) as pilot:
        form = RealNumbersForm(MOONS)
        answers: list[object] = []
        await app.push_screen(form, answers.append)
        data = form.query_one("#row-data Input", Input)
        data.value = "large.csv"
        await pilot.press("enter", "enter")
        await wait_for(pilot, lambda: "reading large.csv" in said_in(form))
        data.value = "larger.csv"
        await wait_for(pilot, lambda: ended == ["large.csv"] and "reading" not in said_in(form))
        await pilot.press("enter")
        await wait_for(pilot, lambda: "reading larger.csv" in said_in(form))
        await pilot.press("escape")
        await wait_for(pilot, lambda: ended == ["large.csv", "larger.csv"])
        assert answers == [None]


def test_why_it_ends_so_is_not_told_of_another_rate() -> None:
    for rate in (None, 10.0):
        run = TabularBackgroundRun(SHORT)
        if rate is not None:
            run.learning_rate = rate
        run.start()
        while run.state == "running":
            threading.Event().wait(0.02)
        said = str(module._figures(run))
        assert "right: training" in said
        assert ("it bends" in said) == (rate is None)


async def test_only_where_it_belongs_does_a_lesson_offer_it() -> None:
    app = ToystoryApp("gate")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("number_sign")
        assert isinstance(app.screen, LessonScreen)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"hidden": "many"}, "hidden units: 'many' is not a whole number"),
        ({"dropout": "1"}, "dropout is 1.0"),
        ({"seed": ""}, "seed: nothing is typed here"),
        ({"data": "moons", "rows": "3"}, "rows is 3"),
    ],
)
def test_the_form_says_what_is_wrong(change: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read(texts_of(MOONS) | change, MOONS)


def test_what_the_form_shows_it_reads_again() -> None:
    for experiment in EXPERIMENTS:
        assert replace(read(texts_of(experiment), experiment), name=experiment.name) == experiment
    mine = read(
        texts_of(MOONS) | {"data": "a.csv", "label": "kind", "without": "id, note", "noise": "2"}, MOONS
    )
    assert (mine.label, mine.without, mine.noise, mine.rows) == ("kind", ("id", "note"), None, None)


@pytest.mark.parametrize(
    ("text", "label", "said"),
    [
        ("x,y,kind\n1,2,a\n", None, "say under 'column of classes' which column of"),
        ("x,y,kind\n1,2,a\n", "kin", "has no column 'kin': did you mean 'kind'?"),
        ("x,y,kind\n1,,a\n", "kind", "the value is missing: fill it in, or take such rows out"),
        ("x,y,kind\n1,u,a\n", "kind", "leave the column out under 'columns left out': y"),
    ],
)
def test_what_is_wrong_with_a_table_names_the_fields(
    text: str, label: str | None, said: str, tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    table.write_text(text)
    with pytest.raises(BadTable) as caught:
        read_dataset(table, label)
    sentence = in_the_form(str(caught.value))
    assert said in sentence
    assert "--" not in sentence


def test_in_a_browser_it_says_whose_files_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert in_the_form("there is no file a.csv") == "there is no file a.csv"
    monkeypatch.setenv(SERVED, "1")
    assert "the computer that this page comes from" in in_the_form("there is no file a.csv")
    assert in_the_form("a.csv is empty") == "a.csv is empty"


def test_a_path_may_begin_at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    assert read(texts_of(MOONS) | {"data": "~/a.csv"}, MOONS).data == str(home / "a.csv")
