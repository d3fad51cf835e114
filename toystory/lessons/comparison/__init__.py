"""Chapter 7: every model on one bench."""
