"""`toystory review`: the questions that were not known from memory, once more."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from toystory.cli.messages import print_json, print_sentences
from toystory.course.catalogue import chapters
from toystory.course.chapter import Chapter
from toystory.course.text.prose import Recall, recall_of
from toystory.progress.lesson_progress import CourseProgress
from toystory.progress.review import Due, Known
from toystory.progress.store import Store

HOW_WELL = "1 knew it  2 half  3 not: "
MARKS: dict[str, Known] = {"1": 2, "2": 1, "3": 0}


def answer(args: argparse.Namespace) -> int:
    """Ask what is due in a terminal, else list it; 0."""
    store = Store()
    store.check()
    learner = CourseProgress(store)
    due = _with_answers(learner)
    print_sentences(learner.notices())
    if args.json:
        print_json({"due": [{"lesson": one.lesson, "question": recall.question} for one, recall, _ in due]})
    elif not due:
        print("No question is due. What you do not know from memory comes back here.")
    elif sys.stdin.isatty() and sys.stdout.isatty():
        _ask_all(learner, due)
    else:
        for _, recall, chapter in due:
            print(f"chapter {chapter.number}, {chapter.title}: {recall.question}")
    return 0


def _with_answers(learner: CourseProgress) -> list[tuple[Due, Recall, Chapter]]:
    """What is due, with what its chapter says; a question that it has no more is left out."""
    by_name = {chapter.name: chapter for chapter in chapters()}
    found = []
    for one in learner.due:
        chapter = by_name[one.lesson]
        recall = recall_of(chapter.folder, one.question)
        if recall is not None:
            found.append((one, recall, chapter))
    return found


def _ask_all(
    learner: CourseProgress,
    due: list[tuple[Due, Recall, Chapter]],
    ask: Callable[[str], str] = input,
) -> None:
    """One question after another; the end of what is typed ends it, and what was answered stays.

    Args:
        learner: Whose answers they are.
        due: What is asked.
        ask: Shows a prompt and reads a line.
    """
    for number, (one, recall, chapter) in enumerate(due, start=1):
        print(
            f"\n{number} of {len(due)}  chapter {chapter.number}, {chapter.title}\n{_plain(recall.question)}"
        )
        try:
            said = ask("your answer, or only enter: ").strip()
            print(f"answer: {_plain(recall.answer)}")
            mark = ""
            while mark not in MARKS:
                mark = ask(HOW_WELL).strip()
        except EOFError:
            print()
            return
        learner.record(one.lesson).recall(one.question, said)
        learner.review(one, MARKS[mark])
    print("\nThat was all. What you did not know comes back later.")


def _plain(text: str) -> str:
    """Without the marks of Markdown's code."""
    return text.replace("`", "")
