#!/usr/bin/env bash
# termgraph: one negative value gives zero a bar, and of negative values alone the smallest in size gets the longest
#
# Versions: termgraph 0.8.0, Python 3.11.
#
# Guess: a negative value has a bar to the left, or one as long as its size; zero has none. (Without negative values, zero
# has none, and 5 half of 10's.)
#
# Seen: as soon as one value is negative, all bars start at the lowest: for -10, 0, 5, 10 they are 0, 25, 37 and 50 characters
# long. Zero gets half of the width, the -10 no bar at all. For -1, -5, -10 the -1 has all 50, the -10 none.
#
# Expected: length goes with size. The figures beside the bars are right, so that picture and figure contradict each other.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check termgraph==0.8.0

bars() { # the lengths of the bars of some values
    printf '%s\n' "$@" | awk '{ print "v" NR "," $1 }' | venv/bin/termgraph --width 50 > chart
    cat chart >&2
    venv/bin/python -c 'print(*(line.count("\u2587") for line in open("chart", encoding="utf-8") if line.strip()))'
}

[ "$(bars 0 5 10)" = "0 25 50" ]
[ "$(bars -10 0 5 10)" = "0 25 37 50" ]
[ "$(bars -1 -5 -10)" = "50 27 0" ]
echo "still so"
