"""How fast the models and the app are, beside others that do the same: one table, or --json.

    python -m tests.benchmarks                    all of it, in about half an hour on a quiet machine
    python -m tests.benchmarks updates solving    some of it
    python -m tests.benchmarks --quick            a first impression, in some minutes

Every pair is timed in turn in one process. PyTorch and scikit-learn come with `pip install '.[bench]'`.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PARTS = ("updates", "updates-2", "reading", "notebook", "solving", "scaling", "app")
HELP = {
    "updates": "one update of every model, against PyTorch, one thread each",
    "updates-2": "the same with two threads",
    "reading": "logistic regression against PyTorch, memory and scikit-learn",
    "notebook": "against the style of a course notebook",
    "solving": "time to solve, against PyTorch, one thread each",
    "scaling": "cost per row and per step, peak memory",
    "app": "first paint, training on screen, keys, redraws",
}


def threads_of(part: str) -> int:
    """Of the linear algebra, ours and the peer's alike."""
    return 2 if part == "updates-2" else 1


def rows_of(part: str, quick: bool) -> Iterator[Any]:
    """What a part measures, in this process."""
    if part.startswith("updates"):
        updates = importlib.import_module("tests.benchmarks.updates")
        return updates.measure(threads_of(part), quick)
    return importlib.import_module(f"tests.benchmarks.{part}").measure(quick)


def inside(part: str, quick: bool) -> None:
    """Measure in this process; a row a line, as JSON."""
    if part in ("updates", "updates-2", "reading", "solving"):
        import torch

        torch.set_num_threads(threads_of(part))
    for row in rows_of(part, quick):
        print(json.dumps(asdict(row) | {"holds": row.holds}), flush=True)


def measured(part: str, quick: bool) -> Iterator[dict[str, Any]]:
    """The rows of a part, measured in a process of its own with the threads that it may have."""
    threads = str(threads_of(part))
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    command = [sys.executable, "-m", "tests.benchmarks", "--inside", part, *(["--quick"] if quick else [])]
    environment = os.environ | dict.fromkeys(names, threads)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            yield json.loads(line)
    if process.returncode:
        sys.exit(f"{part}: ended with code {process.returncode}")


def app_figures(quick: bool) -> dict[str, Any]:
    """What tests/benchmarks/app.py measures."""
    command = [sys.executable, str(Path(__file__).with_name("app.py")), "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def amount(value: float, unit: str) -> str:
    """A number with its unit, three digits."""
    if unit != "s":
        return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"
    for size, name in ((1.0, "s"), (1e-3, "ms")):
        if value >= size:
            return f"{value / size:.3g} {name}"
    return f"{value * 1e6:.3g} µs"


def line(row: dict[str, Any]) -> str:
    """A row of the table."""
    spread = f"{row['low']:.2f}–{row['high']:.2f}"
    bar = "" if row["bar"] is None else f"≤ {row['bar']:.3g}  {'✓' if row['holds'] else '✗ misses it'}"
    ours, peer = (amount(row[name], row["unit"]) for name in ("ours", "peer"))
    return (
        f"{row['what']:<44}{ours:>12}{peer:>12}  {row['against']:<26}{row['ratio']:>7.2f}  {spread:<12}{bar}"
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
    heading = ""
    for part in asked.parts or PARTS:
        if part == "app":
            figures = app_figures(asked.quick)
            continue
        for row in measured(part, asked.quick):
            rows.append(row)
            if asked.json:
                continue
            if row["part"] != heading:
                heading = row["part"]
                print(
                    f"\n{heading:<44}{'ours':>12}{'peer':>12}  {'against':<26}{'ratio':>7}  spread      bar"
                )
            print(line(row), flush=True)
    if asked.json:
        print(json.dumps({"rows": rows, "app": figures}))
        return
    if figures:
        print("\napp")
        print(json.dumps(figures, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
