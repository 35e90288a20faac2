"""One module a feature: each card that it shows, drawn as a message."""
