"""What brings a lease about, and its release."""
