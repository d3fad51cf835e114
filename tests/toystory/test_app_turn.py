"""The tasks under Your turn: their code runs as it stands and fits a small terminal."""

import re

import pytest

from lessons.catalogue import NAMES, load
from toystory.screens.turn import code_of, task

FENCE = re.compile(r"```python\n(.*?)```", re.DOTALL)
WIDTH = 68


@pytest.mark.parametrize("name", NAMES)
def test_the_code_of_a_task_runs(name: str, capsys: pytest.CaptureFixture[str]):
    (code,) = FENCE.findall(task(load(name)))
    assert all(len(line) <= WIDTH for line in code.splitlines())
    exec(code, {})
    assert capsys.readouterr().out


@pytest.mark.parametrize("name", NAMES)
def test_it_says_where_the_code_stands(name: str):
    assert code_of(load(name)).endswith(".py")
