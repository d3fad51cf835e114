"""The chapter gate: logistic regression, one row at a time."""
