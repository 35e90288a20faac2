"""Shared fixtures live in ``tests/fixtures/<topic>.py`` and are registered here."""

pytest_plugins = ["tests.fixtures.redis", "tests.fixtures.s3"]
