"""Customization jobs that were made elsewhere, found in the account and followed when somebody asks."""
