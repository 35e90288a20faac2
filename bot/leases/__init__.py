"""Custom models served: on demand, or on provisioned throughput that is leased and released in time."""
