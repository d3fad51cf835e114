"""Rows of real numbers: their screen, its form and its picture."""
