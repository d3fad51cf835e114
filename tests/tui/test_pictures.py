"""The screens look as they are kept; `python -m tests.tui.pictures` renews what is kept."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from tests.tui.pictures.scenes import FOLDER, SCENES, Scene, new_home, take, text_of


def how_they_differ(name: str, kept: str, now: str, folder: Path) -> str:
    """The lines that are others now, and where both pictures can be seen beside each other."""
    page = folder / f"{name}.html"
    parts = "".join(f"<h2>{title}</h2>{svg}" for title, svg in (("kept", kept), ("now", now)))
    page.write_text(f'<meta charset="utf-8">{parts}', encoding="utf-8")
    lines = difflib.unified_diff(text_of(kept), text_of(now), "kept", "now", lineterm="", n=0)
    words = "\n".join(lines) or "the words are the same, colours or places are not"
    return f"{name}: both are in {page}; python -m tests.tui.pictures {name} renews it\n{words}"


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: next(iter(scene.pictures)))
async def test_screens_look_as_they_are_kept(scene: Scene, tmp_path: Path) -> None:
    with new_home():
        taken = await take(scene)
    differences = []
    for name, svg in taken.items():
        path = FOLDER / f"{name}.svg"
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        if kept != svg:
            differences.append(how_they_differ(name, kept, svg, tmp_path))
    assert not differences, "\n\n".join(differences)
