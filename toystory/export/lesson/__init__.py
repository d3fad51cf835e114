"""A lesson to take home: as a notebook, as Markdown, as one HTML page."""
