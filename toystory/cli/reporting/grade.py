"""The verdicts on a class's submissions, as a table, CSV, JSON or a page."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from html import escape
from typing import Any

from toystory.cli.output import Printer
from toystory.grading.homework.batch import Graded

COLUMNS = ("student", "exercise", "passed", "fault", "seconds", "suspicious", "note", "file")
NOBODY = "of nobody in particular"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the beginning of a cell."""


def row(graded: Graded) -> dict[str, Any]:
    """A line of the table, plain."""
    submission, verdict = graded.submission, graded.verdict
    return {
        "student": submission.student,
        "exercise": submission.exercise.key if submission.exercise else None,
        "passed": verdict.passed,
        "fault": "" if verdict.passed else verdict.sentence,
        "seconds": round(verdict.seconds, 2),
        "suspicious": list(graded.suspicious),
        "note": submission.note,
        "file": submission.file,
    }


def as_json(graded: Sequence[Graded]) -> dict[str, Any]:
    """One object: every row with all that the check says, and the totals."""
    rows = []
    for each in graded:
        verdict = each.verdict
        rows.append(
            row(each)
            | {
                "expected": verdict.expected,
                "found": verdict.found,
                "given": verdict.given,
                "trace": list(verdict.trace),
                "printed": verdict.output,
                "printed_more_bytes": verdict.cut,
                "notes": list(verdict.notes),
            }
        )
    return {"passed": all(each.passed for each in graded), "students": students(graded), "rows": rows}


def students(graded: Sequence[Graded]) -> list[dict[str, Any]]:
    """Of each student, how many exercises pass, of how many."""
    return [
        {
            "student": student,
            "passed": sum(each.passed for each in theirs),
            "of": len(theirs),
            "suspicious": any(each.suspicious for each in theirs),
        }
        for student, theirs in by_student(graded).items()
        if student
    ]


def by_student(graded: Sequence[Graded]) -> dict[str, list[Graded]]:
    """What each has handed in, in the order of the rows."""
    found: dict[str, list[Graded]] = {}
    for each in graded:
        found.setdefault(each.submission.student, []).append(each)
    return found


def as_csv(graded: Sequence[Graded]) -> str:
    """A line for each file, the first with the names of the columns."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for each in graded:
        values = row(each)
        values["passed"] = "yes" if each.passed else "no"
        values["suspicious"] = "; ".join(each.suspicious)
        writer.writerow([_cell(values[name]) for name in COLUMNS])
    return text.getvalue()


def _cell(value: object) -> str:
    """A value that no spreadsheet computes with: students choose the names of their files."""
    text = "" if value is None else str(value)
    text = text.encode("utf-8", "replace").decode()
    return f"'{text}" if text.startswith(FORMULA) else text


def print_table(graded: Sequence[Graded], printer: Printer) -> None:
    """A block for each student, and what the class comes to.

    Args:
        graded: One entry a submission.
        printer: Where to.
    """
    width = max(len(_name(each)) for each in graded)
    for student, theirs in by_student(graded).items():
        right = sum(each.passed for each in theirs)
        printer.heading(_shown(f"{student}: {right} of {len(theirs)}" if student else NOBODY))
        for each in theirs:
            _print_row(each, width, printer)
    passed = sum(each.passed for each in graded)
    count = len(students(graded))
    printer.line(f"\n{count} student{'s' * (count != 1)}, {passed} of {len(graded)} right")
    for key, (right, of) in _by_exercise(graded).items():
        printer.line(f"  {key:{width}}  {right} of {of}")
    if looks := sum(bool(each.suspicious) for each in graded):
        printer.line(f"{looks} to look at (!): a sign is no proof")


def _print_row(each: Graded, width: int, printer: Printer) -> None:
    verdict = each.verdict
    mark = "passed" if each.passed else "not yet"
    sign = "" if printer.plain else "✓ " if each.passed else "✗ "
    seconds = f"{verdict.seconds:5.1f} s" if verdict.seconds else " " * 7
    printer.line(
        _shown(f"  {sign}{_name(each):{width}}  {mark:7}  {seconds}  {each.submission.file}"), each.passed
    )
    if not each.passed:
        printer.line(_shown(f"      {verdict.sentence}"))
    if each.submission.note:
        printer.line(_shown(f"      note: {each.submission.note}"))
    for suspicious in each.suspicious:
        printer.line(_shown(f"    ! {suspicious}"))


def _name(each: Graded) -> str:
    return each.submission.exercise.key if each.submission.exercise else "?"


def _shown(text: str) -> str:
    """Without what would move the cursor: students choose the names of their files."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def _by_exercise(graded: Sequence[Graded]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for each in graded:
        if each.submission.exercise is not None:
            right, of = found.get(each.submission.exercise.key, (0, 0))
            found[each.submission.exercise.key] = right + each.passed, of + 1
    return dict(sorted(found.items()))


def as_html(graded: Sequence[Graded], as_set: Sequence[str]) -> str:
    """A page that holds all it needs: the class at a glance, and below it every fault.

    Args:
        graded: One entry a submission.
        as_set: The exercises that were set.
    """
    from toystory.export.page.html_page import page

    keys = list(as_set) or list(_by_exercise(graded))
    parts = ["<h1>Homework</h1>", _glance(graded, keys)]
    for student, theirs in by_student(graded).items():
        rows = "".join(_html_row(each) for each in theirs)
        parts.append(f"<h2>{_html(student or NOBODY)}</h2>\n<div class='scroll'><table>{rows}</table></div>")
    return page("Homework", "\n".join(parts))


def _glance(graded: Sequence[Graded], keys: Sequence[str]) -> str:
    head = "".join(f"<th>{_html(key)}</th>" for key in keys)
    lines = []
    for student, theirs in by_student(graded).items():
        if not student:
            continue
        cells = []
        for key in keys:
            mine = [e for e in theirs if e.submission.exercise and e.submission.exercise.key == key]
            sign = "✓" if any(e.passed for e in mine) else "✗" if mine else "–"
            kind = {"✓": "holds", "✗": "fails", "–": "quiet"}[sign]
            cells.append(f'<td class="{kind}">{sign}{" !" if any(e.suspicious for e in mine) else ""}</td>')
        lines.append(f"<tr><th>{_html(student)}</th>{''.join(cells)}</tr>")
    table = f"<table><tr><th></th>{head}</tr>{''.join(lines)}</table>"
    signs = "✓ right, ✗ not yet, – not handed in, ! to look at"
    return f"<div class='scroll'>{table}</div><p class='quiet'>{signs}</p>"


def _html_row(each: Graded) -> str:
    kind, mark = ("holds", "passed") if each.passed else ("fails", "not yet")
    said = [] if each.passed else [_html(each.verdict.text())]
    said += [_html(each.submission.note)] if each.submission.note else []
    said += [f"! {_html(text)}" for text in each.suspicious]
    told = "".join(f"<pre>{text}</pre>" for text in said)
    seconds = f"{each.verdict.seconds:.1f} s" if each.verdict.seconds else ""
    return (
        f'<tr><td>{_html(_name(each))}</td><td class="{kind}">{mark}</td><td class="figure">{seconds}</td>'
        f"<td><code>{_html(each.submission.file)}</code>{told}</td></tr>\n"
    )


def _html(text: str) -> str:
    return escape(text.encode("utf-8", "replace").decode())
