#!/usr/bin/env bash
# jupytext: a Markdown cell whose text starts with "%%" loses its first line
#
# Versions: jupytext 1.19.6, nbformat 5.11.1, Python 3.11.
#
# Guess: cell magics are looked for in code cells only; a Markdown cell comes back from any text format as it
# was, whatever its first characters.
#
# Seen: the Markdown cell "%% of total\nis what we plot" (valid text) is taken for a cell magic. In md, py:percent,
# py:light, Rmd and py:hydrogen the words "of total" move into the cell's metadata (magic_args) and the text
# that comes back is "is what we plot". With "%%bash" as the first line Rmd loses the line wholly (no metadata
# either) and py:light gives the next line back with a "# " that was never there. md:myst keeps both cells.
#
# Expected: the same text, as for "%" or "!" at the start (these are kept). It matters for paired notebooks
# and for notebooks generated from text: the sentence goes silently, at the first save.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jupytext==1.19.6 nbformat==5.11.1

venv/bin/python - <<'PY'
import jupytext
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

print("jupytext", jupytext.__version__, "nbformat", nbformat.__version__)


def round_trip(text, fmt):
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(
        cells=[new_code_cell("x = 1"), new_markdown_cell(text)], metadata={"kernelspec": kernel}
    )
    nbformat.validate(notebook)
    back = jupytext.reads(jupytext.writes(notebook, fmt=fmt), fmt=fmt)
    cell = back.cells[1]
    assert cell.cell_type == "markdown"
    return cell.source, dict(cell.metadata)


for fmt in ("md", "py:percent", "py:light", "Rmd", "md:myst"):
    share = round_trip("%% of total\nis what we plot", fmt)
    bash = round_trip("%%bash\nruns a shell", fmt)
    print(f"{fmt:10}", share, bash)
    if fmt == "md:myst":
        assert share == ("%% of total\nis what we plot", {}) and bash == ("%%bash\nruns a shell", {})
        continue
    assert share == ("is what we plot", {"magic_args": "of total"})
    assert bash[0] == {"Rmd": "runs a shell", "py:light": "%%bash\n# runs a shell"}.get(fmt, "%%bash\nruns a shell")
    assert round_trip("%matplotlib", fmt)[0] == "%matplotlib"
print("still so")
PY
