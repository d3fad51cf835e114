"""Chapter 4: layers, stacked."""
