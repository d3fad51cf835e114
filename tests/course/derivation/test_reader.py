"""A derivation in Markdown, and the Python that puts its numbers in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import toystory
from toystory.course.derivation.reader import read_derivation
from toystory.course.derivation.shared_lines import answer
from toystory.course.derivation.steps import DerivationStep
from toystory.course.derivation.symbols import Symbol
from toystory.course.text.prose import BadProse

TEXT = """## the answer

    equation: a = σ(z)
    code: models/logistic_regression.py: a = sigmoid(z)
    value: a

The sigmoid turns any number
into one from 0 to 1.

- a (rows, 4 hidden): the answer: a share
- L: the loss
"""


def test_steps_and_symbols_are_read(tmp_path: Path) -> None:
    file = tmp_path / "derivation.md"
    file.write_text(TEXT, encoding="utf-8")
    steps, symbols = read_derivation(file, {"the answer": answer})
    sentence = "The sigmoid turns any number into one from 0 to 1."
    module = "logistic_regression"
    assert steps == (
        DerivationStep("the answer", "a = σ(z)", sentence, module, "a = sigmoid(z)", "a", answer),
    )
    assert symbols == (Symbol("a", ("rows", "4 hidden"), "the answer: a share"), Symbol("L", (), "the loss"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (TEXT.replace("    value: a\n", ""), "the step 'the answer' needs three lines"),
        (TEXT.replace("code: models/", "code: "), "the step 'the answer' needs three lines"),
        (
            TEXT.replace("## the answer", "## the reply"),
            "has no heading '## the answer', which derivation.py has",
        ),
        (TEXT + "\n" + TEXT, "two steps are called 'the answer'; give one of them another title"),
        (TEXT.replace("- a (", "- a("), "'- a\\(rows, 4 hidden\\): .+' is no line of a symbol; write"),
        (TEXT.replace("- a (", "- dq p ("), "'- dq p \\(rows, 4 hidden\\): .+' is no line of a symbol"),
        (TEXT.replace("- L: the", "- L the"), "'- L the loss' is no line of a symbol"),
        (
            TEXT.replace("0 to 1.\n", "0 to 1.\n\nIt is steep at 0.\n"),
            "'It is steep at 0.' below the step 'the answer' would be lost; a step has one paragraph",
        ),
        (
            TEXT.replace("0 to 1.\n", "0 to 1.\n- It is steep at 0.\n"),
            "'- It is steep at 0.' is no line of a symbol",
        ),
        ("It is one neuron.\n\n" + TEXT, "'It is one neuron.' above the first step would be lost"),
        (TEXT + "  as a share\n", "'  as a share' below the step 'the answer' would be lost"),
        (TEXT.replace("models/", "models/parts/"), "that file is models/logistic_regression.py: write this"),
        (
            TEXT.replace("models/logistic", "models/logistics"),
            "the step 'the answer' has its code in .+ has a file",
        ),
    ],
)
def test_what_is_wrong_is_told_with_the_file_and_the_step(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "derivation.md"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadProse, match=told) as error:
        read_derivation(file, {"the answer": answer})
    assert str(file) in str(error.value)


def test_the_code_of_every_step_stands_where_the_markdown_says() -> None:
    package = Path(toystory.__file__).parent
    others = ("cli/skeleton/derivation.md", "course/derivation/update_steps.md")
    for file in (*package.glob("lessons/*/*derivation.md"), *(package / name for name in others)):
        told = re.findall(r"^    code: (\S+): (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
        assert told
        for path, line in told:
            assert line in map(str.strip, (package / path).read_text(encoding="utf-8").splitlines()), file
