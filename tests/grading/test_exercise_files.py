"""The learner's files: written once, never over anything; the editor and the outside both keep their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from toystory.base.errors import BadRequest
from toystory.course.exercises.exercise import Exercise, Wrong, exercises_of
from toystory.grading.draft import Draft
from toystory.grading.exercise_files import (
    begin,
    exercises_folder,
    free_name,
    path_of,
    remember_folder,
    set_aside,
)
from toystory.grading.lookup import exercise_of_file, exercises_meant


@pytest.fixture
def exercise() -> Exercise:
    return exercises_of("gate")[0]


def touch(path: Path, text: str) -> None:
    """Change it as an editor does, in another file's place."""
    other = path.with_name("other")
    other.write_text(text, encoding="utf-8")
    other.replace(path)


def test_a_file_is_written_once(home: Path, exercise: Exercise) -> None:
    written = begin(exercise)
    assert written.made
    assert written.path == home / "exercises" / "gate" / f"{exercise.name}.py"
    assert written.path.read_text(encoding="utf-8") == exercise.start
    written.path.write_text("mine", encoding="utf-8")
    assert not begin(exercise).made
    assert written.path.read_text(encoding="utf-8") == "mine"


def test_beginning_anew_keeps_all_that_was_there(exercise: Exercise) -> None:
    path = begin(exercise).path
    for number in (1, 2):
        path.write_text(f"mine {number}", encoding="utf-8")
        written = begin(exercise, fresh=True)
        assert written.aside == path.with_name(f"{exercise.name}.{number}.py")
        assert written.aside.read_text(encoding="utf-8") == f"mine {number}"
        assert path.read_text(encoding="utf-8") == exercise.start


def test_a_folder_is_remembered(tmp_path: Path, home: Path, exercise: Exercise) -> None:
    assert exercises_folder() == home / "exercises"
    assert remember_folder(tmp_path / "mine") == tmp_path / "mine"
    assert path_of(exercise) == tmp_path / "mine" / "gate" / f"{exercise.name}.py"


def test_nothing_is_written_before_something_is_typed(exercise: Exercise) -> None:
    draft = Draft(exercise)
    assert draft.text == exercise.start
    assert not draft.is_changed(exercise.start)
    assert not draft.path.exists()
    assert draft.poll(exercise.start) == "none"


def test_what_is_saved_is_no_change_from_outside(exercise: Exercise) -> None:
    draft = Draft(exercise)
    draft.save("mine")
    assert draft.poll("mine") == "none"
    assert not draft.is_changed("mine")
    assert Draft(exercise).text == "mine"


def test_a_change_outside_is_taken_over(exercise: Exercise) -> None:
    draft = Draft(exercise)
    draft.save("mine")
    touch(draft.path, "theirs")
    assert draft.poll("mine") == "outside"
    assert draft.text == "theirs"
    assert draft.poll("theirs") == "none"


def test_a_file_that_appears_is_a_change_outside(exercise: Exercise) -> None:
    draft = Draft(exercise)
    begin(exercise)
    assert draft.poll(exercise.start) == "none"
    touch(draft.path, "theirs")
    assert draft.poll(exercise.start) == "outside"


@pytest.mark.parametrize("keep", ["typed", "found"])
def test_when_both_were_changed_both_are_kept(exercise: Exercise, keep: str) -> None:
    draft = Draft(exercise)
    draft.save("first")
    touch(draft.path, "theirs")
    assert draft.poll("mine") == "both"
    assert draft.poll("mine") == "both"
    aside = draft.keep_editors_text("mine") if keep == "typed" else draft.keep_files_text("mine")
    kept, other = ("mine", "theirs") if keep == "typed" else ("theirs", "mine")
    assert (draft.path.read_text(), aside.read_text(), draft.text) == (kept, other, kept)
    assert draft.poll(kept) == "none"


def test_the_same_change_in_both_is_none(exercise: Exercise) -> None:
    draft = Draft(exercise)
    draft.save("first")
    touch(draft.path, "second")
    assert draft.poll("second") == "none"
    assert not draft.is_changed("second")


def test_a_file_that_is_deleted_lives_on_in_the_editor(exercise: Exercise) -> None:
    draft = Draft(exercise)
    draft.save("mine")
    draft.path.unlink()
    assert draft.poll("mine") == "none"
    assert draft.is_changed("mine")


def test_a_file_that_is_no_text_is_refused(exercise: Exercise) -> None:
    path = begin(exercise).path
    draft = Draft(exercise)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(Wrong, match="not UTF-8"):
        draft.poll(exercise.start)
    with pytest.raises(Wrong, match="not UTF-8"):
        Draft(exercise)


def test_a_free_name_is_free(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("1")
    assert set_aside(file).name == "a.1.py"
    assert not file.exists()
    assert free_name(file).name == "a.2.py"


def test_a_file_tells_which_exercise_it_is(tmp_path: Path, exercise: Exercise) -> None:
    copy = tmp_path / "whatever.py"
    copy.write_bytes(exercise.start.replace("\n", "\r\n").encode())
    assert exercise_of_file(copy).exercise == exercise


def test_else_its_name_and_folder_do(tmp_path: Path) -> None:
    (tmp_path / "two_layer").mkdir()
    for key in ("gate/sigmoid", "two-layer/bug_hunt"):
        lesson, _, name = key.partition("/")
        file = tmp_path / lesson.replace("-", "_") / f"{name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text("x = 1\n")
        found = exercise_of_file(file).exercise
        assert found is not None
        assert found.key == key
    alone = tmp_path / "sigmoid.py"
    alone.write_text("x = 1\n")
    found = exercise_of_file(alone).exercise
    assert found is not None
    assert found.key == "gate/sigmoid"
    with pytest.raises(BadRequest, match="which exercise is"):
        exercise_of_file(tmp_path / "bug_hunt.py")


def test_words_name_exercises() -> None:
    assert exercises_meant("gate") == exercises_of("gate")
    assert [exercise.key for exercise in exercises_meant("two_layer/bug_hunt")] == ["two-layer/bug_hunt"]
    assert [exercise.key for exercise in exercises_meant("sigmoid")] == ["gate/sigmoid"]


def test_a_lesson_of_others_may_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toystory.grading.lookup.exercises_of", lambda lesson: ())
    with pytest.raises(BadRequest, match="lesson gate has no exercises"):
        exercises_meant("gate")


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("bug_hunt", "could be gate/bug_hunt or"),
        ("gate/sigmod", "did you mean sigmoid?"),
        ("sigmod", "did you mean sigmoid?"),
        ("gaet", "did you mean gate?"),
        ("zzzz", r"called 'zzzz': 'toystory exercise'"),
        ("", "no lesson, exercise or file"),
    ],
)
def test_what_nobody_can_have_meant(word: str, sentence: str) -> None:
    with pytest.raises(BadRequest, match=sentence.replace("?", r"\?")):
        exercises_meant(word)
