"""Where notices go that nobody takes: the channel, the owner, the operator; and what edits do after a fail-over."""

from itertools import count

import pytest

from bot.controller.context import Later, Step
from bot.controller.crash_points import crashing
from bot.controller.model import Again, Key, Message, StaleClaim
from bot.controller.outbox.messages import REPOSTS, Notices, note_of
from bot.controller.rate_limits import EDIT, REFRESH, Budget, PacedMessages
from bot.errors import NotFound
from tests.doubles.clock import START, FakeClock
from tests.doubles.messages import FakeSlackMessages, dropped, lost_reply, refused, throttled
from tests.doubles.pacing import InMemoryLimiter
from tests.doubles.things import InMemoryThings, claimed_step
from tests.doubles.world import Crash

JOB = Key("job", "a1b2")
CARD, NEWER = Message("Training", ({"type": "divider"},)), Message("Trained")
OPERATOR = "C9OPS"


class Desk:
    """One thing with an owner, one Slack, and as many steps as a test wants."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.store = InMemoryThings(self.clock)
        self.slack = FakeSlackMessages(self.clock)
        self.limiter = InMemoryLimiter(self.clock, {EDIT: Budget(2, 60.0), REFRESH: Budget(1, 60.0)})
        self.step = claimed_step(self.store, self.clock, JOB, {})
        self.notices = self.built()

    def built(self, *, paced: bool = False) -> Notices:
        messages = PacedMessages(self.slack, self.limiter) if paced else self.slack
        return Notices(
            messages, self.clock, grace=20, call=6, last_resorts=["U9OPS", OPERATOR], limiter=self.limiter
        )

    def post(
        self, message: Message = CARD, *, thread_ts: str | None = None, name: str = "card"
    ) -> str | None:
        return self.notices.post_once(
            self.step, name, message, channel="C1", thread_ts=thread_ts, since=START, owner="U1"
        )

    def next_step(self, wait: float = 31) -> Step:
        self.clock.advance(wait)
        [claim] = self.store.claim(1, 30)
        self.step = Step(self.store, claim, self.clock)
        return self.step


@pytest.fixture
def desk() -> Desk:
    return Desk()


def places(desk: Desk) -> list[str]:
    return [each.channel for each in desk.slack.visible()]


def test_an_archived_channel_leads_to_the_owner_with_the_reason(desk: Desk) -> None:
    desk.slack.archive("C1")
    assert desk.post() is not None
    [told] = desk.slack.visible()
    assert told.channel == "DU1"
    assert "is_archived" in told.message.text
    assert told.message.text.endswith("Training")
    assert tuple(told.message.blocks[1:]) == CARD.blocks
    assert desk.post() == told.ts
    assert desk.slack.calls["post"] == 2


def test_an_owner_who_has_left_leads_to_each_last_resort_in_turn(desk: Desk) -> None:
    desk.slack.archive("C1")
    desk.slack.deactivated.update({"U1", "U9OPS"})
    desk.post()
    [told] = desk.slack.visible()
    assert told.channel == OPERATOR
    assert "user_disabled" in told.message.text


def test_where_nobody_can_be_told_it_ends(desk: Desk) -> None:
    for channel in ("C1", OPERATOR):
        desk.slack.archive(channel)
    desk.slack.deactivated.update({"U1", "U9OPS"})
    assert desk.post() is None
    assert note_of(desk.step, "card")["state"] == "gave_up"
    calls = dict(desk.slack.calls)
    assert desk.post() is None
    assert dict(desk.slack.calls) == calls


def test_a_channel_that_recovers_does_not_get_it_a_second_time(desk: Desk) -> None:
    desk.slack.order("post", refused("not_in_channel"))
    first = desk.post()
    desk.next_step()
    assert desk.post() == first
    desk.notices.show(desk.step, "card", NEWER)
    assert places(desk) == ["DU1"]
    assert desk.slack.visible()[0].message.text.endswith("Trained")


def test_a_thread_that_is_gone_leads_to_the_channel_before_anybody_is_written_to(desk: Desk) -> None:
    desk.post(thread_ts="1.000001")
    assert places(desk) == ["C1"]


def test_an_unclear_post_that_nobody_may_read_back_is_told_to_the_owner_rather_than_lost(desk: Desk) -> None:
    desk.slack.order("post", dropped())
    with pytest.raises(Later):
        desk.post()
    desk.next_step()
    desk.slack.order("find", refused("not_in_channel"))
    desk.post()
    assert places(desk) == ["DU1"]


def test_an_unclear_post_to_the_owner_is_settled_by_reading_there(desk: Desk) -> None:
    desk.slack.archive("C1")
    desk.slack.order("post", refused("is_archived"), lost_reply())
    with pytest.raises(Later):
        desk.post()
    desk.next_step()
    assert desk.post() is not None
    assert places(desk) == ["DU1"]
    assert len(desk.slack.everything_posted) == 1


def test_what_is_deleted_again_and_again_is_not_posted_there_for_ever(desk: Desk) -> None:
    desk.post()
    for number in range(REPOSTS + 1):
        [told] = desk.slack.visible()
        desk.slack.remove(told.channel, told.ts)
        desk.notices.show(desk.step, "card", Message(f"text {number}"))
        desk.next_step()
    assert places(desk) == ["DU1"]
    assert "deleted" in desk.slack.visible()[0].message.text


@pytest.mark.parametrize("gone", [(), ("U1",), ("U1", "U9OPS")], ids=["owner", "person", "channel"])
def test_a_crash_anywhere_on_the_way_leaves_one_message(gone: tuple[str, ...]) -> None:
    for place in count(1):
        desk, passed = Desk(), 0
        desk.slack.archive("C1")
        desk.slack.deactivated.update(gone)

        def hook(_: str, place: int = place) -> None:
            nonlocal passed
            passed += 1
            if passed == place:
                raise Crash

        try:
            with crashing(hook):
                desk.post()
            break
        except Crash:
            for _ in range(3):
                desk.next_step()
                try:
                    desk.post()
                except Later as later:
                    desk.step.finish(Again(later.seconds))
            assert len(desk.slack.visible()) == 1, place
            assert len(desk.slack.everything_posted) == 1, place
    assert place > 8


# After a fail-over


def test_a_forgotten_edit_is_made_good_though_the_wanted_text_is_the_remembered_one(desk: Desk) -> None:
    """A press was shown and then forgotten with the press: the card must not go on saying that it was pressed."""
    desk.post()
    before = desk.store.image()
    desk.notices.show(desk.step, "card", NEWER)
    desk.store.roll_back(before)
    desk.next_step()
    desk.notices.show(desk.step, "card", CARD)
    assert desk.slack.visible()[0].message == CARD


def test_a_process_whose_claim_was_forgotten_puts_no_old_text_back(desk: Desk) -> None:
    desk.post()
    desk.step.finish(Again(0))
    free = desk.store.image()
    slow = desk.next_step(1)
    desk.store.roll_back(free)
    desk.next_step(0)
    desk.notices.show(desk.step, "card", NEWER)
    with pytest.raises(StaleClaim):
        desk.notices.show(slow, "card", Message("old"))
    assert desk.slack.visible()[0].message == NEWER


def test_in_one_era_nothing_is_edited_twice(desk: Desk) -> None:
    desk.post()
    for _ in range(3):
        desk.notices.show(desk.step, "card", CARD)
        desk.notices.show(desk.step, "card", NEWER)
        desk.notices.show(desk.step, "card", NEWER)
    assert desk.slack.calls["update"] == 5


# Pacing


def test_an_edit_that_may_wait_lets_the_rest_go_on_and_shows_the_newest_when_it_is_its_turn(
    desk: Desk,
) -> None:
    desk.notices = desk.built(paced=True)
    for who in ("somebody", "somebody else"):
        desk.limiter.ask(EDIT, who)
    desk.post()
    desk.notices.show(desk.step, "card", Message("1 %"), may_wait=True)
    desk.post(NEWER, name="end")
    assert [each.message for each in desk.slack.visible()] == [CARD, NEWER]
    desk.step.finish(Again(300))
    thing = desk.store.get(JOB)
    assert thing is not None
    assert thing.due_at == pytest.approx(desk.store.now() + 60, abs=1)
    desk.next_step(60)
    desk.notices.show(desk.step, "card", Message("2 %"), may_wait=True)
    assert desk.slack.visible()[0].message == Message("2 %")
    assert desk.slack.calls["update"] == 1


def test_an_edit_that_may_not_wait_says_so(desk: Desk) -> None:
    desk.notices = desk.built(paced=True)
    for who in ("somebody", "somebody else"):
        desk.limiter.ask(EDIT, who)
    desk.post()
    with pytest.raises(Later) as later:
        desk.notices.show(desk.step, "card", NEWER)
    assert later.value.seconds == pytest.approx(60, abs=1)


def test_live_messages_leave_turns_to_edits_that_somebody_waits_for(desk: Desk) -> None:
    desk.notices = desk.built(paced=True)
    desk.post()
    desk.post(name="plan")
    desk.limiter.ask(REFRESH, "another live message")
    desk.notices.show(desk.step, "card", NEWER, often=True)
    assert desk.slack.calls["update"] == 0
    desk.notices.show(desk.step, "plan", NEWER, may_wait=True)
    assert desk.slack.calls["update"] == 1
    desk.next_step(61)
    desk.notices.show(desk.step, "card", NEWER, often=True)
    assert desk.slack.calls["update"] == 2


def test_the_limiter_is_asked_once_until_a_turn_comes(desk: Desk) -> None:
    desk.notices = desk.built(paced=True)
    desk.post()
    desk.limiter.ask(REFRESH, "another live message")
    desk.notices.show(desk.step, "card", NEWER, often=True)
    assert desk.step.comes_back
    desk.step.finish(Again(20))
    desk.next_step(20)
    desk.limiter.down = True
    desk.notices.show(desk.step, "card", NEWER, often=True)
    assert desk.step.comes_back
    desk.step.finish(Again(300))
    thing = desk.store.get(JOB)
    assert thing is not None
    assert thing.due_at == pytest.approx(desk.store.now() + 40, abs=0.1), "its turn, told 20 s ago"
    desk.limiter.down = False
    desk.next_step(40)
    desk.notices.show(desk.step, "card", NEWER, often=True)
    assert desk.slack.calls["update"] == 1


def test_a_turn_that_was_had_is_not_waited_for_again_when_slack_has_no_room(desk: Desk) -> None:
    desk.notices = desk.built(paced=True)
    desk.post()
    for who in ("somebody", "somebody else"):
        desk.limiter.ask(EDIT, who)
    desk.notices.show(desk.step, "card", NEWER, often=True)
    desk.step.finish(Again(300))
    assert desk.slack.calls["update"] == 0
    for number in range(5):
        desk.limiter.ask(REFRESH, f"another live message {number}")
    desk.next_step(61)
    desk.notices.show(desk.step, "card", NEWER, often=True)
    assert desk.slack.calls["update"] == 1


def test_news_on_a_live_message_goes_before_edits_for_the_time_alone(desk: Desk) -> None:
    desk.notices = desk.built(paced=True)
    desk.post()
    desk.notices.show(desk.step, "card", CARD, often=True, gist="validating")
    for number in range(5):
        desk.limiter.ask(REFRESH, f"another live message {number}")
    desk.notices.show(desk.step, "card", Message("Training, 1 min"), often=True, gist="validating")
    assert desk.slack.calls["update"] == 0
    desk.notices.show(desk.step, "card", NEWER, often=True, gist="trained")
    assert desk.slack.calls["update"] == 1
    desk.notices.show(desk.step, "card", Message("Trained, 1 min"), often=True, gist="trained")
    assert desk.slack.calls["update"] == 1, "and from then on it is nothing new"


def test_a_turn_from_before_the_clock_was_set_back_is_not_waited_for(desk: Desk) -> None:
    desk.notices = desk.built(paced=True)
    desk.post()
    desk.limiter.ask(REFRESH, "another live message")
    desk.notices.show(desk.step, "card", NEWER, often=True)
    desk.clock.step(-86_400)
    desk.notices.show(desk.step, "card", NEWER, often=True)
    assert desk.slack.calls["update"] == 1


def test_slacks_wish_is_passed_on_to_all_processes(desk: Desk) -> None:
    desk.notices = desk.built(paced=True)
    desk.slack.order("post", throttled(17))
    with pytest.raises(Later):
        desk.post()
    assert desk.limiter.ask("chat.postMessage", "another process") == pytest.approx(17, abs=1)
    assert desk.limiter.ask(EDIT, "another process") == 0


def test_without_the_store_slack_itself_still_limits(desk: Desk) -> None:
    paced = PacedMessages(desk.slack, desk.limiter)
    desk.slack.order("delete", throttled(3))
    desk.slack.before = lambda _: setattr(desk.limiter, "down", True)
    with pytest.raises(Exception, match="slow down"):
        paced.delete("C1", "1.1")
    desk.limiter.down = False
    desk.slack.before = lambda _: None
    with pytest.raises(NotFound):
        paced.update("C1", "1.1", CARD)
