"""Jobs: planned, priced, approved, started, followed to their end and told; alone, in series, or found in AWS."""
