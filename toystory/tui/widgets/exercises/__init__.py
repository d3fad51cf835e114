"""The exercises, the editor, the verdict."""
