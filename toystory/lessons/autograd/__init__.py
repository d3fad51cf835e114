"""The chapter autograd: a machine that derives."""
