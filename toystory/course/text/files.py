"""The text files of a lesson, as any editor saves them."""

from __future__ import annotations

from pathlib import Path

from toystory.base.errors import BadProse


def read_text(file: Path) -> str:
    """What stands in a file, without the mark that some editors put first.

    Args:
        file: The file.

    Raises:
        BadProse: It is in another encoding.
        OSError: It can't be read.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadProse(f"{file} is not in UTF-8: save it as UTF-8") from None
