"""Models that are deleted: at Bedrock, once nothing hangs on them, and from every list here."""
