"""Prose, and questions about it."""
