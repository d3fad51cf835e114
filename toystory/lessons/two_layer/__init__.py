"""The chapter two-layer: a hidden layer."""
