"""Canvases of the app, and the adapter that makes them: who reads one, and what a workspace without them answers."""

import urllib.request
from collections.abc import Callable
from urllib.error import HTTPError

import pytest
from slack_sdk import WebClient

from bot.adapters.slack_canvases import LONGEST, REMEMBERED, SlackCanvases
from bot.errors import Misconfigured, NotFound, Refused, TunesmithError
from bot.playground.slack import SlackStandIn
from tests.doubles.clock import FakeClock
from tests.playground.slack.support import client_of, error_of
from tests.tables import table

PRIVATE, PUBLIC, NOT_IN = "C0FINANCE1", "C0CLAIMSAI", "C0BOARD01"
REPORT = {"type": "markdown", "markdown": "# Report\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n"}


def canvases(slack: SlackStandIn, clock: FakeClock | None = None) -> SlackCanvases:
    return SlackCanvases(client_of(slack), client_of(slack), clock or FakeClock())


def seen(slack: SlackStandIn, canvas: str) -> set[str]:
    """Return the people who can open it on the page."""
    found = set()
    for name in ("trainer", "approver", "asker"):
        url = f"{slack.url}playground/file/{canvas}?as={slack.person(name).id}"
        try:
            with urllib.request.urlopen(url) as answer:
                assert answer.read().decode() == REPORT["markdown"]
        except HTTPError as refused:
            refused.close()
        else:
            found.add(name)
    return found


def test_a_canvas_is_read_by_those_it_is_opened_to_and_by_nobody_before(slack: SlackStandIn) -> None:
    made, trainer = canvases(slack), slack.person("trainer")
    with table() as row:
        for channel, readers in (
            (PRIVATE, {"trainer", "approver"}),
            (PUBLIC, {"trainer", "approver", "asker"}),
            (trainer.dm, {"trainer"}),
        ):
            with row(channel):
                canvas = made.create("Report on claims.jsonl", REPORT["markdown"])
                assert seen(slack, canvas) == set()
                for _ in range(2):  # repeating it is harmless
                    made.open_to(canvas, channel=channel, reader=trainer.id)
                assert seen(slack, canvas) == readers
                assert made.link(canvas) == f"{slack.url}docs/T0NORTHWND/{canvas}"


def test_a_canvas_is_opened_to_no_channel_that_the_app_does_not_see(slack: SlackStandIn) -> None:
    made = canvases(slack)
    canvas = made.create("Report", REPORT["markdown"])
    for channel in ("C0NOTHERE", NOT_IN):
        with pytest.raises(Refused):
            made.open_to(canvas, channel=channel, reader="U1")
    with pytest.raises(NotFound):
        made.open_to("F0NOTHERE", channel=PUBLIC, reader="U1")
    assert seen(slack, canvas) == set()


def test_what_a_workspace_without_canvases_says_is_a_refusal_and_is_remembered_for_an_hour(
    slack: SlackStandIn,
) -> None:
    clock = FakeClock()
    made = canvases(slack, clock)
    free, disabled = "free_teams_cannot_create_non_tabbed_canvases", "canvas_disabled_user_team"
    for error in (free, disabled):
        slack.faults.error("canvases.create", error)
        for _ in range(2):  # the second is not asked
            with pytest.raises(Refused):
                made.create("Report", REPORT["markdown"])
        clock.advance(REMEMBERED + 1)
    assert made.create("Report", REPORT["markdown"])


def test_a_report_that_slack_takes_as_no_canvas_says_nothing_of_the_next(slack: SlackStandIn) -> None:
    """Tried: a table too large, which sent everybody's reports as files for an hour."""
    made, large = canvases(slack), "\n".join("| a | b | c |" for _ in range(101))
    with pytest.raises(Refused):
        made.create("Report", large)
    assert made.create("Report", REPORT["markdown"])


def test_without_the_scope_it_is_the_operators() -> None:
    with SlackStandIn(scopes=["files:read"], rate_limits=False) as slack, pytest.raises(Misconfigured):
        canvases(slack).create("Report", REPORT["markdown"])


def test_what_is_no_canvas_is_refused(slack: SlackStandIn, client: WebClient) -> None:
    def create(content: object, **more: object) -> Callable[[], object]:
        return lambda: client.api_call("canvases.create", json={"document_content": content, **more})

    rows = "\n".join("| a | b | c |" for _ in range(101))
    with table() as row:
        for wrong, error in (
            (create({"type": "html", "markdown": "x"}), "invalid_arguments"),
            (create({"type": "markdown"}), "invalid_arguments"),
            (create({"type": "markdown", "markdown": "x" * (LONGEST + 1)}), "canvas_creation_failed"),
            (create({"type": "markdown", "markdown": rows}), "canvas_creation_failed"),
        ):
            with row(error):
                assert error_of(wrong) == error
    with pytest.raises(TunesmithError):
        canvases(slack).create("Report", "x" * (LONGEST + 1))


def test_who_may_read_is_named_in_one_way(slack: SlackStandIn, client: WebClient) -> None:
    canvas, user = canvases(slack).create("Report", "x"), slack.person("asker").id

    def opened(**who: object) -> Callable[[], object]:
        body = {"canvas_id": canvas, "access_level": "read", **who}
        return lambda: client.api_call("canvases.access.set", json=body)

    with table() as row:
        for wrong, error in (
            (opened(), "invalid_parameters"),
            (opened(user_ids=[user], channel_ids=[PUBLIC]), "invalid_parameters"),
            (opened(channel_ids=[slack.person("asker").dm]), "channel_not_found"),
            (opened(user_ids=["U0NOTHERE"]), "user_not_found"),
            (opened(user_ids=[user], access_level="all"), "invalid_arguments"),
        ):
            with row(error):
                assert error_of(wrong) == error
