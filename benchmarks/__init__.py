"""What things cost, measured: each module is a benchmark of its own; those with an underscore are parts of them."""
