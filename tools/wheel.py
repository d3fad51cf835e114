"""Say what a wheel holds, and fail if it is anything but the package `toystory`, or lacks what that reads.

python tools/wheel.py FILE.whl
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path


def packages(wheel: Path) -> set[str]:
    """The names at the top of `wheel`, without its own description."""
    names = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    return {name for name in names if not name.endswith(".dist-info")}


def missing(wheel: Path) -> set[str]:
    """The files of the package, other than Python's own, that are in the checkout and not in `wheel`."""
    inside = set(zipfile.ZipFile(wheel).namelist())
    root = Path(__file__).parents[1]
    tracked = subprocess.run(
        ["git", "ls-files", "toystory"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.split()
    return set(tracked) - inside


if __name__ == "__main__":
    wheel = Path(sys.argv[1])
    found, lacking = packages(wheel), missing(wheel)
    print(f"the wheel holds {', '.join(sorted(found))}")
    if lacking:
        print(f"and lacks {', '.join(sorted(lacking))}")
    sys.exit(found != {"toystory"} or bool(lacking))
