"""Shared fixtures live in ``tests/fixtures/<topic>.py`` and are registered here."""

import gc
import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings

from tests.examples import FAST, examples

FIXTURES = ("tests.fixtures.aws", "tests.fixtures.redis", "tests.fixtures.s3", "tests.fixtures.slack")

# A landing must not hang on luck: CI takes the same examples each time, everybody else finds new ones.
# No deadline: how long an example takes says more about what else the machine is doing.
settings.register_profile(
    "here", max_examples=examples(100), derandomize=bool(os.environ.get("CI")), deadline=None
)
settings.load_profile("here")


# Collecting makes a million objects that stay, and nothing that could be freed: looking for garbage meanwhile takes as
# long as collecting itself, in each worker.
gc.disable()


def pytest_configure(config: pytest.Config) -> None:
    """Import the fixtures where tests are run, and not where workers are waited for: boto3 and moto take long."""
    if config.getoption("dist", "no") == "no":
        for name in FIXTURES:
            config.pluginmanager.import_plugin(name)
        _tell_only_what_is_read(config)


def _tell_only_what_is_read(config: pytest.Config) -> None:
    """Have a worker not send that a test has begun, was set up, torn down and left: nobody reads it unless it failed.

    Four of six messages a test, each packed, sent and unpacked by Python: together a tenth of the fast part.
    """
    if config.getoption("durations", None) is not None or config.getoption("xmlpath", None):
        return  # these are made of all reports
    for plugin in config.pluginmanager.get_plugins():
        if type(plugin).__name__ == "WorkerInteractor":
            plugin.sendevent = _without_noise(plugin.sendevent)


def _without_noise(send: Callable[..., None]) -> Callable[..., None]:
    def sends(name: str, **what: Any) -> None:
        report = what["data"] if name == "testreport" else {}
        quiet = (
            report and report["when"] != "call" and report["outcome"] == "passed" and not report["sections"]
        )
        if not quiet and name not in {"logstart", "logfinish"}:
            send(name, **what)

    return sends


def pytest_collection_finish() -> None:
    """Look for garbage from here on, among what tests make; the fast part is over before there is much of it."""
    gc.freeze()
    if os.environ.get(FAST):
        return  # half a gigabyte in each worker at the end, and a twentieth of the time
    # The default looks 30 times as often, and costs a tenth of the whole run.
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


LONG = ("scenario", "chaos", "browser", "slow")


MADE_ONCE, MEANWHILE = "reference", 16
"""A fixture that takes a whole journey to make, and is made once for all workers: the first test that wants it begins,
and the others come after so many that do not. Else all workers but one would wait for it."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, at random within that: else all workers wait at the end for one whole journey."""
    items.sort(key=lambda item: (-_patience(item), not any(map(item.get_closest_marker, LONG))))
    waiting = [item for item in items if MADE_ONCE in getattr(item, "fixturenames", ())][1:]
    others = [item for item in items if item not in set(waiting)]
    items[:] = [*others[:MEANWHILE], *waiting, *others[MEANWHILE:]]


def _patience(item: pytest.Item) -> float:
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0]) if marker and marker.args else 0.0
