"""Train the model that a learner wrote, beside ours: its runs, and what they came to."""
