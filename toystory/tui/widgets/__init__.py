"""The widgets of the app that Textual does not have."""
