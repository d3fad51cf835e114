"""The project's own files, one after another, as code that runs without the project.

A file is shown as it stands, but for four things, all found in its syntax tree:
- imports of the project's own modules are taken out, since what they bring stands further up;
- `if TYPE_CHECKING:` blocks are taken out, and imports that nothing is left to use;
- a function that imports inside itself a module that is not among them is left out;
- a name that another file imports under a second name gets that second name where it is made.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module

OWN = ("models", "lessons", "toystory")
"""Packages of the project."""


@dataclass(frozen=True)
class Import:
    """from module import name as alias."""

    module: str
    name: str
    alias: str


@dataclass(frozen=True)
class File:
    """One of the project's modules, to be run among others. name: with dots."""

    name: str
    code: str

    @property
    def path(self) -> str:
        return path_of(self.name)

    @property
    def slug(self) -> str:
        return slug(self.name)


def path_of(module: str) -> str:
    """Where it stands in the project."""
    return module.replace(".", "/") + ".py"


def slug(module: str) -> str:
    """Its name without dots."""
    return module.replace(".", "-")


def functions(source: str) -> list[str]:
    """The names of all functions and methods in the code, in its order."""
    return [node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]


def source_of(module: str) -> str:
    """The source of a module as it stands in its file."""
    return inspect.getsource(import_module(module))


def inlined(roots: Iterable[str], excerpts: dict[str, str]) -> list[File]:
    """The modules `roots` and all they need, each after those it needs.

    excerpts: code to take in place of a module's own, by the module's name; of its imports, only those count
    that the excerpt uses.
    """
    order: dict[str, list[Import]] = {}
    for root in roots:
        _collect(root, excerpts, order)
    renamed: dict[str, list[Import]] = {}
    for imports in order.values():
        for own in imports:
            if own.alias != own.name:
                renamed.setdefault(own.module, []).append(own)
    files = []
    for name in order:
        code = without_own_imports(excerpts.get(name) or source_of(name), order)
        second_names = dict.fromkeys(f"{own.alias} = {own.name}" for own in renamed.get(name, []))
        files.append(File(name, "\n".join([code.rstrip("\n"), *_spaced(second_names)]) + "\n"))
    return files


def own_imports(source: str) -> list[Import]:
    """What the code imports from the project when it is run from top to bottom.

    Raises ValueError for `import models.x`, which can't be taken out: the code would lack the name `models`.
    """
    found = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import) and any(_is_own(alias.name) for alias in node.names):
            raise ValueError(f"line {node.lineno} imports a whole module: write 'from … import …'")
        if isinstance(node, ast.ImportFrom) and _is_own(node.module):
            assert node.module is not None
            found += [Import(node.module, a.name, a.asname or a.name) for a in node.names]
    return found


def without_own_imports(source: str, present: Collection[str]) -> str:
    """The code with the rules of this module applied, except second names. present: the modules that are
    there."""
    code = without_lines(source, _ranges_to_drop(ast.parse(source), present))
    tree = ast.parse(code)
    used = names_used(tree, annotations=True)
    unused = [
        lines_of(node)
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        and not (isinstance(node, ast.ImportFrom) and node.module == "__future__")
        and not any((a.asname or a.name).partition(".")[0] in used for a in node.names)
    ]
    return without_lines(code, unused)


def without_lines(source: str, ranges: Iterable[tuple[int, int]]) -> str:
    """The source without these lines (first, last, counted from 1) and the blank ones directly above them."""
    lines = source.splitlines()
    dropped: set[int] = set()
    for first, last in ranges:
        dropped.update(range(first, last + 1))
        while first > 1 and not lines[first - 2].strip():
            first -= 1
            dropped.add(first)
    return "\n".join(line for number, line in enumerate(lines, start=1) if number not in dropped) + "\n"


def names_used(tree: ast.AST, *, annotations: bool) -> set[str]:
    """Names that the code reads. annotations: also those that only say a type."""
    nodes = _walk(tree, annotations)
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _collect(module: str, excerpts: dict[str, str], order: dict[str, list[Import]]) -> None:
    """Put what `module` needs into `order`, and then itself."""
    if module in order:
        return
    excerpt = excerpts.get(module)
    source = excerpt or source_of(module)
    imports = own_imports(source)
    if excerpt is not None:
        used = names_used(ast.parse(excerpt), annotations=False)
        imports = [own for own in imports if own.alias in used]
    stand_ins = [name for name in _inside(ast.parse(source)) if name in excerpts]
    for name in (*(own.module for own in imports), *stand_ins):
        _collect(name, excerpts, order)
    order[module] = imports


def lines_of(node: ast.stmt) -> tuple[int, int]:
    """First and last line of a statement, the decorators of a definition with it."""
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return first, node.end_lineno or node.lineno


def _ranges_to_drop(tree: ast.Module, present: Collection[str]) -> list[tuple[int, int]]:
    return [
        lines_of(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt)
        and (_imports_own(node) or _is_for_types(node) or _needs_what_is_absent(node, present))
    ]


def _imports_own(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and _is_own(node.module)


def _is_for_types(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _needs_what_is_absent(node: ast.stmt, present: Collection[str]) -> bool:
    return isinstance(node, ast.FunctionDef) and any(name not in present for name in _inside(node))


def _inside(tree: ast.AST) -> list[str]:
    """The project's modules that functions import inside themselves."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [
        inner.module
        for function in functions
        for inner in ast.walk(function)
        if isinstance(inner, ast.ImportFrom) and inner.module and _is_own(inner.module)
    ]


def _walk(tree: ast.AST, annotations: bool) -> Iterator[ast.AST]:
    yield tree
    for field, value in ast.iter_fields(tree):
        if not annotations and field in ("annotation", "returns"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _walk(child, annotations)


def _is_own(module: str | None) -> bool:
    return (module or "").partition(".")[0] in OWN


def _spaced(lines: Iterable[str]) -> list[str]:
    found = list(lines)
    return ["", *found] if found else []
