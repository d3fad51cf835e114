"""Equations as they stand on a terminal, read, and written anew in LaTeX and MathML."""
