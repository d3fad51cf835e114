"""The app in a browser: a page, and a process of the app for every visitor."""
