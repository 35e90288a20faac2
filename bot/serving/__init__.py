"""Leases on provisioned throughput, and on-demand deployments."""
