"""What the learner did, kept on disk: `Store` is the record, `Shelf` the runs that were put down."""
