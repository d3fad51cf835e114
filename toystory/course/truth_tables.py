"""The rows that several chapters share."""

XOR = ((0, 0), (0, 1), (1, 0), (1, 1))
"""All four rows that two bits can make."""
