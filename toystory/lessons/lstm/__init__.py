"""Chapter 6: memory with gates."""
