"""Shared fixtures live in ``tests/fixtures/<topic>.py`` and are registered here."""

import gc
import os

from hypothesis import settings

pytest_plugins = ["tests.fixtures.aws", "tests.fixtures.redis", "tests.fixtures.s3"]

# A landing must not hang on luck: CI takes the same examples each time, everybody else finds new ones.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


# Collecting makes a million objects that stay, and nothing that could be freed: looking for garbage meanwhile takes as
# long as collecting itself, in each worker.
gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage from here on, among what tests make."""
    gc.freeze()
    gc.enable()
