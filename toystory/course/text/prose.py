"""The Markdown files of a chapter, and what is in them.

A writer needs no Python: story.md begins with `# Title` and `> what it is about`; predict.md is a question,
a task list whose right choice is ticked `[x]`, a line `---`, and the explanation; recap.md is what to keep,
a heading `## From memory`, and a list of questions, each with its *answer* in italics below.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from toystory.base.errors import BadProse
from toystory.course.text.derivation_words import fits, is_derivation
from toystory.course.text.files import read_text
from toystory.course.text.heading import heading
from toystory.course.text.translation import english_of, read_in_language

# As text: each is compiled, and kept, when it is first looked for. Most commands need one of them.
_CHOICE = r"(?m)^- \[(?P<tick>[ xX])\] (?P<text>.+(?:\n  .+)*)"
_LIKE_A_CHOICE = r"(?m)^ *[-*+] *\[ *[xX]? *\].*$"
_RECALL = r"(?m)^- (?P<question>[^*]+?)\s+\*(?P<answer>[^*]+)\*\s*$"
_FROM_MEMORY = r"\n## [^\n]+\n"
"""The heading above the questions: 'From memory', in whatever language."""


class Prediction(NamedTuple):
    """A question to answer before watching. answer: index of the right choice."""

    question: str
    choices: tuple[str, ...]
    answer: int
    explanation: str


class Recall(NamedTuple):
    """A question to be answered from memory, and its answer.

    id: its place in the recap, the same in every language: answers and marks are kept by it.
    """

    question: str
    answer: str
    id: str


def read_story(story: Path) -> str:
    """The story below its heading, as Markdown."""
    return read_in_language(story, lambda text: text[heading(story, text).end() :].strip() + "\n")


def read_prediction(file: Path) -> Prediction:
    """The question, choices and explanation of a predict.md. Raises BadProse where one is missing."""
    return read_in_language(
        file,
        lambda text: _prediction(file, text),
        lambda one, other: (len(one.choices), one.answer) == (len(other.choices), other.answer),
    )


def read_recap(file: Path) -> tuple[str, tuple[Recall, ...]]:
    """What to keep, as Markdown, and the questions from memory. Raises BadProse where there are none."""
    return read_in_language(
        file, lambda text: _recap(file, text), lambda one, other: len(one[1]) == len(other[1])
    )


def recall_of(folder: Path, id: str) -> Recall | None:
    """A question from memory of a chapter, with its answer; None where the chapter does not ask it.

    Args:
        folder: Of the chapter.
        id: Of the question.
    """
    return next((one for one in read_recap(folder / "recap.md")[1] if one.id == id), None)


def recall_id(folder: Path, question: str) -> str:
    """The id of a question that is told in words, of any language; the words where no recap has them.

    Args:
        folder: Of the chapter.
        question: As a recap has it, or an id already.
    """
    for file in folder.glob("recap*.md"):
        with suppress(BadProse, OSError):
            for one in _recap(file, read_text(file))[1]:
                if question == one.question:
                    return one.id
    return question


def fits_its_english(file: Path, translated: str) -> bool:
    """Whether a translation is built as the English is: as many choices, the same one right, and so on.

    Args:
        file: The English one, story.md.
        translated: The text of the translation, below its first line.
    """
    english = english_of(file)
    try:
        if is_derivation(file):
            return fits(english, translated)
        if file.name == "story.md":
            heading(file, translated)
        elif file.name == "predict.md":
            ours, theirs = _prediction(file, english), _prediction(file, translated)
            return (len(ours.choices), ours.answer) == (len(theirs.choices), theirs.answer)
        elif file.name == "recap.md":
            return len(_recap(file, english)[1]) == len(_recap(file, translated)[1])
    except BadProse:
        return False
    return bool(translated.strip())


def _prediction(file: Path, text: str) -> Prediction:
    asked, rule, explanation = text.partition("\n---\n")
    choices = list(re.finditer(_CHOICE, asked))
    if unread := re.search(_LIKE_A_CHOICE, re.sub(_CHOICE, "", asked)):
        raise BadProse(
            f"{file}: '{unread[0].strip()}' is no choice yet: write '- [ ] …', or '- [x] …' for the right one"
        )
    right = [i for i, choice in enumerate(choices) if choice["tick"] in "xX"]
    if not rule or len(choices) < 2 or len(right) != 1:
        raise BadProse(
            f"{file}: expected a question, a list of two or more '- [ ]' choices with exactly one '- [x]', "
            "a line '---' and an explanation"
        )
    texts = tuple(re.sub(r"\s+", " ", choice["text"]) for choice in choices)
    return Prediction(asked[: choices[0].start()].strip(), texts, right[0], explanation.strip())


def _recap(file: Path, text: str) -> tuple[str, tuple[Recall, ...]]:
    kept, *below = re.split(_FROM_MEMORY, text, maxsplit=1)
    asked = "".join(below)
    found = tuple(
        Recall(" ".join(item["question"].split()), " ".join(item["answer"].split()), str(place))
        for place, item in enumerate(re.finditer(_RECALL, asked), start=1)
    )
    if not found or len(found) != len(re.findall(r"^- ", asked, re.MULTILINE)):
        raise BadProse(
            f"{file}: expected a heading '## From memory' and below it a list of questions, "
            "each followed by its *answer* in italics"
        )
    return kept.strip() + "\n", found
