"""The command line, one file a command, and the app in a browser."""
