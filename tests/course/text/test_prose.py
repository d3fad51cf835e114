"""The Markdown of a chapter: what it has to look like, and what is said where it does not."""

from pathlib import Path

import pytest

from toystory.base.errors import BadProse
from toystory.course.text.heading import read_heading
from toystory.course.text.prose import Recall, read_prediction, read_recap, read_story

STORY = "# The gate\n> About a gate\n\nOnce upon a time.\n\nThe end.\n"
PREDICT = """\
What will it say?

- [ ] Nothing at all,
  not even a number.
- [x] One half.

---

One half, for it knows nothing.

---

And this rule belongs to the explanation.
"""


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "prose.md"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_story_is_what_stands_below_its_heading(tmp_path: Path) -> None:
    file = written(tmp_path, STORY)
    assert read_heading(file) == ("The gate", "About a gate")
    assert read_story(file) == "Once upon a time.\n\nThe end.\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The gate\n> About a gate\n\nOnce.",
        "# The gate\n\nOnce.",
        "# The gate\n",
        "\n" + STORY,
        "# \n> x\n\nOnce",
    ],
)
def test_a_story_without_its_heading_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    file = written(tmp_path, text)
    for read in (read_heading, read_story):
        with pytest.raises(BadProse, match=r"prose\.md: expected '# Title' in the first line"):
            read(file)


def test_a_prediction(tmp_path: Path) -> None:
    prediction = read_prediction(written(tmp_path, PREDICT))
    assert prediction.question == "What will it say?"
    assert prediction.choices == ("Nothing at all, not even a number.", "One half.")
    assert prediction.answer == 1
    assert prediction.explanation.startswith("One half, for")
    assert prediction.explanation.endswith("belongs to the explanation.")


BROKEN = {
    "empty": "",
    "no choices": "What?\n\n---\n\nThis.\n",
    "one choice": "What?\n\n- [x] This.\n\n---\n\nThis.\n",
    "no right one": PREDICT.replace("[x]", "[ ]"),
    "two right ones": PREDICT.replace("[ ]", "[x]"),
    "no rule": PREDICT.replace("---", ""),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_prediction_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadProse, match=r"prose\.md: expected a question, .*'- \[x\]'.*'---'") as caught:
        read_prediction(written(tmp_path, text))
    assert "\n" not in str(caught.value)


RECAP = """- Keep this.

## From memory

- Why is it
  so?
  *Because `w` is
  zero.*
- And then?
  *Nothing.*
"""


def test_the_questions_from_memory_are_taken_from_the_recap(tmp_path: Path) -> None:
    kept, recall = read_recap(written(tmp_path, RECAP))
    assert kept == "- Keep this.\n"
    assert recall == (
        Recall("Why is it so?", "Because `w` is zero.", "1"),
        Recall("And then?", "Nothing.", "2"),
    )


@pytest.mark.parametrize(
    "text", ["- Keep this.\n", "\n## From memory\n\n", RECAP + "- One without an answer?\n"]
)
def test_a_recap_without_its_questions_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadProse, match="From memory"):
        read_recap(written(tmp_path, text))
