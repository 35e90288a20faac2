"""Looks: each by itself, none of which hides another."""

import threading
from collections.abc import Iterator

from bot.checkup import Level, Line, Look, bad, examine, folded, good, warning, worst
from bot.clock import SystemClock
from bot.errors import Misconfigured, Unavailable


def test_a_look_that_fails_breaks_or_hangs_hides_no_other() -> None:
    never = threading.Event()

    def refuses(_: str) -> Iterator[Line]:
        yield good("before", "a line that is lost with the rest of its look")
        raise Misconfigured("It is not allowed.", hint="Allow it.", detail="403")

    def hangs(_: str) -> list[Line]:
        never.wait(30)
        return []

    looks = [
        Look("first", lambda given: [good("first", given)]),
        Look("refused", refuses),
        Look("needed", refuses, unclear=Level.BAD),
        Look("broken", lambda given: [good("x", str(1 / len(given[:0])))]),
        Look("hanging", hangs, seconds=0.01),
        Look("last", lambda _: [warning("last", "so so", "mend")]),
    ]
    try:
        found = examine(looks, "asked", SystemClock())
    finally:
        never.set()

    assert [(each.about, each.level) for each in found] == [
        ("first", Level.GOOD),
        ("refused", Level.WARNING),
        ("needed", Level.BAD),
        ("broken", Level.BAD),
        ("hanging", Level.WARNING),
        ("last", Level.WARNING),
    ]
    assert (found[1].said, found[1].mend) == ("It is not allowed.", "Allow it.")
    assert "ZeroDivisionError" in found[3].said
    assert "no answer within" in found[4].said
    assert worst(found) is Level.BAD
    assert worst([]) is Level.GOOD


def test_what_passes_by_itself_counts_as_the_look_says() -> None:
    def away(_: str) -> list[Line]:
        raise Unavailable("Slack could not be reached.", detail="refused")

    [line] = examine([Look("Slack token", away, unclear=Level.BAD)], "", SystemClock())
    assert (line.level, line.said) == (Level.BAD, "Slack could not be reached. (refused)")


def test_what_one_cause_has_is_told_once_and_the_rest_by_name() -> None:
    lines = [
        warning("Base a", "It could not be looked up: I have no credentials.", "Give some."),
        good("Queue", "None is set."),
        bad("Identity", "I have no credentials. (NoCredentialsError)", "Give some."),
        warning("Rules", "None.", "Set one."),
        warning("Quotas", "I have no credentials.", "Give some."),
        bad("Other bucket", "There is no bucket `b`.", "Create it."),
        bad("Bucket", "There is no bucket `a`.", "Create it."),
    ]
    assert folded(lines) == [
        lines[2],
        warning("For the same reason", "Base a, Quotas."),
        lines[1],
        lines[3],
        *lines[5:],
    ]
