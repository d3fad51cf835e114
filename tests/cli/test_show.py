"""`toystory show`: all of a lesson, to read."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from toystory.cli import main as cli
from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.derivation.small_model import SMALL, small_model
from toystory.course.derivation.steps import find_source
from toystory.course.derivation.worked import number
from toystory.course.lesson import Lesson

CODE = re.compile(r"`([^`\n]+)`")


def shown(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert cli.main(arguments) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def words(text: str) -> str:
    """`text` without frames and line breaks."""
    return " ".join(re.sub(r"[│▌─━•]", " ", text).split())


def assert_it_is_all_there(lesson: Lesson, text: str) -> None:
    flat = words(text)
    assert lesson.chapter.title in flat
    assert lesson.chapter.about in flat
    for choice in lesson.prediction.choices:
        assert words(choice) in flat
    for step in lesson.derivation:
        for part in (step.title, step.equation, step.sentence, step.source):
            assert words(part) in flat, part
        source = find_source(step)
        assert f"{source.file}:{source.number}" in flat
    for study in lesson.studies:
        assert study.name in flat
    for claim in lesson.claims:
        assert words(claim.text) in flat
        assert claim.bar.text in flat
    for code in CODE.findall(lesson.story + lesson.recap + lesson.prediction.question):
        assert words(code) in flat, code


@pytest.mark.parametrize("name", NAMES)
def test_plain(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    lesson, text = catalogue.load(name), shown(["show", name, "--plain"], capsys)
    assert_it_is_all_there(lesson, text)
    for part in (lesson.story, lesson.prediction.question, lesson.recap, lesson.sources):
        assert part.strip() in text
    assert not re.search(r"[╭╮│╰━▌\x1b]", text)


@pytest.mark.parametrize("name", NAMES)
def test_drawn_and_piped(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "88")
    lesson, text = catalogue.load(name), shown(["show", name], capsys)
    assert_it_is_all_there(lesson, text)
    assert "\x1b" not in text
    assert "╭─ 1 " in text
    assert max(map(len, text.splitlines())) <= 88


@pytest.mark.parametrize("width", [30, 200])
def test_any_width(width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    text = shown(["show", "gate"], capsys)
    assert max(map(len, text.splitlines())) == min(width, 88)


@pytest.mark.parametrize("flag", [[], ["--plain"]])
def test_brackets_come_out_whole(
    flag: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    original = catalogue.load("gate")
    (tmp_path / "story.md").write_text(
        "# Brackets [x]\n> About W[i, j] and [/b]\n\nThen `W[i, j] += x[t]` and [bold]this[/bold].\n"
    )
    for name in ("predict.md", "recap.md", "sources.md"):
        text = (original.chapter.folder / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(
            text.replace("- [ ] The right thing", "- [ ] W[i, j] is [red]. The right thing")
        )

    def load(name: str) -> Lesson:
        chapter = original.chapter._replace(
            folder=tmp_path, title="Brackets [x]", about="About W[i, j] and [/b]"
        )
        step = replace(original.derivation[0], equation="W[i, j] = x[t]", sentence="Not [b]bold[/b].")
        claim = replace(original.claims[0], text="W[i, j] is [/red]")
        return replace(original, chapter=chapter, derivation=(step,), claims=(claim,))

    monkeypatch.setattr(catalogue, "load", load)
    flat = words(shown(["show", "gate", *flag], capsys))
    for whole in (
        "Brackets [x]",
        "About W[i, j] and [/b]",
        "W[i, j] += x[t]",
        "[bold]this[/bold]",
        "W[i, j] is [red].",
        "W[i, j] = x[t]",
        "Not [b]bold[/b].",
        "W[i, j] is [/red]",
    ):
        assert whole in flat


def test_the_numbers_are_those_of_the_untrained_model(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(["show", "gate", "--plain"], capsys)
    assert "The derivation, in the numbers of the untrained model for the row 11\n" in text
    assert re.search(r"z = 1·0\.04 \+ 1·0\.75 \+ 0\.0015 = 0\.7915\n", text)


def test_where_there_are_hidden_units_the_numbers_are_those_of_a_small_model_of_two(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = shown(["show", "rnn", "--plain"], capsys)
    assert f"of a {SMALL['RNN'].name}. It is trained, and reads the row 10110\n" in text
    s = small_model(SMALL["RNN"]).forward([[1, 0, 1, 1, 0]])["s"][4, 0]
    assert f" = {number(s[0], 6)}\n" in text
