"""A store that was emptied or replaced: what runs is found by its tags, followed again, and told once."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TypeVar

import pytest

from bot.account import reconciler as account
from bot.controller.documents import dump
from bot.controller.model import Key
from bot.errors import Misconfigured, NotFound, Unavailable
from bot.jobs.cards import JobCard, ModelCard
from bot.jobs.model import JobPlan, Phase
from bot.jobs.purchase import FORM as JOB_PLAN
from bot.jobs.record import JobSpec
from bot.kinds import KINDS
from bot.leases.cards import LeaseCard
from bot.leases.endpoint import LeasePhase
from bot.models.model import ModelLabel
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.spending.tags import BOT, origin
from tests.doubles import bedrock
from tests.doubles.clock import FakeClock
from tests.doubles.messages import down, refused
from tests.doubles.world import World
from tests.unit.jobs.samples import model, plan

Card = TypeVar("Card")

WEST = "us-west-2"
JOB, MODEL = plan().job_name, "claims-router"


@pytest.fixture
def world() -> World:
    made = World()
    made.models.save(model())
    return made


def training(world: World) -> str:
    job = world.jobs.propose(plan())
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    world.turn()
    world.customization.training(JOB)
    world.pass_time(120)
    return job


def serving(world: World) -> str:
    lease = world.leases.propose(
        world.leases.plan(model=MODEL, minutes=60, owner="UTRAIN", channel="C1", request="r")
    )
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(65)
    return lease


def swept(world: World, seconds: float = 30) -> None:
    world.store.register(account.registration(WEST))
    world.pass_time(seconds)


def told_of_loss(world: World) -> list[str]:
    return [each.message.text for each in world.said() if "lost track" in each.message.text]


# Jobs


def test_a_forgotten_job_is_followed_again_in_its_own_messages(world: World) -> None:
    """The digest in its tags is what its messages are marked with: Slack is read, and nothing is posted again."""
    job = training(world)
    before = {each.ts for each in world.messages.visible()}
    swept(world.forget(), seconds=120)

    view = world.jobs.find(job)
    assert (view.name, view.phase, view.owner, view.id) == (JOB, Phase.TRAINING, "UTRAIN", job)
    new = [each for each in world.messages.visible() if each.ts not in before]
    assert [each.channel for each in new] == ["COPERATOR", "C1"]
    assert all("lost track" in each.message.text for each in new)
    assert [JOB in each.message.text for each in new] == [False, True]
    assert f"job:{job}" in new[0].message.text, "where others read along it is told by its reference"
    assert new[1].thread_ts == world.said("JobCard")[0].ts
    assert world.customization.calls["create"] == 1


def test_a_forgotten_job_that_bedrock_does_not_know_for_a_moment_is_followed_all_the_same(
    world: World,
) -> None:
    """What was found by its tags a moment ago is there: one empty answer is a fault, and no end."""
    job = training(world)
    world.forget().store.register(account.registration(WEST))
    world.controller.tick(limit=1)
    kept = dict(world.customization.jobs)
    world.customization.jobs.clear()
    world.pass_time(300)
    assert world.jobs.find(job).phase is Phase.STARTING, "it is not refused"
    world.customization.jobs.update(kept)
    world.pass_time(120)
    assert world.jobs.find(job).phase is Phase.TRAINING

    world.forget().store.register(account.registration(WEST))
    world.controller.tick(limit=1)
    world.customization.jobs.clear()
    world.pass_time(900)
    view = world.jobs.find(job)
    assert (view.phase, world.customization.calls["create"]) == (Phase.REFUSED, 1)
    assert "does not know this job" in view.explanation


def test_its_end_is_told_as_ever(world: World) -> None:
    training(world)
    swept(world.forget(), seconds=60)
    world.customization.complete(JOB)
    world.pass_time(300)

    assert len(world.said("JobEnded")) == 1
    assert world.models.find(MODEL) is not None
    swept(world, seconds=2000)
    assert len(told_of_loss(world)) == 2


def test_one_that_is_followed_behind_a_thousand_others_is_asked_about_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store's listing ends somewhere; a job that it leaves out must not be asked about for ever."""
    training(world)
    monkeypatch.setattr(world.store, "of_kind", lambda _kind: [])
    swept(world, seconds=2000)
    assert world.customization.calls["tags"] == 1
    assert told_of_loss(world) == []


def test_a_job_that_ended_while_nobody_looked_is_told_once(world: World) -> None:
    training(world)
    world.customization.complete(JOB)
    world.clock.advance(7200)
    swept(world.forget(), seconds=300)

    assert len(world.said("JobEnded")[0].message.blocks) == 1, "the picture"
    assert len(world.said("JobEnded")) == 1
    assert [each for each in told_of_loss(world) if not each.startswith("I compared")] == []


def test_a_job_that_had_been_told_is_not_told_again_and_its_model_is_back(world: World) -> None:
    training(world)
    world.customization.complete(JOB)
    world.pass_time(300)
    shown = [each.ts for each in world.messages.visible()]
    shared = len(world.files.shared)
    swept(world.forget(), seconds=300)

    assert [each.ts for each in world.messages.visible() if each.channel == "C1"] == shown
    assert len(world.files.shared) == shared
    assert world.models.find(MODEL) is not None


def test_a_look_at_the_account_leaves_a_model_its_new_name_and_a_deleted_one_deleted(world: World) -> None:
    """A listing may have a deleted model for a while yet: its ARN is known to be gone."""
    training(world)
    world.customization.complete(JOB)
    world.pass_time(300)
    made = world.models.find(MODEL)
    assert made
    for deleted, found in ((False, "triage"), (True, None)):
        now = world.clock.now()
        label = ModelLabel(made.arn, made.job_id, MODEL, "triage", "UTRAIN", now, (MODEL,), deleted=deleted)
        world.models.label(lambda label=label: label)  # type: ignore[misc]
        swept(world, seconds=2000)
        assert [each.name for each in world.models.all()] == ([found] if found else [])
        assert told_of_loss(world) == []
    assert MODEL not in world.jobs.taken().models, "and its name is free"


def test_a_picture_that_a_store_forgot_which_failed_over_is_not_shared_again(world: World) -> None:
    training(world)
    world.files.order("finish", refused("missing_scope"))
    world.customization.complete(JOB)
    before = world.store.image()
    world.clock.advance(120)
    assert world.crash_at("after-share")
    world.store.roll_back(before)
    world.pass_time(300)

    assert [name for *_, name in world.files.shared] == [f"{MODEL}-losses.png"]
    assert len(world.said("JobEnded")) == 1


def test_a_thread_that_cannot_be_read_gets_its_picture(world: World) -> None:
    training(world)
    world.files.order("finish", refused("missing_scope"))
    world.files.order("ours_in", refused("missing_scope"))
    world.customization.complete(JOB)
    world.pass_time(300)

    assert len(world.files.shared) == 1


def test_a_second_loss_is_a_second_word(world: World) -> None:
    training(world)
    swept(world.forget(), seconds=60)
    swept(world.forget(), seconds=60)

    assert len(told_of_loss(world)) == 4


def test_what_others_made_is_left_alone_and_asked_about_once(world: World) -> None:
    world.customization.create(plan(job_name="theirs", model_name="theirs"), {"owner": "somebody"})
    swept(world, seconds=3600)

    assert world.store.of_kind("job") == []
    assert world.customization.calls["tags"] == 1
    assert told_of_loss(world) == []


def test_another_bots_job_is_left_to_it(world: World) -> None:
    world.bot = "staging"
    world.rebuilt()
    training(world)
    world.bot = "production"
    swept(world.forget())

    assert world.store.of_kind("job") == []


def test_a_job_that_is_just_being_created_is_no_forgotten_one(world: World) -> None:
    job = world.jobs.propose(plan())
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    assert world.crash_at("after-create")
    swept(world, seconds=10)

    assert told_of_loss(world) == []
    assert len(world.store.of_kind("job")) == 1


def test_a_job_on_an_unknown_base_is_left_alone(world: World) -> None:
    training(world)
    job = world.customization.job(JOB)
    job.plan = replace(job.plan, base_model_id="cohere.command-text-v14:7:4k")
    world.plans.kept.clear()
    swept(world.forget(), seconds=1300)

    assert world.store.of_kind("job") == []


def test_many_forgotten_jobs_are_taken_up_in_portions(world: World) -> None:
    for n in range(45):
        made = plan(job_name=f"job-{n}", model_name=f"model-{n}")
        tags = {"managed-by": "tunesmith", "owner": "U1", "slack": "C1", "tunesmith-digest": made.digest}
        world.customization.create(made, tags)
    world.store.register(account.registration(WEST))
    reconcilers = {"account": world.reconcilers()["account"]}
    world.controller = type(world.controller)(
        world.store, reconcilers, world.clock, random=lambda: 0.0, kinds=KINDS
    )
    taken = []
    for _ in range(4):
        world.turn()
        taken.append(len(world.store.of_kind("job")))
        world.clock.advance(6)

    assert taken == [20, 40, 45, 45]


# Leases


@pytest.mark.slow
def test_a_forgotten_lease_is_followed_again_and_ends_when_it_should(world: World) -> None:
    lease = serving(world)
    endpoint = world.endpoints.only()
    ends = world.clock.now().timestamp() + 59 * 60
    before = {each.ts for each in world.messages.visible()}
    world.forget().models.save(model())
    swept(world, seconds=120)

    [view] = world.leases.live()
    assert (view.id, view.model_name, view.phase) == (lease, MODEL, LeasePhase.IN_SERVICE)
    new = [each for each in world.messages.visible() if each.ts not in before]
    assert [each.channel for each in new] == ["COPERATOR", "C1"]
    assert all("lost track" in each.message.text for each in new)

    world.pass_time(62 * 60, step=10)
    [(arn, at)] = world.endpoints.deleted
    assert arn == endpoint.arn
    assert -120 < at.timestamp() - ends < 60
    assert world.endpoints.calls["create"] == 1


@pytest.mark.parametrize("undoable", [True, False])
def test_a_forgotten_lease_that_is_released_before_its_first_turn_is_released_and_billed(
    world: World, undoable: bool
) -> None:
    """Tried: *Release* pressed between the look at the account and the turn of what it found."""
    lease = serving(world)
    world.forget().models.save(model())
    world.store.register(account.registration(WEST))
    world.controller.tick(limit=1)
    assert world.store.get(Key("lease", lease)) is not None, "found again"
    world.leases.release(lease, "UTRAIN")
    if not undoable:
        world.clock.advance(60)
    world.pass_time(600, step=10)

    assert world.endpoints.endpoints == {}
    [end] = [each.message.text for each in world.said("LeaseMilestone") if "Released" in each.message.text]
    assert "was billed for" in end
    assert not world.said("LeaseMilestone: It was released before")
    assert all(each.actual for each in world.ledger.kept.values())


@pytest.mark.slow
def test_a_forgotten_lease_can_be_extended(world: World) -> None:
    lease = serving(world)
    world.forget().models.save(model())
    swept(world, seconds=60)
    world.extensions.extend(lease, 60, "UTRAIN")
    world.pass_time(100 * 60, step=30)

    assert len(world.endpoints.endpoints) == 1
    world.pass_time(25 * 60, step=30)
    assert world.endpoints.endpoints == {}


@pytest.mark.slow
@pytest.mark.parametrize("kept", [True, False])
def test_a_forgotten_lease_has_its_decisions_again_when_its_plan_is_kept(kept: bool) -> None:
    world = World(prices=PriceBook({("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(100)}))
    world.models.save(model())
    lease = world.leases.propose(
        world.leases.plan(model=MODEL, minutes=60, owner="UTRAIN", channel="C1", request="r")
    )
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    world.press("lease", lease, "approve", "UBOSS")
    world.turn()
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(65)
    if not kept:
        world.plans.kept.clear()
    before = last(world, LeaseCard)
    swept(world.forget(), seconds=120)
    after = last(world, LeaseCard)

    assert after.decided_by == ("UBOSS" if kept else "UTRAIN")
    assert after.needs_approval == (before.needs_approval if kept else "")
    assert (after.view.id, after.view.hour, after.view.model_name) == (lease, before.view.hour, MODEL)
    assert before.view.minutes - after.view.minutes in (2, 3, 4)
    world.pass_time(62 * 60, step=10)
    assert world.endpoints.endpoints == {}
    assert world.endpoints.calls["create"] == 1


def test_an_archive_that_is_away_keeps_no_lease_from_its_release(world: World) -> None:
    serving(world)
    world.plans.order("get", *[bedrock.down()] * 200)
    swept(world.forget(), seconds=60)
    assert len(world.store.of_kind("lease")) == len(world.store.of_kind("release")) == 1


@pytest.mark.slow
def test_one_that_is_still_being_created_gets_all_its_minutes(world: World) -> None:
    lease = world.leases.propose(
        world.leases.plan(model=MODEL, minutes=60, owner="UTRAIN", channel="C1", request="r")
    )
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    swept(world.forget(), seconds=30)
    world.clock.advance(600)
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(55 * 60, step=30)
    assert len(world.endpoints.endpoints) == 1

    world.pass_time(8 * 60, step=30)
    assert world.endpoints.endpoints == {}


@pytest.mark.parametrize("started", [5, 20])
@pytest.mark.parametrize("is_kept", [True, False])
def test_what_is_told_of_a_lease_that_was_forgotten_while_it_started_is_what_was_agreed(
    started: int, is_kept: bool
) -> None:
    """Its deadline allows for the start-up until it is in service: neither minutes nor dollars count that twice."""
    world = World(prices=PriceBook({("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(22)}))
    world.models.save(model())
    lease = world.leases.propose(
        world.leases.plan(model=MODEL, minutes=60, owner="UTRAIN", channel="C1", request="r")
    )
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    world.press("lease", lease, "approve", "UBOSS")
    world.turn()
    agreed = last(world, LeaseCard).view
    if not is_kept:
        world.plans.kept.clear()
    told = []
    for is_in_service in (False, True):
        world.clock.advance(started * 60)
        world.forget().models.save(model())
        if is_in_service:
            world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
        swept(world)
        view = last(world, LeaseCard).view
        [entry] = world.ledger.kept.values()
        told.append((view.id, view.minutes, view.total, entry.committed))
    assert told == [(lease, 60, agreed.total, Decimal(44))] * 2
    [view] = world.leases.live()
    assert view.left_minutes == 60
    assert "60 minutes" in told_of_loss(world)[-1] or "1 h" in told_of_loss(world)[-1]


def test_a_start_that_was_forgotten_on_its_way_is_given_up_as_soon_as_ever(world: World) -> None:
    lease = world.leases.propose(
        world.leases.plan(model=MODEL, minutes=60, owner="UTRAIN", channel="C1", request="r")
    )
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    world.clock.advance(45 * 60)
    swept(world.forget(), seconds=60)
    assert world.endpoints.calls["delete"] == 0
    world.pass_time(5 * 60, step=20)
    assert world.endpoints.calls["delete"] > 0


def test_one_that_is_still_being_created_is_followed_whatever_the_clock_of_bedrock_shows() -> None:
    """Its age is told by Bedrock's clock alone, its deadline by ours: the two may be hours apart."""
    ahead = FakeClock()
    ahead.advance(7200)
    world = World(aws_clock=ahead)
    world.models.save(model())
    lease = world.leases.propose(
        world.leases.plan(model=MODEL, minutes=60, owner="UTRAIN", channel="C1", request="r")
    )
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    swept(world.forget(), seconds=30)

    [view] = world.leases.live()
    assert (view.id, view.phase) == (lease, LeasePhase.CREATING)


def test_one_that_is_gone_when_it_is_taken_up_is_not_bought_again(world: World) -> None:
    lease = serving(world)
    world.forget().store.register(account.registration(WEST))
    world.controller.tick(limit=1)
    world.endpoints.endpoints.clear()
    world.pass_time(13 * 60, step=30)  # that AWS does not show it for a moment proves nothing

    assert world.endpoints.calls["create"] == 1
    resource = world.store.get(Key("lease", lease))
    assert resource is not None
    assert resource.status["lease"]["phase"] == LeasePhase.RELEASED


def test_one_that_is_overdue_is_released_at_once_and_told_where_it_was_asked_for(world: World) -> None:
    lease = serving(world)
    [card] = world.said("LeaseCard")
    world.clock.advance(3 * 3600)
    swept(world.forget(), seconds=5)

    assert world.endpoints.endpoints == {}
    world.pass_time(60)
    resource = world.store.get(Key("lease", lease))
    assert resource is not None
    assert resource.status["lease"]["phase"] == LeasePhase.RELEASED
    assert {each.channel for each in world.said("I compared")} == {"COPERATOR"}
    told = [each.message.text for each in world.said() if each.thread_ts == card.ts]
    assert len([text for text in told if "in service for" in text]) == 1, "told before, and not again"
    assert len([text for text in told if "AWS confirms it" in text]) == 1
    [card] = world.said("LeaseCard")
    assert "released" in str(card.message)


def test_one_that_is_overdue_says_so_when_aws_is_slow_to_delete_it(world: World) -> None:
    serving(world)
    [card] = world.said("LeaseCard")
    world.clock.advance(3 * 3600)
    world.endpoints.order("delete", *[bedrock.Fault(Unavailable("AWS is away."))] * 3)
    swept(world.forget(), seconds=30)

    told = [each.message.text for each in world.said() if each.thread_ts == card.ts]
    assert [text for text in told if "lost track" in text] == [
        f"LeaseMilestone: I had lost track of `{MODEL}`. Its time is over, and I release it now."
    ]
    world.pass_time(120)
    assert world.endpoints.endpoints == {}


def test_one_that_is_overdue_before_it_was_ever_in_service_is_only_released(world: World) -> None:
    """As soon as AWS lets it be deleted: not while it is being created."""
    lease = world.leases.propose(
        world.leases.plan(model=MODEL, minutes=60, owner="UTRAIN", channel="C1", request="r")
    )
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    world.clock.advance(4 * 3600)
    swept(world.forget(), seconds=30)

    assert world.endpoints.calls["delete"] > 0
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(60)
    assert world.endpoints.endpoints == {}
    assert world.store.of_kind("lease") == []
    assert {each.channel for each in world.said("I compared")} == {"C1", "COPERATOR"}


# Telling


def test_without_an_operator_the_channels_are_told_all_the_same(world: World) -> None:
    world.operator = ""
    world.rebuilt()
    training(world)
    swept(world.forget(), seconds=60)

    [text] = told_of_loss(world)
    assert text.startswith("JobMilestone: <@UTRAIN> I had lost track of")


def test_a_slack_that_is_away_keeps_nothing_from_being_found_and_is_told_later(world: World) -> None:
    training(world)
    world.forget()
    world.messages.order("find", *[down()] * 5)
    swept(world, seconds=120)

    assert world.jobs.find(JOB).phase is Phase.TRAINING
    assert len(told_of_loss(world)) == 2
    resource = world.store.get(Key("account", WEST))
    assert resource is not None
    assert resource.status["account"]["untold"] == []
    assert "outbox" not in resource.status


@pytest.mark.slow
@pytest.mark.parametrize(
    "point", ["after-commit", "before-commit", "after-post", "before-post", "before-find"]
)
@pytest.mark.parametrize("occurrence", [1, 2, 3])
def test_a_crash_anywhere_takes_up_everything_once(point: str, occurrence: int) -> None:
    world = World()
    training(world)
    world.forget().store.register(account.registration(WEST))
    world.crash_at(point, occurrence)
    world.pass_time(180)

    assert sorted(each.channel for each in world.said() if "lost track" in each.message.text) == [
        "C1",
        "COPERATOR",
    ]
    assert len(world.said("JobCard")) == 1


def test_clocks_that_are_apart_are_told_once_a_day(world: World) -> None:
    class Ahead(type(world.store)):  # type: ignore[misc]
        def now(self) -> float:
            return float(super().now()) + 90

    world.store = Ahead(world.clock)
    world.rebuilt()
    swept(world, seconds=3600)

    [told] = world.said("I compared")
    assert "90 s apart" in told.message.text


def test_a_listing_that_is_refused_keeps_no_endpoint_from_its_release(world: World) -> None:
    serving(world)
    world.clock.advance(3 * 3600)
    denied = Misconfigured("AWS does not allow it.", hint="Allow bedrock:ListModelCustomizationJobs.")
    world.forget().customization.order("list_since", *[bedrock.Fault(denied)] * 50)
    swept(world, seconds=30)

    assert world.endpoints.endpoints == {}


# Another bot


def test_throughput_of_another_prefix_is_told_with_what_it_was_and_released_in_time(world: World) -> None:
    """A prefix that was changed while something ran, or a second bot: nobody else may be left to release it."""
    serving(world)
    world.endpoints.only().tags[BOT] = "tunesmith-old"
    world.forget()
    swept(world)
    [news] = [each.message.text for each in world.said() if "another bot" in each.message.text]
    assert "was leased by another bot of this account, `tunesmith-old`" in news
    assert "set TUNESMITH_REDIS_PREFIX back to `tunesmith-old`" in news
    world.pass_time(70 * 60, step=30)
    assert world.endpoints.endpoints == {}
    assert world.store.of_kind("lease") == [], "whoever has it has that, too"


def test_throughput_of_a_bot_that_is_at_work_is_left_to_it_in_silence_unless_it_is_overdue(
    world: World,
) -> None:
    """Several workspaces on one account: nobody here has to know what another's lease is called."""
    serving(world)
    world.endpoints.only().tags[BOT] = "payroll"
    said = len(world.said())
    world.forget().neighbours.names.add("payroll")
    swept(world, seconds=50 * 60)
    assert (len(world.said()), world.store.of_kind("release")) == (said, [])
    world.pass_time(50 * 60, step=60)
    assert world.endpoints.endpoints == {}, "it was late with that"
    assert any("`payroll`" in each.message.text for each in world.said()[said:])


# Tags


def test_tags_tell_the_origin_or_nothing(world: World) -> None:
    training(world)
    marked = dict(world.customization.job(JOB).tags)
    found = origin(marked)

    assert found is not None
    assert (found.digest, found.owner, found.channel) == (plan().digest, "UTRAIN", "C1")
    assert found.thread_ts == world.said("JobCard")[0].ts
    assert origin(marked | {"tunesmith-digest": "beef"}) is None
    assert origin({}) is None
    assert BOT not in marked


def test_a_job_that_nobody_tagged_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        world.jobs.find(JOB)


# Plans


def planned(world: World, prompt: str = "You route claims.") -> JobPlan:
    """Have a plan started that an approver had to agree to, and return it."""
    made = plan(system_prompt=prompt, tokens=20_000_000)
    job = world.jobs.propose(made)
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    world.turn()
    world.press("job", job, "approve", "UBOSS")
    world.turn()
    world.customization.training(JOB)
    world.pass_time(120)
    return made


def last(world: World, card: type[Card]) -> Card:
    return [each for each in world.renderer.cards if isinstance(each, card)][-1]


def test_a_job_that_is_found_again_is_as_it_was(world: World) -> None:
    """Its cost, its dataset, who approved it, and the system prompt of the model that comes out of it."""
    made = planned(world)
    before = last(world, JobCard).view
    swept(world.forget(), seconds=120)
    after = last(world, JobCard).view

    assert (after.cost, after.dataset, after.owner) == (before.cost, before.dataset, before.owner)
    assert "unknown" not in after.cost
    resource = world.store.get(Key("job", made.id))
    assert resource is not None
    assert resource.spec["plan"] == dump(made)
    assert not any("Its plan is lost" in text for text in told_of_loss(world))

    world.customization.complete(JOB)
    world.pass_time(300)
    model_card = last(world, ModelCard)
    assert (model_card.started_by, model_card.approved_by) == ("UTRAIN", "UBOSS")
    kept = world.models.find(MODEL)
    assert kept is not None
    assert (kept.system_prompt, kept.dataset_name) == ("You route claims.", made.dataset_name)
    assert len(world.said("JobEnded")) == 1


@pytest.mark.parametrize("kept", [None, b"no JSON", "another's"])
def test_without_a_plan_that_can_be_used_it_is_followed_all_the_same_and_that_is_said(
    world: World, kept: bytes | str | None, caplog: pytest.LogCaptureFixture
) -> None:
    made = planned(world)
    if kept is None:
        world.plans.kept.clear()
    else:
        other = JobSpec(replace(made, owner="U9"), asked_at=world.clock.now())
        world.plans.kept[WEST, made.digest] = kept if isinstance(kept, bytes) else JOB_PLAN.write(other)
    swept(world.forget(), seconds=120)

    view = world.jobs.find(made.id)
    assert (view.name, view.phase, view.owner) == (JOB, Phase.TRAINING, "UTRAIN")
    told = [each for each in world.said("I compared") if "Its plan is lost as well" in each.message.text]
    assert {each.channel for each in told} == {"C1", "COPERATOR"}
    assert ("is ignored" in caplog.text) is (kept is not None)


def test_an_archive_that_refuses_is_as_good_as_empty(world: World) -> None:
    """Without s3:ListBucket, S3 refuses to say that there is nothing."""
    made = planned(world)
    world.plans.order("get", bedrock.Fault(Misconfigured("S3 refused.", hint="Allow s3:GetObject.")))
    swept(world.forget(), seconds=60)
    assert world.jobs.find(made.id).phase is Phase.TRAINING
    assert any("Its plan is lost as well" in each.message.text for each in world.said("I compared"))


def test_a_job_of_a_series_that_is_lost_goes_on_by_itself(world: World) -> None:
    sweep = world.sweeps.propose(
        source="claims", hyperparameter="epochs", values=["1", "2"], owner="UTRAIN", channel="C1"
    )
    world.turn()
    world.press("sweep", sweep, "start", "UTRAIN")
    world.pass_time(60)
    names = [name for _, name in world.customization.jobs]
    swept(world.forget(), seconds=120)
    assert {world.jobs.find(name).phase for name in names} == {Phase.VALIDATING}
    for name in names:
        world.customization.complete(name)
    world.pass_time(300)
    assert len(world.said("JobEnded")) == len(names) == 2
    assert world.customization.calls["create"] == 2


def test_an_archive_that_does_not_answer_is_waited_for(world: World) -> None:
    made = planned(world)
    world.plans.order("get", bedrock.down())
    swept(world.forget(), seconds=60)
    assert world.store.of_kind("job") == []

    world.pass_time(700, step=20)
    assert world.jobs.find(made.id).phase is Phase.TRAINING
    assert not any("Its plan is lost" in text for text in told_of_loss(world))


@pytest.mark.parametrize(
    ("faults", "kept"),
    [
        ([bedrock.down()] * 2, 1),
        ([bedrock.down()] * 50, 0),
        ([bedrock.Fault(Misconfigured("S3 refused."))], 0),
    ],
)
def test_a_start_waits_a_little_for_its_plan_to_be_kept_and_goes_on(
    world: World, faults: list[bedrock.Fault], kept: int
) -> None:
    world.plans.order("put", *faults)
    job = world.jobs.propose(plan())
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    world.turn()
    world.pass_time(60)
    assert world.jobs.find(job).phase is Phase.VALIDATING
    assert len(world.plans.kept) == kept
    assert len(world.customization.jobs) == 1


def test_a_crash_after_a_plan_is_kept_leaves_one_job_and_a_plan(world: World) -> None:
    job = world.jobs.propose(plan())
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    assert world.crash_at("after-keep-plan")
    assert world.customization.jobs == {}
    assert len(world.plans.kept) == 1
    world.rebuilt().pass_time(60)
    assert len(world.customization.jobs) == len(world.plans.kept) == 1


def test_a_plan_whose_job_was_never_made_harms_nobody(world: World) -> None:
    job = world.jobs.propose(plan())
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    assert world.crash_at("after-keep-plan")
    swept(world.forget(), seconds=700)
    assert world.store.of_kind("job") == []
    assert told_of_loss(world) == []


# Models


def trained(world: World, prompt: str = "You route claims.") -> JobPlan:
    """Have a model trained, and let so much time pass that nobody follows its job any more."""
    made = planned(world, prompt)
    world.customization.complete(JOB)
    world.pass_time(300)
    world.clock.advance(8 * 86_400)
    return made


def test_a_forgotten_model_can_be_asked_again_with_its_system_prompt(world: World) -> None:
    made = trained(world)
    before = world.models.find(MODEL)
    lease = world.leases.propose(
        world.leases.plan(model=MODEL, minutes=60, owner="UTRAIN", channel="C1", request="r")
    )
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(65)
    swept(world.forget(), seconds=60)

    after = world.models.find(MODEL)
    assert before
    assert after
    assert replace(after, created=before.created) == before
    assert abs(after.created - before.created) < timedelta(minutes=1), (
        "by AWS's clock, since ours is forgotten"
    )
    answerer = world.serving.answerer(MODEL, "C1")
    assert (answerer.system_prompt, answerer.endpoint_arn) == (made.system_prompt, world.endpoints.only().arn)
    assert [line.name for line in world.serving.models().lines] == [MODEL]
    told = [each for each in world.said("I compared") if "I had forgotten the model" in each.message.text]
    assert [each.channel for each in told] == ["COPERATOR"]
    assert world.store.of_kind("job") == []
    swept(world, seconds=2000)
    assert world.customization.calls["custom_model"] == 1


def test_a_model_without_its_plan_is_known_and_that_its_prompt_is_lost_is_said(world: World) -> None:
    trained(world)
    world.plans.kept.clear()
    swept(world.forget(), seconds=60)

    found = world.models.find(MODEL)
    assert found is not None
    assert (found.system_prompt, found.owner, found.profile) == (None, "UTRAIN", "claude-3-haiku")
    assert found.training_loss == 0.42
    told = [each for each in world.said("I compared") if "without the system prompt" in each.message.text]
    assert {each.channel for each in told} == {"C1", "COPERATOR"}


def test_the_models_of_others_are_left_alone_and_asked_about_once(world: World) -> None:
    world.customization.create(plan(job_name="theirs", model_name="theirs"), {"owner": "somebody"})
    world.customization.complete("theirs")
    world.clock.advance(8 * 86_400)
    swept(world, seconds=3600)
    assert world.models.find("theirs") is None
    assert world.customization.calls["tags"] == 1


def test_a_name_that_another_region_has_stays_that_ones(world: World) -> None:
    trained(world)
    world.forget().models.save(
        replace(model(), arn="arn:aws:bedrock:us-east-1:123456789012:custom-model/x/1")
    )
    swept(world, seconds=60)
    found = world.models.find(MODEL)
    assert found is not None
    assert "us-east-1" in found.arn


def test_a_model_whose_plan_names_a_base_that_is_gone_is_left_alone(world: World) -> None:
    made = trained(world)
    other = replace(made, profile="retired-base")
    job = world.customization.job(JOB)
    job.tags = dict(job.tags) | {"tunesmith-digest": other.digest}
    world.plans.kept[WEST, other.digest] = JOB_PLAN.write(JobSpec(other, asked_at=world.clock.now()))
    swept(world.forget(), seconds=60)
    assert world.models.find(MODEL) is None


@pytest.mark.chaos
@pytest.mark.parametrize(
    "point", ["after-model-found", "before-commit", "after-commit", "before-post", "after-post"]
)
@pytest.mark.parametrize("occurrence", [1, 2, 3, 4])
def test_a_crash_while_models_are_found_leaves_each_known_and_told_at_most_once(
    world: World, point: str, occurrence: int
) -> None:
    trained(world)
    world.forget().store.register(account.registration(WEST))
    world.crash_at(point, occurrence)
    world.pass_time(180)
    assert world.models.find(MODEL) is not None
    assert len([each for each in world.said() if "I had forgotten the model" in each.message.text]) <= 1
