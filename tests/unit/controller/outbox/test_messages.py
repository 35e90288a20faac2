"""Posting once: what is written, what is read, and what each answer of Slack's leads to."""

from datetime import timedelta

import pytest

from bot.controller.context import Later, OutOfTime, Step
from bot.controller.model import Again, Done, Key, Message, StaleClaim
from bot.controller.outbox.messages import Notices, digest, marker, note_of
from bot.errors import Unavailable
from tests.doubles.clock import START, FakeClock
from tests.doubles.messages import (
    FakeSlackMessages,
    down,
    dropped,
    lost_reply,
    refused,
    throttled,
)
from tests.doubles.things import InMemoryThings, claimed_step

JOB = Key("job", "a1b2")
CARD, NEWER = Message("Training", ({"type": "divider"},)), Message("Trained")


class Desk:
    """One thing, one Slack, and as many steps as a test wants."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.store = InMemoryThings(self.clock)
        self.slack = FakeSlackMessages(self.clock)
        self.notices = Notices(self.slack, self.clock, grace=20, call=6)
        self.step = claimed_step(self.store, self.clock, JOB, {})

    def post(self, message: Message = CARD, thread_ts: str | None = None) -> str | None:
        return self.notices.post_once(
            self.step, "card", message, channel="C1", thread_ts=thread_ts, since=START
        )

    def next_step(self, wait: float = 31) -> Step:
        """Let the lease lapse, as after a kill, and claim anew."""
        self.clock.advance(wait)
        [claim] = self.store.claim(1, 30)
        self.step = Step(self.store, claim, self.clock)
        return self.step

    @property
    def state(self) -> str:
        thing = self.store.get(JOB)
        assert thing is not None
        return str(thing.status["notes"]["card"]["state"])


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_notice_is_posted_once_with_its_marker(desk: Desk) -> None:
    ts = desk.post()
    assert ts == desk.post() == desk.slack.visible()[0].ts
    [posted] = desk.slack.everything_posted
    assert (posted.channel, posted.message, posted.marker) == ("C1", CARD, marker(desk.step, "card"))
    assert desk.slack.calls == {"find": 1, "post": 1}
    assert desk.state == "posted"


def test_markers_are_the_same_for_ever_and_differ_by_thing_and_name(desk: Desk) -> None:
    assert marker(desk.step, "card") == "49ccb9d0-fe9e-55dd-9f78-fba11f58f315"
    other = claimed_step(desk.store, desk.clock, Key("job", "zz"), {})
    assert len({marker(desk.step, "card"), marker(desk.step, "end"), marker(other, "card")}) == 3


def test_the_intent_is_committed_before_the_call(desk: Desk) -> None:
    seen: list[str] = []
    desk.slack.before = lambda method: (
        seen.append(f"{method} while {desk.state}") if method == "post" else None
    )
    desk.post()
    assert seen == ["post while posting"]


def test_slack_is_read_before_every_post(desk: Desk) -> None:
    """A store that failed over may have forgotten the post."""
    before = desk.store.image()
    desk.post()
    desk.store.roll_back(before)
    desk.next_step()
    assert desk.post(NEWER) == desk.slack.visible()[0].ts
    assert len(desk.slack.everything_posted) == 1
    desk.notices.show(desk.step, "card", NEWER)
    assert desk.slack.visible()[0].message == NEWER, "what an adopted message shows is not known"


def test_a_lost_reply_is_settled_by_reading(desk: Desk) -> None:
    desk.slack.order("post", lost_reply())
    with pytest.raises(Later) as later:
        desk.post()
    assert later.value.seconds == 20
    desk.next_step()
    assert desk.post() is not None
    assert len(desk.slack.everything_posted) == 1


def test_nothing_is_posted_again_before_the_grace_is_over(desk: Desk) -> None:
    desk.slack.order("post", dropped())
    with pytest.raises(Later):
        desk.post()
    desk.step.finish(Again(5))
    desk.next_step(6)
    with pytest.raises(Later) as later:
        desk.post()
    assert later.value.seconds == pytest.approx(14)
    desk.step.finish(Again(later.value.seconds))
    desk.next_step(14.1)
    assert desk.post() is not None
    assert len(desk.slack.everything_posted) == 1


def test_a_slow_slack_that_shows_it_late_gets_no_second_message(desk: Desk) -> None:
    desk.slack.order("post", lost_reply())
    desk.slack.read_lag = 18
    with pytest.raises(Later) as later:
        desk.post()
    desk.step.finish(Again(5))
    desk.next_step(6)
    with pytest.raises(Later) as later:
        desk.post()
    desk.step.finish(Again(later.value.seconds))
    desk.next_step(later.value.seconds + 0.1)
    desk.post()
    assert len(desk.slack.everything_posted) == 1


def test_a_throttled_post_waits_as_long_as_slack_says_and_is_no_try(desk: Desk) -> None:
    desk.slack.order("post", throttled(7))
    with pytest.raises(Later) as later:
        desk.post()
    assert later.value.seconds == 7
    assert note_of(desk.step, "card")["state"] == "absent"
    assert note_of(desk.step, "card")["tries"] == 0
    desk.step.finish(Again(7))
    desk.next_step(7)
    assert desk.post() is not None


def test_an_hour_without_slack_uses_up_no_tries(desk: Desk) -> None:
    desk.slack.order("post", *[down()] * 20)
    for _ in range(20):
        with pytest.raises(Unavailable):
            desk.post()
        assert desk.state == "absent"
        desk.next_step()
    assert desk.post() is not None


def test_a_refused_post_is_given_up_with_the_reason(desk: Desk) -> None:
    desk.slack.order("post", refused("is_archived"))
    assert desk.post() is None
    assert desk.state == "gave_up"
    assert "is_archived" in note_of(desk.step, "card")["reason"]
    assert desk.post() is None
    assert desk.slack.calls["post"] == 1


def test_a_notice_without_a_clear_outcome_is_given_up_after_five_tries(desk: Desk) -> None:
    desk.slack.order("post", *[dropped()] * 9)
    for _ in range(5):
        with pytest.raises(Later):
            desk.post()
        desk.next_step()
    assert desk.post() is None
    assert desk.state == "gave_up"
    assert desk.slack.calls["post"] == 5


def test_an_unclear_post_that_cannot_be_read_back_is_given_up(desk: Desk) -> None:
    desk.slack.order("post", lost_reply())
    with pytest.raises(Later):
        desk.post()
    desk.next_step()
    desk.slack.order("find", refused("not_in_channel"))
    assert desk.post() is None
    assert "not_in_channel" in note_of(desk.step, "card")["reason"]
    assert len(desk.slack.everything_posted) == 1


def test_where_nothing_was_tried_a_refused_reading_does_not_stop_the_post(desk: Desk) -> None:
    desk.slack.order("find", refused("missing_scope"))
    assert desk.post() is not None


def test_a_throttled_reading_waits(desk: Desk) -> None:
    desk.slack.order("find", throttled(9))
    with pytest.raises(Later) as later:
        desk.post()
    assert later.value.seconds == 9
    assert desk.slack.calls["post"] == 0


def test_copies_are_deleted_and_the_first_is_kept(desk: Desk) -> None:
    ids = [desk.slack.post("C1", CARD, marker=marker(desk.step, "card")) for _ in range(3)]
    assert desk.post() == ids[0]
    assert [each.ts for each in desk.slack.visible()] == [ids[0]]


def test_a_notice_goes_into_its_thread_and_is_looked_for_there(desk: Desk) -> None:
    root = desk.slack.post("C1", Message("root"), marker="00000000-0000-0000-0000-000000000000")
    desk.slack.order("post", lost_reply())
    with pytest.raises(Later):
        desk.post(thread_ts=root)
    desk.next_step()
    ts = desk.post(thread_ts=root)
    assert [each.ts for each in desk.slack.visible("C1", root)] == [ts]


def test_no_call_is_made_without_time_for_it(desk: Desk) -> None:
    desk.clock.advance(25)
    with pytest.raises(OutOfTime):
        desk.post()
    assert desk.slack.calls["post"] == 0
    assert note_of(desk.step, "card")["state"] == "absent"


def test_a_process_frozen_after_its_intent_does_not_post(desk: Desk) -> None:
    """Frozen between the commit's answer and the call, for longer than the lease: another one has posted since."""
    old = desk.step
    commit = desk.store.commit

    def freeze(*args: object, **kwargs: object) -> object:
        claim = commit(*args, **kwargs)  # type: ignore[arg-type]
        desk.store.commit = commit  # type: ignore[method-assign]
        desk.next_step(60)
        desk.post()
        return claim

    desk.store.commit = freeze  # type: ignore[method-assign, assignment]
    with pytest.raises(OutOfTime):
        desk.notices.post_once(old, "card", CARD, channel="C1", since=START)
    with pytest.raises(StaleClaim):
        old.finish(Again(0))
    assert len(desk.slack.everything_posted) == 1


def test_showing_the_same_content_calls_nobody(desk: Desk) -> None:
    desk.post()
    desk.notices.show(desk.step, "card", Message(CARD.text, [*CARD.blocks]))
    assert desk.slack.calls["update"] == 0


def test_showing_another_content_edits_and_remembers(desk: Desk) -> None:
    desk.post()
    for _ in range(2):
        desk.notices.show(desk.step, "card", NEWER)
    assert desk.slack.calls["update"] == 1
    assert desk.slack.visible()[0].message == NEWER
    thing = desk.store.get(JOB)
    assert thing is not None
    assert thing.status["notes"]["card"]["shown"] == digest(NEWER)


def test_what_was_never_posted_is_not_shown(desk: Desk) -> None:
    desk.notices.show(desk.step, "card", NEWER)
    assert not desk.slack.calls


def test_an_edit_is_not_made_without_time_for_it(desk: Desk) -> None:
    desk.post()
    desk.clock.advance(25)
    with pytest.raises(OutOfTime):
        desk.notices.show(desk.step, "card", NEWER)
    assert desk.slack.calls["update"] == 0


def test_a_throttled_edit_waits_and_an_unclear_one_is_repeated(desk: Desk) -> None:
    desk.post()
    desk.slack.order("update", throttled(3), lost_reply())
    with pytest.raises(Later) as later:
        desk.notices.show(desk.step, "card", NEWER)
    assert later.value.seconds == 3
    with pytest.raises(Unavailable):
        desk.notices.show(desk.step, "card", NEWER)
    desk.notices.show(desk.step, "card", NEWER)
    assert desk.slack.calls["update"] == 3
    assert desk.slack.visible()[0].message == NEWER


def test_a_refused_edit_is_recorded_and_not_repeated_for_the_same_content(desk: Desk) -> None:
    desk.post()
    desk.slack.archive("C1")
    for _ in range(3):
        desk.notices.show(desk.step, "card", NEWER)
    assert desk.slack.calls["update"] == 1
    assert "is_archived" in note_of(desk.step, "card")["reason"]


def test_a_deleted_message_is_posted_anew_with_the_new_content(desk: Desk) -> None:
    ts = desk.post()
    assert ts
    desk.slack.remove("C1", ts)
    desk.notices.show(desk.step, "card", NEWER)
    [card] = desk.slack.visible()
    assert card.ts != ts
    assert card.message == NEWER
    assert note_of(desk.step, "card")["ts"] == card.ts


def test_a_deleted_copy_is_replaced_by_the_one_that_is_left(desk: Desk) -> None:
    ts = desk.post()
    assert ts
    other = desk.slack.post("C1", CARD, marker=marker(desk.step, "card"))
    desk.slack.remove("C1", ts)
    desk.notices.show(desk.step, "card", NEWER)
    [card] = desk.slack.visible()
    assert (card.ts, card.message) == (other, NEWER)


def test_settling_waits_for_every_slower_process_then_mends_text_and_copies(desk: Desk) -> None:
    ts = desk.post()
    assert ts
    desk.notices.show(desk.step, "card", NEWER)
    outcome = desk.notices.settle(desk.step, {"card": NEWER})
    assert outcome == Again(50), "lease and grace"
    desk.step.finish(Again(50))
    desk.slack.update("C1", ts, CARD)  # a process that was frozen puts the old text back
    desk.slack.post("C1", CARD, marker=marker(desk.step, "card"))  # and another one posts a copy
    desk.next_step(51)
    assert desk.notices.settle(desk.step, {"card": NEWER}) == Done()
    [card] = desk.slack.visible()
    assert (card.ts, card.message) == (ts, NEWER)


def test_settling_starts_over_when_the_end_is_another(desk: Desk) -> None:
    desk.post()
    assert desk.notices.settle(desk.step, {"card": CARD}) == Again(50)
    desk.step.finish(Again(48))
    desk.next_step(48)
    assert desk.notices.settle(desk.step, {"card": CARD}) == Again(2)
    assert desk.notices.settle(desk.step, {"card": NEWER}) == Again(50)


def test_settling_survives_a_clock_that_was_set_back(desk: Desk) -> None:
    desk.post()
    assert desk.notices.settle(desk.step, {"card": CARD}) == Again(50)
    desk.clock.step(-3600)
    assert desk.notices.settle(desk.step, {"card": CARD}) == Again(50)


def test_settling_leaves_given_up_notices_alone_and_survives_an_archived_channel(desk: Desk) -> None:
    desk.post()
    desk.slack.order("post", refused())
    desk.notices.post_once(desk.step, "end", NEWER, channel="C1", since=START + timedelta(seconds=1))
    desk.notices.settle(desk.step, {"card": NEWER, "end": NEWER})
    desk.step.finish(Again(50))
    desk.slack.archive("C1")
    desk.next_step(51)
    assert desk.notices.settle(desk.step, {"card": NEWER, "end": NEWER}) == Done()
