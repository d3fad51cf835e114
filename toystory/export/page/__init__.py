"""Pages that need nothing but themselves: no script, no address outside."""
