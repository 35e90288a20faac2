"""What brings a customization job about: planned, started, followed, ended."""
