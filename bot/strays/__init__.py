"""Throughput and deployments that run in the account, and that no lease and no deployment of ours is about."""
