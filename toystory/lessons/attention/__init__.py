"""A gate more powerful: it looks back at any bit it likes, and thinks aloud."""
