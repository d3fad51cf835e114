"""Data, experiments, the training loop, runs, claims, checkpoints, and where many runs are trained."""
