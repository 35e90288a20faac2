"""The ledger: one contract, held against the twin and a real server."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

from bot.spending.budgets import Budget, Over
from bot.spending.ledger import Answered, Entry, EntryState, SpendingKind, Tokens, total
from bot.spending.ports import Ledger
from storage.clients import worker
from storage.keys import KEEP_LEDGER, Keys
from storage.redis_ledger import RedisLedger
from tests.doubles.ledger import InMemoryLedger

AT = datetime(2026, 11, 22, 9, 0, 0, 123456, tzinfo=UTC)
NOVEMBER, DECEMBER = "2026-11", "2026-12"
ALL, HERE, HERS = Budget("all", Decimal(100)), Budget("C1", Decimal(50)), Budget("U1", Decimal(30))


def entry(number: int = 1, usd: str | None = "10", **changes: Any) -> Entry:
    made = Entry(
        id=f"job:{number}#1",
        kind=SpendingKind.TRAINING,
        owner="U1",
        channel="C1",
        model="claims-router",
        base="claude-3-haiku",
        dataset="claims 🙂",
        at=AT + timedelta(minutes=number),
        committed=None if usd is None else Decimal(usd),
    )
    return replace(made, **changes)


@pytest.fixture(params=["twin", pytest.param("redis", marks=pytest.mark.redis_server)])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    if request.param == "twin":
        return InMemoryLedger()
    client: Redis = request.getfixturevalue("redis_client")
    keys: Keys = request.getfixturevalue("redis_keys")
    return RedisLedger(client, keys)


def counted(ledger: Ledger, month: str = NOVEMBER) -> dict[str, Decimal]:
    return {scope: usd for scope, usd in ledger.used(month).items() if usd}


def test_what_is_reserved_comes_back_as_it_was_and_counts_everywhere(ledger: Ledger) -> None:
    assert ledger.reserve([entry()], [ALL, HERE, HERS]) == []
    assert ledger.entries(NOVEMBER) == [entry()]
    assert counted(ledger) == dict.fromkeys(("all", "C1", "U1"), Decimal(10))
    assert ledger.entries(DECEMBER) == []
    assert counted(ledger, DECEMBER) == {}


def test_reserving_twice_is_reserving_once(ledger: Ledger) -> None:
    for _ in range(3):
        assert ledger.reserve([entry(usd="25")], [HERS]) == []
    assert counted(ledger)["U1"] == 25


def test_the_same_spending_in_another_month_stays_where_it_began(ledger: Ledger) -> None:
    ledger.reserve([entry()], [])
    ledger.reserve([entry(at=AT + timedelta(days=9))], [])
    ledger.settle(entry(at=AT + timedelta(days=9)), Decimal(7))
    assert ledger.entries(DECEMBER) == []
    assert counted(ledger) == dict.fromkeys(("all", "C1", "U1"), Decimal(7))
    assert ledger.entries(NOVEMBER) == [entry(state=EntryState.SETTLED, actual=Decimal(7))]


def test_what_does_not_fit_is_named_and_nothing_is_written(ledger: Ledger) -> None:
    ledger.reserve([entry(1, "25")], [])
    ledger.reserve([entry(2, "20", owner="U2")], [])
    assert ledger.reserve([entry(3, "5.01")], [ALL, HERE, HERS]) == [
        Over(HERE, NOVEMBER, Decimal(45), Decimal("5.01")),
        Over(HERS, NOVEMBER, Decimal(25), Decimal("5.01")),
    ]
    assert ledger.reserve([entry(3, "5")], [ALL, HERE, HERS]) == []
    assert len(ledger.entries(NOVEMBER)) == 3
    assert counted(ledger)["C1"] == 50


def test_several_are_reserved_together_or_not_at_all(ledger: Ledger) -> None:
    three = [entry(number, "12") for number in range(3)]
    assert ledger.reserve(three, [HERS]) == [Over(HERS, NOVEMBER, Decimal(0), Decimal(36))]
    assert ledger.entries(NOVEMBER) == []
    ledger.reserve(three[:1], [HERS])
    assert ledger.reserve(three[:2], [HERS]) == [], "the first is there already"
    assert ledger.reserve(three, [HERS]) == [Over(HERS, NOVEMBER, Decimal(24), Decimal(12))]


def test_what_is_reserved_grows_within_the_budget_and_never_shrinks(ledger: Ledger) -> None:
    ledger.reserve([entry(usd="12")], [HERS])
    assert ledger.reserve([entry(usd="24")], [HERS]) == []
    assert ledger.reserve([entry(usd="36")], [HERS]) == [Over(HERS, NOVEMBER, Decimal(24), Decimal(12))]
    assert ledger.reserve([entry(usd="12")], [HERS]) == []
    assert ledger.entries(NOVEMBER) == [entry(usd="24")]


YOURS = Budget("U2", Decimal(30))


def test_it_counts_for_everybody_who_spent_it(ledger: Ledger) -> None:
    assert ledger.reserve([entry(usd="25", others=("U2",))], [HERS, YOURS]) == []
    assert counted(ledger) == dict.fromkeys(("all", "C1", "U1", "U2"), Decimal(25))
    assert ledger.reserve([entry(2, "6", owner="U2")], [YOURS]) == [
        Over(YOURS, NOVEMBER, Decimal(25), Decimal(6))
    ]
    ledger.settle(entry(others=("U2",)), Decimal(7))
    assert counted(ledger) == dict.fromkeys(("all", "C1", "U1", "U2"), Decimal(7))
    assert [each.others for each in ledger.entries(NOVEMBER)] == [("U2",)]


def test_who_reserved_more_and_never_got_it_pays_nothing_in_the_end(ledger: Ledger) -> None:
    ledger.reserve([entry(usd="10", others=("U2",))], [])
    ledger.reserve([entry(usd="25", others=("U2", "U3"), edition=1)], [])
    ledger.settle(entry(usd="10", others=("U2",)), Decimal(7))
    assert counted(ledger) == dict.fromkeys(("all", "C1", "U1", "U2"), Decimal(7))
    assert [each.others for each in ledger.entries(NOVEMBER)] == [("U2",)]


def test_nobody_counts_twice(ledger: Ledger) -> None:
    ledger.reserve([entry(others=("U1", "C1", "U2", "U2"))], [])
    assert counted(ledger) == dict.fromkeys(("all", "C1", "U1", "U2"), Decimal(10))


def test_an_owner_who_is_also_the_channel_hides_nobody_who_pays_too(ledger: Ledger) -> None:
    """Tried: a direct message is counted as its owner's."""
    it = entry(owner="U1", channel="U1", others=("U2", "U3"))
    ledger.reserve([it], [])
    assert counted(ledger) == dict.fromkeys(("all", "U1", "U2", "U3"), Decimal(10))
    assert [each.others for each in ledger.entries(NOVEMBER)] == [("U2", "U3")]
    ledger.settle(it, Decimal(7))
    assert counted(ledger) == dict.fromkeys(("all", "U1", "U2", "U3"), Decimal(7))


def test_for_who_joins_later_all_of_it_has_to_fit(ledger: Ledger) -> None:
    ledger.reserve([entry(usd="12")], [])
    assert ledger.reserve([entry(usd="31", others=("U2",))], [YOURS]) == [
        Over(YOURS, NOVEMBER, Decimal(0), Decimal(31))
    ]
    assert ledger.reserve([entry(usd="24", others=("U2",))], [HERS, YOURS]) == []
    assert counted(ledger) == dict.fromkeys(("all", "C1", "U1", "U2"), Decimal(24))
    assert ledger.reserve([entry(usd="30", others=("U3",))], [HERS, YOURS]) == []
    assert counted(ledger) == dict.fromkeys(("all", "C1", "U1", "U2", "U3"), Decimal(30))
    ledger.free(entry())
    assert counted(ledger) == {}


def test_who_joins_without_a_dollar_more_is_counted_and_held_to_their_cap(ledger: Ledger) -> None:
    ledger.reserve([entry(usd="31")], [])
    assert ledger.reserve([entry(usd="31", others=("U2",))], [YOURS]) == [
        Over(YOURS, NOVEMBER, Decimal(0), Decimal(31))
    ]
    assert ledger.reserve([entry(usd="31", others=("U2",))], []) == []
    assert counted(ledger)["U2"] == 31


def test_what_is_closed_and_was_never_there_counts_for_everybody(ledger: Ledger) -> None:
    ledger.settle(entry(others=("U2",)), Decimal(7))
    assert counted(ledger) == dict.fromkeys(("all", "C1", "U1", "U2"), Decimal(7))


def test_what_was_over_the_budget_before_keeps_nobody_from_what_costs_nothing(ledger: Ledger) -> None:
    ledger.reserve([entry(1, "80")], [])
    assert ledger.reserve([entry(2, "0")], [HERS]) == []
    assert ledger.reserve([entry(3, "0.000001")], [HERS]) != []


def test_an_unknown_price_counts_as_nothing_and_fits_while_something_is_left(ledger: Ledger) -> None:
    assert ledger.reserve([entry(1, None)], [HERS]) == []
    assert ledger.reserve([entry(2, "30")], [HERS]) == []
    assert ledger.reserve([entry(3, None)], [HERS]) == [Over(HERS, NOVEMBER, Decimal(30), None)]
    assert ledger.reserve([entry(1, None)], [HERS]) == [], "it is there already"
    ledger.settle(entry(1, None), None)
    assert counted(ledger)["U1"] == 30
    assert [each.is_unpriced for each in ledger.entries(NOVEMBER)] == [False, True]


def test_what_it_cost_takes_the_place_of_what_it_costs_at_most(ledger: Ledger) -> None:
    ledger.reserve([entry(1, "20"), entry(2, "10")], [HERS])
    ledger.settle(entry(1, "20"), Decimal("4.5"))
    assert counted(ledger)["U1"] == Decimal("14.5")
    ledger.settle(entry(2, "10"), None)
    assert counted(ledger)["U1"] == Decimal("14.5"), "nobody knows, so the most goes on counting"


def test_what_costs_more_than_was_reserved_is_counted_whole(ledger: Ledger) -> None:
    ledger.reserve([entry(usd="30")], [HERS])
    ledger.settle(entry(usd="30"), Decimal(33))
    assert counted(ledger)["U1"] == 33


def test_what_is_freed_is_gone(ledger: Ledger) -> None:
    ledger.reserve([entry(usd="30")], [HERS])
    ledger.free(entry(usd="30"))
    assert ledger.entries(NOVEMBER) == []
    assert counted(ledger) == {}
    assert ledger.reserve([entry(2, "30")], [HERS]) == []


def test_the_first_to_close_an_entry_counts(ledger: Ledger) -> None:
    ledger.reserve([entry()], [])
    ledger.settle(entry(), Decimal(7))
    ledger.settle(entry(), Decimal(8))
    ledger.free(entry())
    assert ledger.reserve([entry(usd="99")], [HERS]) == []
    assert counted(ledger)["U1"] == 7


def test_one_that_was_freed_before_it_was_reserved_is_never_reserved(ledger: Ledger) -> None:
    """A process that was frozen on the way to reserving wakes up after another one has called it off."""
    ledger.free(entry())
    assert ledger.reserve([entry()], [HERS]) == []
    ledger.settle(entry(), Decimal(5))
    assert ledger.entries(NOVEMBER) == []
    assert counted(ledger) == {}


def test_one_that_was_freed_long_ago_is_another_spending_by_then(ledger: Ledger) -> None:
    """What it was of is forgotten after a week, and the same may be wanted once more, under the same name."""
    ledger.reserve([entry(others=("U2",))], [HERS])
    ledger.free(entry(others=("U2",)))
    assert ledger.reserve([entry(at=AT + timedelta(days=5, hours=23))], [HERS]) == []
    assert (counted(ledger), counted(ledger, DECEMBER)) == ({}, {}), "it may still be of the one before"

    again = entry(at=AT + timedelta(days=11), usd="20", owner="U3")
    [over] = ledger.reserve([again], [Budget("all", Decimal(19))])
    assert (over.month, over.needs) == (DECEMBER, Decimal(20))
    assert ledger.reserve([again], [ALL]) == []
    assert ledger.reserve([again], [ALL]) == []
    assert ledger.entries(DECEMBER) == [again]
    assert (counted(ledger), counted(ledger, DECEMBER)) == (
        {},
        dict.fromkeys(("all", "C1", "U3"), Decimal(20)),
    )
    ledger.settle(again, Decimal(7))
    ledger.free(again)
    assert counted(ledger, DECEMBER)["U3"] == 7
    late = entry(at=AT + timedelta(days=60), usd="20")
    assert ledger.reserve([late], [ALL]) == []
    assert counted(ledger, DECEMBER)["U3"] == 7, "what was spent is never written anew"


def test_what_was_never_reserved_is_settled_all_the_same(ledger: Ledger) -> None:
    ledger.settle(entry(1), Decimal(7))
    ledger.settle(entry(2), None)
    ledger.settle(entry(3, None), None)
    assert counted(ledger)["U1"] == 17
    assert [each.id for each in ledger.entries(NOVEMBER)] == ["job:3#1", "job:2#1", "job:1#1"]


def test_a_month_begins_anew(ledger: Ledger) -> None:
    ledger.reserve([entry(1, "30")], [HERS])
    later = entry(2, "30", at=datetime(2026, 12, 1, tzinfo=UTC))
    assert ledger.reserve([later], [HERS]) == []
    assert counted(ledger, DECEMBER)["U1"] == 30


def test_what_is_reserved_is_put_to_what_is_written_down(ledger: Ledger) -> None:
    ledger.reserve([entry(usd="12")], [])
    ledger.reserve([entry(usd="24", others=("U2",), edition=1)], [])
    assert ledger.correct(entry(usd="12")) == 1, "somebody may be about to write it down"
    assert counted(ledger) == dict.fromkeys(("all", "C1", "U1", "U2"), Decimal(24))
    assert ledger.correct(entry(usd="12", edition=1)) is None
    assert counted(ledger) == dict.fromkeys(("all", "C1", "U1"), Decimal(12))
    assert ledger.entries(NOVEMBER) == [entry(usd="12", edition=1)]
    assert ledger.reserve([entry(2, "18")], [HERS]) == [], "there is room again"
    assert ledger.correct(entry(usd="36", others=("U3", "U1", "U3"), edition=3)) is None, "agreed to"
    assert counted(ledger) == {"all": 54, "C1": 54, "U1": 54, "U3": 36}
    assert ledger.correct(entry(usd=None, edition=3)) is None
    assert counted(ledger) == dict.fromkeys(("all", "C1", "U1"), Decimal(18))
    assert ledger.entries(NOVEMBER)[-1] == entry(usd=None, edition=3)


def test_what_is_reserved_again_at_no_more_is_reserved_for_the_later_edition(ledger: Ledger) -> None:
    ledger.reserve([entry(usd="24", edition=1)], [])
    assert ledger.reserve([entry(usd="24", edition=2)], [Budget("all", Decimal(1))]) == []
    assert ledger.reserve([entry(usd="12")], []) == []
    assert ledger.correct(entry(usd="12", edition=1)) == 2
    assert counted(ledger)["all"] == 24


def test_what_did_not_fit_is_of_no_later_edition(ledger: Ledger) -> None:
    ledger.reserve([entry(usd="24")], [])
    assert ledger.reserve([entry(usd="36", edition=1)], [HERS]) != []
    assert ledger.correct(entry(usd="24")) is None


@pytest.mark.parametrize("closed", ["never there", "settled", "freed"])
def test_nothing_else_is_corrected(ledger: Ledger, closed: str) -> None:
    if closed == "settled":
        ledger.settle(entry(edition=2), Decimal(7))
    elif closed == "freed":
        ledger.free(entry(edition=2))
    before = ledger.entries(NOVEMBER), counted(ledger)
    assert ledger.correct(entry(usd="12")) is None
    assert (ledger.entries(NOVEMBER), counted(ledger)) == before


def test_what_was_told_is_remembered_for_its_month(ledger: Ledger) -> None:
    assert ledger.told(NOVEMBER) == set()
    ledger.note_told(NOVEMBER, ["all:80"])
    ledger.note_told(NOVEMBER, ["all:80", "C1:100"])
    assert ledger.told(NOVEMBER) == {"all:80", "C1:100"}
    assert ledger.told(DECEMBER) == set()
    assert counted(ledger) == {}


@pytest.mark.redis_server
def test_all_of_it_goes_in_time(redis_client: Redis, redis_keys: Keys) -> None:
    ledger = RedisLedger(redis_client, redis_keys)
    ledger.reserve([entry(1), entry(2)], [])
    ledger.correct(entry(1, usd="3", others=("U2",)))
    ledger.settle(entry(1), Decimal(1))
    ledger.settle(entry(3), Decimal(1))
    ledger.free(entry(2))
    ledger.note_told(NOVEMBER, ["all:80"])
    found = list(redis_client.scan_iter("*" + redis_keys.root[1:-1] + "*"))
    assert len(found) == 6
    assert all(0 < int(str(redis_client.ttl(each))) <= KEEP_LEDGER for each in found)


@pytest.mark.slow
@pytest.mark.redis_server
def test_of_many_at_once_only_those_start_that_fit_together(redis_url: str, redis_keys: Keys) -> None:
    def start(number: int) -> bool:
        client = worker(redis_url)
        try:
            return not RedisLedger(client, redis_keys).reserve([entry(number)], [ALL])
        finally:
            client.close()

    with ThreadPoolExecutor(8) as threads:
        began = list(threads.map(start, [number // 2 for number in range(60)]))
    client = worker(redis_url)
    assert counted(RedisLedger(client, redis_keys))["all"] == 100
    assert len(RedisLedger(client, redis_keys).entries(NOVEMBER)) == 10
    assert sum(began) == 20, "each was tried twice"
    client.close()


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "reserve", "correct", "correct", "settle", "free"]),
        st.integers(1, 4),
        st.one_of(st.none(), st.decimals("0", "40", places=4)),
        st.integers(0, 3),
    ),
    max_size=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
@pytest.mark.redis_server
def test_twin_and_server_agree_and_sums_are_those_of_the_entries(
    redis_client: Redis, redis_keys: Keys, moves: list[tuple[str, int, Decimal | None, int]]
) -> None:
    for key in redis_client.scan_iter("*" + redis_keys.root[1:-1] + "*"):
        redis_client.delete(key)
    one, other = InMemoryLedger(), RedisLedger(redis_client, redis_keys)
    caps = [ALL, HERE, HERS, YOURS]
    for move, number, usd, edition in moves:
        others = {1: ("U2",), 2: ("U3", "U2")}.get(int(usd or 0) % 3, ())
        it = entry(number, None if usd is None else str(usd), others=others, edition=edition)
        if move == "reserve":
            assert one.reserve([it], caps) == other.reserve([it], caps)
        elif move == "correct":
            assert one.correct(it) == other.correct(it)
        else:
            for each in (one, other):
                each.settle(it, usd) if move == "settle" else each.free(it)
    assert one.entries(NOVEMBER) == other.entries(NOVEMBER)
    assert counted(one) == counted(other)
    assert counted(other).get("all", Decimal(0)) == total(other.entries(NOVEMBER))


def question(number: int, usd: str | None = "0.02", **changes: Any) -> Entry:
    return entry(
        number, usd, id=f"question:{number}", kind=SpendingKind.QUESTION, base="nova-lite", **changes
    )


def test_answers_are_counted_by_person_channel_and_model_once(ledger: Ledger) -> None:
    told = question(1, tokens=Tokens(40, 200), of_base=True)
    ledger.reserve([question(1)], [])
    for _ in range(2):
        ledger.settle(told, Decimal("0.01"))
    ledger.settle(
        question(2, "0", tokens=Tokens(60, 100)), Decimal(0)
    )  # paid for by the hour: never reserved
    ledger.settle(question(3, None), None)  # nobody knows price or tokens
    ledger.settle(question(4, owner="U2", channel="C2", model="notes", tokens=Tokens(7, 8)), Decimal("0.5"))
    ledger.free(question(5))
    ledger.settle(entry(6, tokens=Tokens(1, 1)), Decimal(3))  # no answer

    hers = Answered(
        "U1", "C1", "claims-router", "nova-lite", question(3).at, 2, 100, 300,
        usd=Decimal("0.01"), of_base=Decimal("0.01"), unpriced=1,
    )  # fmt: skip
    theirs = Answered("U2", "C2", "notes", "nova-lite", question(4).at, 1, 7, 8, usd=Decimal("0.5"))
    assert sorted(ledger.answered([NOVEMBER]), key=lambda each: each.owner) == [hers, theirs]
    assert ledger.answered([DECEMBER]) == []
    assert ledger.answered([]) == []
    kept = {each.id: each for each in ledger.entries(NOVEMBER)}
    assert (kept["question:1"].tokens, kept["question:1"].of_base) == (Tokens(40, 200), True)
    assert (kept["question:3"].tokens, kept["question:3"].of_base) == (None, False)


@pytest.mark.redis_server
def test_entries_from_before_tokens_were_kept_are_read(redis_client: Redis, redis_keys: Keys) -> None:
    ledger = RedisLedger(redis_client, redis_keys)
    ledger.reserve([question(1)], [])
    ledger.settle(question(1, tokens=Tokens(1, 2)), Decimal("0.01"))
    redis_client.hdel(redis_keys.spending("question:1"), "tokens_in", "tokens_out", "of_base")
    redis_client.delete(redis_keys.spent_in(NOVEMBER, "answers"))
    [old] = ledger.entries(NOVEMBER)
    assert (old.tokens, old.of_base, old.actual) == (None, False, Decimal("0.01"))
    assert ledger.answered([NOVEMBER]) == []


def test_a_budget_is_only_ever_raised_and_by_what_the_operator_had_set(ledger: Ledger) -> None:
    assert ledger.raised(NOVEMBER) == {}
    for usd in ("150", "149.999999", "150"):
        ledger.raise_budget(NOVEMBER, ALL, Decimal(usd))
    ledger.raise_budget(NOVEMBER, HERE, Decimal("99.50"))

    assert ledger.raised(NOVEMBER) == {
        (ALL.scope, ALL.usd): Decimal(150),
        (HERE.scope, HERE.usd): Decimal("99.5"),
    }
    assert ledger.raised("2026-12") == {}


def test_a_budget_is_as_high_as_it_was_raised_to_in_the_month_that_a_spending_counts_in(
    ledger: Ledger,
) -> None:
    """A lease that was begun on the last of a month is made longer on the first of the next."""
    ledger.reserve([entry(usd="25")], [HERS])
    ledger.raise_budget(NOVEMBER, HERS, Decimal(50))
    longer = entry(usd="45", at=AT + timedelta(days=11))
    assert ledger.reserve([longer], [HERS]) == []
    assert counted(ledger)["U1"] == 45

    ledger.raise_budget(DECEMBER, HERS, Decimal(500))
    [over] = ledger.reserve([replace(longer, committed=Decimal(60))], [HERS])
    assert over == Over(Budget("U1", Decimal(50), HERS.usd), NOVEMBER, Decimal(45), Decimal(15))
    assert ledger.reserve([entry(2, "60", at=longer.at)], [HERS]) == []
    assert counted(ledger, DECEMBER)["U1"] == 60
