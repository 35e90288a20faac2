"""Shared fixtures live in ``tests/fixtures/<topic>.py`` and are registered here."""

import os

from hypothesis import settings

pytest_plugins = ["tests.fixtures.aws", "tests.fixtures.redis", "tests.fixtures.s3"]

# A landing must not hang on luck: CI takes the same examples each time, everybody else finds new ones.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
