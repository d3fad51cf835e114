"""Grade a folder of submissions: who handed in what, several at a time, and whose are alike."""
