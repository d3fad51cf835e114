"""The top of a story.md: the title of a chapter, and what it is about. Light: the list reads it of each."""

from __future__ import annotations

import re
from pathlib import Path

from toystory.base.errors import BadProse
from toystory.base.language import ENGLISH, language
from toystory.course.text.files import read_text

HEADING = r"# (?P<title>.+)\n> (?P<about>.+)\n+"


def read_heading(story: Path) -> tuple[str, str]:
    """Title and what it is about.

    Args:
        story: The English file.

    Raises:
        BadProse: One of them is missing.
    """
    if language() == ENGLISH:
        return _title_and_about(story, read_text(story))
    from toystory.course.text.translation import read_in_language  # who reads English waits for none of it

    return read_in_language(story, lambda text: _title_and_about(story, text))


def heading(story: Path, text: str) -> re.Match[str]:
    """The top of a story's text; the story begins where it ends.

    Args:
        story: The file, for the sentence.
        text: What stands in it.

    Raises:
        BadProse: There is no such top.
    """
    found = re.match(HEADING, text)
    if found is None:
        raise BadProse(
            f"{story}: expected '# Title' in the first line and '> what it is about' in the second"
        )
    return found


def _title_and_about(story: Path, text: str) -> tuple[str, str]:
    return heading(story, text).group("title", "about")  # type: ignore[return-value]
