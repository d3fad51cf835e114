"""Derivations: steps, the numbers put into them, and the symbols that they use."""
