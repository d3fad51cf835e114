"""Chapter 1: logistic regression, one row at a time."""
