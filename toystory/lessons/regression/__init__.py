"""Chapter 2: logistic regression under load."""
