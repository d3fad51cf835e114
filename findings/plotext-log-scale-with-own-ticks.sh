#!/usr/bin/env bash
# plotext: on a log axis with ticks of one's own every point lands on one line
#
# Versions: plotext 6.1.0, Python 3.11.
#
# Guess: ruler("y").scale("log") with ruler("y").ticks([1, 10, 100, 1000]) keeps the points where the log scale puts
# them and marks those four values.
#
# Seen: without own ticks the points 1, 10, 100, 1000 climb from the lowest row to the highest. With the ticks all
# four points are drawn in the lowest row, and of the ticks only "1000" is shown, in that same row: as if the axis
# reached from 1 to 1000 in powers of ten. Limits set with lim(1, 1000) do not mend it. No error, no warning.
#
# Expected: the first picture with four labels. A learning-rate sweep or a
# falling loss drawn like this looks constant.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check plotext==6.1.0

venv/bin/python - <<'PY'
from importlib.metadata import version

import plotext

print("plotext", version("plotext"))
VALUES = [1, 10, 100, 1000]


def rows(ticks=None, limits=None):
    """The rows, counted from the top, that hold a point."""
    terminal = type(plotext.terminal)()
    terminal.limit(False, False)
    figure = type(plotext.figure)(parent=terminal).plot_size(50, 13)
    signal = figure.signal([0, 1, 2, 3], VALUES, marker="+")
    signal.lines(False)
    figure.draw(signal)
    ruler = figure.ruler("y")
    ruler.scale("log")
    if ticks:
        ruler.ticks(ticks)
    if limits:
        ruler.lim(*limits)
    picture = figure.build().string(colorless=True)
    print(picture)
    return [n for n, line in enumerate(picture.splitlines()) for c in line.split("┤")[-1] if c == "+"]


print("automatic ticks")
assert rows() == [1, 4, 7, 10]
print("own ticks")
assert rows(ticks=VALUES) == [10, 10, 10, 10]
assert rows(ticks=VALUES, limits=(1, 1000)) == [10, 10, 10, 10]
print("still so")
PY
