"""`toystory list`."""

import json

import pytest

from toystory.cli import main as cli
from toystory.course import catalogue


def test_a_line_a_lesson(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["list"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert len(lines) == len(catalogue.NAMES)
    for line, chapter in zip(lines, catalogue.chapters(), strict=True):
        assert line.split()[:2] == [str(chapter.number), chapter.name]
        assert chapter.title in line
        assert line.endswith(chapter.about)
    assert (
        len({line.index(chapter.title) for line, chapter in zip(lines, catalogue.chapters(), strict=True)})
        == 1
    )


def test_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["list", "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    rows = [
        {"number": c.number, "name": c.name, "title": c.title, "about": c.about} for c in catalogue.chapters()
    ]
    assert json.loads(out) == {"lessons": rows}
