"""The project's files one after another: nothing of theirs is lost but what the rules take out."""

from __future__ import annotations

import ast
import builtins
import json
from collections.abc import Iterator

import pytest

from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.export.lesson.excerpts import experiment_class, lesson_code
from toystory.export.lesson.inline import (
    functions,
    inlined,
    names_used,
    own_imports,
    source_of,
    without_own_imports,
)
from toystory.export.lesson.notebook import notebook

SOURCE = '''\
"""What it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from toystory.models.arrays import Bits, Cache
from toystory.models.loss import binary_cross_entropy as loss

if TYPE_CHECKING:
    from os import PathLike

LIMIT = 3
"""A number."""


@dataclass(frozen=True)
class Thing:
    """Is one."""

    x: int

    @property
    def kept(self) -> Bits:
        return np.zeros(self.x)

    @staticmethod
    def gone(path: PathLike[str]) -> None:
        from toystory.models.storage import load

        load(path)

    def also_kept(self) -> int:
        from models.present import y

        return y
'''


def test_the_rules_take_out_what_they_say_and_nothing_else() -> None:
    found = without_own_imports(SOURCE, {"models.present"})
    assert own_imports(found) == []
    assert functions(found) == ["kept", "also_kept"]
    for line in ("from models", "TYPE_CHECKING", "PathLike", "load(", "@staticmethod"):
        assert line not in found
    lost = [line for line in SOURCE.splitlines() if line.strip() and line not in found.splitlines()]
    kept = (
        "import numpy as np",
        "from dataclasses import dataclass",
        '"""A number."""',
        "LIMIT = 3",
        "        return y",
    )
    assert not set(kept) & set(lost)
    assert "\n\n\n\n" not in found


def test_imports_are_found_with_their_second_names() -> None:
    assert [(i.module, i.name, i.alias) for i in own_imports(SOURCE)] == [
        ("toystory.models.arrays", "Bits", "Bits"),
        ("toystory.models.arrays", "Cache", "Cache"),
        ("toystory.models.loss", "binary_cross_entropy", "loss"),
    ]


@pytest.mark.parametrize("line", ["import models.loss", "import numpy, lessons"])
def test_a_whole_module_of_ours_cannot_be_taken_out(line: str) -> None:
    with pytest.raises(ValueError, match="line 1 imports a whole module"):
        own_imports(line)


def test_files_stand_after_those_they_need() -> None:
    names = [file.name for file in inlined(["toystory.models.lstm"], {})]
    assert names[-1] == "toystory.models.lstm"
    assert names.index("toystory.models.arrays") < names.index("toystory.models.activations")
    assert names.index("toystory.models.recurrent") < names.index("toystory.models.lstm")
    assert "toystory.models.mlp" not in names


def test_a_second_name_is_given_where_the_first_is_made() -> None:
    files = {file.name: file.code for file in inlined(["toystory.lessons.comparison.cells"], {})}
    assert "\nLSTM_EVERY_LENGTH = EVERY_LENGTH\n" in files["toystory.lessons.lstm.experiments"]


def test_an_experiment_is_cut_to_what_a_lesson_needs() -> None:
    cut = experiment_class({"LSTM"})
    names = functions(cut)
    assert {"build_model", "describe", "task"} <= set(names)
    assert "__post_init__" not in names
    assert "LSTM(" in cut
    assert "TwoLayerNet(" not in cut
    whole = source_of("toystory.training.experiment").splitlines()
    assert [line for line in cut.splitlines() if line.strip() and line not in whole] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_lessons_experiments_and_claims_are_its_own_lines(name: str) -> None:
    module = f"toystory.lessons.{name.replace('-', '_')}.lesson"
    code = lesson_code(module)
    own = "".join(source_of(module).split())
    for line in f"{code.studies}{code.claims}".splitlines():
        said = line.removeprefix("studies = ").removeprefix("claims = ")
        assert "".join(said.split()) in own
    assert {"toystory.training.claim", "toystory.course.failures"} & set(code.imports)


def code_cells(name: str) -> Iterator[tuple[str, ast.Module]]:
    """The code of a lesson's notebook, up to the exercises, by the ids of the cells."""
    for cell in json.loads(notebook(catalogue.load(name)))["cells"]:
        if cell["id"] == "exercises":
            return
        if cell["cell_type"] == "code":
            yield cell["id"], ast.parse("".join(cell["source"]))


def made(tree: ast.Module) -> set[str]:
    """The names that the top level of some code gives."""
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        else:
            names |= {
                n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            }
    return names


def read_later(tree: ast.Module) -> set[str]:
    """The names that functions read when they are called, and do not make themselves."""
    names = set()
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)):
        arguments = function.args
        own = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
        inside = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
        own |= {node.id for node in inside if isinstance(node.ctx, ast.Store)}
        own |= {node.name for node in ast.walk(function) if isinstance(node, ast.FunctionDef)}
        names |= names_used(function, annotations=False) - own
    return names - set(dir(builtins))


def giver(cell: str, name: str, cells: dict[str, ast.Module]) -> str:
    """What gives a name in a cell: the cell, or an import, which is the same wherever it stands."""
    for node in cells[cell].body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name).partition(".")[0] == name:
                    return f"{getattr(node, 'module', '')} {alias.name}"
    return cell


def brought_by_imports(cell: str) -> dict[str, str]:
    """In which cell the names are made that a file imports from other files of ours."""
    if not cell.startswith("code-"):
        return {}
    imports = own_imports(source_of(cell.removeprefix("code-").replace("-", ".")))
    return {own.alias: f"code-{own.module.replace('.', '-')}" for own in imports}


@pytest.mark.parametrize("name", NAMES)
def test_no_name_means_something_else_by_the_time_it_is_read(name: str) -> None:
    cells = dict(code_cells(name))
    last = {given: cell for cell, tree in cells.items() for given in made(tree)}
    so_far: dict[str, str] = {}
    wrong = set()
    for cell, tree in cells.items():
        so_far |= dict.fromkeys(made(tree), cell)
        brought = brought_by_imports(cell)
        for read in read_later(tree) & set(last):
            meant = brought.get(read) or so_far.get(read, last[read])
            if giver(last[read], read, cells) != giver(meant, read, cells):
                wrong.add((cell, read, meant, last[read]))
    assert wrong == set()
