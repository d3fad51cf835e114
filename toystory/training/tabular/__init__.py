"""Rows of real numbers: made tasks, tables in CSV files, and the training of a network on them."""
