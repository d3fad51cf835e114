"""Our models in other frameworks, with the very weights; and back from there."""
