"""The derivation with the numbers of a model."""
