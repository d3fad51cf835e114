"""Options that several commands share: how they put out what they found."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_output(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """--json, --plain and --save; the group, to add more to it."""
    output = parser.add_argument_group("output")
    output.add_argument("--json", action="store_true", help="one JSON object on stdout")
    output.add_argument(
        "--plain", action="store_true", help="words and numbers only: no colour, boxes or bars"
    )
    output.add_argument(
        "--save", type=Path, metavar="FILE.npz", help="write the model that the run ends with"
    )
    return output
