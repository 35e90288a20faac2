"""What brings an upload about: the verdict, the repaired copy, the screening."""
