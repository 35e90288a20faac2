"""What shows only over the whole file: copies, likenesses, labels, lengths, leaks, statistics."""
