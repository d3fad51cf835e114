"""The chapter rnn: memory."""
