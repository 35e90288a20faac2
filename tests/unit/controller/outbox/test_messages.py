"""Posting once: what is written, what is read, and what each answer of Slack's leads to."""

import itertools
from datetime import timedelta

import pytest

from bot.controller.context import AnyContext, Context, NotReady, OutOfTime
from bot.controller.crash_points import crashing
from bot.controller.details import DetailedMessages
from bot.controller.model import Done, Key, Message, Outcome, RequeueAfter, StaleClaim
from bot.controller.outbox.entries import digest, entry_of, marker, own_entry
from bot.controller.outbox.messages import Outbox
from bot.controller.schema import Schema
from bot.errors import Unavailable
from handlers.ui.blocks import section
from handlers.ui.folding import folded
from tests.doubles.clock import START, FakeClock
from tests.doubles.details import InMemoryDetails
from tests.doubles.messages import (
    FakeSlackMessages,
    down,
    dropped,
    lost_reply,
    refused,
    throttled,
)
from tests.doubles.resources import InMemoryResources, claimed_step
from tests.doubles.world import Crash

JOB = Key("job", "a1b2")
CARD, NEWER = Message("Training", ({"type": "divider"},)), Message("Trained")


class Bench:
    """One thing, one Slack, and as many steps as a test wants."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.store = InMemoryResources(self.clock)
        self.slack = FakeSlackMessages(self.clock)
        self.outbox = Outbox(self.slack, self.clock, grace=20, call=6)
        self.context = claimed_step(self.store, self.clock, JOB, {})

    def post(self, message: Message = CARD, thread_ts: str | None = None) -> str | None:
        return self.outbox.post_once(
            self.context, "card", message, channel="C1", thread_ts=thread_ts, since=START
        )

    def next_step(self, wait: float = 31) -> AnyContext:
        """Let the lease lapse, as after a kill, and claim anew."""
        self.clock.advance(wait)
        [claim] = self.store.claim(1, 30)
        self.context = Context(self.store, claim, self.clock, Schema("job", dict, dict))
        return self.context

    @property
    def state(self) -> str:
        resource = self.store.get(JOB)
        assert resource is not None
        return str(resource.status["outbox"]["card"]["state"])


@pytest.fixture
def service() -> Bench:
    return Bench()


def test_a_notice_is_posted_once_with_its_marker(service: Bench) -> None:
    ts = service.post()
    assert ts == service.post() == service.slack.visible()[0].ts
    [posted] = service.slack.everything_posted
    assert (posted.channel, posted.message, posted.marker) == ("C1", CARD, marker(service.context, "card"))
    assert service.slack.calls == {"find": 1, "post": 1}
    assert service.state == "posted"


def test_markers_are_the_same_for_ever_and_differ_by_thing_and_name(service: Bench) -> None:
    assert marker(service.context, "card") == "49ccb9d0-fe9e-55dd-9f78-fba11f58f315"
    other = claimed_step(service.store, service.clock, Key("job", "zz"), {})
    assert len({marker(service.context, "card"), marker(service.context, "end"), marker(other, "card")}) == 3


def test_the_intent_is_committed_before_the_call(service: Bench) -> None:
    seen: list[str] = []
    service.slack.before = lambda method: (
        seen.append(f"{method} while {service.state}") if method == "post" else None
    )
    service.post()
    assert seen == ["post while posting"]


def test_slack_is_read_before_every_post(service: Bench) -> None:
    """A store that failed over may have forgotten the post."""
    before = service.store.image()
    service.post()
    service.store.roll_back(before)
    service.next_step()
    assert service.post(NEWER) == service.slack.visible()[0].ts
    assert len(service.slack.everything_posted) == 1
    service.outbox.show(service.context, "card", NEWER)
    assert service.slack.visible()[0].message == NEWER, "what an adopted message shows is not known"


def test_a_lost_reply_is_settled_by_reading(service: Bench) -> None:
    service.slack.order("post", lost_reply())
    with pytest.raises(NotReady) as later:
        service.post()
    assert later.value.seconds == 20
    service.next_step()
    assert service.post() is not None
    assert len(service.slack.everything_posted) == 1


def test_nothing_is_posted_again_before_the_grace_is_over(service: Bench) -> None:
    service.slack.order("post", dropped())
    with pytest.raises(NotReady):
        service.post()
    service.context.finish(RequeueAfter(5))
    service.next_step(6)
    with pytest.raises(NotReady) as later:
        service.post()
    assert later.value.seconds == pytest.approx(14)
    service.context.finish(RequeueAfter(later.value.seconds))
    service.next_step(14.1)
    assert service.post() is not None
    assert len(service.slack.everything_posted) == 1


def test_a_slow_slack_that_shows_it_late_gets_no_second_message(service: Bench) -> None:
    service.slack.order("post", lost_reply())
    service.slack.read_lag = 18
    with pytest.raises(NotReady) as later:
        service.post()
    service.context.finish(RequeueAfter(5))
    service.next_step(6)
    with pytest.raises(NotReady) as later:
        service.post()
    service.context.finish(RequeueAfter(later.value.seconds))
    service.next_step(later.value.seconds + 0.1)
    service.post()
    assert len(service.slack.everything_posted) == 1


def test_a_throttled_post_waits_as_long_as_slack_says_and_is_no_try(service: Bench) -> None:
    service.slack.order("post", throttled(7))
    with pytest.raises(NotReady) as later:
        service.post()
    assert later.value.seconds == 7
    assert entry_of(service.context, "card").state == "absent"
    assert entry_of(service.context, "card").tries == 0
    service.context.finish(RequeueAfter(7))
    service.next_step(7)
    assert service.post() is not None


def test_an_hour_without_slack_uses_up_no_tries(service: Bench) -> None:
    service.slack.order("post", *[down()] * 20)
    for _ in range(20):
        with pytest.raises(Unavailable):
            service.post()
        assert service.state == "absent"
        service.next_step()
    assert service.post() is not None


def test_a_refused_post_is_given_up_with_the_reason(service: Bench) -> None:
    service.slack.order("post", refused("is_archived"))
    assert service.post() is None
    assert service.state == "gave_up"
    assert "is_archived" in entry_of(service.context, "card").reason
    assert service.post() is None
    assert service.slack.calls["post"] == 1


def test_a_notice_without_a_clear_outcome_is_given_up_after_five_tries(service: Bench) -> None:
    service.slack.order("post", *[dropped()] * 9)
    for _ in range(5):
        with pytest.raises(NotReady):
            service.post()
        service.next_step()
    assert service.post() is None
    assert service.state == "gave_up"
    assert service.slack.calls["post"] == 5


def test_an_unclear_post_that_cannot_be_read_back_is_given_up(service: Bench) -> None:
    service.slack.order("post", lost_reply())
    with pytest.raises(NotReady):
        service.post()
    service.next_step()
    service.slack.order("find", refused("not_in_channel"))
    assert service.post() is None
    assert "not_in_channel" in entry_of(service.context, "card").reason
    assert len(service.slack.everything_posted) == 1


def test_where_nothing_was_tried_a_refused_reading_does_not_stop_the_post(service: Bench) -> None:
    service.slack.order("find", refused("missing_scope"))
    assert service.post() is not None


def test_a_throttled_reading_waits(service: Bench) -> None:
    service.slack.order("find", throttled(9))
    with pytest.raises(NotReady) as later:
        service.post()
    assert later.value.seconds == 9
    assert service.slack.calls["post"] == 0


def test_copies_are_deleted_and_the_first_is_kept(service: Bench) -> None:
    ids = [service.slack.post("C1", CARD, marker=marker(service.context, "card")) for _ in range(3)]
    assert service.post() == ids[0]
    assert [each.ts for each in service.slack.visible()] == [ids[0]]


def test_a_notice_goes_into_its_thread_and_is_looked_for_there(service: Bench) -> None:
    root = service.slack.post("C1", Message("root"), marker="00000000-0000-0000-0000-000000000000")
    service.slack.order("post", lost_reply())
    with pytest.raises(NotReady):
        service.post(thread_ts=root)
    service.next_step()
    ts = service.post(thread_ts=root)
    assert [each.ts for each in service.slack.visible("C1", root)] == [ts]


def test_no_call_is_made_without_time_for_it(service: Bench) -> None:
    service.clock.advance(25)
    with pytest.raises(OutOfTime):
        service.post()
    assert service.slack.calls["post"] == 0
    assert entry_of(service.context, "card").state == "absent"


def test_a_process_frozen_after_its_intent_does_not_post(service: Bench) -> None:
    """Frozen between the commit's answer and the call, for longer than the lease: another one has posted since."""
    old = service.context
    commit = service.store.commit

    def freeze(*args: object, **kwargs: object) -> object:
        claim = commit(*args, **kwargs)  # type: ignore[arg-type]
        service.store.commit = commit  # type: ignore[method-assign]
        service.next_step(60)
        service.post()
        return claim

    service.store.commit = freeze  # type: ignore[method-assign, assignment]
    with pytest.raises(OutOfTime):
        service.outbox.post_once(old, "card", CARD, channel="C1", since=START)
    with pytest.raises(StaleClaim):
        old.finish(RequeueAfter(0))
    assert len(service.slack.everything_posted) == 1


def test_showing_the_same_content_calls_nobody(service: Bench) -> None:
    service.post()
    service.outbox.show(service.context, "card", Message(CARD.text, [*CARD.blocks]))
    assert service.slack.calls["update"] == 0


def test_showing_another_content_edits_and_remembers(service: Bench) -> None:
    service.post()
    for _ in range(2):
        service.outbox.show(service.context, "card", NEWER)
    assert service.slack.calls["update"] == 1
    assert service.slack.visible()[0].message == NEWER
    resource = service.store.get(JOB)
    assert resource is not None
    assert resource.status["outbox"]["card"]["shown"] == digest(NEWER)


def test_what_was_never_posted_is_not_shown(service: Bench) -> None:
    service.outbox.show(service.context, "card", NEWER)
    assert not service.slack.calls


def test_an_edit_is_not_made_without_time_for_it(service: Bench) -> None:
    service.post()
    service.clock.advance(25)
    with pytest.raises(OutOfTime):
        service.outbox.show(service.context, "card", NEWER)
    assert service.slack.calls["update"] == 0


def test_a_throttled_edit_waits_and_an_unclear_one_is_repeated(service: Bench) -> None:
    service.post()
    service.slack.order("update", throttled(3), lost_reply())
    with pytest.raises(NotReady) as later:
        service.outbox.show(service.context, "card", NEWER)
    assert later.value.seconds == 3
    with pytest.raises(Unavailable):
        service.outbox.show(service.context, "card", NEWER)
    service.outbox.show(service.context, "card", NEWER)
    assert service.slack.calls["update"] == 3
    assert service.slack.visible()[0].message == NEWER


def test_a_refused_edit_is_recorded_and_not_repeated_for_the_same_content(service: Bench) -> None:
    service.post()
    service.slack.archive("C1")
    for _ in range(3):
        service.outbox.show(service.context, "card", NEWER)
    assert service.slack.calls["update"] == 1
    assert "is_archived" in entry_of(service.context, "card").reason


def test_a_refused_edit_is_made_again_by_itself_ever_more_seldom_and_not_for_ever(service: Bench) -> None:
    service.post()
    service.slack.archive("C1")
    tries: list[float] = []
    for _ in range(4 * 60):
        before = service.slack.calls["update"]
        service.next_step(60)
        service.outbox.show(service.context, "card", NEWER)
        service.context.save()
        assert service.context.comes_back == (len(tries) + service.slack.calls["update"] - before < 7)
        tries += [service.clock.monotonic()] * (service.slack.calls["update"] - before)
    waits = [round((later - earlier) / 60) for earlier, later in itertools.pairwise(tries)]
    assert waits == [1, 2, 4, 8, 16, 30]


@pytest.mark.parametrize("ends", [False, True])
def test_a_card_whose_edit_slack_refused_shows_what_is_true_once_slack_takes_it(
    service: Bench, ends: bool
) -> None:
    """With no new content, and where there never is any again, since the resource is over."""

    def turn() -> Outcome:
        outcome: Outcome = RequeueAfter(60)
        if ends:
            outcome = service.outbox.settle(service.context, {"card": NEWER})
        else:
            service.outbox.show(service.context, "card", NEWER)
        service.context.save()
        return outcome

    service.post()
    service.next_step(60)
    service.slack.order("update", refused("restricted_action"))
    assert turn() == RequeueAfter(50 if ends else 60)
    assert service.slack.visible()[0].message == CARD
    service.next_step(61)
    assert (turn() == Done()) == ends
    assert service.slack.visible()[0].message == NEWER
    service.next_step(3600)
    turn()
    assert service.slack.calls["update"] == 2


def test_a_deleted_message_is_posted_anew_with_the_new_content(service: Bench) -> None:
    ts = service.post()
    assert ts
    service.slack.remove("C1", ts)
    service.outbox.show(service.context, "card", NEWER)
    [card] = service.slack.visible()
    assert card.ts != ts
    assert card.message == NEWER
    assert entry_of(service.context, "card").ts == card.ts


@pytest.mark.parametrize("point", ["before-delete", "after-delete"])
def test_a_crash_at_the_deletion_of_a_copy_leaves_one_message(service: Bench, point: str) -> None:
    for _ in range(2):
        service.slack.post("C1", CARD, marker=marker(service.context, "card"))

    def hook(name: str) -> None:
        if name == point:
            raise Crash

    with pytest.raises(Crash), crashing(hook):
        service.post()
    service.next_step()
    assert service.post() is not None
    assert len(service.slack.visible()) == 1


def test_a_deleted_copy_is_replaced_by_the_one_that_is_left(service: Bench) -> None:
    ts = service.post()
    assert ts
    other = service.slack.post("C1", CARD, marker=marker(service.context, "card"))
    service.slack.remove("C1", ts)
    service.outbox.show(service.context, "card", NEWER)
    [card] = service.slack.visible()
    assert (card.ts, card.message) == (other, NEWER)


def test_settling_waits_for_every_slower_process_then_mends_text_and_copies(service: Bench) -> None:
    ts = service.post()
    assert ts
    service.outbox.show(service.context, "card", NEWER)
    outcome = service.outbox.settle(service.context, {"card": NEWER})
    assert outcome == RequeueAfter(50), "lease and grace"
    service.context.finish(RequeueAfter(50))
    service.slack.update("C1", ts, CARD)  # a process that was frozen puts the old text back
    service.slack.post("C1", CARD, marker=marker(service.context, "card"))  # and another one posts a copy
    service.next_step(51)
    assert service.outbox.settle(service.context, {"card": NEWER}) == Done()
    [card] = service.slack.visible()
    assert (card.ts, card.message) == (ts, NEWER)


def test_what_is_shown_for_ever_is_shown_before_slower_processes_are_waited_for(service: Bench) -> None:
    service.post()
    assert service.outbox.settle(service.context, {"card": NEWER}) == RequeueAfter(50)
    assert service.slack.visible()[0].message == NEWER


@pytest.mark.parametrize("posted", [True, False])
def test_an_end_is_shown_by_what_a_store_forgot_that_it_was_posted(service: Bench, *, posted: bool) -> None:
    """It was given its place first, and then posted; the store went back to between the two."""
    entry = own_entry(service.context, "card")
    entry.channel, entry.since = "C1", START.timestamp()
    service.context.save()
    before = service.store.image()
    if posted:
        service.post()
    service.store.roll_back(before)
    service.next_step()
    assert service.outbox.settle(service.context, {"card": NEWER}) == RequeueAfter(50)
    service.context.finish(RequeueAfter(50))
    service.next_step(50)
    assert service.outbox.settle(service.context, {"card": NEWER}) == Done()
    assert [each.message for each in service.slack.visible()] == ([NEWER] if posted else [])


def test_settling_starts_over_when_the_end_is_another(service: Bench) -> None:
    service.post()
    assert service.outbox.settle(service.context, {"card": CARD}) == RequeueAfter(50)
    service.context.finish(RequeueAfter(48))
    service.next_step(48)
    assert service.outbox.settle(service.context, {"card": CARD}) == RequeueAfter(2)
    assert service.outbox.settle(service.context, {"card": NEWER}) == RequeueAfter(50)


def test_settling_survives_a_clock_that_was_set_back(service: Bench) -> None:
    service.post()
    assert service.outbox.settle(service.context, {"card": CARD}) == RequeueAfter(50)
    service.clock.step(-3600)
    assert service.outbox.settle(service.context, {"card": CARD}) == RequeueAfter(50)


def test_settling_leaves_given_up_notices_alone_and_survives_an_archived_channel(service: Bench) -> None:
    service.post()
    service.slack.order("post", refused())
    service.outbox.post_once(service.context, "end", NEWER, channel="C1", since=START + timedelta(seconds=1))
    service.outbox.settle(service.context, {"card": NEWER, "end": NEWER})
    service.context.finish(RequeueAfter(50))
    service.slack.archive("C1")
    outcome: Outcome = RequeueAfter(51)
    while isinstance(outcome, RequeueAfter):
        service.next_step(outcome.seconds)
        outcome = service.outbox.settle(service.context, {"card": NEWER, "end": NEWER})
        service.context.save()
    assert outcome == Done()
    assert service.slack.calls["update"] == 8


def test_what_a_message_holds_back_is_kept_anew_only_when_it_changed_or_may_be_forgotten(
    service: Bench,
) -> None:
    details = InMemoryDetails()
    service.outbox = Outbox(DetailedMessages(service.slack, details), service.clock)

    def showing(text: str, held: str) -> list[str]:
        service.outbox.show(service.context, "card", folded(text, [section(text)], [section(held)]))
        kept = [blocks[0]["text"]["text"] for blocks in details.kept.values()]
        details.kept.clear()
        return kept

    service.post(folded("1 min", [section("1 min")], [section("A")]))
    details.kept.clear()
    assert showing("2 min", "A") == [], "its button finds what was kept before"
    assert showing("3 min", "B") == ["B"]
    assert showing("4 min", "B") == []
    service.store.roll_back(service.store.image())
    assert showing("4 min", "B") == ["B"]

    service.slack.order("update", down())
    with pytest.raises(Unavailable):
        showing("5 min", "C")
    details.kept.clear()
    assert showing("6 min", "B") == ["B"], "nobody knows whether that is there still"
