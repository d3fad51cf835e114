"""Renew the pictures: python -m tests.tui.pictures [part of a name …]"""

from __future__ import annotations

import asyncio
import sys

from tests.tui.pictures.scenes import FOLDER, NAMES, SCENES, new_home, take

for scene in SCENES:
    if not sys.argv[1:] or any(part in name for part in sys.argv[1:] for name in scene.pictures):
        with new_home():
            for name, svg in asyncio.run(take(scene)).items():
                path = FOLDER / f"{name}.svg"
                if not path.exists() or path.read_text(encoding="utf-8") != svg:
                    path.write_text(svg, encoding="utf-8")
                    print(path)
for path in FOLDER.glob("*.svg"):
    if path.stem not in NAMES:
        path.unlink()
