#!/usr/bin/env bash
# jupytext: a line separator inside a string literal comes back as a newline, and the code no longer parses
#
# Versions: jupytext 1.19.6, nbformat 5.11.1, Python 3.11.
#
# Guess: a text format splits a file where Python and nbformat do, at newlines; a code cell comes back as it was.
#
# Seen: the code cell holds one line of valid Python, a string literal with U+2028 (LINE SEPARATOR) in it.
# After writing and reading as py:percent, py:light, md, Rmd or md:myst the character is a newline, and
# the cell is a SyntaxError. Only the text of md:myst still holds the character; the others lose it in writing.
# The same happens to U+0085 and U+2029, and (but for md:myst, which raises an error) to form feed and vertical
# tab. Markdown cells change too, silently.
#
# Expected: the character stays. U+2028 comes with text pasted from word processors and web pages, form feeds
# part the sections of old Python files; with a paired notebook one save and reload breaks the cell.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jupytext==1.19.6 nbformat==5.11.1

venv/bin/python - <<'PY'
import ast

import jupytext
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

print("jupytext", jupytext.__version__, "nbformat", nbformat.__version__)


def round_trip(cell, fmt):
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=[cell], metadata={"kernelspec": kernel})
    nbformat.validate(notebook)
    text = jupytext.writes(notebook, fmt=fmt)
    return text, jupytext.reads(text, fmt=fmt).cells[0].source


for separator in ("\u2028", "\u2029", "\x85", "\x0b", "\x0c"):
    code = f"name = 'first{separator}second'"
    ast.parse(code)
    for fmt in ("py:percent", "py:light", "md", "Rmd", "md:myst"):
        if fmt == "md:myst" and separator in "\x0b\x0c":
            continue
        text, back = round_trip(new_code_cell(code), fmt)
        assert (separator in text) == (fmt == "md:myst")
        assert back == "name = 'first\nsecond'", (fmt, back)
        try:
            ast.parse(back)
        except SyntaxError as error:
            if fmt == "py:percent":
                print(f"{fmt} U+{ord(separator):04X}: {error.msg}")
        else:
            raise AssertionError("parses again")
        assert round_trip(new_markdown_cell(f"one{separator}two"), fmt)[1] == "one\ntwo"
print("still so")
PY
