import pytest

from bot.errors import Misconfigured, Refused, TunesmithError, Unavailable
from bot.operators import Operators
from tests.doubles.clock import FakeClock


class Told:
    """Remembers deliveries; may be away."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.away = False
        self.trouble: TunesmithError = Unavailable("Redis is away.")

    def first_time(self, delivery: str) -> bool:
        if self.away:
            raise self.trouble
        first = delivery not in self.seen
        self.seen.add(delivery)
        return first

    def has(self, delivery: str) -> bool:
        return delivery in self.seen

    def forget(self, delivery: str) -> None:
        self.seen.discard(delivery)


class Slack:
    def __init__(self, *refused: str) -> None:
        self.said: list[tuple[str, str]] = []
        self.refused = refused

    def __call__(self, place: str, text: str) -> None:
        if place in self.refused:
            raise Refused("They have left.")
        self.said.append((place, text))


def test_several_processes_tell_it_once_an_hour() -> None:
    clock, told, slack = FakeClock(), Told(), Slack()
    for _ in range(3):
        Operators(["U0OPS"], slack, told, clock).tell("Redis is full.")
    clock.advance(3601)
    Operators(["U0OPS"], slack, told, clock).tell("Redis is full.")
    assert slack.said == [("U0OPS", "Redis is full.")] * 2


@pytest.mark.parametrize(
    "trouble",
    [Unavailable("Redis is away."), Misconfigured("Redis refuses my password.")],
    ids=["away", "no"],
)
def test_with_the_store_away_it_is_told_all_the_same(trouble: TunesmithError) -> None:
    told, slack = Told(), Slack()
    told.trouble = trouble
    told.away = True
    Operators(["U0OPS"], slack, told, FakeClock()).tell("Redis is away.")
    assert slack.said == [("U0OPS", "Redis is away.")]


def test_one_who_cannot_be_told_keeps_nobody_else_from_it() -> None:
    slack = Slack("U0GONE")
    Operators(["U0GONE", "U0APPROVER"], slack, Told(), FakeClock()).tell("x")
    assert slack.said == [("U0APPROVER", "x")]


def test_when_nobody_can_be_told_it_is_said() -> None:
    with pytest.raises(TunesmithError, match="They have left"):
        Operators(["U0GONE"], Slack("U0GONE"), Told(), FakeClock()).tell("x")


def test_what_slack_did_not_take_is_told_at_the_next_try_and_by_another_process() -> None:
    clock, told, slack = FakeClock(), Told(), Slack("U0OPS")
    for _ in range(3):
        with pytest.raises(TunesmithError):
            Operators(["U0OPS"], slack, told, clock).tell("Slack takes nothing.")
    slack.refused = ()
    Operators(["U0OPS"], slack, told, clock).tell("Slack takes nothing.")
    Operators(["U0OPS"], slack, told, clock).tell("Slack takes nothing.")
    assert slack.said == [("U0OPS", "Slack takes nothing.")]
