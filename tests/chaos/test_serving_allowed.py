"""What a journey with models by the hour excuses, and at what time of day it can be made: at any.

Without a server and without a bot: only what the checker goes by.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.questions.reconciler.question import ASKS
from bot.schedules.hours import following, parse
from tests.chaos.harness.allowances import ALWAYS, SERVED, Conversation, unexplained
from tests.chaos.harness.boundaries import Boundary, Fault
from tests.chaos.harness.checker import is_offer, is_unheard
from tests.chaos.harness.serving import IS_LONGER, by_day

ASKED = "claims-router: Patient stage IV, denied prior auth, plan United"
BASE = "`claims-router` _is asleep. Its base, Claude # Haiku, answers meanwhile:_\n\nThat depends."
BROKE_OFF = f"{BASE}\n\n_The answer of its base broke off._"
AWAKE = ":large_green_circle: `claims-router` is awake: its answer is below, or on its way."
TOLD = "<@<id>> `claims-router` is in service for # h from now. Ask it with `/ask`."
ANSWER = "<@<id>>, `claims-router` _is awake. You asked it this:_\n\nappeals"
OVER = "<@<id>> Released: AWS confirms it."
WANTED = (ASKED, BASE, AWAKE, TOLD, ANSWER, OVER)

CONVERSE, STORE = "bedrock POST model/converse-stream", "redis commit resource question"


def _is_excused(found: Conversation, **times: int) -> bool:
    return unexplained([found], [WANTED], SERVED, {ALWAYS: 1} | times) == ([], [])


@pytest.mark.parametrize(
    "found",
    [
        (ASKED, BASE, AWAKE, TOLD, OVER),
        (ASKED, BASE, AWAKE, ANSWER, OVER),
        (ASKED, BASE, AWAKE, TOLD, ANSWER, ANSWER, OVER),
        (ASKED, BASE, AWAKE, ANSWER, OVER, TOLD),
        (ASKED, BASE, TOLD, ANSWER, AWAKE, OVER),
        (ASKED, AWAKE, BASE, TOLD, ANSWER, OVER),
    ],
    ids=str,
)
def test_two_that_do_not_wait_for_each_other_stand_in_either_order_and_nothing_else_does(
    found: Conversation,
) -> None:
    assert _is_excused((ASKED, BASE, AWAKE, ANSWER, TOLD, OVER))
    assert not _is_excused(found)


def test_a_base_that_was_given_up_is_missed_by_nobody_and_one_that_was_not_is() -> None:
    for there in ((), ("`claims-router` is asleep.",), (BROKE_OFF,)):
        found = (ASKED, *there, AWAKE, TOLD, ANSWER, OVER)
        assert _is_excused(found, **{"base unheard": 1}), there
        assert not _is_excused(found), there
    other = (ASKED, "There is no such model.", AWAKE, TOLD, ANSWER, OVER)
    assert not _is_excused(other, **{"base unheard": 1})


@pytest.mark.parametrize(
    ("chapter", "name", "kind", "times", "unheard"),
    [
        ("asleep", CONVERSE, "answer", 1, True),
        ("asleep", STORE, "cut", 1, True),
        ("asleep", CONVERSE, "kill", ASKS, True),
        ("asleep", CONVERSE, "kill", ASKS - 1, False),
        ("asleep", "slack chat.startStream", "answer", 9, False),
        ("asleep", CONVERSE, "delay", 9, False),
        ("wake", CONVERSE, "kill", 9, False),
        ("wake", CONVERSE, "answer", 9, False),
    ],
)
def test_a_base_is_given_up_where_a_call_failed_or_where_it_died_too_often(
    chapter: str, name: str, kind: str, times: int, unheard: bool
) -> None:
    done = [(Boundary(chapter, name, n), Fault(kind)) for n in range(times)]  # type: ignore[arg-type]
    assert is_unheard(done) is unheard


def test_office_hours_are_on_at_whatever_time_the_journey_is_made() -> None:
    midnight = datetime(2026, 11, 30, tzinfo=UTC)
    for minute in range(0, 24 * 60, 5):
        now = midnight + timedelta(minutes=minute)
        zone, written = by_day(now)
        window = following(parse(f"daily/{written}"), ZoneInfo(zone), now)
        assert window.begin < now, (now, zone, written)
        assert window.end - now == timedelta(hours=2, minutes=30), (now, zone, written)


@pytest.mark.parametrize(
    ("left", "longer"),
    [("1 h", False), ("59 min", False), ("2 h", True), ("1 h 59 min", True), ("1 h 58 min", True)],
)
def test_a_lease_is_longer_than_its_hour_only_once_it_was_made_so(left: str, longer: bool) -> None:
    card = f":large_green_circle: *`claims-router`* · in service · *{left} left*, until 00:50 UTC"
    assert bool(IS_LONGER.search(card)) is longer


@pytest.mark.parametrize("kind", ["job", "lease", "schedule", "deployment", "sweep"])
def test_a_plan_of_any_kind_that_nobody_started_is_an_offer(kind: str) -> None:
    assert is_offer({"plan.cancel", f"plan.cancel {kind}", "plan.start", f"plan.start {kind}"})
    assert not is_offer({f"plan.cancel {kind}", f"{kind}.stop"})
