"""All that was measured, on one page: the result table, and what the learner has done."""
