"""Many runs at a time: in processes of this machine, or on a cluster."""
