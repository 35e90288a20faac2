"""What brings a deployment about, keeps it, and ends it."""
