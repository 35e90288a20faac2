"""The engine: durable resources, their work queue, claims, outbox and rate limits. It knows no feature."""
