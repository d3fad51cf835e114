"""Translations: shown where they are up to date, else the English; and a list of what is missing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from toystory.base.language import LOCALES, VARIABLE, language
from toystory.cli.main import main
from toystory.course.catalogue import NAMES, chapters, load
from toystory.course.derivation.symbols import symbols_of
from toystory.course.own_lessons import VARIABLE as LESSONS
from toystory.course.text.prose import fits_its_english
from toystory.course.text.translation import HEAD, english_of, languages_in, parts_of, shared_part
from toystory.training.run import experiments_of
from toystory.training.settings import OPTIMIZER_NAMES, OptimizerName

Capture = pytest.CaptureFixture[str]
TRANSLATED = [
    (name, code)
    for name, one in zip(NAMES, chapters(), strict=False)
    for code in sorted(languages_in(one.folder))
]
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({VARIABLE: "de"}, "de"),
        ({VARIABLE: "de_AT.UTF-8", "LANG": "fr_FR"}, "de"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LC_ALL": "fr_FR@euro", "LANG": "de_DE"}, "fr"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_that_is_asked_for_else_the_systems(
    settings: dict[str, str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (VARIABLE, *LOCALES):
        monkeypatch.setenv(name, settings.get(name, ""))
    assert language() == code


def test_a_chapter_in_german_and_what_is_missing_in_english(capsys: Capture) -> None:
    assert main(["--language", "de", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "Das erste Gatter" in lines[0]
    assert "The load test" in lines[1]
    lesson = load("gate")
    assert lesson.story.startswith("Oben an der Treppe")
    assert lesson.prediction.choices[lesson.prediction.answer] == "1 zu allen vier Zeilen."
    assert lesson.recall[0].question.startswith("Warum bewegte sich")
    assert "Kaggle-Notebook" in lesson.sources
    assert lesson.can[0].startswith("von Hand ausrechnen")
    assert (lesson.derivation[0].title, lesson.derivation[0].equation) == ("die Summe", "z = w₁x₁ + w₂x₂ + b")
    assert lesson.symbols[0].meaning == "die Bits einer Zeile, 0 oder 1"


@pytest.mark.parametrize(("name", "code"), TRANSLATED)
def test_a_translation_is_up_to_date_and_states_the_same_figures(name: str, code: str) -> None:
    folder = next(one.folder for one in chapters() if one.name == name)
    for part in parts_of(name, folder, code):
        assert part.state == "up to date", part
        translated = re.sub(HEAD, "", part.file.read_text(encoding="utf-8"), count=1)
        english = english_of(part.source)
        assert fits_its_english(part.source, translated), part.file
        assert figures(translated) == figures(english), part.file


@pytest.mark.parametrize("code", sorted({code for _, code in TRANSLATED}))
def test_what_all_chapters_share_is_translated_too(code: str) -> None:
    part = shared_part(code)
    assert part.state == "up to date", part
    translated = re.sub(HEAD, "", part.file.read_text(encoding="utf-8"), count=1)
    assert fits_its_english(part.source, translated), part.file


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
def test_all_of_a_translated_derivation_is_however_it_is_trained(
    optimizer: OptimizerName, monkeypatch: pytest.MonkeyPatch
) -> None:
    def words(code: str, *, clip: float | None, decay: float) -> list[str]:
        monkeypatch.setenv(VARIABLE, code)
        lesson = load("gate")
        experiment = replace(
            experiments_of(lesson.studies[0])[0], optimizer=optimizer, clip=clip, weight_decay=decay
        )
        steps = lesson.derivation_of(experiment)
        symbols = [symbol for step in steps for symbol in symbols_of(step, lesson.all_symbols)]
        return [
            *(text for step in steps for text in (step.title, step.sentence)),
            *(symbol.meaning for symbol in symbols),
        ]

    for clip, decay in ((None, 0.0), (1.0, 0.1)):
        english, german = (words(code, clip=clip, decay=decay) for code in ("en", "de"))
        assert len(english) == len(german)
        assert [text for text, same in zip(english, german, strict=True) if text == same] == []


def figures(text: str) -> set[str]:
    """The numbers of a text, 3,500 as 3500."""
    found = {re.sub(r",(?=\d{3}\b)", "", number) for number in NUMBER.findall(text)}
    return {number for number in found if len(number) > 2}


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Path:
    """A lesson of one's own, translated in part."""
    assert main(["new", "lesson", "translated", "--out", str(tmp_path)]) == 0
    monkeypatch.setenv(LESSONS, str(tmp_path))
    folder = tmp_path / "translated"
    (folder / "story.fr.md").write_text("# Traduit\n> Une ligne\n\nIl était une fois.\n", encoding="utf-8")
    choices = "- [ ] Deux.\n- [ ] Trois.\n- [x] Quatre.\n"
    (folder / "predict.fr.md").write_text(f"Combien ?\n\n{choices}\n---\n\nQuatre.\n", encoding="utf-8")
    capsys.readouterr()
    return folder


def states(capsys: Capture, code: int) -> dict[str, str]:
    assert main(["translations", "fr", "--json"]) == code
    rows = json.loads(capsys.readouterr().out)["translations"]
    return {Path(row["file"]).name: row["state"] for row in rows if row["lesson"] == "translated"}


def test_what_is_missing_or_out_of_date_is_listed(
    own: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "fr")
    assert load("translated").chapter.title == "Translated", "nothing binds it to the English yet"
    assert states(capsys, 1) == {
        "story.fr.md": "without its first line",
        "predict.fr.md": "without its first line",
        "recap.fr.md": "missing",
        "can.fr.md": "missing",
        "sources.fr.md": "missing",
        "derivation.fr.md": "missing",
    }
    assert main(["translations", "--stamp", str(own / "story.fr.md"), str(own / "predict.fr.md")]) == 0
    capsys.readouterr()
    assert states(capsys, 0)["story.fr.md"] == "up to date"
    lesson = load("translated")
    assert (lesson.chapter.title, lesson.prediction.choices[2]) == ("Traduit", "Quatre.")
    assert lesson.recap.startswith("- What you want them to keep"), "missing pieces in English"

    with (own / "story.md").open("a", encoding="utf-8") as story:
        story.write("\nA new figure: 0.7.\n")
    assert states(capsys, 1)["story.fr.md"] == "out of date"
    assert "A new figure" in load("translated").story
    assert main(["translations", "fr"]) == 1
    assert "  translated/story.fr.md: out of date" in capsys.readouterr().out


def test_one_that_is_built_otherwise_is_told_and_not_shown(
    own: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = own / "predict.fr.md"
    file.write_text(
        "Combien ?\n\n- [x] Deux.\n- [ ] Trois.\n- [ ] Quatre.\n\n---\n\nDeux.\n", encoding="utf-8"
    )
    assert main(["translations", "--stamp", str(file)]) == 0
    capsys.readouterr()
    assert states(capsys, 1)["predict.fr.md"] == "built otherwise than the English"
    monkeypatch.setenv(VARIABLE, "fr")
    assert load("translated").prediction.choices[2] == "All four."


def test_a_derivation_is_translated_beside_its_english(
    own: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "fr")
    told, file = own / "derivation.md", own / "derivation.fr.md"
    english = load("translated")
    first = english.derivation[0]
    file.write_text(english_of(told).replace(f"## {first.title}\n", "## la somme\n"), encoding="utf-8")
    assert load("translated").derivation == english.derivation, "nothing binds it to the English yet"
    assert main(["translations", "--stamp", str(file)]) == 0
    capsys.readouterr()
    french = load("translated")
    assert french.derivation[0] == replace(first, title="la somme")
    assert french.derivation[1:] == english.derivation[1:]

    words, text = told.read_text(encoding="utf-8"), file.read_text(encoding="utf-8")
    told.write_text(words.replace(first.equation, "z = Σ w x + b"), encoding="utf-8")
    assert states(capsys, 1)["derivation.fr.md"] == "up to date", "the equation alone was changed"
    file.write_text(text[: text.rindex("- ")], encoding="utf-8")
    assert states(capsys, 1)["derivation.fr.md"] == "built otherwise than the English"
    assert load("translated").derivation == english.derivation
    told.write_text(words.replace(first.sentence[:9], "Changed,"), encoding="utf-8")
    assert states(capsys, 1)["derivation.fr.md"] == "out of date"
