"""A channel's week in a few lines, told once a week."""
