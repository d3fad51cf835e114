"""What every model here is made of: activations, losses, first weights, optimisers, batches, array types."""
