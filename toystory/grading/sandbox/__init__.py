"""Run the learner's code in a process of its own, with limits of time, memory and files."""
