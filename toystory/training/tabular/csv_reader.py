"""A table out of a CSV file: columns of numbers, and one of classes. A fault is a sentence with its place.

The first line names the columns. Commas, semicolons, tabs or bars (|) stand between values, whichever the
first line has most of; a first line such as `sep=;`, which spreadsheets write, says it before them. A byte
order mark at the beginning is taken off, and so are separators behind the last value.
Between semicolons a comma may begin the decimals.
"""

from __future__ import annotations

import csv
import io
import math
import re
import reprlib
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from toystory.base.nearest import nearest
from toystory.models.model import carry_on
from toystory.models.softmax_mlp import MOST_CLASSES
from toystory.training.tabular.dataset import FEWEST_OF_A_CLASS, Dataset

FEWEST_COLUMNS, MOST_COLUMNS = 2, 200
FEWEST_ROWS, MOST_ROWS = 20, 1_000_000
MOST_BYTES = 1 << 30
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "?", "-", "#n/a"})
"""What stands for a value that is not there, in small letters."""
MISSING_LABEL = frozenset({"", "NA", "N/A", "#N/A", "NaN", "nan"})
"""The same for a label, as it is written: "none" and "-" may be classes."""
LARGEST = 1e35
"""A number further from 0 leaves what single precision holds once it is multiplied and added up."""
AT_POINT, AT_COMMA = (
    re.compile(rf'(?<![^;\r\n])[ \t]*"?({number})"?[ \t]*(?=[;\r\n]|\Z)')
    for number in (r"[+-]?\d*\.\d+", r"[+-]?\d+,\d+")
)
"""Numbers between semicolons whose decimals begin so."""
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
SAID_SEPARATOR = re.compile(r"\s*\"?sep=([^\w\s\"]|\t)\"?[ ,;\t|]*(\r\n?|\n)", re.IGNORECASE)
"""A first line that says what stands between the values."""
AT_ONCE = 1 << 18
"""Signs that are searched between two calls of `interrupt`: meanwhile no other thread can go on."""
SHOWN = 8
"""Names that a sentence lists at most."""


class BadTable(ValueError):
    """The file holds no table to learn from; the message says why, in one sentence."""


class Row(NamedTuple):
    """The values of a line of the file, which is counted from 1."""

    line: int
    values: list[str]


class Rows(NamedTuple):
    """Rows for a model that is trained.

    Attributes:
        x: (rows, columns), in the order of the model's columns.
        y: Their classes, from 0, (rows,); None where the file has no labels, or none in their column.
        left_out: Columns of the file that the model does not know.
        lines: Of the file, one for each row.
    """

    x: NDArray[np.float64]
    y: NDArray[np.uint8] | None
    left_out: tuple[str, ...]
    lines: tuple[int, ...]


def read_dataset(
    path: Path,
    label: str | None,
    without: Collection[str] = (),
    drop_missing: bool = False,
    interrupt: Callable[[], None] = carry_on,
) -> Dataset:
    """Read a table to learn from.

    Args:
        path: Of the CSV file.
        label: Name of the column of classes.
        without: Names of columns to leave out.
        drop_missing: Leave out rows with missing values, where they would be a fault.
        interrupt: Called between pieces of the work; raise from it to abandon it.

    Raises:
        BadTable: There is something wrong with it.
    """
    file = _Table(path, to_learn=True, interrupt=interrupt)
    names = file.names
    if label is None:
        raise BadTable(f"say with --label which column of {path} has the classes: {_listed(names)}")
    at = file.place_of(label)
    if label in without:
        raise BadTable(f"{label!r} is the column of the classes: it can't be left out, too")
    unknown = [name for name in without if name not in names]
    if unknown:
        raise BadTable(f"there is no column {unknown[0]!r} to leave out: {_near(unknown[0], names)}")
    places = [i for i, name in enumerate(names) if i != at and name not in without]
    if not FEWEST_COLUMNS <= len(places) <= MOST_COLUMNS:
        most = f"expected {FEWEST_COLUMNS} to {MOST_COLUMNS}"
        raise BadTable(f"{path} has {_counted(len(places), 'column')} of numbers beside {label}: {most}")
    x = array("d")
    labels: list[str] = []
    dropped = 0
    for row in file.rows():
        if drop_missing and (
            row.values[at] in MISSING_LABEL or any(_is_missing(row.values[i]) for i in places)
        ):
            dropped += 1
            continue
        x.extend(file.numbers(row, places))
        labels.append(file.label(row, at))
    if len(labels) < FEWEST_ROWS:
        whole = " without a missing value" if dropped else ""
        raise BadTable(f"{path} has {_counted(len(labels), 'row')}{whole}: expected at least {FEWEST_ROWS}")
    classes = _classes(path, label, labels)
    y = np.array([classes.index(name) for name in labels], np.uint8)
    numbers = np.array(x).reshape(len(labels), len(places))
    return Dataset(path.name, tuple(names[i] for i in places), label, classes, numbers, y, dropped)


def read_rows(path: Path, columns: Sequence[str], label: str, classes: Sequence[str]) -> Rows:
    """Read rows for a model that is trained: its columns in any order, labels or none.

    Args:
        path: Of the CSV file.
        columns: Names of the columns that the model reads, in its order.
        label: Name of the column of classes.
        classes: Their names, in the model's order.

    Raises:
        BadTable: There is something wrong with it, or it has not the model's columns.
    """
    file = _Table(path, to_learn=False)
    lacking = [name for name in columns if name not in file.names]
    if lacking:
        what = f"the column {lacking[0]!r}" if len(lacking) == 1 else f"the columns {_listed(lacking)}"
        raise BadTable(f"{path} lacks {what}, which the model reads: {_near(lacking[0], file.names)}")
    places = [file.names.index(name) for name in columns]
    at = file.names.index(label) if label in file.names and label not in columns else None
    x = array("d")
    labels: list[str] = []
    lines: list[int] = []
    for row in file.rows():
        x.extend(file.numbers(row, places))
        lines.append(row.line)
        labels.append("" if at is None else _plain(row.values[at]))
    if not lines:
        raise BadTable(f"{path} has names in its first line and no rows below it")
    numbers = np.array(x).reshape(len(lines), len(places))
    y = None if at is None else _known_classes(file, at, lines, labels, classes)
    left_out = tuple(n for i, n in enumerate(file.names) if i not in places and i != at)
    return Rows(numbers, y, left_out, tuple(lines))


def _known_classes(
    file: _Table, at: int, lines: Sequence[int], labels: Sequence[str], classes: Sequence[str]
) -> NDArray[np.uint8] | None:
    """The numbers of the classes; None where no row has one. Raises BadTable for one that the model lacks."""
    if not any(labels):
        return None
    number_of = {name: i for i, name in enumerate(classes)}
    for line, name in zip(lines, labels, strict=True):
        if name not in number_of:
            what = f"{name!r} is no class of the model: it knows {_listed(classes)}"
            if not name:
                what = "the label is missing: fill it in, or take the row out"
            raise BadTable(f"{file.place(line, at)}: {what}")
    return np.array([number_of[name] for name in labels], np.uint8)


class _Table:
    """A CSV file: the names in its first line, and rows of as many values."""

    def __init__(self, path: Path, to_learn: bool, interrupt: Callable[[], None] = carry_on) -> None:
        self.path = path
        self.to_learn = to_learn
        self.interrupt = interrupt
        text = _text(path)
        said = SAID_SEPARATOR.match(text)
        if said is not None and said[1] not in SEPARATORS:
            known = ", ".join(SEPARATORS.values())
            raise BadTable(f"line 1 of {path} says that {said[1]!r} parts values: expected one of {known}")
        if said is not None:
            text, self.separator = text[said.end() :], said[1]
        else:
            first = next(filter(str.strip, io.StringIO(text, newline=None)), "")
            self.separator = max(SEPARATORS, key=_outside_quotes(first).count)
        self._skipped = 0 if said is None else said[0].count("\n") or said[0].count("\r")
        self._comma = self.separator == ";" and _has_decimal_commas(text, interrupt)
        self._reader = csv.reader(io.StringIO(text, newline=""), delimiter=self.separator, strict=True)
        self._lines = self._read()
        header = next(self._lines, None)
        if header is None:
            raise BadTable(f"{path} is empty: expected a first line with the names of the columns")
        self.names = [_plain(name) for name in header.values]
        while not self.names[-1]:  # a separator at the end of the line
            self.names.pop()
        self._header_line = header.line
        self._check_header()

    def rows(self) -> Iterator[Row]:
        """Those below the first line, each of as many values. Raises BadTable."""
        for count, row in enumerate(self._lines, start=1):
            self.interrupt()
            while len(row.values) > len(self.names) and not row.values[-1]:
                row.values.pop()
            if len(row.values) != len(self.names):
                raise BadTable(
                    f"line {row.line} of {self.path} has {_counted(len(row.values), 'value')}: expected "
                    f"{len(self.names)}, one for each name in line {self._header_line}"
                )
            if count > MOST_ROWS:
                raise BadTable(f"{self.path} has more than {MOST_ROWS:,} rows: give fewer")
            yield row

    def place_of(self, label: str) -> int:
        """Where a column stands. Raises BadTable."""
        if label in self.names:
            return self.names.index(label)
        raise BadTable(f"{self.path} has no column {label!r} for --label: {_near(label, self.names)}")

    def place(self, line: int, column: int) -> str:
        """A place in the file, in words.

        Args:
            line: From 1.
            column: From 0.
        """
        return f"line {line} of {self.path}, column {self.names[column]}"

    def numbers(self, row: Row, columns: Sequence[int]) -> list[float]:
        """The values of some columns. Raises BadTable.

        Args:
            row: Of the file.
            columns: From 0.
        """
        found = [self._number(row.values[column]) for column in columns]
        for column, value in zip(columns, found, strict=True):
            if not abs(value) <= LARGEST:
                raise BadTable(f"{self.place(row.line, column)}: {self._fault(row, column, columns)}")
        return found

    def _number(self, text: str) -> float:
        """The number that a text is, as this file writes it; NaN where it is none."""
        if self._comma and text.count(",") == 1 and "." not in text:
            text = text.replace(",", ".")
        return _number(text)

    def _fault(self, row: Row, column: int, columns: Sequence[int]) -> str:
        """What is wrong with a value that is no number, and what to do about it and others like it."""
        text = row.values[column]
        if _is_missing(text):
            other = "leave such rows out with --drop-missing" if self.to_learn else "take the row out"
            return f"the value is missing: fill it in, or {other}"
        said = reprlib.repr(text)
        if math.isfinite(self._number(text)):
            return f"{said} is too large: expected numbers up to {LARGEST:.0e}; choose another unit"
        if THOUSANDS.fullmatch(text):
            other = text.replace(",", ".")
            decimal = f", or {other} if its comma begins the decimals" if _is_number(other) else ""
            return f"{said} is no number here: write {text.replace(',', '')}{decimal}"
        if text.count(",") == 1 and text.replace(",", "").lstrip("+-").isdigit():
            return f"{said} is no number here: write {text.replace(',', '.')}, with a point"
        if not self.to_learn:
            return f"{said} is no number: mend it, or take the row out"
        values = row.values
        words = [i for i in columns if math.isnan(self._number(values[i])) and not _is_missing(values[i])]
        names = ",".join(self.names[i] for i in words or [column])
        which = "the column" if len(words) < 2 else "columns of words"
        return f"{said} is no number: mend it, or leave {which} out with --without {names}"

    def label(self, row: Row, column: int) -> str:
        """The class of a row. Raises BadTable where it is missing.

        Args:
            row: Of the file.
            column: From 0.
        """
        name = _plain(row.values[column])
        # "none" and "-" may be the names of classes.
        if not name:
            raise BadTable(
                f"{self.place(row.line, column)}: the label is missing: fill it in, or take the row out"
            )
        return name

    def _read(self) -> Iterator[Row]:
        """All lines with something in them. Raises BadTable."""
        line = 1
        while True:
            line = self._skipped + self._reader.line_num + 1
            try:
                values = next(self._reader, None)
            except csv.Error as error:
                raise BadTable(f"line {line} of {self.path} is no line of a CSV file: {error}") from error
            if values is None:
                return
            values = [value.strip() for value in values]
            if any(values):
                yield Row(line, values)

    def _check_header(self) -> None:
        """See that the first line names the columns. Raises BadTable."""
        names, line = self.names, self._header_line
        numbers = [name for name in names if _is_number(name)]
        if len(numbers) > len(names) / 2:
            raise BadTable(
                f"line {line} of {self.path} holds numbers ({_listed(numbers[:3])}) where the names of the "
                "columns should stand: put a line of names above it"
            )
        for column, name in enumerate(names, start=1):
            if not name:
                hint = "; pandas leaves the index out with index=False" if column == 1 else ""
                raise BadTable(f"line {line} of {self.path}: column {column} has no name: give it one{hint}")
        twice = [name for name, times in Counter(names).items() if times > 1]
        if twice:
            first, second, *_ = (i for i, name in enumerate(names, start=1) if name == twice[0])
            raise BadTable(
                f"line {line} of {self.path}: columns {first} and {second} are both called {twice[0]!r}: "
                "give each a name of its own"
            )


def _text(path: Path) -> str:
    """What is in the file. Raises BadTable."""
    try:
        if path.is_file() and path.stat().st_size > MOST_BYTES:
            raise BadTable(f"{path} is larger than 1 GB: give a smaller table")
        contents = path.read_bytes()
    except FileNotFoundError:
        raise BadTable(f"there is no file {path}") from None
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise BadTable(f"can't read {path}: {reason}") from error
    if contents[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return contents.decode("utf-16", errors="replace")
    try:
        text = contents.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = contents[: error.start].count(b"\n") + 1
        raise BadTable(f"line {line} of {path} is no UTF-8 text: save the file as UTF-8") from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise BadTable(f"line {line} of {path} holds a zero byte: it is no CSV file")
    return text


def _has_decimal_commas(text: str, interrupt: Callable[[], None]) -> bool:
    """Whether decimals begin with a comma between semicolons, as spreadsheets of many languages write them.

    Where a number has a point, or where all commas may part thousands, that is left to the learner to say.

    Args:
        text: Of the file.
        interrupt: Called between parts of it.
    """
    found, first = False, 0
    while first < len(text):
        interrupt()
        end = text.find("\n", first + AT_ONCE) + 1 or len(text)
        part = text[first:end]
        if AT_POINT.search(part):
            return False
        found = found or any(not THOUSANDS.fullmatch(number[1]) for number in AT_COMMA.finditer(part))
        first = end
    return found


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _classes(path: Path, label: str, labels: Sequence[str]) -> tuple[str, ...]:
    """The names of the classes: numbers in their order, else in that of the alphabet. Raises BadTable."""
    counts = Counter(labels)
    if len(counts) == 1:
        raise BadTable(f"column {label} of {path} holds only {labels[0]!r}: expected two or more classes")
    if len(counts) > MOST_CLASSES:
        raise BadTable(
            f"column {label} of {path} holds {len(counts):,} different labels: expected classes, "
            f"{MOST_CLASSES} at most"
        )
    rarest = min(counts, key=counts.__getitem__)
    if counts[rarest] < FEWEST_OF_A_CLASS:
        raise BadTable(
            f"class {rarest!r} of {path} has {_counted(counts[rarest], 'row')}: expected at least "
            f"{FEWEST_OF_A_CLASS} of every class, so that training, validation and test each have some"
        )
    numbers = all(map(_is_number, counts))
    return tuple(sorted(counts, key=lambda name: (float(name) if numbers else 0.0, name)))


def _plain(text: str) -> str:
    """A name in one line, without what would move a terminal's cursor."""
    return text if text.isprintable() else "".join(c for c in " ".join(text.split()) if c.isprintable())


def _is_missing(text: str) -> bool:
    return text.lower() in MISSING


def _number(text: str) -> float:
    """The number that a text is; NaN where it is none."""
    try:
        return float(text) if "_" not in text else math.nan
    except ValueError:
        return math.nan


def _is_number(text: str) -> bool:
    return math.isfinite(_number(text))


def _near(name: str, names: Sequence[str]) -> str:
    """What might have been meant."""
    near = nearest(name, names)
    return f"did you mean {near!r}?" if near else f"its columns are {_listed(names)}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(reprlib.repr(name)[1:-1] for name in names[:SHOWN]) + more


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
