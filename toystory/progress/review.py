"""Questions that were not known from memory come back: in the next chapter, two later, and at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from toystory.course import catalogue
from toystory.course.catalogue import BrokenLesson, UnknownChapter

Known = Literal[0, 1, 2]
"""How well the answer was known: not, half, or wholly."""
WORDS: tuple[str, str, str] = ("not", "half", "knew it")
"""What each is called."""
LATER = (1, 2)
"""Chapters until a question is asked again: at first, and when it was known then; after that, at the end."""


@dataclass(frozen=True)
class Review:
    """How a question stands.

    Attributes:
        known: How well the last answer was known.
        times: How many times in a row it was known since it was missed.
        due: The number of the chapter in which it is asked again; None where it is done with.
    """

    known: Known
    times: int
    due: int | None


@dataclass(frozen=True)
class Due:
    """A question that is asked again: of a lesson, by the id that it has in the recap."""

    lesson: str
    question: str


def after(before: Review | None, known: Known, chapter: int, last: int) -> Review:
    """How a question stands once it was answered.

    What was known at the first go is done with. What was not, or half, comes back.

    Args:
        before: How it stood; None where it was never marked.
        known: How well it was known now.
        chapter: The number of the chapter that the learner is in.
        last: That of the last one.
    """
    if known < 2:
        return Review(known, 0, min(chapter + LATER[0], last))
    if before is None or before.due is None:
        return Review(known, 0, None)
    times = before.times + 1
    if chapter >= last or times > len(LATER):
        return Review(known, times, None)
    # Two chapters later, and once more at the end.
    return Review(known, times, min(chapter + LATER[times], last) if times < len(LATER) else last)


def question_id(lesson: str, question: str) -> str:
    """The id under which a question is kept; what is no question of the lesson's stays as it is.

    Args:
        lesson: Its name.
        question: The id, or the words of any language, by which records were kept until format 4.
    """
    if question.isdecimal():
        return question
    from toystory.course.text.prose import recall_id  # only for a record of before

    try:
        return recall_id(catalogue.chapter(lesson).folder, question)
    except (BrokenLesson, UnknownChapter):
        return question


def is_due(review: Review, chapter: int) -> bool:
    """Whether it is to be asked in a chapter, or was before.

    Args:
        review: How the question stands.
        chapter: The number of the one that the learner is in.
    """
    return review.due is not None and review.due <= chapter


def all_due(reviews: Iterable[tuple[str, Mapping[str, Review]]], chapter: int) -> list[Due]:
    """The questions to be asked now, in the order of their lessons.

    Args:
        reviews: Of each lesson, by the questions.
        chapter: The number of the last one that the learner has begun.
    """
    return [
        Due(lesson, question)
        for lesson, of_lesson in reviews
        for question, review in of_lesson.items()
        if is_due(review, chapter)
    ]
