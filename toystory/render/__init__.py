"""Numbers, derivations and charts as text for a terminal."""
