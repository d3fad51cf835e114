"""`toystory export`: files that hold the lesson, and nothing overwritten by accident."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support.html_page import Page, assert_needs_nothing_else
from toystory.cli.main import main
from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.equations.latex import latex
from toystory.course.worked_example import example_to_read
from toystory.export.lesson.export import export


@pytest.mark.parametrize("name", NAMES)
def test_the_html_page_needs_nothing_else(name: str) -> None:
    lesson = catalogue.load(name)
    html = export(lesson, "html")
    page = Page(html)
    assert_needs_nothing_else(page, html)
    assert page.count("math") == len(example_to_read(lesson)[1])
    assert page.count("h1") == 1
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html


@pytest.mark.parametrize("name", NAMES)
def test_markdown_holds_every_equation_between_dollars(name: str) -> None:
    lesson = catalogue.load(name)
    text = export(lesson, "markdown")
    formulas = re.findall(r"^\$\$\n(.+)\n\$\$$", text, re.MULTILINE)
    assert formulas == [latex(done.step.equation) for done in example_to_read(lesson)[1]]
    assert text.count("<details>") == text.count("</details>") >= 1
    assert text.count("```") % 2 == 0
    for part in (lesson.story, lesson.sources):
        assert part.strip() in text


@pytest.mark.parametrize("format", ["markdown", "html"])
def test_the_answer_stands_after_the_question_and_is_folded(format: str) -> None:
    lesson = catalogue.load("gate")
    text = export(lesson, format)
    question, fold = text.index("Predict"), text.rindex("The answer</summary>")
    assert question < text.index("The derivation") < fold
    assert text.index(lesson.prediction.explanation.split(".")[0].replace('"', "&quot;")[:30]) > fold


@pytest.mark.parametrize(("format", "suffix"), [("notebook", "ipynb"), ("markdown", "md"), ("html", "html")])
def test_the_file_stands_in_the_current_folder(
    format: str,
    suffix: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", "gate", "--to", format]) == 0
    assert capsys.readouterr().out == f"gate.{suffix}\n"
    assert (tmp_path / f"gate.{suffix}").read_text("utf-8") == export(catalogue.load("gate"), format)


def test_a_file_that_is_there_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.md"
    path.write_text("mine")
    words = ["export", "gate", "--to", "markdown", "--out", str(path)]
    with pytest.raises(SystemExit, match="2"):
        main(words)
    assert path.read_text() == "mine"
    assert "--force replaces it" in capsys.readouterr().err
    assert main([*words, "--force"]) == 0
    assert path.read_text("utf-8").startswith("# 1. The first gate")


def test_several_lessons_go_into_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    assert main(["export", "--all", "--to", "markdown", "--out", str(folder)]) == 0
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.md" for name in NAMES)


def test_nothing_is_written_where_one_of_several_is_there_already(tmp_path: Path) -> None:
    (tmp_path / "mlp.md").write_text("mine")
    with pytest.raises(SystemExit):
        main(["export", "gate", "mlp", "--to", "markdown", "--out", str(tmp_path)])
    assert [path.name for path in tmp_path.iterdir()] == ["mlp.md"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["gat"], "did you mean gate?"),
        (["gate", "--to", "pdf"], "'pdf' is none of its choices: "),
        ([], "say which lesson to export"),
        (["gate", "--all"], "--all is every lesson"),
        (["gate", "--train"], "a notebook trains by itself"),
        (["gate", "--out", "none/such.ipynb"], "there is no folder none"),
        (["gate", "mlp", "--out", "file"], "can't make the folder file"),
    ],
)
def test_a_bad_request_gets_one_sentence(
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit) as end:
        main(["export", *words])
    assert end.value.code == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_trained_now_the_page_shows_figures_and_curves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "gate.html"
    assert main(["export", "gate", "--to", "html", "--train", "--out", str(path)]) == 0
    assert "4 of 4 trained" in capsys.readouterr().err
    html = path.read_text("utf-8")
    page = Page(html)
    assert_needs_nothing_else(page, html)
    assert page.count("svg") == 2 * len(catalogue.load("gate").studies)
    assert "0.646799" in page.text
    assert (
        "fails" not in re.sub(r"\s", " ", page.text).split("What the lesson claims")[1].split("Your turn")[0]
    )


def test_untrained_the_page_says_what_trains_it() -> None:
    text = export(catalogue.load("gate"), "markdown")
    assert "`toystory run --lesson gate` trains them" in text
    assert "<svg" not in export(catalogue.load("gate"), "html")


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="there are no such devices")
@pytest.mark.parametrize("force", [[], ["--force"]])
def test_a_device_is_written_to_and_stays_one(force: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "gate", "--out", "/dev/null", *force]) == 0
    assert Path("/dev/null").is_char_device()
    assert capfd.readouterr().out == ""
    assert main(["export", "gate", "--out", "/dev/stdout", *force]) == 0
    assert json.loads(capfd.readouterr().out)["nbformat"] == 4
