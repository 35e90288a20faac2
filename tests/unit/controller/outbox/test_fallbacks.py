"""Where notices go that nobody takes: the channel, the owner, the operator; and what edits do after a fail-over."""

from itertools import count

import pytest

from bot.controller.context import TOLD, AnyContext, Context, NotReady
from bot.controller.crash_points import crashing
from bot.controller.model import Key, Message, RequeueAfter, StaleClaim
from bot.controller.outbox.entries import entry_of
from bot.controller.outbox.messages import REPOSTS, Outbox
from bot.controller.rate_limits import EDIT, REFRESH, PacedMessages, RateLimit
from bot.controller.schema import Schema
from bot.errors import NotFound, Refused, Unavailable
from tests.doubles.clock import START, FakeClock
from tests.doubles.messages import FakeSlackMessages, dropped, lost_reply, refused, throttled
from tests.doubles.pacing import InMemoryRateLimiter
from tests.doubles.resources import InMemoryResources, claimed_step
from tests.doubles.world import Crash

JOB = Key("job", "a1b2")
CARD, NEWER = Message("Training", ({"type": "divider"},)), Message("Trained")
OPERATOR = "C9OPS"


class Bench:
    """One thing with an owner, one Slack, and as many steps as a test wants."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.store = InMemoryResources(self.clock)
        self.slack = FakeSlackMessages(self.clock)
        self.rate_limiter = InMemoryRateLimiter(
            self.clock, {EDIT: RateLimit(2, 60.0), REFRESH: RateLimit(1, 60.0)}
        )
        self.context = claimed_step(self.store, self.clock, JOB, {})
        self.kept_out: set[tuple[str, str]] | None = set()
        """Who cannot see which channel; None: Slack does not say."""
        self.outbox = self.built()

    def built(self, *, paced: bool = False) -> Outbox:
        messages = PacedMessages(self.slack, self.rate_limiter) if paced else self.slack
        return Outbox(
            messages,
            self.clock,
            grace=20,
            call=6,
            last_resorts=["U9OPS", OPERATOR],
            rate_limiter=self.rate_limiter,
            is_kept_out=self.is_kept_out,
        )

    def is_kept_out(self, person: str, channel: str) -> bool:
        if self.kept_out is None:
            raise Unavailable("Slack does not say.")
        return (person, channel) in self.kept_out

    def post(
        self, message: Message = CARD, *, thread_ts: str | None = None, name: str = "card"
    ) -> str | None:
        return self.outbox.post_once(
            self.context, name, message, channel="C1", thread_ts=thread_ts, since=START, owner="U1"
        )

    def next_step(self, wait: float = 31) -> AnyContext:
        self.clock.advance(wait)
        [claim] = self.store.claim(1, 30)
        self.context = Context(self.store, claim, self.clock, Schema("job", dict, dict))
        return self.context


@pytest.fixture
def service() -> Bench:
    return Bench()


def places(service: Bench) -> list[str]:
    return [each.channel for each in service.slack.visible()]


def test_an_archived_channel_leads_to_the_owner_with_the_reason(service: Bench) -> None:
    service.slack.archive("C1")
    assert service.post() is not None
    [told] = service.slack.visible()
    assert told.channel == "DU1"
    assert "is_archived" in told.message.text
    assert told.message.text.endswith("Training")
    assert tuple(told.message.blocks[1:]) == CARD.blocks
    assert service.post() == told.ts
    assert service.slack.calls["post"] == 2


def test_an_owner_who_has_left_leads_to_each_last_resort_in_turn(service: Bench) -> None:
    service.slack.archive("C1")
    service.slack.deactivated.update({"U1", "U9OPS"})
    service.post()
    [told] = service.slack.visible()
    assert told.channel == OPERATOR
    assert "user_disabled" in told.message.text
    said = f"{told.message.text} {told.message.blocks}"
    assert "Training" not in said, "others read along there"
    assert f"`{JOB}`" in said
    service.outbox.show(service.context, "card", NEWER)
    [told] = service.slack.visible()
    assert "Trained" not in f"{told.message.text} {told.message.blocks}"


def test_an_owner_who_cannot_see_the_channel_any_more_is_none(service: Bench) -> None:
    """They left a private channel: what belongs there does not follow them out of it, nor does a file."""
    service.kept_out = {("U1", "C1")}
    service.slack.archive("C1")
    service.slack.deactivated.add("U9OPS")
    service.post()
    [told] = service.slack.visible()
    assert told.channel == OPERATOR
    assert "Training" not in f"{told.message.text} {told.message.blocks}"
    assert "cannot see that channel any more" in told.message.text
    with pytest.raises(Refused, match="cannot see"):
        service.outbox.direct_owner("U1", "C1")
    assert service.outbox.direct_owner("U1", "C2") == service.outbox.direct_owner("U1", "DU1") == "DU1"


def test_an_owner_who_leaves_afterwards_does_not_read_on(service: Bench) -> None:
    service.slack.order("post", refused("not_in_channel"))
    service.post()
    service.kept_out = {("U1", "C1")}
    service.outbox.show(service.context, "card", NEWER)
    [told] = service.slack.visible()
    assert (told.channel, told.message.text.endswith("Training")) == ("DU1", True)
    service.kept_out = set()
    service.next_step(3_600)
    service.outbox.show(service.context, "card", NEWER)
    [told] = service.slack.visible()
    assert told.message.text.endswith("Trained"), "they are in there again"


def test_while_slack_does_not_say_who_is_where_the_owner_waits(service: Bench) -> None:
    service.kept_out = None
    service.slack.archive("C1")
    with pytest.raises(Unavailable):
        service.post()
    assert service.slack.visible() == []
    service.kept_out = set()
    service.next_step()
    assert service.post() is not None
    assert places(service) == ["DU1"]


def test_an_operator_who_is_a_person_is_told_all_of_it(service: Bench) -> None:
    service.slack.archive("C1")
    service.slack.deactivated.add("U1")
    service.post()
    [told] = service.slack.visible()
    assert (told.channel, told.message.text.endswith("Training")) == ("DU9OPS", True)


def test_where_nobody_can_be_told_it_ends(service: Bench) -> None:
    for channel in ("C1", OPERATOR):
        service.slack.archive(channel)
    service.slack.deactivated.update({"U1", "U9OPS"})
    assert service.post() is None
    assert entry_of(service.context, "card").state == "gave_up"
    calls = dict(service.slack.calls)
    assert service.post() is None
    assert dict(service.slack.calls) == calls


def test_a_channel_that_recovers_does_not_get_it_a_second_time(service: Bench) -> None:
    service.slack.order("post", refused("not_in_channel"))
    first = service.post()
    service.next_step()
    assert service.post() == first
    service.outbox.show(service.context, "card", NEWER)
    assert places(service) == ["DU1"]
    assert service.slack.visible()[0].message.text.endswith("Trained")


def test_a_thread_that_is_gone_leads_to_the_channel_before_anybody_is_written_to(service: Bench) -> None:
    service.post(thread_ts="1.000001")
    assert places(service) == ["C1"]


def test_an_unclear_post_that_nobody_may_read_back_is_told_to_the_owner_rather_than_lost(
    service: Bench,
) -> None:
    service.slack.order("post", dropped())
    with pytest.raises(NotReady):
        service.post()
    service.next_step()
    service.slack.order("find", refused("not_in_channel"))
    service.post()
    assert places(service) == ["DU1"]


def test_an_unclear_post_to_the_owner_is_settled_by_reading_there(service: Bench) -> None:
    service.slack.archive("C1")
    service.slack.order("post", refused("is_archived"), lost_reply())
    with pytest.raises(NotReady):
        service.post()
    service.next_step()
    assert service.post() is not None
    assert places(service) == ["DU1"]
    assert len(service.slack.everything_posted) == 1


def test_what_is_deleted_again_and_again_is_not_posted_there_for_ever(service: Bench) -> None:
    service.post()
    for number in range(REPOSTS + 1):
        [told] = service.slack.visible()
        service.slack.remove(told.channel, told.ts)
        service.outbox.show(service.context, "card", Message(f"text {number}"))
        service.next_step()
    assert places(service) == ["DU1"]
    assert "deleted" in service.slack.visible()[0].message.text


@pytest.mark.parametrize("gone", [(), ("U1",), ("U1", "U9OPS")], ids=["owner", "person", "channel"])
def test_a_crash_anywhere_on_the_way_leaves_one_message(gone: tuple[str, ...]) -> None:
    names: set[str] = set()
    for place in count(1):
        service, passed = Bench(), 0
        service.slack.archive("C1")
        service.slack.deactivated.update(gone)

        def hook(name: str, place: int = place) -> None:
            nonlocal passed
            names.add(name)
            passed += 1
            if passed == place:
                raise Crash

        try:
            with crashing(hook):
                service.post()
            break
        except Crash:
            for _ in range(3):
                service.next_step()
                try:
                    service.post()
                except NotReady as later:
                    service.context.finish(RequeueAfter(later.seconds))
            assert len(service.slack.visible()) == 1, place
            assert len(service.slack.everything_posted) == 1, place
    assert place > 8
    assert "before-direct" in names


# After a fail-over


def test_a_forgotten_edit_is_made_good_though_the_wanted_text_is_the_remembered_one(service: Bench) -> None:
    """A press was shown and then forgotten with the press: the card must not go on saying that it was pressed."""
    service.post()
    before = service.store.image()
    service.outbox.show(service.context, "card", NEWER)
    service.store.roll_back(before)
    service.next_step()
    service.outbox.show(service.context, "card", CARD)
    assert service.slack.visible()[0].message == CARD


def test_a_process_whose_claim_was_forgotten_puts_no_old_text_back(service: Bench) -> None:
    service.post()
    service.context.finish(RequeueAfter(0))
    free = service.store.image()
    slow = service.next_step(1)
    service.store.roll_back(free)
    service.next_step(0)
    service.outbox.show(service.context, "card", NEWER)
    with pytest.raises(StaleClaim):
        service.outbox.show(slow, "card", Message("old"))
    assert service.slack.visible()[0].message == NEWER


def test_in_one_era_nothing_is_edited_twice(service: Bench) -> None:
    service.post()
    for _ in range(3):
        service.outbox.show(service.context, "card", CARD)
        service.outbox.show(service.context, "card", NEWER)
        service.outbox.show(service.context, "card", NEWER)
    assert service.slack.calls["update"] == 5


# Pacing


def test_an_edit_that_may_wait_lets_the_rest_go_on_and_shows_the_newest_when_it_is_its_turn(
    service: Bench,
) -> None:
    service.outbox = service.built(paced=True)
    for who in ("somebody", "somebody else"):
        service.rate_limiter.ask(EDIT, who)
    service.post()
    service.outbox.show(service.context, "card", Message("1 %"), may_wait=True)
    service.post(NEWER, name="end")
    assert [each.message for each in service.slack.visible()] == [CARD, NEWER]
    service.context.finish(RequeueAfter(300))
    resource = service.store.get(JOB)
    assert resource is not None
    assert resource.due_at == pytest.approx(service.store.now() + 60, abs=1)
    service.next_step(60)
    service.outbox.show(service.context, "card", Message("2 %"), may_wait=True)
    assert service.slack.visible()[0].message == Message("2 %")
    assert service.slack.calls["update"] == 1


def test_an_edit_that_may_not_wait_says_so(service: Bench) -> None:
    service.outbox = service.built(paced=True)
    for who in ("somebody", "somebody else"):
        service.rate_limiter.ask(EDIT, who)
    service.post()
    with pytest.raises(NotReady) as later:
        service.outbox.show(service.context, "card", NEWER)
    assert later.value.seconds == pytest.approx(60, abs=1)


def test_live_messages_leave_turns_to_edits_that_somebody_waits_for(service: Bench) -> None:
    service.outbox = service.built(paced=True)
    service.post()
    service.post(name="plan")
    service.rate_limiter.ask(REFRESH, "another live message")
    service.outbox.show(service.context, "card", NEWER, often=True)
    assert service.slack.calls["update"] == 0
    service.outbox.show(service.context, "plan", NEWER, may_wait=True)
    assert service.slack.calls["update"] == 1
    service.next_step(61)
    service.outbox.show(service.context, "card", NEWER, often=True)
    assert service.slack.calls["update"] == 2


def test_the_limiter_is_asked_once_until_a_turn_comes(service: Bench) -> None:
    service.outbox = service.built(paced=True)
    service.post()
    service.rate_limiter.ask(REFRESH, "another live message")
    service.outbox.show(service.context, "card", NEWER, often=True)
    assert service.context.comes_back
    service.context.finish(RequeueAfter(20))
    service.next_step(20)
    service.rate_limiter.down = True
    service.outbox.show(service.context, "card", NEWER, often=True)
    assert service.context.comes_back
    service.context.finish(RequeueAfter(300))
    resource = service.store.get(JOB)
    assert resource is not None
    assert resource.due_at == pytest.approx(service.store.now() + 40, abs=0.1), "its turn, told 20 s ago"
    service.rate_limiter.down = False
    service.next_step(40)
    service.outbox.show(service.context, "card", NEWER, often=True)
    assert service.slack.calls["update"] == 1


def test_a_turn_that_was_had_is_not_waited_for_again_when_slack_has_no_room(service: Bench) -> None:
    service.outbox = service.built(paced=True)
    service.post()
    for who in ("somebody", "somebody else"):
        service.rate_limiter.ask(EDIT, who)
    service.outbox.show(service.context, "card", NEWER, often=True)
    service.context.finish(RequeueAfter(300))
    assert service.slack.calls["update"] == 0
    for number in range(5):
        service.rate_limiter.ask(REFRESH, f"another live message {number}")
    service.next_step(61)
    service.outbox.show(service.context, "card", NEWER, often=True)
    assert service.slack.calls["update"] == 1


def test_news_on_a_live_message_goes_before_edits_for_the_time_alone(service: Bench) -> None:
    service.outbox = service.built(paced=True)
    service.post()
    service.outbox.show(service.context, "card", CARD, often=True, gist="validating")
    for number in range(5):
        service.rate_limiter.ask(REFRESH, f"another live message {number}")
    service.outbox.show(service.context, "card", Message("Training, 1 min"), often=True, gist="validating")
    assert service.slack.calls["update"] == 0
    service.outbox.show(service.context, "card", NEWER, often=True, gist="trained")
    assert service.slack.calls["update"] == 1
    service.outbox.show(service.context, "card", Message("Trained, 1 min"), often=True, gist="trained")
    assert service.slack.calls["update"] == 1, "and from then on it is nothing new"


def test_a_turn_from_before_the_clock_was_set_back_is_not_waited_for(service: Bench) -> None:
    service.outbox = service.built(paced=True)
    service.post()
    service.rate_limiter.ask(REFRESH, "another live message")
    service.outbox.show(service.context, "card", NEWER, often=True)
    service.clock.step(-86_400)
    service.clock.advance(TOLD)
    service.outbox.show(service.context, "card", NEWER, often=True)
    assert service.slack.calls["update"] == 1


def test_slacks_wish_is_passed_on_to_all_processes(service: Bench) -> None:
    service.outbox = service.built(paced=True)
    service.slack.order("post", throttled(17))
    with pytest.raises(NotReady):
        service.post()
    assert service.rate_limiter.ask("chat.postMessage", "another process") == pytest.approx(17, abs=1)
    assert service.rate_limiter.ask(EDIT, "another process") == 0


def test_without_the_store_slack_itself_still_limits(service: Bench) -> None:
    paced = PacedMessages(service.slack, service.rate_limiter)
    service.slack.order("delete", throttled(3))
    service.slack.before = lambda _: setattr(service.rate_limiter, "down", True)
    with pytest.raises(Exception, match="slow down"):
        paced.delete("C1", "1.1")
    service.rate_limiter.down = False
    service.slack.before = lambda _: None
    with pytest.raises(NotFound):
        paced.update("C1", "1.1", CARD)
