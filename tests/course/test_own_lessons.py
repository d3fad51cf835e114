"""Lessons of others: found in folders and packages, and a fault in one takes nothing else down."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from pathlib import Path

import pytest

from toystory.cli.main import main
from toystory.course import catalogue
from toystory.course.catalogue import NAMES, BrokenLesson, load, names, notices
from toystory.course.exercises.exercise import all_exercises, exercises_of
from toystory.course.lesson_check import check_lesson
from toystory.course.own_lessons import VARIABLE
from toystory.progress.review import question_id
from toystory.progress.store import Store

Capture = pytest.CaptureFixture[str]


def begin(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a new lesson, among those that are known from now on."""
    assert main(["new", "lesson", name, "--out", str(folder)]) == 0
    monkeypatch.setenv(VARIABLE, str(folder))
    return folder / name.replace("-", "_")


def test_a_new_lesson_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_new(path: Path, contents: str) -> None:
        if path.name == "lesson.py":
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        path.write_text(contents, encoding="utf-8")

    with monkeypatch.context() as patched:
        patched.setattr("toystory.cli.commands.new.write_new", write_new)
        assert main(["new", "lesson", "half-adder", "--out", str(tmp_path)]) == 1
    assert not list(tmp_path.iterdir())
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit, match="2"):
        main(["new", "lesson", "half-adder", "--out", str(tmp_path / "file")])


def test_a_new_lesson_is_there_in_every_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    begin("half-adder", tmp_path / "own", monkeypatch)
    assert names() == (*NAMES, "half-adder")
    assert load("half-adder").can[-1] == "say why one neuron learns AND"
    capsys.readouterr()

    def out(*words: str, code: int = 0) -> str:
        assert main(list(words)) == code
        return capsys.readouterr().out

    assert "10  half-adder  Half adder" in out("list")
    assert "the derivation" in out("show", "half-adder", "--plain").lower()
    ran = json.loads(out("run", "--lesson", "half-adder", "--json"))
    assert ran["passed"]
    assert len(ran["claims"]) == 2
    out("exercise", "half-adder")
    exercise = exercises_of("half-adder")[0]
    file = Path(json.loads(out("exercise", "--json"))["folder"]) / "half-adder" / "decide.py"
    file.write_text(exercise.solution, encoding="utf-8")
    assert "passed" in out("check", "half-adder/decide", "--plain")
    assert Store().exercise("half-adder", "decide").state == "passed"
    assert json.loads(out("progress", "--json"))["lessons"][-1]["name"] == "half-adder"
    out("export", "half-adder", "--to", "html", "--out", str(tmp_path / "page.html"))
    out("export", "half-adder", "--out", str(tmp_path / "book.ipynb"))
    book = (tmp_path / "book.ipynb").read_text(encoding="utf-8")
    assert "toystory/lessons/half_adder/lesson.py" in book
    assert "toystory/lessons/half_adder/suggestions.py" in book, "relative imports are followed"


@pytest.mark.slow
def test_the_tests_of_a_new_lesson_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = begin("adder-of-its-own", tmp_path / "own", monkeypatch)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "5 passed" in done.stdout


FAULTS = {
    "syntax": ("lesson.py", "x = 1\ny = (x +\n", "lesson.py, line 2: SyntaxError"),
    "name": ("lesson.py", "import os\n\n\ndef lesson(chapter):\n    return nothing\n", "line 5: NameError"),
    "ends": ("lesson.py", "import sys\nsys.exit(3)\n", "lesson.py, line 2: SystemExit: 3"),
    "other": ("lesson.py", "def lesson(chapter):\n    return 3\n", "gave int, not a Lesson"),
    "within": ("experiments.py", "1 / 0\n", "experiments.py, line 1: ZeroDivisionError"),
    "prose": ("predict.md", "What?\n", "predict.md: expected a question"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_file_and_line_and_takes_nothing_down(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    broken = begin(f"broken-{fault}", tmp_path, monkeypatch)
    begin(f"sound-{fault}", tmp_path, monkeypatch)
    name, text, told = FAULTS[fault]
    (broken / name).write_text(text, encoding="utf-8")
    with pytest.raises(BrokenLesson) as caught:
        load(f"broken-{fault}")
    assert told in str(caught.value)
    assert str(broken) in str(caught.value) or fault == "other"
    capsys.readouterr()
    assert main(["progress", "--plain"]) == 0
    out, err = capsys.readouterr()
    assert f"sound-{fault}" in out
    assert told in err
    assert main(["show", f"broken-{fault}"]) == 1
    assert main(["show", f"sound-{fault}", "--plain"]) == 0


def test_a_story_without_a_heading_is_left_out_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (begin("headless", tmp_path, monkeypatch) / "story.md").write_text("Once upon a time\n", encoding="utf-8")
    assert "headless" not in names()
    assert any("expected '# Title' in the first line" in each for each in notices())
    assert notices() == [], "once"
    with pytest.raises(BrokenLesson, match=r"story\.md: expected '# Title'"):
        load("headless")
    assert question_id("headless", "Why?") == "Why?", "an old record is read all the same"


def test_an_exercise_with_a_fault_is_left_out_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = begin("half-broken", tmp_path, monkeypatch)
    (folder / "exercises" / "bad.py").write_text('"""Bad"""\n\nimport nowhere\n', encoding="utf-8")
    assert [exercise.name for exercise in exercises_of("half-broken")] == ["decide"]
    assert any("bad.py, line 3: ModuleNotFoundError" in each for each in notices())
    assert "half-broken/decide" in [exercise.key for exercise in all_exercises()]


@pytest.mark.parametrize(
    ("name", "told", "fault"),
    [
        ("one-hint", "1. One hint.\n\n---\n\nWhy.\n", "decide.md: expected 3 hints as a numbered list"),
        (
            "no-line",
            "1. One.\n2. Two.\n3. Three.\n\nWhy.\n",
            "decide.md: expected 3 hints as a numbered list",
        ),
        ("no-file", None, "decide.md with the hints and the explanation"),
    ],
)
def test_an_exercise_without_its_hints_or_its_explanation_is_left_out_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, told: str | None, fault: str
) -> None:
    file = begin(name, tmp_path / "own", monkeypatch) / "exercises" / "decide.md"
    file.unlink()
    if told is not None:
        file.write_text(told, encoding="utf-8")
    assert exercises_of(name) == ()
    assert any(fault in notice for notice in notices())


def test_hints_in_another_encoding_are_left_out_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = begin("latin", tmp_path / "own", monkeypatch) / "exercises" / "decide.md"
    file.write_bytes(file.read_text("utf-8").replace("\n---\n", "\nä\n---\n").encode("latin-1", "replace"))
    assert exercises_of("latin") == ()
    assert any("decide.md is not in UTF-8: save it as UTF-8" in notice for notice in notices())


@pytest.mark.parametrize("taken", ["gate", "two_layer"])
def test_a_name_of_ours_is_left_out_and_told(
    taken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin("fine", tmp_path, monkeypatch).rename(tmp_path / taken)
    monkeypatch.setenv(VARIABLE, f"{tmp_path}/.")
    assert names() == NAMES
    assert any("a chapter of the story has that name" in each for each in notices())


def test_folders_that_hold_no_lesson_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv(VARIABLE, f"{tmp_path / 'empty'}:{tmp_path / 'nowhere'}")
    told = " ".join(notices())
    assert "there is no lesson in" in told
    assert "there is no folder of lessons" in told
    assert names() == NAMES


def test_a_package_offers_a_lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    package = site / "offering"
    begin("offered", package, monkeypatch)
    monkeypatch.setenv(VARIABLE, "")
    (package / "__init__.py").write_text("", encoding="utf-8")
    about = site / "offering-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: offering\nVersion: 1.0\n", encoding="utf-8")
    points = "[toystory.lessons]\noffered = offering.offered\nlost = offering.nowhere\n"
    (about / "entry_points.txt").write_text(points, encoding="utf-8")
    monkeypatch.syspath_prepend(str(site))
    assert names() == (*NAMES, "offered")
    assert load("offered").name == "offered"
    assert any("lost" in each for each in notices())


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("new lesson gate", "a chapter of the story is called gate"),
        ("new lesson 2nd", "can't be a lesson's name"),
        ("new lesson ../up", "can't be a lesson's name"),
        ("--lessons nowhere list", "there is no folder of lessons nowhere"),
        ("list --lessons", "--lessons wants a folder"),
        ("--language ! list", "is no language"),
        ("translations en", "is no language to translate into"),
        ("translations --stamp story.md", "is no translation"),
    ],
)
def test_wrong_usage_gets_a_sentence(
    line: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as caught:
        main(line.split())
    assert caught.value.code == 2
    assert sentence in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_told_anywhere_in_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    begin("anywhere", tmp_path, monkeypatch)
    for words in (["--lessons", str(tmp_path), "list"], ["list", f"--lessons={tmp_path}"]):
        monkeypatch.setenv(VARIABLE, "")
        assert main(words) == 0
        assert "anywhere" in capsys.readouterr().out
    assert catalogue.chapter("anywhere").number == len(NAMES) + 1


SLIPS = {
    "answers": (
        "lesson.py",
        "answers=(FOUR,)",
        'answers=("four",)',
        "lesson.py: answers: no study is called 'four'",
    ),
    "comma": ("lesson.py", "answers=(FOUR,)", "answers=(FOUR)", "with a comma behind the only one: (…,)"),
    "study": (
        "lesson.py",
        "(ALL_FOUR_ROWS,)",
        "(ALL_FOUR_ROWS)",
        "lesson.py: studies is one Experiment: write a tuple",
    ),
    "end": (
        "lesson.py",
        "ends_with=FOUR",
        'ends_with=FOUR + "s"',
        "lesson.py: ends_with: no study is called",
    ),
    "claim": (
        "lesson.py",
        "(FOUR,), loss",
        '("three",), loss',
        "needs of the claim '… at a loss of at most 0.1': no",
    ),
    "needs": ("lesson.py", "(FOUR,), loss", "(FOUR), loss", "at a loss of at most 0.1' is "),
    "row": ("lesson.py", "example=(1, 1)", "example=(1, 2)", "example is (1, 2): write a row of bits"),
    "line": (
        "derivation.md",
        "a = sigmoid(z)",
        "a = sigma(z)",
        "the code of the step 'the answer': models/logistic_reg",
    ),
    "value": (
        "derivation.md",
        "value: a",
        "value: q",
        "the step 'the answer' names a value 'q'; the model LogisticR",
    ),
    "parameter": (
        "derivation.py",
        'now.parameter("b")',
        'now.parameter("bias")',
        "KeyError: 'bias', in the step",
    ),
    "choice": (
        "predict.md",
        "- [ ] Two",
        "- [] Two",
        "predict.md: '- [] Two: it is as good as a coin.' is no cho",
    ),
    "encoding": ("recap.md", "## From", "Größe\n\n## From", "recap.md is not in UTF-8: save it as UTF-8"),
    "top": ("story.md", "# ", "# Größe ", "story.md is not in UTF-8: save it as UTF-8"),
    "python": ("lesson.py", '"""The', '"""Größe. The', "save it as UTF-8"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_gets_one_sentence(
    slip: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    name, right, wrong, told = SLIPS[slip]
    file = begin(f"slip-{slip}", tmp_path, monkeypatch) / name
    text = file.read_text(encoding="utf-8")
    assert right in text
    encoding = "latin-1" if "Größe" in wrong else "utf-8"
    file.write_bytes(text.replace(right, wrong, 1).encode(encoding, errors="replace"))
    capsys.readouterr()
    for words in (["show", f"slip-{slip}", "--plain"], ["run", "--lesson", f"slip-{slip}", "--plain"]):
        assert main(words) == 1
        err = capsys.readouterr().err
        assert told in err
        assert name in err
        assert len(err.splitlines()) == 1


def test_a_suggestion_without_its_comma_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = begin("one-idea", tmp_path, monkeypatch) / "suggestions.py"
    file.write_text(file.read_text(encoding="utf-8") + "\nSUGGESTIONS = SUGGESTIONS[0]\n", encoding="utf-8")
    with pytest.raises(
        BrokenLesson, match="suggestions is one Suggestion: write a tuple of suggestions with a comma"
    ):
        load("one-idea")


def test_texts_with_a_byte_order_mark_and_a_tick_in_capitals_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = begin("from-notepad", tmp_path, monkeypatch)
    plain = load("from-notepad")
    for file in (*folder.rglob("*.md"), *folder.rglob("*.py")):
        text = file.read_text(encoding="utf-8").replace("[x]", "[X]")
        file.write_text(text, encoding="utf-8-sig")
    marked = load("from-notepad")
    assert (marked.story, marked.prediction, marked.recap) == (plain.story, plain.prediction, plain.recap)
    assert marked.chapter.title == "From notepad"
    assert [exercise.name for exercise in exercises_of("from-notepad")] == ["decide"]


@pytest.mark.parametrize("name", NAMES)
def test_the_chapters_of_the_story_fit_together_too(name: str) -> None:
    check_lesson(load(name))
