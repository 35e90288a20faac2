from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.controller.documents import dump, load
from bot.errors import Refused
from bot.leases import tags
from bot.leases.deadlines import STARTUP, agreed, latest, left
from bot.leases.drafting import endpoint_name, freeze
from bot.leases.endpoint import LeasePhase
from bot.leases.model import LeaseSpec, LeaseStatus, Moment, ReleaseStatus
from bot.leases.transitions import ENDED, LIVE, TABLE, advance
from bot.profiles.model import Serving
from bot.profiles.service_patterns import PROVISIONED_MODEL_NAME, TAG_VALUE, check_tags
from tests.unit.jobs.samples import model

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
BEGUN = Moment(1000.0, AT, AT)


def moment(store: float = 0, local: float = 0, bedrock: float = 0) -> Moment:
    return Moment(1000.0 + store * 60, AT + timedelta(minutes=local), AT + timedelta(minutes=bedrock))


@pytest.mark.parametrize(
    ("now", "minutes"),
    [
        (moment(), 60),
        (moment(10, 10, 10), 50),
        (moment(10, 10, 600), 50),
        (moment(10, 600, 10), 50),
        (moment(600, 10, 10), 50),
        (moment(-30, 5, 5), 55),
        (moment(5, -600, 5), 55),
        (moment(5, 5, -600), 55),
        (moment(70, 70, 0), -10),
        (moment(10, 20, 30), 40),
        (moment(-30, -30, -30), 60),
    ],
)
def test_what_two_clocks_agree_on_counts(now: Moment, minutes: int) -> None:
    assert left(60, BEGUN, now) == timedelta(minutes=minutes)


@given(*[st.floats(-1e4, 1e4)] * 3)
def test_no_clock_makes_a_lease_longer(store: float, local: float, bedrock: float) -> None:
    remaining = left(60, BEGUN, moment(store, local, bedrock))

    assert remaining <= timedelta(minutes=60)


@given(
    true=st.floats(0, 1e4),
    apart=st.floats(-1, 1),
    wrong=st.floats(-1e6, 1e6),
    which=st.permutations(range(3)),
)
def test_one_wrong_clock_changes_nothing(true: float, apart: float, wrong: float, which: list[int]) -> None:
    by_clock = [(true, true + apart, wrong)[each] for each in which]
    remaining = left(60, BEGUN, moment(*by_clock)).total_seconds() / 60

    assert 60 - true - 1.001 <= remaining <= 60 - true + 1.001
    assert abs((agreed(now_at(*by_clock)) - AT).total_seconds() / 60 - true) <= 1.001


def now_at(store: float, local: float, bedrock: float) -> Moment:
    by_clock = [AT + timedelta(minutes=each) for each in (store, local, bedrock)]
    return Moment(by_clock[0].timestamp(), by_clock[1], by_clock[2])


def test_the_latest_release_leaves_time_to_come_into_service() -> None:
    assert latest(AT, 60) == AT + STARTUP + timedelta(hours=1)


def test_a_request_is_one_plan_and_another_is_another() -> None:
    def made(request: str) -> str:
        return freeze(model(), minutes=60, longest=480, owner="U1", channel="C1", request=request).digest

    assert made("a") == made("a")
    assert made("a") != made("b")


@pytest.mark.parametrize("minutes", [-1, 0, 4, 481])
def test_a_lease_has_bounds(minutes: int) -> None:
    with pytest.raises(Refused) as refused:
        freeze(model(), minutes=minutes, longest=480, owner="U1", channel="C1", request="a")
    assert "5 min to 8 h" in refused.value.hint


def test_how_it_is_served_is_the_profiles_business() -> None:
    nova = freeze(model(profile="nova-lite"), minutes=60, longest=480, owner="U1", channel="C1", request="a")

    assert nova.serving is Serving.ON_DEMAND_DEPLOYMENT
    assert nova.region == "us-east-1"


@given(st.text(max_size=80), st.text(max_size=80))
def test_endpoint_names_suit_the_service_and_are_unique(name: str, request: str) -> None:
    made = endpoint_name(name, request)

    assert PROVISIONED_MODEL_NAME.check(made) == made
    assert made != endpoint_name(name, request + "x")


def test_tags_suit_the_service_and_tell_the_deadline() -> None:
    plan = freeze(model(), minutes=60, longest=480, owner="U1", channel="C1", request="a")
    marked = tags.of_lease(plan, plan.owner, "1700000000.000100", AT)

    check_tags(marked)
    assert tags.is_ours(marked)
    assert tags.release_by(marked) == AT
    assert marked["slack"] == "C1/1700000000.000100"
    assert all(TAG_VALUE.check(value) == value for value in marked.values())


@pytest.mark.parametrize("value", ["", "soon", "2026-11-22T09:00:00"])
def test_a_deadline_that_cannot_be_read_is_none(value: str) -> None:
    assert tags.release_by({"release-by": value}) is None
    assert not tags.is_ours({"managed-by": "somebody"})


def test_every_phase_is_in_the_table_and_nothing_leaves_an_end() -> None:
    assert set(TABLE) == set(LeasePhase)
    assert [phase for phase in ENDED if TABLE[phase]] == []
    assert not LIVE & ENDED


def test_what_was_bought_reaches_an_end_only_through_its_release() -> None:
    status = LeaseStatus(phase=LeasePhase.IN_SERVICE)

    assert not advance(status, LeasePhase.CANCELLED)
    assert advance(status, LeasePhase.RELEASING)
    assert not advance(status, LeasePhase.IN_SERVICE)
    assert advance(status, LeasePhase.RELEASED)


def test_documents_come_back_as_they_went() -> None:
    plan = freeze(model(), minutes=60, longest=480, owner="U1", channel="C1", request="a")
    spec = LeaseSpec(plan, asked_at=AT, extra_minutes=30)
    status = LeaseStatus(phase=LeasePhase.IN_SERVICE, in_service=BEGUN, seen=BEGUN, created=AT)
    release = ReleaseStatus(arn="arn", in_service=BEGUN, released_at=AT)

    assert load(LeaseSpec, dump(spec)) == spec
    assert load(LeaseSpec, dump(spec)).minutes == 90
    assert load(LeaseSpec, dump(spec)).plan.digest == plan.digest
    assert load(LeaseStatus, dump(status)) == status
    assert load(ReleaseStatus, dump(release)) == release
