"""The teacher's page: who is there, since when, and what their apps take of the computer."""

from __future__ import annotations

import html
import os
import time
from collections.abc import Collection
from pathlib import Path

from toystory.cli.serve.visitor import Visitor

REFRESH = 5
"""Seconds."""
PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta http-equiv="refresh" content="{refresh}">
<title>toystory: who is there</title>
<style>
  body {{ background: #11141a; color: #d5d9e0; font: 1rem/1.5 monospace; margin: 2rem; }}
  td, th {{ text-align: left; padding: .1rem 1.5rem .1rem 0; }} .n {{ text-align: right; }}
</style></head>
<body>
<h1>toystory</h1>
<p>{count} of {most} visitors, {training} of them training. {memory}</p>
<table>
<tr><th>who<th>from<th>since<th class="n">last key<th>training<th class="n">memory</tr>
{rows}
</table>
</body></html>
"""


def status_page(visitors: Collection[Visitor], most: int) -> str:
    """HTML, which renews itself.

    Args:
        visitors: Those that are there.
        most: How many may be.
    """
    rows, sizes = [], []
    for visitor in sorted(visitors, key=lambda visitor: visitor.person.label.casefold()):
        size = memory_of(visitor.process.pid) if visitor.process else None
        sizes.append(size)
        cells = [
            html.escape(visitor.person.label),
            html.escape(visitor.address),
            time.strftime("%H:%M", time.localtime(visitor.since)),
            f'<td class="n">{(time.monotonic() - visitor.last_key) / 60:.0f} min ago',
            "yes" if visitor.training else "",
            f'<td class="n">{size / 2**20:.0f} MB' if size is not None else "",
        ]
        rows.append("".join(cell if cell.startswith("<td") else f"<td>{cell}" for cell in cells))
    known = [size for size in sizes if size is not None]
    memory = f"Their apps take {sum(known) / 2**20:.0f} MB." if known else ""
    return PAGE.format(
        refresh=REFRESH,
        count=len(visitors),
        most=most,
        training=sum(visitor.training for visitor in visitors),
        memory=memory,
        rows="\n".join(f"<tr>{row}</tr>" for row in rows),
    )


def memory_of(process: int) -> int | None:
    """Bytes that a process takes, its part of what is shared counted in; None where that can't be known.

    Args:
        process: Its number.
    """
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    except (OSError, StopIteration, ValueError):
        return None


def processors() -> int:
    """How many of this computer's the server may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
