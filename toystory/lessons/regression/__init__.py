"""The chapter regression: logistic regression under load."""
