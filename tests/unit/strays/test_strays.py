"""What runs in the account beside our own: seen, told once a week, deleted or adopted, by whom it is for."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.errors import Misconfigured, NotAllowed, NotFound, Refused
from bot.leases import tags
from bot.leases.drafting import freeze
from bot.leases.endpoint import EndpointStatus, LeasePhase
from bot.models.model import CustomModel
from bot.profiles.model import Serving
from bot.spending import undo
from bot.spending.tags import BOT, DEPLOYMENT, MANAGED_BY, OURS, common
from bot.strays.cards import StrayList, StrayRemoved
from bot.strays.model import Outcome
from bot.strays.service import StrayService
from tests.doubles.bedrock import FakeEndpoint
from tests.doubles.deployments import FakeDeployment
from tests.doubles.world import World
from tests.examples import kills
from tests.tables import table
from tests.unit.jobs.samples import ACCESS, PRICES, model

OPERATOR, TRAINER = "UBOSS", "UTRAIN"
TUNED, NOVA = model(), model("claims-nova", profile="nova-lite")
WEST = TUNED.region
DIGEST = "ab" * 32
_COMMON = common(owner="U9", channel="C9", thread_ts=None, digest=DIGEST)
_DEADLINE = {tags.LEASE: DIGEST[:12], tags.RELEASE_BY: "2027-01-01T00:00:00+00:00"}


def made(world: World, name: str = "by-hand", of: CustomModel = TUNED, **marks: str) -> FakeEndpoint:
    """Return something that somebody else made in the account, a week ago."""
    plan = freeze(of, minutes=60, longest=600, owner="U9", channel="C9", request=name)
    arn = f"arn:aws:bedrock:{of.region}:123456789012:x/{name}"
    there = FakeEndpoint(
        replace(plan, endpoint_name=name), dict(marks), arn, world.clock.now() - timedelta(days=7), name
    )
    there.status = EndpointStatus.IN_SERVICE
    world.endpoints.endpoints[arn] = there
    return there


def begun(**access: object) -> World:
    world = World(access=replace(ACCESS, **access))  # type: ignore[arg-type]
    world.hears, world.prices = (OPERATOR,), PRICES
    world.models.save(TUNED)
    world.models.save(NOVA)
    return world.rebuilt()


@pytest.fixture
def world() -> World:
    return begun()


def strays(world: World, user: str = OPERATOR) -> StrayService:
    return world.stray_service(world.directory(user))


def looked(world: World) -> StrayList:
    strays(world).look()
    world.turn()
    return strays(world).found()


def stray(world: World) -> tuple[str, str]:
    """Return by what the only one is known."""
    [row] = looked(world).rows
    return row.stray.region, row.stray.id


def outcomes(world: World) -> list[Outcome]:
    told = {each.name: each for each in world.renderer.cards if isinstance(each, StrayRemoved)}
    return [each.outcome for each in told.values()] if world.said("StrayRemoved") else []


# Seeing


def test_what_is_nobodys_here_is_seen_and_what_is_looked_after_is_not(world: World) -> None:
    leased = world.leases.propose(
        world.leases.plan(model=TUNED.name, minutes=60, owner=TRAINER, channel="C1", request="r")
    )
    world.turn()
    world.press("lease", leased, "start", TRAINER)
    world.turn()
    world.neighbours.names.add("payroll")  # which is at work, and follows its own
    cases: Mapping[str, tuple[CustomModel, Mapping[str, str], object]] = {
        "hand": (TUNED, {}, ("", False)),
        "another tool": (TUNED, {"team": "research"}, ("", False)),
        "no deadline": (TUNED, {MANAGED_BY: OURS, BOT: ""}, ("", True)),
        "another bot": (NOVA, {**_COMMON, BOT: "staging", DEPLOYMENT: DIGEST[:12]}, ("staging", False)),
        "a neighbour": (NOVA, {**_COMMON, BOT: "payroll", DEPLOYMENT: DIGEST[:12]}, None),
        "another bot, leased": (TUNED, {**_COMMON, BOT: "staging", **_DEADLINE}, None),
        "forgotten lease": (TUNED, {**_COMMON, **_DEADLINE}, None),
        "forgotten deployment": (NOVA, {**_COMMON, DEPLOYMENT: DIGEST[:12], tags.MODEL: "m"}, None),
        "deployment without a model": (NOVA, {**_COMMON, DEPLOYMENT: DIGEST[:12]}, ("", True)),
    }
    for name, (of, marks, _) in cases.items():
        made(world, name.replace(" ", "-"), of, **marks)
    rows = {row.stray.name: (row.stray.bot, row.stray.is_ours) for row in looked(world).rows}
    with table() as row:
        for name, (_, _, seen) in cases.items():
            with row(name):
                assert rows.pop(name.replace(" ", "-"), None) == seen
    assert rows == {}, "and not the lease's own"


def test_the_dearest_goes_first_and_what_has_no_published_price_is_not_priced(world: World) -> None:
    made(world, "idle", NOVA)
    made(world, "dear")
    unknown = made(world, "unknown")
    unknown.plan = replace(unknown.plan, model_arn="arn:aws:bedrock:us-west-2::foundation-model/x.y")
    assert [(row.stray.name, row.hour.usd, row.may_be_adopted) for row in looked(world).rows] == [
        ("dear", Decimal("8.00"), True), ("unknown", None, False), ("idle", Decimal(0), True),
    ]  # fmt: skip


def test_it_is_told_to_the_operator_once_a_week_as_long_as_it_is_there(world: World) -> None:
    made(world)
    young = made(world, "young")
    young.created = world.clock.now() - timedelta(minutes=20)
    looked(world)
    [told] = world.said("StrayList")
    assert told.channel in (OPERATOR, f"D{OPERATOR}")
    [card] = [each for each in world.renderer.cards if isinstance(each, StrayList)]
    assert (card.weekly, [row.stray.name for row in card.rows]) == (True, ["by-hand"])
    world.pass_time(8 * 86_400, step=6 * 3600)
    assert len(world.said("StrayList")) == 2
    world.endpoints.endpoints.clear()
    world.pass_time(15 * 86_400, step=6 * 3600)
    assert len(world.said("StrayList")) == 2


def test_it_is_for_the_operator_and_the_approvers_alone() -> None:
    world = begun(operator="UOPS", guests=frozenset({"UOPS"}))
    made(world)
    region, one = stray(world)
    assert strays(world, "UOPS").found().rows
    with table() as row:
        for user in (TRAINER, "UNOBODY"):
            service = strays(world, user)
            for ask in (
                service.look,
                service.found,
                lambda service=service: service.find(region, one),
                lambda service=service: service.delete(region, one),
                lambda service=service: service.keep(region, one),
                lambda service=service: service.adopt(region, one, minutes=60, channel="C1", request="r"),
            ):
                with row(user), pytest.raises(NotAllowed):
                    ask()
    assert world.said("LeaseCard") == []


def test_an_account_that_does_not_let_us_look_says_so(world: World) -> None:
    world.endpoints.denied["tags"] = Misconfigured("AWS does not allow me to do this.")
    made(world)
    shown = looked(world)
    assert (shown.rows, shown.trouble) == ((), "AWS does not allow me to do this.")


# Deleting


def test_it_is_deleted_in_a_moment_unless_that_is_taken_back(world: World) -> None:
    one = made(world)
    region, which = stray(world)
    assert strays(world).delete(region, which).ends_in == undo.SECONDS
    world.turn()
    assert strays(world).found().rows[0].is_undoable
    assert strays(world).keep(region, which) == "by-hand"
    world.pass_time(60)
    assert one.arn in world.endpoints.endpoints
    strays(world).delete(region, which)
    world.pass_time(30)
    assert world.endpoints.deleted
    assert one.tags == {MANAGED_BY: OURS}, (
        "the policy that is printed for the bot lets it delete what has this tag"
    )
    assert strays(world).found().rows == ()
    [told] = world.said("StrayRemoved")
    assert told.channel in (OPERATOR, f"D{OPERATOR}")
    assert outcomes(world) == [Outcome.DELETED]
    with pytest.raises(NotFound):
        strays(world).delete(region, which)


def test_one_that_aws_does_not_show_for_minutes_is_not_told_to_be_gone(world: World) -> None:
    """It is billed all the same: it is deleted once it is shown."""
    one = made(world)
    world.clock.advance(60)
    region, which = stray(world)
    strays(world).delete(region, which)
    hidden = dict(world.endpoints.endpoints)
    world.endpoints.endpoints.clear()
    world.pass_time(5 * 60, step=20)
    assert outcomes(world) == []
    world.endpoints.endpoints.update(hidden)
    world.pass_time(3 * 60, step=20)
    assert outcomes(world) == [Outcome.DELETED]
    assert [arn for arn, _ in world.endpoints.deleted] == [one.arn]


def test_what_it_is_by_the_time_that_it_is_deleted_counts(world: World) -> None:
    def goes(one: FakeEndpoint) -> None:
        del world.endpoints.endpoints[one.arn]

    def is_adopted(one: FakeEndpoint) -> None:
        one.tags |= {**_COMMON, **_DEADLINE}

    def is_denied(_one: FakeEndpoint) -> None:
        world.endpoints.denied["delete"] = Misconfigured("AWS does not allow me to do this.")

    for change, outcome in ((goes, Outcome.GONE), (is_adopted, Outcome.HELD), (is_denied, Outcome.FAILED)):
        world.endpoints.endpoints.clear()
        one = made(world, f"the-one-that-{outcome}")
        world.clock.advance(60)
        region, which = stray(world)
        strays(world).delete(region, which)
        change(one)
        world.pass_time(60 if outcome is not Outcome.GONE else 15 * 60)
        assert outcomes(world)[-1] is outcome
        assert world.endpoints.deleted == []
    world.endpoints.denied.clear()
    strays(world).delete(*stray(world))
    world.pass_time(60)
    assert outcomes(world)[-1] is Outcome.DELETED, "pressed again, it is tried again"


def test_what_was_bought_for_a_term_is_not_deleted(world: World) -> None:
    one = made(world)
    one.committed_until = world.clock.now() + timedelta(days=20)
    region, which = stray(world)
    with pytest.raises(Refused, match="bought for a term"):
        strays(world).delete(region, which)
    assert one.arn in world.endpoints.endpoints


@pytest.mark.chaos
def test_a_crash_anywhere_deletes_it_and_tells_it_once() -> None:
    def wanted() -> World:
        made_anew = begun()
        made(made_anew)
        strays(made_anew).delete(*stray(made_anew))
        made_anew.clock.advance(undo.SECONDS)
        return made_anew

    names = wanted().places()
    assert {"after-take-wish", "before-mark-stray", "before-delete-stray", "after-delete-stray"} <= set(names)
    for place in kills(names):
        killed, where = wanted(), (place, names[place - 1])
        killed.crash_in(place)
        killed.rebuilt().pass_time(200, step=20)
        assert len(killed.endpoints.deleted) == 1, where
        assert len(killed.said("StrayRemoved")) == 1, where
        assert outcomes(killed) == [Outcome.DELETED], where


# Adopting


def adopted(world: World, minutes: int = 60) -> str:
    strays(world).adopt(*stray(world), minutes=minutes, channel="C1", request="r")
    world.turn()
    [lease] = world.store.of_kind("lease")
    return lease.key.id


def test_what_is_to_be_deleted_is_not_adopted_until_that_is_taken_back(world: World) -> None:
    made(world)
    region, which = stray(world)

    def adopts() -> None:
        strays(world).adopt(region, which, minutes=60, channel="C1", request="r")

    strays(world).delete(region, which)
    with pytest.raises(Refused, match=f"<@{OPERATOR}> has it deleted") as refused:
        adopts()
    assert "*Keep*" in refused.value.hint
    world.clock.advance(undo.SECONDS)
    with pytest.raises(Refused, match="has it deleted") as refused:
        adopts()
    assert refused.value.hint == ""
    assert world.store.of_kind("lease") == []

    world.endpoints.denied["delete"] = Misconfigured("AWS does not allow me to do this.")
    world.pass_time(60)
    assert outcomes(world) == [Outcome.FAILED]
    adopts()
    assert len(world.store.of_kind("lease")) == 1, "what came to nothing speaks against nothing"


def test_what_was_kept_is_adopted(world: World) -> None:
    made(world)
    region, which = stray(world)
    strays(world).delete(region, which)
    strays(world).keep(region, which)
    assert adopted(world)


@pytest.mark.slow
def test_adopted_throughput_is_priced_agreed_to_and_deleted_at_its_deadline(world: World) -> None:
    one = made(world)
    lease = adopted(world)
    view = world.leases.find(lease)
    # An hour and the ten minutes of its release: two begun hours from now on, and no start-up.
    assert (view.phase, view.total, view.is_adopted) == (LeasePhase.PLANNED, "at most $16.00", True)
    assert one.tags == {}, "nothing is touched before somebody agrees"
    world.press("lease", lease, "start", OPERATOR)
    world.pass_time(30)
    assert (one.tags[tags.LEASE], world.leases.find(lease).phase) == (lease, LeasePhase.IN_SERVICE)
    assert world.serving.answerer(TUNED.name, "C1").endpoint_arn == one.arn
    assert tags.release_by(one.tags) is not None
    assert world.endpoints.calls["create"] == 0
    assert looked(world).rows == ()
    world.pass_time(59 * 60, step=60)
    assert one.arn in world.endpoints.endpoints
    world.pass_time(3 * 60)
    assert [arn for arn, _ in world.endpoints.deleted] == [one.arn]
    ended = world.leases.find(lease)
    assert (ended.phase, ended.spent) == (LeasePhase.RELEASED, "≈ $8.00"), (
        "from its start on, a week is not ours"
    )


def test_what_names_one_of_ours_and_can_not_be_found_again_by_it_is_adopted_all_the_same(
    world: World,
) -> None:
    """What runs with our tags and without a deadline is nobody's: what is offered for adoption is taken."""
    left = {**_COMMON, tags.LEASE: DIGEST[:12], tags.RELEASE_BY: "soon", tags.MODEL: "other"}
    one = made(world, "left", TUNED, **left)
    lease = adopted(world)
    world.press("lease", lease, "start", OPERATOR)
    world.pass_time(30)
    assert world.leases.find(lease).phase is LeasePhase.IN_SERVICE
    assert (one.tags[tags.LEASE], one.tags["owner"], one.tags[tags.MODEL]) == (lease, OPERATOR, TUNED.name)
    assert tags.release_by(one.tags) is not None

    world.clock.advance(60)
    there = deployment(world)
    there.tags.update({**_COMMON, DEPLOYMENT: DIGEST[:12]})
    strays(world).adopt(*stray(world), minutes=0, channel="C1", request="r")
    world.pass_time(60)
    assert world.serving.answerer(NOVA.name, "C1").endpoint_arn == there.arn
    assert there.tags[DEPLOYMENT] != DIGEST[:12]


def test_one_that_is_called_as_another_model_is_neither_released_in_its_place(world: World) -> None:
    leased = world.leases.propose(
        world.leases.plan(model=TUNED.name, minutes=60, owner=TRAINER, channel="C1", request="r")
    )
    world.turn()
    world.press("lease", leased, "start", TRAINER)
    world.turn()
    made(world, TUNED.name, replace(TUNED, arn=f"{TUNED.arn}9", name="unknown"))
    strays(world).adopt(*stray(world), minutes=60, channel="C1", request="r")
    world.turn()
    [own] = [each.key.id for each in world.store.of_kind("lease") if each.key.id != leased]
    world.press("lease", own, "start", OPERATOR)
    world.pass_time(30)
    assert {each.id for each in world.leases.called(TUNED.name)} == {own, leased}
    with pytest.raises(Refused, match="2 leases are called `claims-router`") as refused:
        world.leases.release(TUNED.name, OPERATOR)
    assert own in refused.value.hint
    assert leased in refused.value.hint
    assert world.leases.release(own, OPERATOR).id == own
    world.pass_time(60)
    assert [each.id for each in world.leases.called(TUNED.name)] == [leased]


def test_two_who_adopt_the_same_thing_have_one_lease_of_it(world: World) -> None:
    one = made(world)
    first = adopted(world)
    strays(world).adopt(*stray(world), minutes=120, channel="C1", request="r2")
    world.turn()
    [second] = [each.key.id for each in world.store.of_kind("lease") if each.key.id != first]
    for lease in (first, second):
        with suppress(Refused):
            world.press("lease", lease, "start", OPERATOR)
    world.pass_time(60)
    assert [each.id for each in world.leases.live()] == [one.tags[tags.LEASE]]
    assert world.endpoints.calls["create"] == 0
    world.leases.release(one.tags[tags.LEASE], OPERATOR)
    world.pass_time(60)
    assert len(world.endpoints.deleted) == 1


def test_what_is_somebodys_by_the_time_that_it_is_started_is_not_taken() -> None:
    """Tried: a look at the account, another person's press and another bot may come between the look and the press."""
    for marks in ({**_COMMON, **_DEADLINE}, {**_COMMON, BOT: "staging"}):
        world = begun()
        one = made(world)
        lease = adopted(world)
        one.tags.update(marks)
        world.press("lease", lease, "start", OPERATOR)
        world.pass_time(20)
        assert world.leases.find(lease).phase is LeasePhase.REFUSED, marks
        assert one.tags == marks


def test_one_that_is_gone_when_it_is_started_is_told_so_and_costs_nothing(world: World) -> None:
    one = made(world)
    lease = adopted(world)
    del world.endpoints.endpoints[one.arn]
    world.press("lease", lease, "start", OPERATOR)
    world.pass_time(120)
    view = world.leases.find(lease)
    assert view.phase is LeasePhase.REFUSED
    assert "is not there any more" in str(view.explanation)
    assert [each.counts for each in world.ledger.kept.values()] == [Decimal(0)]
    assert world.endpoints.calls["create"] == 0


def test_one_that_is_another_when_it_is_started_is_not_taken(world: World) -> None:
    """Tried: what somebody does to it at AWS between the look and the press on its card."""

    def another_model(one: FakeEndpoint) -> None:
        one.model_arn = f"{TUNED.arn}9"

    def on_its_way(one: FakeEndpoint) -> None:
        one.desired = f"{TUNED.arn}9"

    def more_units(one: FakeEndpoint) -> None:
        one.plan = replace(one.plan, model_units=5)

    def for_a_term(one: FakeEndpoint) -> None:
        one.committed_until = world.clock.now() + timedelta(days=20)

    with table() as row:
        for change in (another_model, on_its_way, more_units, for_a_term):
            with row(change.__name__):
                world = begun()
                one = made(world)
                lease = adopted(world)
                change(one)
                world.press("lease", lease, "start", OPERATOR)
                world.pass_time(120)
                assert (world.leases.find(lease).phase, one.tags) == (LeasePhase.REFUSED, {})
                assert "was changed at AWS" in str(world.leases.find(lease).explanation)
                assert [each.counts for each in world.ledger.kept.values()] == [Decimal(0)]


@pytest.mark.slow
def test_one_whose_tags_cannot_be_read_is_neither_taken_nor_deleted_by_its_name(world: World) -> None:
    one = made(world)
    lease = adopted(world)
    world.endpoints.denied["tags"] = Misconfigured("AWS does not allow me to do this.")
    world.press("lease", lease, "start", OPERATOR)
    world.pass_time(2 * 3600, step=60)
    assert one.arn in world.endpoints.endpoints
    assert one.tags == {}


def test_what_cannot_be_adopted_says_why(world: World) -> None:
    staging = made(world, "theirs", TUNED, **{**_COMMON, BOT: "staging"})
    region, which = stray(world)
    with pytest.raises(Refused, match="another Tunesmith bot"):
        strays(world).adopt(region, which, minutes=60, channel="C1", request="r")
    assert strays(world).delete(region, which).row.stray.bot == "staging", "which its card says before"
    world.pass_time(30)
    assert staging.arn not in world.endpoints.endpoints
    made(world, "short")
    world.clock.advance(60)
    with pytest.raises(Refused, match="too short"):
        strays(world).adopt(*stray(world), minutes=1, channel="C1", request="r")


@pytest.mark.chaos
def test_a_crash_anywhere_adopts_it_once_and_never_loses_its_end() -> None:
    def agreed() -> World:
        made_anew = begun()
        made(made_anew)
        made_anew.press("lease", adopted(made_anew), "start", OPERATOR)
        return made_anew

    names = agreed().places()
    assert {"before-adopt-endpoint", "after-adopt-endpoint"} <= set(names)
    for place in kills(names):
        killed, where = agreed(), (place, names[place - 1])
        killed.crash_in(place)
        killed.rebuilt().pass_time(90 * 60, step=120)
        assert len(killed.endpoints.deleted) == 1, where
        assert killed.endpoints.calls["create"] == 0, where
        assert len(killed.said("LeaseCard")) == 1, where
        [entry] = killed.ledger.kept.values()
        assert Decimal(0) < entry.counts <= Decimal(16), where


def deployment(world: World) -> FakeDeployment:
    """Return a deployment that somebody else made, as both ports see it."""
    one = made(world, "eval", NOVA)
    assert one.plan.serving is Serving.ON_DEMAND_DEPLOYMENT
    there = FakeDeployment(NOVA.region, "eval", one.arn, NOVA.arn, "t", one.tags, one.created, "Active")
    world.deployments.there[one.arn] = there
    return there


def test_an_adopted_deployment_answers_and_stays_until_somebody_removes_it(world: World) -> None:
    one = deployment(world)
    strays(world).adopt(*stray(world), minutes=0, channel="C1", request="r")
    world.pass_time(60)
    assert one.tags[DEPLOYMENT]
    assert world.deployments.made == []
    answerer = world.serving.answerer(NOVA.name, "C1")
    assert answerer.endpoint_arn == one.arn
    assert looked(world).rows == ()
    world.deploying.remove(NOVA.name, OPERATOR)
    world.pass_time(60)
    assert world.deployments.there == {}


def test_a_deployment_that_is_gone_is_told_so(world: World) -> None:
    one = deployment(world)
    strays(world).adopt(*stray(world), minutes=0, channel="C1", request="r")
    del world.deployments.there[one.arn]
    world.pass_time(60)
    assert world.deployments.made == []
    [told] = world.said("DeploymentMilestone")
    assert "is not there any more" in told.message.text


@pytest.mark.chaos
def test_a_crash_anywhere_adopts_a_deployment_once() -> None:
    def wanted() -> World:
        made_anew = begun()
        deployment(made_anew)
        strays(made_anew).adopt(*stray(made_anew), minutes=0, channel="C1", request="r")
        return made_anew

    names = wanted().places()
    assert {"before-adopt-deployment", "after-adopt-deployment"} <= set(names)
    for place in kills(names):
        killed, where = wanted(), (place, names[place - 1])
        killed.crash_in(place)
        killed.rebuilt().pass_time(200, step=20)
        assert killed.deployments.made == [], where
        assert len(killed.said("DeploymentMilestone")) == len(killed.said("DeploymentCard")) == 1, where
