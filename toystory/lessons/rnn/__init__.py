"""Chapter 5: memory."""
