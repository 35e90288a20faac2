"""Lines that one message stands in: that of posts and that of reads, each once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

import pytest

from bot.controller.context import NotReady
from bot.controller.model import Done, Message, RequeueAfter
from bot.controller.outbox_entries import OutboxEntry
from bot.controller.rate_limits import POST, REFRESH, REPLIES, last_look
from bot.errors import Throttled, Unavailable
from tests.doubles.messages import Failure, down, dropped, lost_reply, throttled
from tests.unit.controller.outbox.test_fallbacks import NEWER, Bench


@pytest.fixture
def service() -> Bench:
    return Bench()


class ScriptedLines:
    """A limiter that answers as a test has it, and reads that ask it."""

    def __init__(self, service: Bench, *answers: tuple[str, float]) -> None:
        self.asked: list[str] = []
        self._left = list(answers)
        self._find = service.slack.find
        service.rate_limiter.ask = self.ask  # type: ignore[method-assign] # each question has one answer here
        service.slack.find = self.find  # type: ignore[method-assign]

    def ask(self, method: str, who: str, within: Sequence[str] = ()) -> float:
        self.asked.append(method)
        wanted, wait = self._left.pop(0)
        assert method == wanted, (self.asked, who, within)
        return wait

    def find(self, channel: str, marker: str, *, since: datetime, thread_ts: str | None = None) -> list[str]:
        wait = self.ask(REPLIES, channel)
        if wait:
            raise Throttled("Many messages are waiting for their turn.", retry_after=wait)
        return self._find(channel, marker, since=since, thread_ts=thread_ts)


@pytest.mark.parametrize(
    ("outcome", "answers"),
    [
        (None, [(POST, 0), (REPLIES, 40), (REPLIES, 0)]),
        (None, [(POST, 9), (POST, 0), (REPLIES, 40), (REPLIES, 0)]),
        (dropped(), [(REPLIES, 5), (REPLIES, 0), (POST, 700), (POST, 0), (REPLIES, 40), (REPLIES, 0)]),
        (lost_reply(), [(REPLIES, 0)]),
        (throttled(), [(POST, 0), (REPLIES, 0)]),  # what Slack itself refused waits in line as before
        (down(), [(POST, 0), (REPLIES, 0)]),
    ],
)
def test_who_waits_for_a_post_and_for_a_read_stands_in_each_line_once(
    service: Bench, outcome: Failure | None, answers: list[tuple[str, float]]
) -> None:
    """Else each line would send it to the end of the other, and hundreds of messages would wait while there is room."""
    if outcome is None:  # there may be one that the store forgot: Slack is read first
        service.context.engine.outbox["card"] = OutboxEntry("absent", gone=1)
    else:
        service.slack.order("post", outcome)
        with pytest.raises((NotReady, Unavailable)):
            service.post()
        service.context.finish(RequeueAfter(25))
        service.next_step(25)
    lines = ScriptedLines(service, *answers)
    for _ in answers:
        try:
            service.post()
            break
        except NotReady as later:
            service.context.finish(RequeueAfter(later.seconds))
            service.next_step(later.seconds + 0.001)
    assert lines.asked == [method for method, _ in answers]
    assert len(service.slack.everything_posted) == 1
    assert service.context.engine.outbox["card"].turn is None


def test_a_turn_in_one_channel_is_none_in_another_place(service: Bench) -> None:
    service.context.engine.outbox["card"] = OutboxEntry("absent", gone=1)
    service.slack.archive("C1")
    lines = ScriptedLines(service, (POST, 0), (REPLIES, 0), (POST, 0), (REPLIES, 0))
    assert service.post() is not None
    assert lines.asked.count(POST) == 2


def test_what_has_ended_reads_and_edits_behind_whoever_waits_and_stands_in_each_line_once(
    service: Bench,
) -> None:
    """It went from the front of one line to the end of the other, and so for ever, before those who were waiting."""
    root = service.slack.post("C1", Message("A question"), marker=str(uuid4()))
    for name in ("card", "note"):
        service.post(thread_ts=root, name=name)
    final = {"card": NEWER}
    service.outbox.settle(service.context, final)
    service.context.finish(RequeueAfter(50))
    service.next_step(50)
    looks = [(last_look(REPLIES), 40), (last_look(REPLIES), 0)]
    card = [(REPLIES, 5), (REPLIES, 0), (REFRESH, 9), (REFRESH, 0)]
    answers: list[tuple[str, float]] = [*looks, *card, (REPLIES, 3), (REPLIES, 0)]
    lines, edits = ScriptedLines(service, *answers), service.slack.calls["update"]
    outcome = None
    for _ in answers:
        try:
            outcome = service.outbox.settle(service.context, final)
            break
        except NotReady as later:
            service.context.finish(RequeueAfter(later.seconds))
            service.next_step(later.seconds + 0.001)
    assert outcome == Done()
    assert lines.asked == [method for method, _ in answers]
    assert service.slack.calls["update"] == edits + 1
    assert service.context.engine.outbox["card"].turn is None
