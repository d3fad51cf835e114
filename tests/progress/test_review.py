"""Questions that were not known come back: the next chapter, two later, and at the end."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from toystory.cli.commands.review import _ask_all, _with_answers
from toystory.cli.main import main
from toystory.course.catalogue import chapters, load
from toystory.course.text.prose import read_recap
from toystory.progress.connection import NAME
from toystory.progress.lesson_progress import CourseProgress
from toystory.progress.merge import COLUMNS
from toystory.progress.review import Due, Review, after, all_due
from toystory.progress.store import Store

LAST = 9


def test_what_was_known_at_once_never_comes_back() -> None:
    assert after(None, 2, chapter=1, last=LAST).due is None


@pytest.mark.parametrize("known", [0, 1])
def test_what_was_not_comes_in_the_next_chapter_two_later_and_at_the_end(known: int) -> None:
    review = after(None, known, chapter=1, last=LAST)  # type: ignore[arg-type]
    seen = []
    for chapter in range(1, LAST + 1):
        while review.due is not None and review.due <= chapter:
            seen.append(chapter)
            review = after(review, 2, chapter, LAST)
    assert seen == [2, 4, LAST]
    assert review.due is None


def test_missed_again_it_begins_anew() -> None:
    review = after(Review(0, 1, 4), 0, chapter=5, last=LAST)
    assert (review.times, review.due) == (0, 6)
    assert after(Review(0, 0, LAST), 0, chapter=LAST, last=LAST).due == LAST, "it is asked until it is known"
    assert after(Review(0, 0, LAST), 2, chapter=LAST, last=LAST).due is None


def test_only_what_is_due_is_asked() -> None:
    reviews = [("gate", {"a": Review(0, 0, 2), "b": Review(2, 0, None)}), ("mlp", {"c": Review(1, 0, 6)})]
    assert all_due(reviews, 1) == []
    assert all_due(reviews, 2) == [Due("gate", "a")]
    assert all_due(reviews, 7) == [Due("gate", "a"), Due("mlp", "c")]


def missed(question: str) -> None:
    """The first chapter's question was not known, and the second is begun."""
    learner = CourseProgress(Store())
    learner.record("gate").review(question, 0, 1, LAST)
    learner.record("regression").prediction = 0


def record_of_format_4(home: Path) -> None:
    """As the version before kept marks: by the words of a question, in the language of the day."""
    Store().opened("gate", 1)
    german = read_recap_in("de", "gate")
    english = [one.question for one in load("gate").recall]
    with closing(sqlite3.connect(home / NAME)) as connection, connection:
        for table, values in (("recall", ("typed",)), ("review", (0, 0, 2))):
            holes = ", ".join("?" * (len(values) + 3))
            for question, day in ((german[1], 1), (english[1], 2), (german[0], 3), ("Asked no more?", 4)):
                row = ("gate", question, *values, f"2026-11-0{day}T09:00:00+00:00")
                connection.execute(f"INSERT INTO {table} VALUES ({holes})", row)
        connection.execute("PRAGMA user_version = 4")


def read_recap_in(code: str, lesson: str) -> list[str]:
    folder = next(chapter.folder for chapter in chapters() if chapter.name == lesson)
    return [one.question for one in read_recap(folder / f"recap.{code}.md")[1]]


def kept_by(home: Path, table: str) -> list[str]:
    with closing(sqlite3.connect(home / NAME)) as connection:
        return [row[0] for row in connection.execute(f"SELECT question FROM {table} ORDER BY question")]


def test_marks_of_before_are_found_in_every_language_and_kept_by_ids(home: Path) -> None:
    record_of_format_4(home)
    CourseProgress(Store()).record("regression").prediction = 0  # the first thing that is written
    for table in ("recall", "review"):
        assert kept_by(home, table) == ["1", "2", "Asked no more?"]
    assert CourseProgress(Store()).due == [Due("gate", "2"), Due("gate", "1")]


def test_marks_of_before_are_read_without_a_change(home: Path) -> None:
    record_of_format_4(home)
    before = (home / NAME).read_bytes()
    line = Store().line("gate")
    assert set(line.reviews) == set(line.recalled) == {"1", "2", "Asked no more?"}
    assert (home / NAME).read_bytes() == before


def answers(*lines: str) -> Iterator[str]:
    yield from lines


def test_the_record_keeps_it_and_another_one_takes_it_over(tmp_path: Path) -> None:
    question = load("gate").recall[0].id
    missed(question)
    assert CourseProgress(Store()).due == [Due("gate", question)]
    assert "review" in COLUMNS
    Store().forget("gate")
    assert CourseProgress(Store()).due == []


def test_a_recap_that_can_not_be_read_asks_nothing(tmp_path: Path) -> None:
    missed(load("gate").recall[0].id)
    for contents in (None, "no questions", b"\xff"):
        learner = CourseProgress(Store())
        learner.chapters = tuple(chapter._replace(folder=tmp_path) for chapter in learner.chapters)
        if contents is not None:
            (tmp_path / "recap.md").write_bytes(contents.encode() if isinstance(contents, str) else contents)
        assert learner.due == []


def test_the_command_asks_what_is_due_until_it_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    first = load("gate").recall[0]
    missed(first.id)
    assert main(["review", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"due": [{"lesson": "gate", "question": first.question}]}
    assert main(["review"]) == 0, "without a terminal it lists them"
    assert capsys.readouterr().out.startswith(f"chapter 1, {chapters()[0].title}: ")
    learner = CourseProgress(Store())
    typed = answers("I think so", "many", "1")
    _ask_all(learner, _with_answers(learner), lambda _: next(typed))
    assert first.answer.replace("`", "") in capsys.readouterr().out
    again = CourseProgress(Store())
    assert again.due == []
    assert again.record("gate").reviews[first.id] == Review(2, 1, 4)
    assert again.record("gate").recalled[first.id] == "I think so"
    assert main(["review"]) == 0
    assert "No question is due" in capsys.readouterr().out
