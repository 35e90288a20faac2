"""What brings an answer about: its message, its stream, its place in the budgets."""
