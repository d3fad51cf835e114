"""The Markdown files of a chapter, and what is in them.

A writer needs no Python: story.md begins with `# Title` and `> what it is about`; predict.md is a question,
a task list whose right choice is ticked `[x]`, a line `---`, and the explanation; recap.md is what to keep,
a heading `## From memory`, and a list of questions, each with its *answer* in italics below.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

_HEADING = re.compile(r"# (?P<title>.+)\n> (?P<about>.+)\n+")
_CHOICE = re.compile(r"^- \[(?P<tick>[ x])\] (?P<text>.+(?:\n  .+)*)", re.MULTILINE)

_RECALL = re.compile(r"^- (?P<question>[^*]+?)\s+\*(?P<answer>[^*]+)\*\s*$", re.MULTILINE)
_FROM_MEMORY = "\n## From memory\n"


class BadProse(ValueError):
    """A Markdown file is not built as it should be; the message says which, and what is missing."""


class Prediction(NamedTuple):
    """A question to answer before watching. answer: index of the right choice."""

    question: str
    choices: tuple[str, ...]
    answer: int
    explanation: str


class Recall(NamedTuple):
    """A question to be answered from memory, and its answer."""

    question: str
    answer: str


def read_heading(story: Path) -> tuple[str, str]:
    """Title and what it is about, from the top of a story.md."""
    with story.open(encoding="utf-8") as file:
        top = "".join(next(file, "") for _ in range(3))
    return _heading(story, top).group("title", "about")  # type: ignore[return-value]


def read_story(story: Path) -> str:
    """The story below its heading, as Markdown."""
    text = story.read_text(encoding="utf-8")
    return text[_heading(story, text).end() :].strip() + "\n"


def read_prediction(file: Path) -> Prediction:
    """The question, choices and explanation of a predict.md. Raises BadProse where one is missing."""
    asked, rule, explanation = file.read_text(encoding="utf-8").partition("\n---\n")
    choices = list(_CHOICE.finditer(asked))
    right = [i for i, choice in enumerate(choices) if choice["tick"] == "x"]
    if not rule or len(choices) < 2 or len(right) != 1:
        raise BadProse(
            f"{file}: expected a question, a list of two or more '- [ ]' choices with exactly one '- [x]', "
            "a line '---' and an explanation"
        )
    texts = tuple(re.sub(r"\s+", " ", choice["text"]) for choice in choices)
    return Prediction(asked[: choices[0].start()].strip(), texts, right[0], explanation.strip())


def read_recap(file: Path) -> tuple[str, tuple[Recall, ...]]:
    """What to keep, as Markdown, and the questions from memory. Raises BadProse where there are none."""
    kept, _, asked = file.read_text(encoding="utf-8").partition(_FROM_MEMORY)
    found = tuple(
        Recall(" ".join(item["question"].split()), " ".join(item["answer"].split()))
        for item in _RECALL.finditer(asked)
    )
    if not found or len(found) != len(re.findall(r"^- ", asked, re.MULTILINE)):
        raise BadProse(
            f"{file}: expected a heading '## From memory' and below it a list of questions, "
            "each followed by its *answer* in italics"
        )
    return kept.strip() + "\n", found


def _heading(story: Path, text: str) -> re.Match[str]:
    heading = _HEADING.match(text)
    if heading is None:
        raise BadProse(
            f"{story}: expected '# Title' in the first line and '> what it is about' in the second"
        )
    return heading
