"""Shared fixtures live in ``tests/fixtures/<topic>.py`` and are registered here."""

import gc
import os
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings

from tests.examples import FAST, THOROUGH, examples, is_thorough, left_out

STEERING = frozenset(
    {FAST, THOROUGH, "CI", "TUNESMITH_CHAOS_SEEDS", "TUNESMITH_CHAOS_SECONDS", "TUNESMITH_PYTHON"}
)
"""What says how much is tried, and by which Python."""
_READ = re.compile(r"TUNESMITH_|SLACK_|AWS_|BOTO|OTEL_|REDIS_|(?:HTTPS?|ALL|NO)_PROXY$", re.IGNORECASE)
"""How what the bot and its libraries read begins: whoever develops may have a bot of their own set up, and no test, and
no process that one starts, is to be that bot, or to talk to its Redis."""


def _begin_clean() -> None:
    for name in [each for each in os.environ if _READ.match(each) and each not in STEERING]:
        del os.environ[name]


_begin_clean()

FIXTURES = ("tests.fixtures.aws", "tests.fixtures.redis", "tests.fixtures.s3")

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
QUICK_AT_THE_END = 0.15
"""The part of the quick ones that nothing long is among: what runs at the end is soon over, in all workers."""


MADE_ONCE, MEANWHILE = "reference", 16
"""A fixture that takes a whole journey to make, and is made once for all workers: the first test that wants it begins,
and the others come after so many that do not. Else all workers but one would wait for it."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this run does not try of the sampled tables, and spread what takes long among the rest."""
    _sample(config, items)
    _interleave(items)


JOURNEYS = ("scenario", "chaos")
"""Of whole processes: they take more than half of the time that all tests take."""


def _sample(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave most rows of each sampled table out, and half of the journeys; they are told as deselected."""
    options = config.option
    if is_thorough() or options.keyword or options.lf or any("::" in each for each in config.args):
        return  # what somebody names is tried
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", "") or os.urandom(8).hex()
    tables = {item.nodeid for item in items if item.get_closest_marker("sampled")}
    journeys = {item.nodeid for item in items if any(map(item.get_closest_marker, JOURNEYS))} - tables
    names = left_out(tables, journeys, run)
    out = [item for item in items if item.nodeid in names]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item.nodeid not in names]


def _interleave(items: list[pytest.Item]) -> None:
    """Spread what takes long among the rest, the longest first, at random within that.

    Whole journeys wait, mostly for processes of their own, and the rest computes: side by side they use the cores that
    there are. Whoever has all of the long ones first has idle cores then, and whoever has them last, idle workers.
    """
    long = sorted(filter(_is_long, items), key=lambda item: -_patience(item))
    waiting = [item for item in long if MADE_ONCE in getattr(item, "fixturenames", ())][1:]
    others = [item for item in long if item not in set(waiting)]
    long = [*others[:MEANWHILE], *waiting, *others[MEANWHILE:]]
    items[:] = _spread(long, [item for item in items if not _is_long(item)])


def _spread(long: list[pytest.Item], rest: list[pytest.Item]) -> list[pytest.Item]:
    """Return all of them, in each part of the list as many of both; the last ones are of the rest alone."""
    among = int(len(rest) * (1 - QUICK_AT_THE_END))
    spread: list[pytest.Item] = []
    taken = 0
    for nth, item in enumerate(long, start=1):
        upto = among * nth // len(long)
        spread += [item, *rest[taken:upto]]
        taken = upto
    return spread + rest[taken:]


def _is_long(item: pytest.Item) -> bool:
    return _patience(item) > 0 or any(map(item.get_closest_marker, LONG))


def _patience(item: pytest.Item) -> float:
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0]) if marker and marker.args else 0.0
