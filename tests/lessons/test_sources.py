"""Every source has a title, a year, and a place to find it."""

from __future__ import annotations

import re

import pytest

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
