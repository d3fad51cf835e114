"""The result table of the comparison, and its frontier."""
