"""Leases on throughput, and its release: an entry of its own, claimed before all else."""
