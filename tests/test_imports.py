"""One direction of imports: toystory → lessons → models → NumPy and the standard library."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STANDARD = sys.stdlib_module_names
ALLOWED = {
    "models": STANDARD | {"numpy", "models"},
    "lessons": STANDARD | {"numpy", "models", "lessons"},
    "toystory": STANDARD
    | {"numpy", "models", "lessons", "toystory", "textual", "rich", "plotext", "platformdirs"}
    | {"markdown_it", "pygments"},
}
EXTRAS = {"toystory/serving": {"aiohttp", "textual_serve"}}
"""What is installed only with an extra, and the one folder that may ask for it."""


def allowed(package: str, path: str) -> set[str]:
    """What a file of `package` may import."""
    return {
        *ALLOWED[package],
        *(name for folder, names in EXTRAS.items() if path.startswith(folder) for name in names),
    }


def imported(source: str) -> Iterator[str]:
    """The top-level package of everything that `source` imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "" if node.level else (node.module or "").partition(".")[0]


@pytest.mark.parametrize("package", ALLOWED)
def test_a_package_imports_only_what_lies_below_it(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files, f"{package} has no Python files"
    found = {
        (str(path.relative_to(ROOT)), name) for path in files for name in imported(path.read_text("utf-8"))
    }
    assert {(path, name) for path, name in found if name not in allowed(package, path)} == set()


def test_hidden_imports_are_seen() -> None:
    source = "import os.path\ndef f():\n    from textual.app import App\n    from . import x\n"
    assert list(imported(source)) == ["os", "textual", ""]
