"""The buttons of kept questions, and replies in a thread whose model is asleep."""

from dataclasses import replace
from decimal import Decimal

from bot.controller.documents import dump
from bot.controller.model import Done, Key
from bot.leases.endpoint import LeasePhase
from bot.leases.model import LEASE, LEASE_SCHEMA
from bot.profiles.model import Serving
from bot.questions.answerer import Question
from bot.questions.kept import KEPT_FOR, KIND, SCHEMA, KeptEnd, KeptSpec, KeptStatus, registration
from tests.doubles.clock import START
from tests.handlers.door import CHANNEL, DIRECT, USER, Door, buttons
from tests.handlers.fake_services import lease
from tests.handlers.test_threads import PRESSED_IN_A_THREAD, ROOT, reply
from tests.tables import table
from tests.unit.jobs.samples import model

ASKED = Question("kept:1", "Why?", CHANNEL, USER, "T1", ROOT, "claims-router", kept=True)


def kept(door: Door, *, asked: Question = ASKED, based: bool = True, profile: str = "claude-3-haiku") -> str:
    """Have a question kept, and return what its buttons carry."""
    door.models.save(model(profile=profile))
    arn = door.models.find("claims-router").arn  # type: ignore[union-attr]
    spec = KeptSpec(
        asked,
        f"of{asked.user}",
        "claims-router",
        arn,
        profile,
        START,
        START + KEPT_FOR,
        may_wake=True,
        based=based,
    )
    door.store.register(registration(spec))
    return spec.asked


def test_one_press_has_a_model_woken_in_the_thread_at_the_figure_of_the_button(door: Door) -> None:
    value = f"{kept(door)}@16"
    door.press("kept.wake", value, **PRESSED_IN_A_THREAD)
    assert "`claims-router` is being woken" in door.said
    [made] = door.store.of_kind(LEASE)
    spec = LEASE_SCHEMA.spec_of(made)
    assert (spec.thread_ts, spec.minutes, spec.usd) == (ROOT, 60, Decimal(16))
    assert spec.votes.started
    assert spec.votes.started.by == USER
    [waits] = door.store.of_kind(KIND)
    assert SCHEMA.spec_of(waits).woken == made.key.id, "whoever asked hears if it is lost"
    door.forget_answers()
    door.press("kept.wake", value, **PRESSED_IN_A_THREAD)
    assert len(door.store.of_kind(LEASE)) == 1
    assert "is already starting" in door.said


def test_a_model_that_is_awake_by_the_press_is_joined(door: Door) -> None:
    door.leases.joins = True
    door.press("kept.wake", f"{kept(door)}@16", **PRESSED_IN_A_THREAD)
    assert door.store.of_kind(LEASE) == []
    assert door.leases.calls[-1][:2] == ("join", "claims-router")


def test_a_press_without_a_figure_buys_nothing(door: Door) -> None:
    door.press("kept.wake", kept(door))
    assert "That button says no price" in door.said
    assert door.store.of_kind(LEASE) == []


def test_who_is_asked_to_wake_it_presses_in_their_messages_and_it_is_told_in_the_thread(door: Door) -> None:
    key = kept(door)
    door.press("kept.wake", f"{key}@16", channel={"id": DIRECT})
    [made] = door.store.of_kind(LEASE)
    spec = LEASE_SCHEMA.spec_of(made)
    assert (spec.plan.channel, spec.thread_ts) == (CHANNEL, ROOT)


def test_a_model_by_the_token_is_deployed_from_there(door: Door) -> None:
    door.leases.ways = {"claims-router": Serving.ON_DEMAND_DEPLOYMENT}
    key = kept(door, profile="nova-lite")
    door.press("kept.wake", f"{key}@0", channel={"id": DIRECT})
    assert "`claims-router` is being deployed, in <#C1>" in door.said
    [made] = door.store.of_kind("deployment")
    assert (made.spec["channel"], made.spec["thread_ts"]) == (CHANNEL, ROOT)


def test_who_may_wake_it_asks_nobody_else(door: Door) -> None:
    waiting = kept(door)
    door.press("kept.ask", waiting, **PRESSED_IN_A_THREAD)
    assert "You may have `claims-router` woken yourself." in door.said
    assert dict(buttons(door.answers[0]))["model.serve"] == "claims-router"


def test_what_is_kept_no_longer_has_nothing_woken_by_a_button_from_before(door: Door) -> None:
    with table() as row:
        for end in (*KeptEnd, None):
            for profile in ("claude-3-haiku", "nova-lite"):
                with row(end, profile):
                    key = kept(door, asked=replace(ASKED, user=f"U{end}{profile}"), profile=profile)
                    if end is None:
                        door.store.amend(
                            Key(KIND, key), SCHEMA.on_documents(lambda spec: replace(spec, forgotten=True))
                        )
                    for claim in door.store.claim(10, {KIND: 30.0}):
                        if claim.resource.key.id == key and end:
                            door.store.commit(claim, {KIND: dump(KeptStatus(end=end))}, Done())
                        else:
                            door.store.commit(claim, {}, Done())
                    for place in (CHANNEL, DIRECT):
                        door.press("kept.wake", f"{key}@16", channel={"id": place})
                    assert door.store.of_kind(LEASE) == door.store.of_kind("deployment") == []
                    assert door.leases.calls == []


def test_it_is_forgotten_by_its_asker(door: Door) -> None:
    door.press("kept.forget", kept(door))
    assert "Forgotten" in door.said
    door.press("kept.forget", kept(door, asked=replace(ASKED, user="UOTHER")))
    assert "Somebody else asked this" in str(door.webhooks[-1])
    assert [SCHEMA.spec_of(each).forgotten for each in reversed(door.store.of_kind(KIND))] == [True, False]


def test_where_the_base_answers_each_reply_is_a_question(door: Door) -> None:
    door.questions.partners = {ROOT: "claims-router"}  # type: ignore[misc]
    door.leases.leased = [lease(phase=LeasePhase.CREATING)]
    kept(door, based=False)
    for ts in ("10.1", "10.2"):
        door.event(reply("And now?", ts))
    kept(door, asked=replace(ASKED, user="UOTHER"))
    for ts in ("10.3", "10.4"):
        door.event(reply("And now?", ts))
    assert [each.id for each in door.questions.asked] == ["C1.10.1", "C1.10.3", "C1.10.4"]


def test_where_what_was_kept_is_over_for_long_a_reply_is_talk_among_people_again(door: Door) -> None:
    """Only what may still be kept is read, of a week of questions: the first reply is one anew, and told so."""
    door.questions.partners = {ROOT: "claims-router"}  # type: ignore[misc]
    door.leases.leased = [lease(phase=LeasePhase.CREATING)]
    kept(door)
    door.clock.advance(KEPT_FOR.total_seconds() + 1)
    for ts in ("10.1", "10.2"):
        door.event(reply("And now?", ts))
    assert [each.id for each in door.questions.asked] == ["C1.10.1"]
