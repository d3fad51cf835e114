"""What a training looks like: experiments, curves, claims, status."""
