"""Every source has a title, a year, and a place to find it."""

from __future__ import annotations

import re

import pytest

from tests.lessons.test_figures import told_by
from toystory.course import catalogue
from toystory.course.catalogue import NAMES

PLACE = re.compile(r"doi:10\.\d{4,}/\S+|arXiv:\d{4}\.\d{4,5}|ISBN [\d-]{10,}|https://\S+")


def sources(name: str) -> list[str]:
    text = (catalogue.load(name).chapter.folder / "sources.md").read_text(encoding="utf-8")
    return [" ".join(item.split()) for item in re.split(r"^- ", text, flags=re.MULTILINE)[1:]]


@pytest.mark.parametrize("name", NAMES)
def test_every_source_can_be_found(name: str) -> None:
    assert sources(name)
    for source in sources(name):
        assert re.search(r"\*[^*]+\*", source), source
        assert re.search(r"\b(?:19|20)\d\d\b|has no year", source), source
        assert PLACE.search(source), source


YEAR = re.compile(r"(?<![\d.,])(?:1[89]|20)\d\d(?![\d,])")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_cited_stands_among_the_sources(name: str) -> None:
    """A year in a text is that of a work: a source of the chapter has it, and a name that stands there."""
    for told in told_by(name):
        text = " ".join(told.text.split())
        for year in YEAR.finditer(text):
            named = set(re.findall(r"\b[A-Z]\w{2,}", text[max(0, year.start() - 160) : year.end() + 80]))
            assert any(
                year[0] in source and named & set(re.findall(r"\w+", source)) for source in sources(name)
            ), (told.where, text[max(0, year.start() - 60) : year.end()])
