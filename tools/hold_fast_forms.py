"""Hold the fast forms of the models to their readable sources, and write down which sources those were.

Run it after a change in `toystory/models/`: it runs the tests that compare the two, form by form, and only if
they agree does it renew `toystory/models/fast/held_to.py`. Until then training runs the readable source.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from toystory.models.fast_form import fingerprint_of, registered_classes

ROOT = Path(__file__).parents[1]
FILE = ROOT / "toystory" / "models" / "fast" / "held_to.py"
TESTS = ("tests/models/test_fast.py", "tests/models/test_fast_frozen.py", "tests/models/test_attention.py")


def main() -> int:
    """Exit 1, and write nothing, where a form and its source disagree."""
    before = FILE.read_text(encoding="utf-8")
    head, _, _ = before.partition("HELD_TO = ")
    entries = {kind.__name__: fingerprint_of(kind) for kind in registered_classes()}
    lines = "".join(f'    "{name}": "{entries[name]}",\n' for name in sorted(entries))
    FILE.write_text(f"{head}HELD_TO = {{\n{lines}}}\n", encoding="utf-8")
    tests = subprocess.run([sys.executable, "-m", "pytest", "-q", *TESTS], cwd=ROOT, check=False)
    if tests.returncode:
        FILE.write_text(before, encoding="utf-8")
        print("the fast forms do not agree with the sources: nothing was written", file=sys.stderr)
    return min(tests.returncode, 1)


if __name__ == "__main__":
    sys.exit(main())
