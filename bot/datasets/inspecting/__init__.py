"""The rows that fail, for a person to look at: excerpts with the place marked, values masked."""
