"""What brings a derivation about."""
