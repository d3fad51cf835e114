"""The chapter lstm: memory with gates."""
