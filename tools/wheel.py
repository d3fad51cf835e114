"""Say what a wheel holds, and fail if it is anything but the package `toystory`.

python tools/wheel.py FILE.whl
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path


def packages(wheel: Path) -> set[str]:
    """The names at the top of `wheel`, without its own description."""
    names = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    return {name for name in names if not name.endswith(".dist-info")}


if __name__ == "__main__":
    found = packages(Path(sys.argv[1]))
    print(f"the wheel holds {', '.join(sorted(found))}")
    sys.exit(found != {"toystory"})
