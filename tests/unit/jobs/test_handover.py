"""What is in the care of another: who may have it, who is told, who owns the model, whose money it is."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.account import reconciler as account
from bot.controller.crash_points import crashing
from bot.controller.documents import load
from bot.controller.model import Key
from bot.errors import BadField, NotAllowed, NotFound
from bot.jobs.model import Phase
from bot.leases.endpoint import LeasePhase
from bot.leases.model import RELEASE, RELEASE_SCHEMA, ReleaseSpec
from bot.leases.remembered_deadlines import deadline_of
from bot.schedules.hours import parse
from bot.serving.handover_service import _KINDS, HandoverService
from bot.spending.model import Handover
from tests.doubles.world import World
from tests.tables import table
from tests.unit.jobs.samples import ACCESS, model, plan

OWNER, OTHER, OPERATOR = "UTRAIN", "UTRAIN2", "UOPS"
MODEL = "claims-router"


def known() -> World:
    members = ACCESS.guests | {OPERATOR, OTHER}
    access = replace(ACCESS, operator=OPERATOR, trainers=ACCESS.trainers | {OTHER}, guests=members)
    return World(access=access)


@pytest.fixture
def world() -> World:
    return known()


def service(world: World, user: str = OWNER) -> HandoverService:
    return HandoverService(world.store, world.directory(user), world.access, world.clock)


def training(world: World) -> str:
    made = plan(job_name="claims", model_name=MODEL)
    world.jobs.propose(made)
    world.turn()
    world.press("job", made.id, "start", OWNER)
    world.pass_time(65)
    return made.id


def awake(world: World) -> str:
    world.models.save(model())
    lease = world.leases.propose(
        world.leases.plan(model=MODEL, minutes=60, owner=OWNER, channel="C1", request="r")
    )
    world.turn()
    world.press("lease", lease, "start", OWNER)
    world.turn()
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(65)
    return lease


def deployed(world: World) -> str:
    world.models.save(model(MODEL, profile="nova-lite"))
    found = world.deploying.deploy(model=MODEL, owner=OWNER, channel="C1", request="r")
    world.turn()
    world.deployments.active()
    world.pass_time(20)
    return found


def in_office_hours(world: World) -> str:
    world.models.save(model())
    hours = world.schedules.propose(
        model=MODEL, hours=parse("daily/10-12"), weeks=1, owner=OWNER, channel="C1", request="r"
    )
    world.turn()
    world.press("schedule", hours, "start", OWNER)
    world.press("schedule", hours, "approve", "UBOSS")
    world.turn()
    return hours


def told(world: World, user: str) -> list[str]:
    return [each.message.text for each in world.messages.visible() if each.channel in (user, f"D{user}")]


@pytest.mark.parametrize("name", ["claims", "CLAIMS", MODEL])
def test_a_job_is_told_to_its_new_owner_who_owns_its_model_then(world: World, name: str) -> None:
    job = training(world)
    handed = service(world).hand_over(name, OTHER)
    assert (handed.jobs, handed.leases) == (("claims",), ())
    world.turn()

    assert world.jobs.find(job).owner == OTHER
    assert [each.name for each in world.jobs.list("mine", OTHER).views] == ["claims"]
    assert world.jobs.list("mine", OWNER).views == ()
    for user in (OWNER, OTHER):
        assert len([each for each in told(world, user) if "JobHandedOver" in each]) == 1, user
    world.customization.complete("claims")
    world.pass_time(300)
    [end] = world.said("JobEnded")
    assert f"<@{OTHER}>" in end.message.text
    found = world.models.find(MODEL)
    assert found
    assert found.owner == OTHER


def test_a_job_that_ended_well_passes_its_model_on(world: World) -> None:
    training(world)
    world.customization.complete("claims")
    world.pass_time(300)
    shown = [each.ts for each in world.messages.visible() if each.channel == "C1"]
    assert service(world).hand_over(MODEL, OTHER).models == (MODEL,)
    world.pass_time(30)

    [line] = world.serving.models(MODEL).lines
    assert (line.owner, line.trained_by) == (OTHER, OWNER)
    assert all("has_ended=True" in each for each in told(world, OTHER) if "JobHandedOver" in each)
    assert [each.ts for each in world.messages.visible() if each.channel == "C1"] == shown, (
        "nothing is told twice"
    )


def test_a_lease_is_ended_by_its_new_owner_and_its_trouble_is_theirs(world: World) -> None:
    lease = awake(world)
    assert service(world).hand_over(MODEL, OTHER).leases == (MODEL,)
    world.turn()

    running = world.leases.running(MODEL)
    assert (running.owner, running.started_by) == (OTHER, OWNER)
    for user in (OWNER, OTHER):
        assert len([each for each in told(world, user) if "LeaseHandedOver" in each]) == 1, user
    release = world.store.get(Key(RELEASE, lease))
    assert release
    assert load(ReleaseSpec, release.spec).owner == OTHER
    marked = world.endpoints.only().tags
    assert marked["owner"] == OTHER, "whom AWS alone can tell of it"
    assert deadline_of(RELEASE_SCHEMA.spec_of(release), world.store.get(Key("lease", lease))).owner == OTHER
    world.leases.release(MODEL, OTHER)
    world.pass_time(300)
    assert world.leases.find(lease).phase is LeasePhase.RELEASED
    assert not [each for each in told(world, OWNER) if "EndedByAnother" in each], "it was not theirs any more"


def test_a_lease_that_was_handed_over_and_forgotten_is_its_new_owners(world: World) -> None:
    lease = awake(world)
    service(world).hand_over(MODEL, OTHER)
    world.turn()
    world.forget().models.save(model())
    world.store.register(account.registration("us-west-2"))
    world.pass_time(60)
    assert world.leases.find(lease).owner == OTHER
    assert world.leases.find(lease).started_by == OWNER
    assert len([each for each in told(world, OWNER) if "LeaseHandedOver" in each]) == 1, "told once"


def test_office_hours_are_stopped_by_their_new_owner_who_has_their_leases(world: World) -> None:
    hours = in_office_hours(world)
    assert service(world).names() == [MODEL]
    assert service(world).hand_over(MODEL, OTHER).schedules == (MODEL,)
    world.turn()
    for user in (OWNER, OTHER):
        assert len([each for each in told(world, user) if "ScheduleHandedOver" in each]) == 1, user
    [kept] = world.schedules.running()
    assert kept.owner == OTHER
    world.access = replace(world.access, trainers=world.access.trainers - {OWNER})
    world.rebuilt()  # who had them has left
    world.pass_time(41 * 60, step=600)
    [lease] = world.leases.live()
    assert (lease.owner, lease.started_by) == (OTHER, OWNER)
    assert world.endpoints.only().tags["owner"] == OTHER
    assert not [each for each in told(world, OTHER) if "LeaseHandedOver" in each], "not each day anew"

    with pytest.raises(NotAllowed):
        world.schedules.stop(hours, "UELSE")
    world.schedules.stop(hours, OTHER)
    world.pass_time(20)
    [over] = world.said("ScheduleEnded")
    assert OTHER in over.message.text
    with pytest.raises(NotFound):
        service(world, OTHER).hand_over("nothing", OWNER)


def test_a_deployment_is_removed_by_its_new_owner_whom_its_tags_name_and_its_warnings_reach(
    world: World,
) -> None:
    made = deployed(world)
    assert service(world).names() == [MODEL]
    assert service(world).hand_over(MODEL, OTHER).deployments == (MODEL,)
    world.turn()
    for user in (OWNER, OTHER):
        assert len([each for each in told(world, user) if "DeploymentHandedOver" in each]) == 1, user
    assert world.deploying.find(made).owner == OTHER
    world.pass_time(31 * 24 * 3600, step=12 * 3600)
    assert world.deployments.only().tags["owner"] == OTHER, "a bot that lost its memory gives it to them"
    assert [each for each in told(world, OTHER) if "DeploymentIdle" in each]
    assert not [each for each in told(world, OWNER) if "DeploymentIdle" in each]
    world.deploying.remove(MODEL, OTHER)
    world.pass_time(60)
    assert world.deployments.there == {}
    assert not [each for user in (OWNER, OTHER) for each in told(world, user) if "RemovedByAnother" in each]


def test_what_was_agreed_to_goes_on_counting_for_whoever_agreed(world: World) -> None:
    world.budgets = {"workspace": Decimal(1000)}
    world.rebuilt()
    awake(world)
    before = world.budget_service.report(lambda _month, _channel: True)
    service(world).hand_over(MODEL, OTHER)
    world.pass_time(30)
    after = world.budget_service.report(lambda _month, _channel: True)
    assert after == before
    assert OTHER not in str(after)


def test_who_may_and_who_may_have_it(world: World) -> None:
    training(world)
    refused: dict[tuple[str, str], tuple[type[Exception], str]] = {
        (OTHER, OTHER): (NotAllowed, "Only its owner or the operator"),
        ("UBOSS", OTHER): (NotAllowed, "Only its owner or the operator"),
        (OWNER, OWNER): (BadField, "has `claims` already"),
        (OWNER, "UNOBODY"): (BadField, "may not start such a thing"),
        (OPERATOR, OWNER): (BadField, "has `claims` already"),
    }
    with table() as row:
        for (user, to), (kind, words) in refused.items():
            with row(user, to), pytest.raises(kind, match=words):
                service(world, user).hand_over("claims", to)
    world.turn()
    assert not [each for each in world.messages.visible() if "HandedOver" in each.message.text]
    service(world, OPERATOR).hand_over("claims", OTHER)
    world.turn()
    assert world.jobs.find("claims").owner == OTHER
    with pytest.raises(NotAllowed):
        service(world, OWNER).hand_over("claims", OWNER)


def test_it_is_not_given_to_whom_its_channel_is_closed(world: World) -> None:
    made = plan(job_name="claims", model_name=MODEL, channel="G1")
    world.memberships.private("G1", OWNER)
    world.jobs.propose(made)
    world.turn()
    world.press("job", made.id, "start", OWNER)
    world.pass_time(65)
    with pytest.raises(BadField, match="does not see where `claims` is from"):
        service(world).hand_over("claims", OTHER)


def test_what_nobody_has_started_is_not_handed_over(world: World) -> None:
    made = plan(job_name="claims", model_name=MODEL)
    world.jobs.propose(made)
    world.turn()
    for name in ("claims", MODEL, "nothing"):
        with pytest.raises(NotFound, match="no job, lease, deployment or plan"):
            service(world).hand_over(name, OTHER)
    assert world.jobs.find("claims").phase is Phase.PLANNED


@pytest.mark.slow
@pytest.mark.parametrize("what", [training, awake, deployed, in_office_hours])
def test_a_process_killed_anywhere_tells_both_once(what: object) -> None:
    passed: list[str] = []
    whole = known()
    what(whole)  # type: ignore[operator]
    service(whole).hand_over(MODEL, OTHER)
    with crashing(passed.append):
        whole.turn()
    assert "after-commit" in passed
    expected = {user: told(whole, user) for user in (OWNER, OTHER)}
    assert all(expected.values())
    with table() as row:
        for place, name in enumerate(passed, start=1):
            with row(place, name):
                world = known()
                what(world)  # type: ignore[operator]
                service(world).hand_over(MODEL, OTHER)
                assert world.crash_at(name, passed[:place].count(name))
                world.pass_time(100)
                said = {user: [e for e in told(world, user) if "HandedOver" in e] for user in (OWNER, OTHER)}
                assert said == {user: [e for e in expected[user] if "HandedOver" in e] for user in said}


def test_what_broke_off_half_way_is_handed_over_the_rest_of_the_way(world: World) -> None:
    """Tried: the store falls silent after the first part; the same words again are no refusal."""
    training(world)
    world.customization.complete("claims")
    world.pass_time(300)
    lease = awake(world)
    world.store.amend(Key("lease", lease), _KINDS["lease"].give(Handover(OTHER, OWNER, world.clock.now())))
    handed = service(world, OPERATOR).hand_over(MODEL, OTHER)
    assert (handed.jobs, handed.leases) == (("claims",), ())
    with pytest.raises(BadField, match="already"):
        service(world, OPERATOR).hand_over(MODEL, OTHER)


def test_what_the_menu_offers_is_found_by_that_name(world: World) -> None:
    """Tried: throughput that was made elsewhere, whose model is none of ours, chosen from the menu."""
    awake(world)
    world.models._models.clear()
    [name] = service(world).names()
    assert service(world).hand_over(name, OTHER).leases == (MODEL,)
