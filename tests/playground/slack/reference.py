"""Published data of others beside the checkout, where it is present."""

import json
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
API = SHARED / "slack-api-ref"
SPEC = SHARED / "slackblocks-spec" / "spec"
MANIFEST = SHARED / "manifest-schema"

needs_api = pytest.mark.skipif(not API.is_dir(), reason=f"Slack's API reference is not at {API}")
needs_spec = pytest.mark.skipif(not SPEC.is_dir(), reason=f"the Block Kit examples are not at {SPEC}")


def read(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text())
    assert isinstance(found, dict)
    return found
