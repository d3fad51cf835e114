"""The language that the learner reads in, as far as the course has it."""

from __future__ import annotations

import os
import re
import sys

VARIABLE = "TOYSTORY_LANGUAGE"
ENGLISH = "en"
LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The variables that tell a program's language, the first that is set."""
CODE = r"[a-z]{2,3}"


def language() -> str:
    """Two or three letters, such as de: what was asked for, else the system's, else English."""
    for name in (VARIABLE, *LOCALES):
        if told := os.environ.get(name):
            return code_of(told) or ENGLISH
    if sys.platform == "win32":  # no such variables there
        import ctypes
        import locale

        number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return code_of(locale.windows_locale.get(number, "")) or ENGLISH
    return ENGLISH


def code_of(name: str) -> str:
    """The letters of the language in a name such as de_DE.UTF-8 or de-AT; "" where there are none."""
    first = re.split(r"[_.@-]", name.strip().lower())[0]
    return first if re.fullmatch(CODE, first) else ""
