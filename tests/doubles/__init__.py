"""In-memory twins of the ports. Each passes the same contract suite as the real thing (``tests/contract``)."""
