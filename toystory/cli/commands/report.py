"""`toystory report`: the result table and the learner's own runs, as one HTML page and as Markdown."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from toystory.base.errors import BadRequest
from toystory.base.files import check_free, make_folder, write
from toystory.cli.messages import print_sentences
from toystory.export.page.html_page import is_ours
from toystory.export.report.contents import findings
from toystory.export.report.html import html_report
from toystory.export.report.markdown import FIRST_LINE, markdown_report

HTML, MARKDOWN = "report.html", "report.md"


def answer(args: argparse.Namespace) -> int:
    """Write both files and print their names; 0. An earlier report is replaced.

    Raises:
        BadRequest: before anything is written, where that can't be, or a file of such a name is not ours.
        OSError: a file can't be written.
    """
    folder: Path = args.out
    if folder.exists() and not folder.is_dir():
        raise BadRequest(f"{folder} is a file: name a folder with --out")
    make_folder(folder)
    for name in (HTML, MARKDOWN):
        check_free(folder / name, args.force or _is_report(folder / name))
    found = findings()
    print_sentences(found.notices)
    today = date.today().isoformat()
    for name, text in ((HTML, html_report(found, today)), (MARKDOWN, markdown_report(found, today))):
        write(folder / name, text)
        print(folder / name)
    return 0


def _is_report(path: Path) -> bool:
    """Whether the file is an earlier report."""
    if not path.is_file():
        return False
    top = path.read_bytes()[:1000].decode("utf-8", "replace")
    return is_ours(top) if path.name == HTML else top.startswith(FIRST_LINE)
