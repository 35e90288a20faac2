"""Pictures of figures, as values: what is to be seen, and nothing of how it is drawn."""
