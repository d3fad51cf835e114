"""The screens of the app, and the stages of a lesson."""
