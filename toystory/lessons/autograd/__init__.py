"""Chapter 4: a machine that derives."""
