"""What of a run or its result is kept in a file, and when it still counts."""
