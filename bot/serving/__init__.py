"""What is served, and what answers: over leases, deployments, and whatever else a model is asked by."""
