"""The comparison: every model on every size, and the frontier of what each can learn; trained once, kept."""
