"""The chapter mlp: layers, stacked."""
