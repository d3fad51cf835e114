"""The Markdown files of a chapter, and what is in them.

A writer needs no Python: story.md begins with `# Title` and `> what it is about`; predict.md is a question,
a task list whose right choice is ticked `[x]`, a line `---`, and the explanation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_HEADING = re.compile(r"# (?P<title>.+)\n> (?P<about>.+)\n+")
_CHOICE = re.compile(r"^- \[(?P<tick>[ x])\] (?P<text>.+(?:\n  .+)*)", re.MULTILINE)


class BadProse(ValueError):
    """A Markdown file is not built as it should be; the message says which, and what is missing."""


@dataclass(frozen=True)
class Prediction:
    """A question to answer before watching. answer: index of the right choice."""

    question: str
    choices: tuple[str, ...]
    answer: int
    explanation: str


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


def _heading(story: Path, text: str) -> re.Match[str]:
    heading = _HEADING.match(text)
    if heading is None:
        raise BadProse(
            f"{story}: expected '# Title' in the first line and '> what it is about' in the second"
        )
    return heading
