"""What runs in the account though the store forgot it: found by its tags."""
