"""A learning app in the terminal: Alex builds an XOR gate out of machine learning."""

__version__ = "0.1.0"
