"""What a learner reads beside the code: every module says what it is, every model names its arrays."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

from toystory.models import LSTM, RNN, Attention, LogisticRegression, Model, TwoLayerNet

FOLDER = Path(__file__).parents[2] / "toystory" / "models"
MODULES = sorted(FOLDER.glob("*.py"))


def test_the_modules_are_found() -> None:
    assert len(MODULES) > 10


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_modules_classes_and_functions_have_docstrings(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    public = [
        node.name
        for node in tree.body
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_")
        if not ast.get_docstring(node)
    ]
    assert public == []


@pytest.mark.parametrize("model", [LogisticRegression(2), TwoLayerNet(2, 2), RNN(2), LSTM(2), Attention()])
def test_a_models_equations_name_its_parameters_and_their_gradients(model: Model) -> None:
    words = set((importlib.import_module(type(model).__module__).__doc__ or "").split())
    for name in model.parameters:
        assert name in words
        assert f"d{name}" in words
