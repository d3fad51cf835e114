"""What the app knows of an open lesson, apart from how it is drawn."""
