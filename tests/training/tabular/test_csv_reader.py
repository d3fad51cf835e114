"""Tables in CSV files: what is read, and what is said of those that can't be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from toystory.training.tabular.csv_reader import BadTable, read_dataset, read_rows

ROWS = [f"{i},{i * i / 7},{'odd' if i % 2 else 'even'}" for i in range(24)]
GOOD = "\n".join(["a,b,kind", *ROWS]) + "\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def changed(line: int, text: str) -> str:
    lines = GOOD.splitlines()
    lines[line - 1] = text
    return "\n".join(lines)


WAYS = {
    "commas": GOOD,
    "semicolons": GOOD.replace(",", ";"),
    "the separator said": "sep=;\n" + GOOD.replace(",", ";"),
    "the separator said, as Excel does": '\ufeff"sep=,",,\r\n' + GOOD.replace("\n", "\r\n"),
    "bars": GOOD.replace(",", "|"),
    "bars, which the first line says": "sep=|\n" + GOOD.replace(",", "|"),
    "tabs": GOOD.replace(",", "\t"),
    "byte order mark": "\ufeff" + GOOD,
    "line ends of Windows": GOOD.replace("\n", "\r\n"),
    "blank lines": "\n" + GOOD.replace("\n", "\n\n"),
    "spaces": GOOD.replace(",", " , "),
    "quotes": "\n".join(",".join(f'"{v}"' for v in line.split(",")) for line in GOOD.splitlines()),
    "separators at the ends of lines": GOOD.replace("\n", ",\n"),
    "separators behind the values alone": GOOD.replace("\n", ",,\n").replace("kind,,", "kind"),
    "decimal commas": GOOD.replace(",", ";").replace(".", ","),
    "decimal commas, old line ends": GOOD.replace(",", ";").replace(".", ",").replace("\n", "\r"),
    "decimal commas in quotes": "\r\n".join(
        ";".join(f'"{v}"'.replace(".", ",") for v in line.split(",")) for line in GOOD.splitlines()
    ),
    "a name in two lines": GOOD.replace("kind", '"ki\x1bnd\n"', 1),
    "no end of the last line": GOOD.rstrip(),
}


@pytest.mark.parametrize("text", WAYS.values(), ids=WAYS)
def test_a_table_is_read_however_it_is_written(text: str, file: Path) -> None:
    file.write_text(text, encoding="utf-8", newline="")
    data = read_dataset(file, "kind")
    assert (data.column_names, data.label_name, data.class_names) == (("a", "b"), "kind", ("even", "odd"))
    np.testing.assert_allclose(data.x, [[i, i * i / 7] for i in range(24)])
    np.testing.assert_array_equal(data.y, np.arange(24) % 2)
    assert data.counts == [12, 12]


def test_a_line_that_says_the_separator_counts_as_a_line(file: Path) -> None:
    file.write_text("sep=;\n" + changed(3, "1,x,odd").replace(",", ";"))
    with pytest.raises(BadTable, match=r"line 4 of .*, column b: 'x' is no number"):
        read_dataset(file, "kind")


def test_a_separator_that_is_not_read_is_told(file: Path) -> None:
    file.write_text("sep=:\n" + GOOD.replace(",", ":"))
    with pytest.raises(BadTable, match=r"says that ':' parts values: expected one of commas, .*bars"):
        read_dataset(file, "kind")


def test_reading_can_be_abandoned_before_and_between_the_rows(file: Path) -> None:
    file.write_text(GOOD.replace(",", ";"))
    for most in (1, 10):
        calls: list[int] = []

        def interrupt(most: int = most, calls: list[int] = calls) -> None:
            calls.append(1)
            if len(calls) == most:
                raise InterruptedError

        with pytest.raises(InterruptedError):
            read_dataset(file, "kind", interrupt=interrupt)


def test_commas_that_may_part_thousands_are_not_guessed_at(file: Path) -> None:
    file.write_text("a;b;kind\n" + "1,234;2;x\n999;3;y\n" * 20)
    with pytest.raises(BadTable, match=r"'1,234' is no number here: write 1234, or 1.234"):
        read_dataset(file, "kind")
    file.write_text("a;b;kind\n" + "1,25;01.02.2024;x\n999;3;y\n" * 20)
    with pytest.raises(BadTable, match=r"column b: '01.02.2024' is no number"):
        read_dataset(file, "kind")


def test_text_of_sixteen_bits_is_read_too(file: Path) -> None:
    file.write_bytes(GOOD.encode("utf-16"))
    assert read_dataset(file, "kind").columns == 2


def test_classes_that_are_numbers_stand_in_their_order(file: Path) -> None:
    file.write_text("a,b,k\n" + "".join(f"{i},1,{(10, 9, 100)[i % 3]}\n" for i in range(30)))
    assert read_dataset(file, "k").class_names == ("9", "10", "100")


FAULTS = {
    # what is in the file                                what is said
    "": "is empty: expected a first line",
    "\n \n": "is empty",
    "a,b,kind": "has 0 rows: expected at least 20",
    "\n".join(GOOD.splitlines()[:9]): "has 8 rows: expected at least 20",
    GOOD.replace("even", "odd"): "column kind of TABLE holds only 'odd': expected two or more classes",
    changed(3, "1,,odd"): "line 3 of TABLE, column b: the value is missing",
    changed(3, "NA,1,odd"): "line 3 of TABLE, column a: the value is missing",
    changed(3, "1,2,"): "line 3 of TABLE, column kind: the label is missing",
    changed(25, "1,high,odd"): "line 25 of TABLE, column b: 'high' is no number",
    changed(25, "low,high,odd"): "mend it, or leave columns of words out with --without a,b",
    changed(4, "1,1e999,odd"): "line 4 of TABLE, column b: '1e999' is no number",
    changed(4, "1,-1e300,odd"): "line 4 of TABLE, column b: '-1e300' is too large: expected numbers up to",
    changed(4, '1,"1,234",odd'): "'1,234' is no number here: write 1234, or 1.234 if its",
    changed(4, '1,"-1,234,567.5",odd'): "'-1,234,567.5' is no number here: write -1234567.5",
    changed(4, '1,"0,885",odd'): "'0,885' is no number here: write 0.885, with a point",
    changed(4, "1,1_0,odd"): "line 4 of TABLE, column b: '1_0' is no number",
    GOOD.replace(",", ";").replace(".", ",", 1): "'0,0' is no number here: write 0.0, with a point",
    changed(5, "1,2"): "line 5 of TABLE has 2 values: expected 3, one for each name in line 1",
    changed(5, "1,2,odd,4"): "line 5 of TABLE has 4 values: expected 3",
    changed(5, "1"): "line 5 of TABLE has 1 value: expected 3",
    changed(5, '1,"2,odd'): "of TABLE is no line of a CSV file",
    changed(1, "a,a,kind"): "line 1 of TABLE: columns 1 and 2 are both called 'a'",
    changed(1, ",b,kind"): "line 1 of TABLE: column 1 has no name: give it one; pandas leaves the index out",
    "\n".join(ROWS): "line 1 of TABLE holds numbers (0, 0.0) where the names of the columns should stand",
    changed(1, "a,b,kinds"): "has no column 'kind' for --label: did you mean 'kinds'?",
    changed(1, "x,y,z"): "has no column 'kind' for --label: its columns are x, y, z",
    "b,kind\n" + "".join(f"{i},{i % 2}\n" for i in range(30)): "has 1 column of numbers beside kind",
    GOOD + "1,2,neither\n": "class 'neither' of TABLE has 1 row: expected at least 5 of every class",
    "a,b,kind\n" + "".join(f"{i},2,{i}\n" for i in range(200)): "holds 200 different labels",
    GOOD.replace("a,b", "a\0,b"): "line 1 of TABLE holds a zero byte",
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), FAULTS.items(), ids=list(FAULTS.values()))
def test_a_fault_is_one_sentence_with_its_place(text: str, said: str, file: Path) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadTable) as caught:
        read_dataset(file, "kind")
    sentence = str(caught.value)
    assert said.replace("TABLE", str(file)) in sentence
    assert "\n" not in sentence


def test_what_is_no_text_or_no_file(tmp_path: Path) -> None:
    latin = tmp_path / "latin.csv"
    latin.write_bytes(b"a,b,kind\n1,2,caf\xe9\n")
    for path, said in (
        (latin, f"line 2 of {latin} is no UTF-8 text"),
        (tmp_path / "nothing.csv", "there is no file"),
        (tmp_path, "can't read"),
    ):
        with pytest.raises(BadTable, match=said):
            read_dataset(path, "kind")


def test_without_a_label_it_is_told_which_columns_there_are(file: Path) -> None:
    file.write_text(GOOD)
    with pytest.raises(BadTable, match=r"say with --label which column of .* a, b, kind$"):
        read_dataset(file, None)


def test_columns_and_rows_may_be_left_out(file: Path) -> None:
    lines = [f"{line},x{i}" for i, line in enumerate(changed(3, "1,?,odd").splitlines())]
    file.write_text("\n".join(lines).replace(",x0", ",id", 1))
    data = read_dataset(file, "kind", without=["id"], drop_missing=True)
    assert (data.column_names, len(data.x)) == (("a", "b"), 23)
    with pytest.raises(BadTable, match="'kind' is the column of the classes: it can't be left out"):
        read_dataset(file, "kind", without=["id", "kind"])
    with pytest.raises(BadTable, match="no column 'ids' to leave out: did you mean 'id'"):
        read_dataset(file, "kind", without=["ids"])


def test_too_few_rows_may_be_left(file: Path) -> None:
    file.write_text("a,b,kind\n" + "1,,x\n" * 30 + "1,2,x\n")
    with pytest.raises(BadTable, match="has 1 row without a missing value: expected at least 20"):
        read_dataset(file, "kind", drop_missing=True)


def test_a_class_may_be_called_none(file: Path) -> None:
    file.write_text(GOOD.replace("even", "none") + "1,2,NA\n1,2,\n1,,none\n")
    data = read_dataset(file, "kind", drop_missing=True)
    assert (data.class_names, data.counts) == (("none", "odd"), [12, 12])
    assert data.dropped == 3


def test_rows_for_a_model_are_matched_by_name(file: Path) -> None:
    file.write_text("note,b,kind,a\nhello,2,yes,1\n,4,no,3\n")
    rows = read_rows(file, ("a", "b"), "kind", ("no", "yes"))
    np.testing.assert_array_equal(rows.x, [[1, 2], [3, 4]])
    assert (rows.y is not None and rows.y.tolist(), rows.left_out, rows.lines) == ([1, 0], ("note",), (2, 3))
    file.write_text("b,a\n2,1\n")
    assert read_rows(file, ("a", "b"), "kind", ("no", "yes")).y is None
    file.write_text("b,a,kind\n2,1,\n3,4,\n")
    assert read_rows(file, ("a", "b"), "kind", ("no", "yes")).y is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,c\n1,2\n", "lacks the column 'b', which the model reads"),
        ("c,d\n1,2\n", "lacks the columns a, b, which the model reads"),
        ("a,bb\n1,2\n", "did you mean 'bb'?"),
        ("a,b\n", "has names in its first line and no rows below it"),
        ("a,b,kind\n1,2,perhaps\n", "line 2 of TABLE, column kind: 'perhaps' is no class of the model"),
        ("a,b,kind\n1,2,no\n1,2,\n", "line 3 of TABLE, column kind: the label is missing"),
        ("a,b\n1,\n", "column b: the value is missing: fill it in, or take the row out"),
        ("a,b\n1,x\n", "column b: 'x' is no number: mend it, or take the row out"),
    ],
)
def test_rows_that_a_model_can_not_read(text: str, said: str, file: Path) -> None:
    file.write_text(text)
    with pytest.raises(BadTable) as caught:
        read_rows(file, ("a", "b"), "kind", ("no", "yes"))
    assert said.replace("TABLE", str(file)) in str(caught.value)
