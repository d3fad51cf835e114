"""What the learner did, kept on disk: `Store` is the record, `PausedRuns` the runs to go on with."""
