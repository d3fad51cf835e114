#!/usr/bin/env bash
# pyte: text after an invisible character is dropped, and how much depends on how the stream is cut
#
# Versions: pyte 0.8.2, wcwidth 0.9.4, Python 3.11.
#
# Guess: a character without width is ignored or joined to the cell before it, and what follows is drawn.
#
# Seen: after U+2061 (FUNCTION APPLICATION), U+2062 (INVISIBLE TIMES), U+200B (ZERO WIDTH SPACE) or U+FE0F
# (VARIATION SELECTOR-16) all the text up to the next control character is lost: feed("f\u2061(x) = 2") draws "f"
# alone, and the cursor stays at column 1. Fed in pieces, the same text is drawn wholly ("f(x) = 2"). Combining
# accents (x with U+0302) are handled well.
#
# Expected: "f(x) = 2", whatever the pieces. Invisible operators come with formulas that were MathML, the
# others with ordinary text. A test of a terminal program that keeps its screen with pyte loses the rest of the
# line, and since reads from a pty are cut at random the same program passes and fails by turns.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyte==0.8.2 wcwidth==0.9.4

venv/bin/python - <<'PY'
from importlib.metadata import version

import pyte
from wcwidth import wcswidth

print("pyte", version("pyte"), "wcwidth", version("wcwidth"))


def drawn(pieces):
    screen = pyte.Screen(20, 1)
    stream = pyte.Stream(screen)
    for piece in pieces:
        stream.feed(piece)
    return screen.display[0].rstrip(), screen.cursor.x


for name, invisible in (
    ("FUNCTION APPLICATION", "\u2061"),
    ("INVISIBLE TIMES", "\u2062"),
    ("ZERO WIDTH SPACE", "\u200b"),
    ("VARIATION SELECTOR-16", "\ufe0f"),
):
    text = f"f{invisible}(x) = 2"
    whole, cut = drawn([text]), drawn(text)
    print(f"{name}: at once {whole}, character by character {cut}")
    assert whole == ("f", 1)
    assert cut == ("f(x) = 2", 8) and wcswidth(text) in (8, 9)
assert drawn(["x\u0302y"])[1] == 2
# The loss ends at the next control sequence: the words "next" after a colour change are there.
assert drawn(["f\u2061(x)\x1b[1mnext"]) == ("fnext", 5)
print("still so")
PY
