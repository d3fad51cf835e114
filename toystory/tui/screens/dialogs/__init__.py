"""What asks something, over what is shown."""
