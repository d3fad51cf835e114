"""A lesson, and its five stages."""
