"""Notebooks, and the programs that hand them out and grade them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def text(cell: Any) -> str:
    """Of a notebook's cell."""
    return "".join(cell["source"])


def run_module(folder: Path, *words: str) -> None:
    """`python -m …` in a folder that is its home too, without this checkout."""
    programs = str(Path(sys.executable).parent)
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    environment["PATH"] = os.pathsep.join([programs, environment.get("PATH", "")])
    environment |= {"HOME": str(folder), "IPYTHONDIR": str(folder / "ipython")}
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
