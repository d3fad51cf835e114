"""A tile in JupyterLab: what jupyter-server-proxy asks for, by the entry point in `pyproject.toml`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

PATIENCE = 60
"""Seconds that the first start may take, on a machine with many users."""


def setup() -> dict[str, Any]:
    """How toystory is begun for whoever has clicked the tile: on their own record, at a socket of their own.

    Other users of the machine can't reach a socket in the file system, as they could reach a port.
    """
    command = [sys.executable, "-m", "toystory", "serve", "--own-record"]
    asked: dict[str, Any] = {
        "timeout": PATIENCE,
        "launcher_entry": {
            "title": "toystory",
            "icon_path": str(Path(__file__).with_name("tile.svg")),
            "category": "Other",
        },
    }
    if sys.platform == "win32":
        return {**asked, "command": [*command, "--port", "{port}"]}
    return {**asked, "command": [*command, "--unix-socket", "{unix_socket}"], "unix_socket": True}
