"""Fixtures of the front."""

import pytest

from tests.handlers.door import Door, make_door


@pytest.fixture
def door() -> Door:
    """A bot of its own for one test."""
    return make_door()
