"""Tests begin without what whoever runs them has set for a bot of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import STEERING

ROOT = Path(__file__).resolve().parents[2]
THEIRS = (
    "TUNESMITH_NOTHING",
    "TUNESMITH_LOG_LEVEL",
    "tunesmith_trainers",
    "SLACK_BOT_TOKEN",
    "SLACK_CLIENT_SECRET",
    "AWS_PROFILE",
    "AWS_ENDPOINT_URL_S3",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "REDIS_URL",
    "REDIS_URL_FILE",
    "HTTPS_PROXY",
    "no_proxy",
)


@pytest.mark.slow
def test_nothing_of_a_bot_of_ones_own_reaches_a_test_and_what_steers_tests_does() -> None:
    kept = dict.fromkeys(STEERING, "1") | {"HOME_OF_AWS_THINGS": "1"}
    given = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | dict.fromkeys(THEIRS, "1") | kept
    shows = "import json, os, tests.conftest; print(json.dumps(dict(os.environ)))"
    ran = subprocess.run(
        [sys.executable, "-c", shows], env=given, cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = json.loads(ran.stdout)
    assert [name for name in THEIRS if name in found] == []
    assert {name: found.get(name) for name in kept} == kept
    assert found["PATH"] == given["PATH"]
