"""`toystory report`: all that is kept on one page; escaped, complete, and over nobody else's file."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.html_page import Page, assert_needs_nothing_else
from tests.support.runs import finished
from toystory.cli.main import main
from toystory.compare.results import stored_frontier, stored_table
from toystory.course import catalogue
from toystory.export.report.figures import sparkline
from toystory.export.report.markdown import FIRST_LINE, fenced, plain
from toystory.progress.rows import RunRow, VerdictRow
from toystory.progress.store import Store
from toystory.training.checkpoints.plain_values import as_plain
from toystory.training.checkpoints.result_store import result_of, save
from toystory.training.command_line import command_line
from toystory.training.experiment import Experiment

NASTY = "<script>alert('1')</script> & my | own `try` **x** $y$ ```"
AT = "2026-03-09T14:05:11+01:00"
"""When the runs of these tests ended."""


def row(experiment: Experiment, study: str, session: str, place: int = 0, of: int = 1) -> RunRow:
    """As the record keeps a run."""
    run = finished(experiment)
    assert run.progress is not None
    return RunRow(
        session=session,
        study=study,
        place=place,
        of=of,
        altered=False,
        experiment=as_plain(experiment),
        rates={},
        updates=run.updates,
        loss=run.loss,
        train_accuracy=run.train_accuracy,
        fresh_accuracy=run.fresh_accuracy,
        tie=run.tie,
        outcome=run.progress.outcome,
        message=run.progress.message,
        seconds=run.seconds,
        at=AT,
        command=command_line(experiment),
        curves={
            "losses": run.losses.points,
            "train_accuracies": run.train_accuracies.points,
            "fresh_accuracies": run.fresh_accuracies.points,
        },
    )


@pytest.fixture
def kept() -> dict[str, Experiment]:
    """A record with a prediction, verdicts, a run and a sweep, and one entry of the table."""
    gate = catalogue.load("gate")
    one = gate.study("one update")
    assert isinstance(one, Experiment)
    store = Store()
    store.opened("gate", len(gate.claims))
    store.set_prediction("gate", (gate.prediction.answer + 1) % len(gate.prediction.choices))
    store.add_session("gate", [VerdictRow(gate.claims[0].text, 0.646799, True)])
    store.add_session("gate", [VerdictRow(gate.claims[1].text, math.nan, False)])
    own = replace(one, name=NASTY, learning_rate=0.1234)
    store.add_session("gate", runs=[row(own, NASTY, "a")])
    sweep = [replace(one, seed=seed) for seed in range(3)]
    store.add_session("gate", runs=[row(e, "three seeds", "b", n, 3) for n, e in enumerate(sweep)])

    entry = next(e for e in stored_table() if e.model == "MLP" and e.rows == 10_000 and e.experiment)
    assert entry.experiment is not None
    save(result_of(finished(replace(entry.experiment, updates=30)), memory=43_000_000, trained=AT))
    return {"own": own, "entry": entry.experiment}


def written(folder: Path) -> tuple[str, str]:
    return (folder / "report.html").read_text("utf-8"), (folder / "report.md").read_text("utf-8")


def test_with_nothing_kept_it_says_how_to_begin(tmp_path: Path, home: Path) -> None:
    assert main(["report", "--out", str(tmp_path)]) == 0
    for text in written(tmp_path):
        for command in ("toystory compare", "toystory compare --frontier", "toystory"):
            assert command in text
    assert list(home.iterdir()) == []


def test_both_files_are_named_and_hold_the_same(
    kept: dict[str, Experiment], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "results"
    assert main(["report", "--out", str(folder)]) == 0
    assert capsys.readouterr().out.split() == [str(folder / "report.html"), str(folder / "report.md")]
    html, markdown = written(folder)
    page = Page(html)
    for text in (page.text, re.sub(r"\\(.)", r"\1", markdown)):
        for said in (
            "MLP 50-4-3-1, 10,000 rows of 50 bits",
            command_line(kept["entry"]),
            command_line(kept["own"]),
            "43 MB",
            "50.84 %",
            next(entry.why for entry in stored_table() if entry.why),
            "not run yet",
            "It was otherwise:",
            "2026-03-09 14:05",
            "0 of 3 runs right on every fresh row",
            "0.646799",
            NASTY,
        ):
            assert said in text, said


def test_the_page_needs_nothing_else_and_obeys_no_name(kept: dict[str, Experiment], tmp_path: Path) -> None:
    main(["report", "--out", str(tmp_path)])
    html, _ = written(tmp_path)
    page = Page(html)
    assert_needs_nothing_else(page, html)
    assert page.count("svg") == 1 + 2 + 2
    assert "prefers-color-scheme: dark" in html


def test_the_frontier_marks_what_was_learnt(tmp_path: Path) -> None:
    cells = [e for e in stored_frontier() if e.model == "MLP" and e.columns == 2 and e.experiment]
    easy = cells[0].experiment
    assert easy is not None
    save(result_of(finished(easy), memory=None, trained=AT))
    main(["report", "--out", str(tmp_path)])
    html, markdown = written(tmp_path)
    assert '<td class="holds"' in html
    assert "| MLP | ● |" in markdown
    assert command_line(easy) in markdown


def test_an_earlier_report_is_replaced_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "--out", str(tmp_path)]) == 0
    assert main(["report", "--out", str(tmp_path)]) == 0
    (tmp_path / "report.md").write_text("my own report\n")
    before = (tmp_path / "report.html").stat().st_mtime_ns
    with pytest.raises(SystemExit, match="2"):
        main(["report", "--out", str(tmp_path)])
    assert "report.md is there already" in capsys.readouterr().err
    assert (tmp_path / "report.md").read_text() == "my own report\n"
    assert (tmp_path / "report.html").stat().st_mtime_ns == before
    assert main(["report", "--out", str(tmp_path), "--force"]) == 0
    assert (tmp_path / "report.md").read_text("utf-8").startswith(FIRST_LINE)


def test_a_file_is_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit, match="2"):
        main(["report", "--out", str(tmp_path / "file")])
    assert "is a file: name a folder with --out" in capsys.readouterr().err


def test_a_damaged_record_is_told_and_the_rest_reported(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "record.sqlite3").write_bytes(b"no database at all, but long enough to be taken for one" * 20)
    assert main(["report", "--out", str(tmp_path)]) == 0
    assert "set aside" in capsys.readouterr().err
    assert "set aside" in written(tmp_path)[0]


def test_settings_of_another_version_do_not_stop_the_report(tmp_path: Path) -> None:
    one = catalogue.load("gate").study("one update")
    assert isinstance(one, Experiment)
    store = Store()
    store.opened("gate", 11)
    store.add_session(
        "gate",
        runs=[replace(row(one, "old", "a"), experiment={**row(one, "old", "a").experiment, "wings": 2})],
    )
    assert main(["report", "--out", str(tmp_path)]) == 0
    assert "settings can" in written(tmp_path)[0]


def test_the_sandbox_is_reported_too(tmp_path: Path) -> None:
    one = catalogue.load("gate").study("one update")
    assert isinstance(one, Experiment)
    Store().add_session("sandbox-LogisticRegression", runs=[row(one, "mine", "a")])
    main(["report", "--out", str(tmp_path)])
    html, markdown = written(tmp_path)
    assert "<h3>The sandbox: LogisticRegression</h3>" in html
    assert "No prediction" not in html
    assert "**mine**, 2026" in markdown


def test_markdown_signs_are_escaped() -> None:
    assert plain("a | b\n<i> `c` *d*") == r"a \| b \<i\> \`c\` \*d\*"
    assert fenced("a ``` b").splitlines() == ["````sh", "a ``` b", "````"]


@pytest.mark.parametrize(
    ("values", "drawn"),
    [([], ""), ([math.nan], ""), ([1.0], "▁"), ([3, 2, 1], "█▅▁"), ([1.0, 1.0], "▁▁")],
)
def test_a_curve_in_a_line_of_text(values: list[float], drawn: str) -> None:
    assert sparkline(values) == drawn
