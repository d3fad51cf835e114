"""The files that a notebook takes along or shows."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toystory.export.lesson.package import as_cell, literal, needed_modules, path_of, source_of

SOURCE = '''\
"""What it is."""

from __future__ import annotations

import numpy as np

from toystory.models.parts.arrays import (
    Bits,
    Cache,
)
from toystory.models.parts.loss import binary_cross_entropy

LIMIT = 3
'''


def test_a_cell_is_the_file_without_what_stands_above_it() -> None:
    assert (
        as_cell(SOURCE, above=["toystory.models.parts.arrays"])
        == '''\
"""What it is."""

import numpy as np

from toystory.models.parts.loss import binary_cross_entropy

LIMIT = 3
'''
    )


def test_modules_come_with_what_they_import_and_the_packages_around_them() -> None:
    found = needed_modules(["toystory.models.lstm"], and_these=["toystory.base.runtime"])
    assert {"toystory", "toystory.base", "toystory.base.runtime"} <= set(found)
    assert {"toystory.models", "toystory.models.recurrent", "toystory.models.parts.arrays"} <= set(found)
    assert found == sorted(found)
    assert not any(name.startswith(("toystory.tui", "toystory.lessons")) for name in found)


@pytest.mark.parametrize(
    ("module", "path"),
    [("toystory.models", "toystory/models/__init__.py"), ("toystory.models.lstm", "toystory/models/lstm.py")],
)
def test_a_path_is_where_the_file_stands(module: str, path: str) -> None:
    assert path_of(module) == path


@given(st.text(st.sampled_from("ab'\"\\\n\r\t×{}")))
def test_a_literal_is_the_text(text: str) -> None:
    assert ast.literal_eval(literal(text)) == text


def test_a_file_is_readable_within_its_literal() -> None:
    source = source_of("toystory.models.lstm")
    assert source in literal(source)


def test_a_type_that_names_a_class_of_the_file_is_text() -> None:
    source = "class A:\n    def f(self, é: tuple[A, ...], n: int) -> A | None: ...\n"
    assert as_cell(source) == 'class A:\n    def f(self, é: "tuple[A, ...]", n: int) -> "A | None": ...\n'
