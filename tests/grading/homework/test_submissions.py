"""What was handed in: whose it is, what it is judged as, and what can't be read."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from toystory.course.exercises.exercise import Exercise, exercises_of, label_line
from toystory.grading.homework import archive
from toystory.grading.homework.archive import BadArchive, read_zip
from toystory.grading.homework.submissions import Submission, submissions
from toystory.grading.lookup import exercises_meant

GATE = {exercise.name: exercise for exercise in exercises_of("gate")}
SIGMOID = GATE["sigmoid"]


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def seen(found: list[Submission]) -> list[tuple[str, str | None, str]]:
    return [(each.student, each.exercise.key if each.exercise else None, each.file) for each in found]


def test_a_folder_a_zip_or_a_file_for_each_student(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "mia/gate/sigmoid.py": "a = 1",
            "mia/deeper/still/two_layer/bug_hunt.py": "a = 1",
            "ole_gate_sigmoid.py": "a = 1",
            "Anna Lee-sigmoid.py": "a = 1",
            "sigmoid-eva.py": "a = 1",
            "Noah Fox_123_assignsubmission_file_/sigmoid.py": "a = 1",
            "foxzoe_1234_5678_sigmoid-1.py": "a = 1",
            "__pycache__/x.py": "",
            ".hidden/sigmoid.py": "",
        },
    )
    with zipfile.ZipFile(tmp_path / "ben.zip", "w") as packed:
        packed.writestr("homework/gate/sigmoid.py", "a = 1")
        packed.writestr("__MACOSX/._sigmoid.py", "junk")
    assert seen(submissions([tmp_path])) == [
        ("Anna Lee", "gate/sigmoid", "Anna Lee-sigmoid.py"),
        ("ben", "gate/sigmoid", "ben.zip/homework/gate/sigmoid.py"),
        ("eva", "gate/sigmoid", "sigmoid-eva.py"),
        ("foxzoe", "gate/sigmoid", "foxzoe_1234_5678_sigmoid-1.py"),
        ("mia", "two-layer/bug_hunt", "mia/deeper/still/two_layer/bug_hunt.py"),
        ("mia", "gate/sigmoid", "mia/gate/sigmoid.py"),
        ("Noah Fox", "gate/sigmoid", "Noah Fox_123_assignsubmission_file_/sigmoid.py"),
        ("ole", "gate/sigmoid", "ole_gate_sigmoid.py"),
    ]


def test_a_folder_of_one_student_and_single_files(tmp_path: Path) -> None:
    write(tmp_path, {"mia/gate/sigmoid.py": "", "mia/two_layer/bug_hunt.py": "", "ole/sigmoid.py": ""})
    assert seen(submissions([tmp_path / "mia"])) == [
        ("mia", "gate/sigmoid", "mia/gate/sigmoid.py"),
        ("mia", "two-layer/bug_hunt", "mia/two_layer/bug_hunt.py"),
    ]
    assert seen(submissions([tmp_path / "ole" / "sigmoid.py"])) == [("ole", "gate/sigmoid", "sigmoid.py")]


def labelled(key: str) -> str:
    return f'"""Title\n\n{label_line(key)}\n"""\n'


@pytest.mark.parametrize(
    ("file", "label", "as_set", "judged", "told"),
    [
        (
            "mia/sigmoid.py",
            "gate/loss",
            "",
            "gate/sigmoid",
            "its label says gate/loss: it is judged",
        ),
        ("mia/homework.py", "gate/loss", "", "gate/loss", ""),
        ("mia/homework.py", "gate/loss", "gate/sigmoid", "gate/sigmoid", "its label says gate/loss"),
        ("mia/loss.py", "gate/sigmoid", "gate/sigmoid", "gate/sigmoid", "its name says gate/loss"),
        ("mia/loss.py", "gate/sigmoid", "gate", "gate/loss", "its label says gate/sigmoid"),
        ("mia/bug_hunt.py", "mlp/bug_hunt", "", "mlp/bug_hunt", ""),
        ("mia/bug_hunt.py", "gate/sigmoid", "", None, "--as LESSON/NAME says which"),
        ("mia/homework.py", "", "", None, "its name says none, and its docstring has no line"),
        ("mia/homework.py", "mlp/relu", "gate", None, "its label says mlp/relu, which was not set"),
    ],
)
def test_what_was_set_counts_then_the_name_then_the_label(
    tmp_path: Path, file: str, label: str, as_set: str, judged: str | None, told: str
) -> None:
    write(tmp_path, {file: labelled(label) if label else "a = 1"})
    found = submissions([tmp_path], exercises_meant(as_set) if as_set else ())
    (row,) = [each for each in found if each.file]
    assert (row.exercise.key if row.exercise else None) == judged
    assert told in (row.note or row.fault)
    assert bool(row.note or row.fault) == bool(told)


def test_what_is_missing_is_a_row_where_it_is_known_what_was_set(tmp_path: Path) -> None:
    write(tmp_path, {"mia/sigmoid.py": "", "ole/loss.py": ""})
    rows = submissions([tmp_path], [SIGMOID, GATE["loss"]])
    missing = [(each.student, each.fault) for each in rows if not each.file]
    assert missing == [("mia", "nothing was handed in"), ("ole", "nothing was handed in")]


def test_the_file_that_is_named_as_what_was_set_is_judged_alone(tmp_path: Path) -> None:
    write(tmp_path, {"mia/sigmoid.py": "", "mia/helper.py": "", "ole/answer.py": ""})
    rows = submissions([tmp_path], [SIGMOID])
    assert [each.file for each in rows] == ["mia/sigmoid.py", "ole/answer.py"]


def test_what_can_not_be_judged_is_a_row_and_not_the_end(tmp_path: Path) -> None:
    write(tmp_path, {"mia/sigmoid.py": "", "mia/notes.txt": "hello", "ole.rar": "Rar!", "broken.zip": "none"})
    (tmp_path / "mia" / "loss.py").write_bytes(b"\xff\xfe")
    (tmp_path / "mia" / "huge.py").write_bytes(b"#" * 300_000)
    faults = {each.file: each.fault for each in submissions([tmp_path])}
    assert faults["mia/sigmoid.py"] == ""
    assert faults["mia/notes.txt"] == "it is no Python file"
    assert "of archives, a .zip can" in faults["ole.rar"]
    assert "can't be opened as a zip" in faults["broken.zip"]
    assert "not UTF-8" in faults["mia/loss.py"]
    assert "larger than" in faults["mia/huge.py"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_links_and_pipes_are_not_opened(tmp_path: Path) -> None:
    secret = write(tmp_path, {"secret/key.py": "a = 1"}) / "secret" / "key.py"
    folder = tmp_path / "class"
    write(folder, {"mia/loss.py": ""})
    (folder / "mia" / "sigmoid.py").symlink_to(secret)
    (folder / "ole").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "eva_sigmoid.py")
    faults = {each.file: each.fault for each in submissions([folder])}
    assert faults["mia/sigmoid.py"] == faults["ole"] == "it is a link: it is not followed"
    assert "no regular file" in faults["eva_sigmoid.py"]


def zipped(files: dict[str, bytes], link: str = "") -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(name, text)
        if link:
            entry = zipfile.ZipInfo(link)
            entry.external_attr = 0o120777 << 16
            packed.writestr(entry, "/etc/passwd")
    return data.getvalue()


@pytest.mark.parametrize(
    "name", ["../../evil.py", "/etc/evil.py", "C:/evil.py", "a/../../evil.py", "..\\evil.py"]
)
def test_a_name_that_leads_out_of_the_archive_is_refused(name: str) -> None:
    (entry,) = read_zip(zipped({name: b"a = 1"}))
    assert entry.data == b""
    assert "leads out" in entry.fault


def test_a_zip_with_a_link_a_zip_a_password_and_a_bomb() -> None:
    data = zipped({"inner.zip": b"PK", "bomb.py": b"\0" * 50_000_000, "fine.py": b"a = 1"}, link="link.py")
    told = {entry.path: entry for entry in read_zip(data)}
    assert "link" in told["link.py"].fault
    assert "zip in a zip" in told["inner.zip"].fault
    assert "larger than" in told["bomb.py"].fault
    assert told["fine.py"].data == b"a = 1"
    locked = bytearray(zipped({"a.py": b"a = 1"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + at] |= 1
    (entry,) = read_zip(bytes(locked))
    assert "password" in entry.fault


def test_an_archive_that_is_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadArchive, match="more than"):
        list(read_zip(zipped({f"{n}.py": b"" for n in range(archive.MOST_ENTRIES + 1)})))
    monkeypatch.setattr(archive, "MOST_IN_ALL", 1000)
    with pytest.raises(BadArchive, match="it holds more than"):
        list(read_zip(zipped({f"{n}.py": b"#" * 600 for n in range(3)})))


def test_nothing_of_a_zip_is_laid_on_the_disk(tmp_path: Path) -> None:
    (tmp_path / "mia.zip").write_bytes(zipped({"gate/sigmoid.py": b"a = 1", "../evil.py": b"a = 1"}))
    before = sorted(tmp_path.parent.rglob("*"))
    rows = submissions([tmp_path])
    assert sorted(tmp_path.parent.rglob("*")) == before
    assert len(rows) == 2


def test_an_exercise_is_found_by_every_name(tmp_path: Path) -> None:
    exercise: Exercise
    for exercise in GATE.values():
        write(tmp_path, {f"mia/{exercise.lesson}/{exercise.name}.py": ""})
    assert {e.exercise.name for e in submissions([tmp_path]) if e.exercise} == set(GATE)
