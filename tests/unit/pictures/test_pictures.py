"""A picture that somebody asked for: drawn, sent to them alone and once, whatever dies; and what the pictures show."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.advice import picture as advice_picture
from bot.advice.asking import basis, read
from bot.advice.comparison import advise
from bot.advice.words import recommended
from bot.charts.model import Bar, BarChart
from bot.errors import Refused, TunesmithError, Unavailable
from bot.pictures.cards import PictureNotSent
from bot.pictures.model import Picture
from bot.pictures.service import PictureService
from bot.pricing.book import PriceBook
from bot.profiles.registry import get
from bot.spending import picture as spending_picture
from bot.spending.budgets import Budget
from bot.spending.reports import HIDDEN, Share, SpendingReport, Standing
from tests.doubles.messages import Failure
from tests.doubles.world import World
from tests.examples import kills
from tests.tables import table

PICTURE = Picture(
    BarChart("Spending", ("spent",), (Bar("You", (1.0,), "$1.00"),)), "budgets.png", "Bar chart: You $1.00."
)


def asked(world: World, request: str = "press1") -> bool:
    return PictureService(world.store, world.clock).send(PICTURE, "U1", request)


def test_it_is_sent_to_whoever_asked_with_what_it_shows_in_words() -> None:
    world = World()
    assert asked(world)
    assert not asked(world), "the same press"
    world.turn()
    assert world.files.shared == [("DU1", None, "budgets.png")]
    assert world.files.described["budgets.png"] == "Bar chart: You $1.00."
    assert world.messages.everything_posted == []
    assert asked(world, "press2")
    world.turn()
    assert len(world.files.shared) == 2, "asked for again, it comes again"


@pytest.mark.parametrize("trouble", [Refused("The scope is missing."), Unavailable("Slack is away.")])
def test_one_that_does_not_come_is_told_in_words(trouble: TunesmithError) -> None:
    world = World()
    for _ in range(100):
        world.files.order("upload", Failure(trouble))
    asked(world)
    world.pass_time(1_200, step=30)
    assert world.files.shared == []
    [card] = {each for each in world.renderer.cards if isinstance(each, PictureNotSent)}
    assert card.alt_text == "Bar chart: You $1.00."
    [told] = world.said("PictureNotSent")
    assert told.channel in ("U1", "DU1")


def test_a_crash_anywhere_sends_it_once() -> None:
    def world() -> World:
        made = World()
        asked(made)
        return made

    names = world().places()
    assert "after-share" in names
    for place in kills(names):
        killed = world()
        killed.crash_in(place)
        killed.pass_time(300, step=30)
        assert killed.files.shared == [("DU1", None, "budgets.png")], names[place - 1]


def test_the_picture_of_advice_has_the_ways_and_where_throughput_pays() -> None:
    load = basis(read(["in=200", "out=100", "rate=2/s"])[1], None).load
    made = advise(PriceBook({}), get("nova-lite"), load, hour=Decimal(50))
    chart = advice_picture.chart_of(made, "triage-v2")
    assert chart is not None
    assert [each.name for each in chart.lines] == [
        "Amazon Nova Lite", "tuned, on demand", "tuned, on throughput", "Claude Haiku 5.5", "Claude Haiku 4.5",
    ]  # fmt: skip
    flat = next(each for each in chart.lines if each.name == "tuned, on throughput")
    assert {y for _, y in flat.points} == {36_501.95}
    assert chart.marks[0].words == "now: 2 a second"
    assert chart.x.log
    words = advice_picture.described(made, "triage-v2")
    assert words.startswith("Line chart of what asking triage-v2 costs a month")
    assert "a tuned Amazon Nova Lite on throughput $36,502" in words
    assert "throughput costs less than" in words


def test_the_picture_and_the_words_beside_it_compare_throughput_with_the_same() -> None:
    """The picture had the base's break-even, and the card the tuned model's."""
    with table() as row:
        for base in ("nova-lite", "nova-2-lite", "claude-3-haiku", "llama-3.3-70b"):
            with row(base):
                load = basis(read(["in=200", "out=100", "rate=2/s"])[1], None).load
                made = advise(PriceBook({}), get(base), load, hour=Decimal(50))
                chart = advice_picture.chart_of(made, base)
                assert chart is not None
                pays = [each.words.removeprefix("throughput pays: ") for each in chart.marks[1:]]
                assert bool(pays) is (made.beside is not None and made.beside.break_even is not None)
                assert all(each in " ".join(recommended(made)) for each in pays)


def report(standings: tuple[Standing, ...], models: tuple[Share, ...]) -> SpendingReport:
    over = datetime(2026, 12, 1, tzinfo=UTC)
    return SpendingReport("November", over, Decimal(0), Decimal(0), standings, (), models, (), 0)


def test_the_picture_of_budgets_names_what_concerns_the_reader_and_nobody_else() -> None:
    standings = tuple(
        Standing(Budget(scope, Decimal(100)), Decimal(20), Decimal(5))
        for scope in ("all", "C1", "C2", "U1", "U2")
    )
    shares = (
        Share("claims-router", Decimal(12)),
        Share(HIDDEN, Decimal(8)),
        Share("free", Decimal(0), 0, 4, 800),
    )
    chart = spending_picture.budgets_of(report(standings, shares), "C1", "U1")
    assert chart is not None
    assert [each.label for each in chart.bars] == [
        "The workspace", "This channel", "You", "claims-router",
    ]  # fmt: skip
    assert chart.bars[0] == Bar("The workspace", (20.0, 5.0), "$25.00 of $100.00", 100.0)
    assert spending_picture.described(chart).startswith(
        "Bar chart, spending in November: The workspace $25.00 of $100.00; This channel $25.00 of $100.00;"
    )
    assert spending_picture.budgets_of(report((), ()), "C1", "U1") is None
    assert spending_picture.models_of(report(standings, ())) is None
