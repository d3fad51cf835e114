"""The chapter comparison: every model side by side."""
