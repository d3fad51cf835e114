"""Inside one update: the derivation, the source, the gradient check."""
