"""How fast the models and the app are, beside others that do the same: one table, or --json.

    python -m tests.benchmarks                    all of it, in about eight minutes on a quiet machine
    python -m tests.benchmarks updates solving    some of it
    python -m tests.benchmarks --quick            a first impression, in about two

Every pair is timed in turn in one process. JAX, PyTorch and scikit-learn come with `pip install '.[bench]'`.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.benchmarks.pairs import Row

ROOT = Path(__file__).parents[2]
PARTS = ("updates", "updates-2", "compiled", "reading", "notebook", "solving", "scaling", "grading", "app")
HELP = {
    "updates": "one update of every model, against PyTorch, one thread each",
    "updates-2": "the same, PyTorch with two threads",
    "compiled": "one update against JAX with jit and torch.compile, in processor time, and through fit",
    "reading": "logistic regression against PyTorch, memory and scikit-learn",
    "notebook": "against the style of a course notebook",
    "solving": "time to solve, against PyTorch, one thread each",
    "scaling": "cost per row and per step, peak memory",
    "grading": "a class's homework, checked",
    "app": "first paint, training on screen, keys, stages, redraws, output, memory, imports",
}


def threads_of(part: str) -> int:
    """Of the peer."""
    return 2 if part == "updates-2" else 1


def rows_of(part: str, quick: bool) -> Iterator[Any]:
    """What a part measures, in this process."""
    if part.startswith("updates"):
        updates = importlib.import_module("tests.benchmarks.updates")
        return updates.measure(threads_of(part), quick)
    return importlib.import_module(f"tests.benchmarks.{part}").measure(quick)


def inside(part: str, quick: bool) -> None:
    """Measure in this process; a row a line, as JSON."""
    if part in ("updates", "updates-2", "compiled", "reading", "solving"):
        import torch

        torch.set_num_threads(threads_of(part))
    for row in rows_of(part, quick):
        print(json.dumps(as_read(row)), flush=True)


def measured(part: str, quick: bool) -> Iterator[dict[str, Any]]:
    """The rows of a part, measured in a process of its own with the threads that it may have.

    Raises CalledProcessError where that fails.
    """
    # Ours run as the program runs them, with one thread in NumPy's linear algebra: at these sizes two of them
    # are slower. The peer's own threads are set in there.
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    command = [sys.executable, "-m", "tests.benchmarks", "--inside", part, *(["--quick"] if quick else [])]
    environment = os.environ | dict.fromkeys(names, "1")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            yield json.loads(line)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


def app_figures(quick: bool) -> dict[str, dict[str, float]]:
    """What tests/benchmarks/app.py measures."""
    command = [sys.executable, str(Path(__file__).with_name("app.py")), "--json"]
    done = subprocess.run(
        [*command, *(["--quick"] if quick else [])], stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True
    )
    figures: dict[str, dict[str, float]] = json.loads(done.stdout)
    return figures


def amount(value: float, unit: str) -> str:
    """A number with its unit, three digits."""
    if unit != "s":
        return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"
    for size, name in ((1.0, "s"), (1e-3, "ms")):
        if value >= size:
            return f"{value / size:.3g} {name}"
    return f"{value * 1e6:.3g} µs"


def app_rows(figures: dict[str, dict[str, float]]) -> Iterator[Row]:
    """Those of the figures of the app that stand beside another."""
    listing, paint, speed = figures["list"], figures["paint"], figures["speed"]

    def of(what: str, against: str, ours: float, peer: float, ratio: float, bar: float | None) -> Row:
        return Row("app", what, against, ours, peer, ratio, ratio, ratio, bar)

    yield of(
        "toystory list", "import argparse", 1e-3 * listing["toystory list, ms"],
        1e-3 * listing["import argparse, ms"], listing["list / import argparse"], 2.5,
    )  # fmt: skip
    yield of(
        "first paint", "bare Textual app, NumPy", 1e-3 * paint["toystory, ms"],
        1e-3 * paint["bare app, ms"], paint["toystory / bare"], 1.3,
    )  # fmt: skip
    yield of(
        "an update of the LSTM, app on screen", "headless", 1 / speed["app on screen, updates/s"],
        1 / speed["headless, updates/s"], 1 / speed["on screen / headless"], 1 / 0.93,
    )  # fmt: skip
    for part, milliseconds in figures["keys"].items():
        seconds = 1e-3 * milliseconds
        name = f"key to screen while training, {part.removesuffix(', ms')}"
        yield of(name, "50 ms", seconds, 0.05, seconds / 0.05, 1.0)
    stages = {name.removesuffix(", ms"): 1e-3 * ms for name, ms in figures["stages"].items()}
    first = [seconds for name, seconds in stages.items() if name.endswith(" first")]
    again = [seconds for name, seconds in stages.items() if name.endswith(" again")]
    for what, seconds, milliseconds in (
        ("to open a lesson", stages["lesson"], 250),
        ("to open a stage, the slowest of five", max(first), 250),
        ("to turn to a stage again, the slowest of five", max(again), 100),
    ):
        peer = 1e-3 * milliseconds
        yield of(what, f"{milliseconds} ms of processor", seconds, peer, seconds / peer, 1.0)
    for part, measured_as, bar, unit in (
        ("output", "Train, bytes/s", 20_000, "B/s"),
        ("output", "Look inside, bytes/s", 20_000, "B/s"),
        ("output", "paused, % of a core", 0.5, "%"),
        ("layout", "p95, ms", 50, "ms"),
        ("memory", "all / first", 1.15, "×"),
        ("memory", "1,000 starts and resets, MB", 5, "MB"),
        ("imports", "models / numpy", 1.15, "×"),
        ("imports", "run --lesson gate / numpy", 1.5, "×"),
    ):
        found = figures[part][measured_as]
        ratio = found / bar
        yield Row(
            "app", f"{part}: {measured_as}", f"{bar:,} {unit}", found, bar, ratio, ratio, ratio, 1.0, unit
        )
    for part, milliseconds in figures["redraws"].items():
        seconds = 1e-3 * milliseconds
        yield of(
            f"redraw, {part.removesuffix(', ms')}",
            "a frame at 60 a second",
            seconds,
            1 / 60,
            seconds * 60,
            None,
        )


def as_read(row: Row) -> dict[str, Any]:
    """A row as it goes from process to process, and into the JSON."""
    return asdict(row) | {"holds": row.holds}


def all_rows(
    parts: Sequence[str], quick: bool, figures: dict[str, Any], failed: list[str]
) -> Iterator[dict[str, Any]]:
    """Of one part after the other. figures: is filled with all that was measured of the app, failed: with
    the parts that came to no end."""
    for part in parts:
        try:
            if part == "app":
                figures.update(app_figures(quick))
                yield from map(as_read, app_rows(figures))
            else:
                yield from measured(part, quick)
        except subprocess.CalledProcessError as error:
            failed.append(part)
            print(f"{part}: ended with code {error.returncode}; going on without it", file=sys.stderr)


def verdict(rows: Sequence[dict[str, Any]]) -> str:
    """How many bars hold, and which do not."""
    held = [row["holds"] for row in rows if row["holds"] is not None]
    missed = [row for row in rows if row["holds"] is False]
    lines = [f"{sum(held)} of {len(held)} bars hold" + (", missed:" if missed else ".")]
    for row in missed:
        lines.append(
            f"  {row['part']}: {row['what']} / {row['against']}: {row['ratio']:.2f} > {row['bar']:.3g}"
        )
    return "\n".join(lines)


def line(row: dict[str, Any]) -> str:
    """A row of the table."""
    spread = f"{row['low']:.2f}–{row['high']:.2f}"
    bar = "" if row["bar"] is None else f"≤ {row['bar']:.3g}  {'✓' if row['holds'] else '✗ misses it'}"
    ours, peer = (amount(row[name], row["unit"]) for name in ("ours", "peer"))
    return (
        f"{row['what']:<48}{ours:>14}{peer:>14}  {row['against']:<26}{row['ratio']:>7.2f}  {spread:<12}{bar}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parts = "\n".join(f"{name}: {text}" for name, text in HELP.items())
    parser.add_argument("parts", nargs="*", metavar="part", help=parts)
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    parser.add_argument("--quick", action="store_true", help="fewer sizes, fewer rounds, one seed")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        inside(asked.inside, asked.quick)
        return
    if unknown := [part for part in asked.parts if part not in PARTS]:
        parser.error(f"no part {unknown[0]!r}: there are {', '.join(PARTS)}")

    rows: list[dict[str, Any]] = []
    figures: dict[str, Any] = {}
    failed: list[str] = []
    heading = ""
    for row in all_rows(asked.parts or PARTS, asked.quick, figures, failed):
        rows.append(row)
        if asked.json:
            continue
        if row["part"] != heading:
            heading = row["part"]
            print(f"\n{heading:<48}{'ours':>14}{'peer':>14}  {'against':<26}{'ratio':>7}  spread      bar")
        print(line(row), flush=True)
    if asked.json:
        print(json.dumps({"rows": rows, "app": figures, "failed": failed}))
    else:
        print(f"\n{verdict(rows)}")
    if failed:
        sys.exit(1)


if __name__ == "__main__":
    main()
