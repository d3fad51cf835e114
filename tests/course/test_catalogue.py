"""The table of contents."""

import re

import pytest

from toystory.course import catalogue
from toystory.course.catalogue import NAMES


def test_the_chapters_stand_in_the_order_of_the_story() -> None:
    chapters = catalogue.chapters()
    assert [chapter.name for chapter in chapters] == list(NAMES)
    assert [chapter.number for chapter in chapters] == list(range(1, len(NAMES) + 1))
    for chapter in chapters:
        assert chapter.title
        assert chapter.about
        # Of story.de.md too: a translation stands beside its English text.
        parts = {f"{file.name.partition('.')[0]}.md" for file in chapter.folder.glob("*.md")}
        softmax = {"softmax_derivation.md"} if chapter.name == "mlp" else set()  # for real numbers
        assert parts == softmax | {
            "story.md",
            "predict.md",
            "derivation.md",
            "recap.md",
            "sources.md",
            "can.md",
        }


@pytest.mark.parametrize("name", NAMES)
def test_every_chapter_loads_whole(name: str) -> None:
    lesson = catalogue.load(name)
    assert lesson.name == name
    assert lesson.chapter in catalogue.chapters()
    assert lesson.derivation
    assert lesson.studies
    assert lesson.claims
    assert len(lesson.story) > 1000
    assert not lesson.story.startswith(("#", ">"))
    assert len(lesson.prediction.choices) >= 3
    assert lesson.prediction.question.endswith("?")
    assert lesson.prediction.explanation
    assert "## From memory" in lesson.recap
    assert re.findall(r"\b(?:19|20)\d\d\b|Kaggle", lesson.sources)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("lstn", "lstm"), ("two_layers", "two-layer"), ("GATE", "gate"), ("regresion", "regression")],
)
def test_the_nearest_name_is_said(wrong: str, right: str) -> None:
    with pytest.raises(catalogue.UnknownChapter, match=f"did you mean {right}\\?"):
        catalogue.load(wrong)


@pytest.mark.parametrize("wrong", ["", "xyzzy", "../gate", "gate.lesson"])
def test_a_name_like_no_other_gets_all_of_them(wrong: str) -> None:
    with pytest.raises(catalogue.UnknownChapter) as caught:
        catalogue.load(wrong)
    assert ", ".join(NAMES) in str(caught.value)
