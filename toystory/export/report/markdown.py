"""The report as Markdown: the same figures, curves as a line of signs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from toystory.compare.results import Entry, FrontierEntry
from toystory.export.report import figures
from toystory.export.report.contents import Findings, LessonFindings
from toystory.export.report.html import TITLE
from toystory.lessons.comparison.frontier import MARKED, WIDEST

FIRST_LINE = "<!-- a report of toystory -->"
"""Tells our own file from anybody else's."""


def markdown_report(found: Findings, written: str) -> str:
    """The whole file.

    Args:
        found: What the report tells.
        written: The day, for the reader.
    """
    parts = [
        FIRST_LINE,
        f"# {TITLE}",
        f"A report of toystory, written on {written}. Accuracy on fresh rows is measured on rows drawn after "
        "the training; a coin gets one half of them right.",
        *(f"**{plain(notice)}**" for notice in found.notices),
        "## The result table",
        *_table(found.table),
        "## The frontier",
        *_frontier(found.frontier),
        "## The lessons",
        *_lessons(found.lessons),
    ]
    return "\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    """Text in which no sign is Markdown's or HTML's, in one line."""
    return re.sub(r"([\\`*_{}\[\]<>#|&~$])", r"\\\1", " ".join(text.split()))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already.

    Args:
        head: The first line.
        rows: The others.
    """
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def fenced(lines: str) -> str:
    """Lines as they are, in a fence that none of them can close."""
    longest = max((len(run) for run in re.findall(r"`+", lines)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}sh\n{lines}\n{fence}"


def _table(entries: Sequence[Entry]) -> Iterator[str]:
    done = figures.filled(entries)
    if not done:
        yield figures.NO_TABLE
        return
    names = ("fresh rows", "its own rows", "loss", "parameters", "updates", "time", "memory")
    rows = []
    for entry in entries:
        top = [plain(entry.model), plain(figures.way_name(entry)), figures.size_name(entry.rows)]
        if entry.result is None and entry.own is None:
            rows.append([*top, plain(figures.empty_cell(entry)), *[""] * len(names)])
            continue
        said = dict(figures.result_lines(entry))
        curve = figures.sparkline([loss for _, loss in figures.loss_curve(entry)])
        ended = plain(said.get("ended", ""))
        rows.append([*top, ended or curve, *(plain(said.get(name, "")) for name in names)])
    yield table(["model", "way", "rows", "loss curve", *names], rows)
    yield "### How each was run"
    for entry in done:
        name = plain(f"{entry.model}, {entry.way}, {figures.size_name(entry.rows)}")
        settings, when, command = figures.how_it_was_run(entry)
        yield f"**{name}**: {plain(settings)}. Trained {when}."
        yield fenced(command)


def _frontier(entries: Sequence[FrontierEntry]) -> Iterator[str]:
    if not any(entry.result for entry in entries):
        yield figures.NO_FRONTIER
        return
    full = [(e, e.columns) for e in entries if e.counted == e.columns]
    part = [(e, e.counted) for e in entries if e.columns == WIDEST and e.counted < WIDEST]
    yield (f"{MARKED} ● learnt within the updates it has; ○ not; an empty place was not run.")
    for title, group in (
        ("All of so many columns count", full),
        (f"So many of {WIDEST} columns count", part),
    ):
        numbers = sorted({number for entry, number in group if entry.result})
        cells = {(entry.model, number): entry for entry, number in group}
        models = dict.fromkeys(entry.model for entry, _ in group)
        if numbers:
            rows = [[plain(m), *(_mark(cells.get((m, number))) for number in numbers)] for m in models]
            yield table([title, *map(str, numbers)], rows)
    yield fenced(figures.frontier_commands(entries))


def _mark(entry: FrontierEntry | None) -> str:
    return {True: "●", False: "○", None: ""}[entry.learnt if entry else None]


def _lessons(found: Sequence[LessonFindings]) -> Iterator[str]:
    if not found:
        yield figures.NO_LESSONS
    for lesson in found:
        yield f"### {plain(lesson.title)}"
        for line in filter(None, (figures.prediction_line(lesson), figures.progress_line(lesson))):
            yield plain(line)
        if rows := figures.claim_rows(lesson):
            yield table(["", "claim", "measured", "asked"], [[plain(cell) for cell in row] for row in rows])
        for session in lesson.sessions:
            curve = figures.sparkline([loss for _, loss in session.runs[0].curves.get("losses", [])])
            at = plain(figures.when(session.runs[-1].at))
            yield f"**{plain(session.study)}**, {at}: {plain(session.settings)}"
            yield f"{plain(figures.session_line(session))} {curve}".rstrip()
            yield fenced(figures.commands(session))
