"""Spending, and ending what runs, by people and from places that nobody opened for it: at every door."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bot.access import Access
from bot.deployments.model import Foreign as ForeignDeployment
from bot.distillations.service import DistillationService
from bot.errors import NotAllowed, Unavailable
from bot.jobs.model import JobPlan
from bot.jobs.service import JobService
from bot.leases.adoption import Foreign
from bot.memberships import Membership
from bot.rosters import Holders, NoRosters
from bot.schedules.hours import parse
from bot.spending.ledger import EntryState
from bot.spending.offers import Shown
from bot.sweeps.service import SweepService
from handlers.commands import catalogue
from handlers.core import Who
from handlers.register import all_actions
from tests.attacks.test_deciding import ACCESS as ASKED
from tests.attacks.test_deciding import asked as proposed
from tests.doubles.bought import SAMPLES
from tests.doubles.memberships import FakeMemberships
from tests.doubles.rosters import FakeRosters, people
from tests.doubles.world import World
from tests.handlers.door import CHANNEL, DIRECT, Door, make_door
from tests.tables import table
from tests.unit.jobs.samples import PRICES, SETTINGS, model, plan

NAMED = frozenset({"UTRAIN", "UBOSS"})
BOSS = frozenset({"UBOSS"})


def access(
    user: str = "",
    is_what: Membership = Membership.MEMBER,
    *,
    trainers: AbstractSet[str] = NAMED,
    channels: frozenset[str] = frozenset(),
    guests: frozenset[str] = frozenset(),
) -> Access:
    people = FakeMemberships(**({user: is_what} if user else {}))
    return Access(trainers, BOSS, channels, guests, people)


def in_group(*users: str) -> Holders:
    return Holders({"S0"}, FakeRosters(S0=people(*users)))


def in_channel(channel: str) -> Holders:
    return Holders({channel}, FakeRosters(**{channel: people("UTRAIN", "UBOSS")}))


OUTSIDERS = [each for each in Membership if each is not Membership.MEMBER]
SPENDING = [each.example for each in catalogue() if each.who is Who.TRAINER]
PRESSES = [each.action_id for each in all_actions() if each.who is Who.TRAINER]
BOUGHT = ("job", "sweep", "distillation", "lease", "extension", "schedule")
REFUSALS: list[tuple[str, Access, str, str]] = [
    ("nobody is named", access(trainers=frozenset()), CHANNEL, "nobody is one yet"),
    ("somebody else is named", access(trainers=BOSS), CHANNEL, "you are not on the list"),
    (
        "a group that they left is named",
        access(trainers=in_group("UOTHER")),
        CHANNEL,
        "you are not on the list",
    ),
    (
        "a group that Slack does not show",
        access(trainers=Holders({"S0"}, NoRosters())),
        CHANNEL,
        "not on the list",
    ),
    ("another channel is named", access(trainers=in_channel("COTHER")), CHANNEL, "not asked for there"),
    (
        "a channel is named, in direct messages",
        access(trainers=in_channel(CHANNEL)),
        DIRECT,
        "not asked for there",
    ),
    *(
        (f"named, and {each.value}", access("UTRAIN", each), CHANNEL, f"you are {each.value}")
        for each in OUTSIDERS
    ),
    (
        "a channel beside the list",
        access(channels=frozenset({"COTHER"})),
        CHANNEL,
        "not set up for this channel",
    ),
    (
        "direct messages beside the list",
        access(channels=frozenset({"COTHER"})),
        DIRECT,
        "Nothing may be spent from here",
    ),
]


def asked(door: Door) -> list[Any]:
    """Return all that was asked of any service."""
    return [
        *door.leases.calls,
        *door.store.of_kind("job"),
        *door.store.of_kind("sweep"),
        *(
            each
            for kind in ("deployment", "distillation", "lease", "schedule")
            for each in door.store.of_kind(kind)
        ),
        *door.client.calls("views.open"),
    ]


def test_the_doors_that_spend_are_those_that_are_known_to() -> None:
    """A new command or button that spends is marked so, and is in these tables by that."""
    assert {each.split()[1] for each in SPENDING} == {"start", "serve", "again", "distill", "extend", "sweep"}
    assert set(PRESSES) == {
        *(
            "dataset.start",
            "plan.start",
            "plan.check",
            "job.again",
            "plan.change",
            "plan.instead",
            "plan.ask_raise",
            "lease.extend",
            "lease.keep_awake",
            "lease.swap",
            "lease.beside",
            "schedule.again",
        ),
        *("model.serve", "menu.plan", "trial.begin", "deployment.replace", "deployment.beside", "kept.wake"),
    }


@pytest.mark.slow
def test_a_command_that_spends_is_refused_with_the_reason() -> None:
    """Tried: every command that spends, by people and from places that nobody opened for it."""
    with table() as row:
        for typed, (name, rules, place, words) in product(SPENDING, REFUSALS):
            with row(typed, name):
                door = make_door(rules)
                door.command(typed.removeprefix("/tune "), channel_id=place)

                assert words in door.said
                assert asked(door) == []


@pytest.mark.slow
def test_a_button_that_spends_is_refused_with_the_reason() -> None:
    """Tried: every button that spends, by people and from places that nobody opened for it."""
    values = [
        (action, f"{kind}:0123456789ab@1" if kind else "0123456789ab")
        for action in PRESSES
        for kind in (BOUGHT if action in ("plan.start", "plan.check") else ("",))
    ]
    with table() as row:
        for (action, value), (name, rules, place, words) in product(values, REFUSALS):
            with row(action, value, name):
                door = make_door(rules)
                door.press(action, value, channel={"id": place})

                assert words in door.said
                assert asked(door) == []


def test_the_services_refuse_too_whoever_forgets_to_ask_first() -> None:
    with table() as row:
        for name, rules, place, words in REFUSALS:
            for number, spends in enumerate(services(rules, place)):
                with row(name, number):
                    with pytest.raises(NotAllowed) as no:
                        spends()
                    assert words in no.value.message


def services(rules: Access, place: str) -> list[Callable[[], object]]:
    world = World(access=rules)
    world.models.save(model())
    jobs: JobService = world.jobs
    sweeps: SweepService = world.sweeps
    distill = DistillationService(
        world.store, world.directory(), PRICES, rules, world.clock, SETTINGS, world.budget_service
    )
    kept: JobPlan = plan(owner="UTRAIN", channel=place)
    job = jobs.propose(kept)
    return [
        lambda: world.leases.plan(
            model="claims-router", minutes=60, owner="UTRAIN", channel=place, request="r"
        ),
        lambda: world.waking_service(world.directory()).wake(
            model="claims-router",
            minutes=60,
            by="UTRAIN",
            channel=place,
            request="r",
            thread_ts=None,
            shown=Shown(None),
        ),
        lambda: world.deploying.deploy(model="claims-router", owner="UTRAIN", channel=place, request="r"),
        lambda: world.leases.join("claims-router", "UTRAIN", place),
        lambda: world.leases.adopt(
            Foreign("arn:aws:x", "by-hand", "us-west-2", model().arn, 1),
            minutes=60,
            owner="UTRAIN",
            channel=place,
            request="r",
        ),
        lambda: world.deploying.adopt(
            ForeignDeployment("arn:aws:y", "by-hand", "us-west-2", model().arn),
            owner="UTRAIN",
            channel=place,
            request="r",
        ),
        lambda: world.schedule_service(world.directory()).propose(
            model="claims-router",
            hours=parse("daily/9-10"),
            weeks=1,
            owner="UTRAIN",
            channel=place,
            request="r",
        ),
        lambda: world.swap_service(world.directory(), world.leases).swap(
            model="claims-router", lease="claims-router", by="UTRAIN", channel=place
        ),
        lambda: world.deploying.replace(model="claims-router", deployment="d", by="UTRAIN", channel=place),
        lambda: jobs.template("claims", owner="UTRAIN", channel=place),
        lambda: world.press("job", job, "start", "UTRAIN"),
        lambda: sweeps.propose(
            source="claims", hyperparameter="epochCount", values=["1", "2"], owner="UTRAIN", channel=place
        ),
        lambda: distill.propose(
            source=None,  # type: ignore[arg-type]  # it is never looked at
            teacher="x",
            profile="claude-3-haiku",
            owner="UTRAIN",
            channel=place,
        ),
    ]


@pytest.mark.parametrize("is_what", OUTSIDERS)
def test_what_is_opened_for_somebody_by_name_is_open(is_what: Membership) -> None:
    rules = access("UTRAIN", is_what, guests=frozenset({"UTRAIN"}))
    rules.check_spending("UTRAIN", CHANNEL)
    rules.check_contributor("UTRAIN")


@pytest.mark.parametrize("is_what", OUTSIDERS)
def test_a_guest_among_the_approvers_approves_nothing(is_what: Membership) -> None:
    """Tried: a guest, a partner and somebody unknown, named in the list of approvers."""
    with pytest.raises(NotAllowed, match="Only members"):
        access("UBOSS", is_what).check_approver("UBOSS")


@pytest.mark.parametrize("is_what", OUTSIDERS)
def test_guests_do_not_work_on_data_where_nobody_is_named(is_what: Membership) -> None:
    with pytest.raises(NotAllowed, match="Only members"):
        access("UGUEST", is_what, trainers=frozenset()).check_contributor("UGUEST")


def test_members_work_on_data_where_nobody_is_named() -> None:
    access(trainers=frozenset()).check_contributor("UANY")


def test_while_slack_is_silent_nobody_spends() -> None:
    """Tried: spending while Slack does not say what somebody is."""
    rules = access()
    rules.people.down = True  # type: ignore[attr-defined]
    door = make_door(rules)
    door.command("serve claims-router")

    assert "Slack could not be reached" in door.said
    assert door.leases.calls == []
    with pytest.raises(Unavailable):
        rules.check_spending("UTRAIN", CHANNEL)


@pytest.mark.slow
def test_who_may_spend_no_more_has_nothing_started_that_was_agreed_to(tmp_path: Path) -> None:
    """Tried: what an approver agrees to once whoever asked for it is no trainer, or a guest, by then."""
    rules = {
        "as before": ASKED,
        "no trainer any more": replace(ASKED, trainers=BOSS),
        "not where it was asked for": replace(ASKED, channels=frozenset({"C2"})),
        "a guest by now": replace(ASKED, people=FakeMemberships(UTRAIN=Membership.GUEST)),
    }
    with table() as row:
        for kind, (name, by_now) in product(SAMPLES, rules.items()):
            if kind == "schedule":
                continue  # each of their days asks anew: tests/attacks/test_office_hours.py
            with row(kind, name):
                it = proposed(tmp_path, kind).started()
                it.world.access = by_now
                it.world.rebuilt()
                it.press("approve", "UCHIEF")
                assert it.bought == (SAMPLES[kind].bought if name == "as before" else 0)
                if name == "as before":
                    continue
                said = " ".join(each.message.text for each in it.world.messages.visible())
                assert "<@UTRAIN> may not spend here any more" in said
                assert {each.state for each in it.world.ledger.kept.values()} <= {EntryState.FREED}


def test_who_is_not_named_is_refused_without_asking_slack() -> None:
    rules = access()
    with pytest.raises(NotAllowed):
        rules.check_trainer("USTRANGER")
    assert "USTRANGER" not in rules.people.asked  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("user", "may"), [("UOWNER", True), ("UTRAIN", True), ("UBOSS", True), ("UASKER", False)]
)
def test_an_asker_ends_nothing_of_others(user: str, may: bool) -> None:
    rules = access()
    if may:
        rules.check_ending(user, "UOWNER")
    else:
        with pytest.raises(NotAllowed, match="needs a trainer"):
            rules.check_ending(user, "UOWNER")
