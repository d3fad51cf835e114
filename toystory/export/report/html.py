"""The report as one HTML page. Every text that was not written here is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from toystory.compare.results import Entry, FrontierEntry
from toystory.export.page.figures import share
from toystory.export.page.html_page import page, prose
from toystory.export.page.svg_chart import SMALL, Series, chart
from toystory.export.report import figures
from toystory.export.report.contents import Findings, LessonFindings, Session
from toystory.lessons.comparison.frontier import MARKED, WIDEST
from toystory.progress.rows import RunRow

TITLE = "What was measured"


def html_report(found: Findings, written: str) -> str:
    """The whole file.

    Args:
        found: What the report tells.
        written: The day, for the reader.
    """
    parts = [
        f"<h1>{TITLE}</h1>",
        f'<p class="quiet">A report of toystory, written on {escape(written)}. Accuracy on fresh rows is '
        "measured on rows drawn after the training; a coin gets one half of them right.</p>",
        *(f'<p class="fails">{escape(notice)}</p>' for notice in found.notices),
        "<h2>The result table</h2>",
        *_table(found.table),
        "<h2>The frontier</h2>",
        *_frontier(found.frontier),
        "<h2>The lessons</h2>",
        *_lessons(found.lessons),
    ]
    return page(TITLE, "\n".join(parts))


def _table(entries: Sequence[Entry]) -> Iterator[str]:
    """Model by model, way by way; a column a size. Then how each was run."""
    done = figures.filled(entries)
    if not done:
        yield prose(figures.NO_TABLE)
        return
    sizes = [size for size in dict.fromkeys(e.rows for e in entries) if size] + [None]
    cells = {(e.model, e.way, e.rows): e for e in entries}
    head = "".join(f"<th>{figures.size_name(size)}</th>" for size in sizes)
    rows = []
    for model, way in dict.fromkeys((e.model, e.way) for e in entries):
        inside = "".join(f"<td>{_cell(cells.get((model, way, size)))}</td>" for size in sizes)
        rows.append(f"<tr><th>{escape(model)}<br><small>{escape(way)}</small></th>{inside}</tr>")
    yield _lines_table("results", head, rows, "wide scroll")
    yield "<h3>How each was run</h3>"
    yield from (_how(entry) for entry in done)


def _cell(entry: Entry | None) -> str:
    if entry is None:
        return ""
    if entry.result is None and entry.own is None:
        return f'<span class="quiet">{escape(figures.empty_cell(entry))}</span>'
    name = f"{entry.model}, {entry.way}, {figures.size_name(entry.rows)}: loss"
    series = [Series("", figures.loss_curve(entry))]
    lines = "".join(
        f"<dt>{escape(what)}</dt><dd>{escape(value)}</dd>" for what, value in figures.result_lines(entry)
    )
    note = f'<p class="quiet">{escape(entry.note)}</p>' if entry.note else ""
    return f"{chart(name, series, y_label='loss', low=0, size=SMALL)}<dl>{lines}</dl>{note}"


def _how(entry: Entry) -> str:
    name = escape(f"{entry.model}, {entry.way}, {figures.size_name(entry.rows)}")
    settings, when, command = figures.how_it_was_run(entry)
    return (
        f'<div class="run"><p><strong>{name}</strong>: {escape(settings)}. '
        f'<span class="quiet">Trained {escape(when)}.</span></p>'
        f"{_commands(command)}</div>"
    )


def _frontier(entries: Sequence[FrontierEntry]) -> Iterator[str]:
    """Which model learns the parity of how many bits within its budget of updates."""
    if not any(entry.result for entry in entries):
        yield prose(figures.NO_FRONTIER)
        return
    full = [e for e in entries if e.counted == e.columns]
    part = [e for e in entries if e.columns == WIDEST and e.counted < WIDEST]
    yield (
        f'<p class="quiet">{escape(MARKED)} ● learnt within the updates it has; ○ not; an '
        "empty place was not run.</p>"
    )
    yield from _grid("All of so many columns count", [(e, e.columns) for e in full])
    yield from _grid(f"So many of {WIDEST} columns count", [(e, e.counted) for e in part])
    lines = _commands(figures.frontier_commands(entries))
    yield f"<details><summary>The command of each</summary>{lines}</details>"


def _grid(title: str, entries: list[tuple[FrontierEntry, int]]) -> Iterator[str]:
    """A row a model; only the columns in which anything was run."""
    numbers = sorted({number for entry, number in entries if entry.result})
    if not numbers:
        return
    cells = {(entry.model, number): entry for entry, number in entries}
    head = "".join(f"<th>{number}</th>" for number in numbers)
    rows = []
    for model in dict.fromkeys(entry.model for entry, _ in entries):
        inside = "".join(_mark(cells.get((model, number))) for number in numbers)
        rows.append(f"<tr><th>{escape(model)}</th>{inside}</tr>")
    yield f"<h3>{escape(title)}</h3>"
    yield _lines_table("frontier", head, rows)


def _mark(entry: FrontierEntry | None) -> str:
    if entry is None or entry.result is None:
        return "<td></td>"
    said = f"{share(entry.result.fresh_accuracy)} of fresh rows after {entry.result.updates:,} updates"
    kind, mark = ("holds", "●") if entry.learnt else ("fails", "○")
    return f'<td class="{kind}" title="{escape(said)}">{mark}</td>'


def _lessons(found: Sequence[LessonFindings]) -> Iterator[str]:
    if not found:
        yield prose(figures.NO_LESSONS)
    for lesson in found:
        yield f"<h3>{escape(lesson.title)}</h3>"
        for line in filter(None, (figures.prediction_line(lesson), figures.progress_line(lesson))):
            yield f"<p>{escape(line)}</p>"
        if rows := figures.claim_rows(lesson):
            yield _claims(rows)
        for session in lesson.sessions:
            yield _session(session)


def _claims(rows: Iterable[tuple[str, str, str, str]]) -> str:
    lines = [
        f'<tr><th class="{verdict}">{verdict}</th><td>{escape(text)}</td>'
        f'<td class="figure">{escape(measured)}</td><td class="figure">{escape(bar)}</td></tr>'
        for verdict, text, measured, bar in rows
    ]
    return _lines_table("claims", "<th>claim</th><th>measured</th><th>asked</th>", lines)


def _lines_table(kind: str, head: str, lines: Iterable[str], around: str = "scroll") -> str:
    """A table whose first column has no head."""
    inside = "".join(lines)
    return f'<div class="{around}"><table class="{kind}"><tr><th></th>{head}</tr>{inside}</table></div>'


def _session(session: Session) -> str:
    at = escape(figures.when(session.runs[-1].at))
    drawings = _curves(session, "losses", "loss", None) + _curves(
        session, "fresh_accuracies", "accuracy", 1.0
    )
    return (
        f'<figure class="run"><figcaption><strong>{escape(session.study)}</strong>, {at}<br>'
        f"{escape(session.settings)}<br>{escape(figures.session_line(session))}</figcaption>"
        f'<div class="charts">{drawings}</div>{_commands(figures.commands(session))}</figure>'
    )


def _curves(session: Session, kind: str, label: str, high: float | None) -> str:
    runs = session.runs
    if len(runs) == 1 and label == "accuracy":
        series = [
            _series("fresh rows", runs[0], kind),
            _series("its own rows", runs[0], "train_accuracies", True),
        ]
    else:
        series = [_series("", run, kind) for run in runs]
    return chart(f"{session.study}: {label}", series, y_label=label, low=0, high=high)


def _series(name: str, run: RunRow, kind: str, dashed: bool = False) -> Series:
    return Series(name, run.curves.get(kind, []), dashed)


def _commands(lines: str) -> str:
    return f'<pre><code class="language-text">{escape(lines)}</code></pre>'
