"""What every room may need: paths, errors, files, interrupts, the Python runtime."""
