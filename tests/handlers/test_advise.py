"""``/tune advise``: typed, measured from this channel's questions, or neither."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.access import Access
from bot.datasets.model import Label, LabelTable
from bot.pictures.model import SCHEMA
from bot.pricing.money import at_most
from bot.spending.ledger import Entry, SpendingKind, Tokens
from bot.trials.model import SCHEMA as TRIALS
from tests.doubles.memberships import FakeMemberships
from tests.handlers.door import Door, make_door


def answered(door: Door, number: int, channel: str = "C1") -> None:
    entry = Entry(
        f"question:{number}", SpendingKind.QUESTION, "U1", channel, "claims-router", "nova-lite", "",
        door.clock.now(), Decimal(0),
    )  # fmt: skip
    door.ledger.settle(replace(entry, tokens=Tokens(1_200 + number, 100)), Decimal(0))


def test_what_is_typed_is_compared_on_throughput_on_demand_with_the_base_and_with_claude() -> None:
    door = make_door()
    door.command("advise nova-lite prefix=4096 in=300 out=150 hit=100% rate=2/s hour=50")
    told = door.told
    assert "What asking Amazon Nova Lite costs a month" in told
    for each in (
        "$36,502 · tuned, on throughput, 1 unit",
        "† · tuned, on demand",
        "Claude Haiku 5.5, cached",
    ):
        assert each in told
    assert "at the base's price; AWS publishes none for the tuned model" in told
    assert (
        "from 4,096 tokens on; writing costs 25 % more, reading 10 % of the price; pays from 21.7 % hits"
        in told
    )
    assert "80 requests a second that are often told are one point of this formula (79.4)" in told
    assert "The same tokens are reckoned for each way" in told
    assert "above 8.65 a second: than Claude Haiku 4.5 with prompt caching" in told, "8.7 in the table"


def test_what_is_not_typed_is_measured_from_this_channels_questions_alone() -> None:
    door = make_door()
    for number in range(12):
        answered(door, number)
    answered(door, 99, channel="CELSE")
    door.command("advise claims-router")
    assert "What asking `claims-router` costs a month" in door.told
    assert "1,200 + 5.5 tokens in, 92 % of the prefixes found in a cache, 100 out, 12 a day" in door.told
    assert "Measured: 12 answers in this channel" in door.told


def test_figures_that_were_all_typed_are_told_as_no_guess_from_what_was_asked_here() -> None:
    door = make_door()
    answered(door, 1)
    door.command("advise nova-lite prefix=1500 in=300 out=150 rate=2/s")
    assert "first guess" not in door.told
    assert "Measured" not in door.told
    door.webhooks.clear()
    door.command("advise nova-lite in=300 rate=2/s")
    assert "Only a first guess, from 1 answer: give your own figures" in door.told


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("advise nova-lite", "Nobody asked a model here lately"),
        ("advise nova-litt in=1 out=1 rate=1", "Did you mean `nova-lite`?"),
        ("advise clams-router in=1 out=1 rate=1", "Did you mean `claims-router`?"),
        ("advise zzz", "There is no model, base or dataset `zzz`. `/tune models` lists models; bases are"),
        ("advise claim", "There is no model, base or dataset `claim`. Did you mean `claims`?"),
        ("advise claims rate=2/s", "`claims` is a dataset, and figures are for a model or a base."),
        ("advise gpt-4", "not open to fine-tuning"),
        ("advise nova-lite in=lots", "no number that I can reckon with"),
        ("advise nova-lite tokens=3", "I know no `tokens` here"),
    ],
)
def test_what_cannot_be_told_says_what_to_write(typed: str, said: str) -> None:
    door = make_door()
    door.command(typed)
    assert said in door.said


@pytest.mark.parametrize(
    ("action", "value", "name"),
    [
        ("picture.advice", "nova-lite in=200 out=100 rate=2/s", "Amazon Nova Lite-month.png"),
        ("picture.budgets", "all", "budgets.png"),
        ("picture.cost", "all", "cost.png"),
    ],
)
def test_a_card_comes_as_a_picture_to_whoever_presses_it(action: str, value: str, name: str) -> None:
    door = make_door()
    door.press(action, value)
    if action != "picture.advice":
        assert "nothing to draw yet" in door.said
        door.webhooks.clear()
        entry = Entry(
            "job:1", SpendingKind.TRAINING, "U1", "C1", "notes", "nova-lite", "", door.clock.now(), Decimal(3)
        )
        door.ledger.reserve([entry], [])
        door.press(action, value)
    assert "in our direct message" in door.said
    [wish] = door.store.of_kind("picture")
    spec = SCHEMA.spec_of(wish)
    assert (spec.user, spec.name) == (door.user, name)
    assert spec.alt_text


def test_a_dataset_is_offered_to_be_tried_at_the_price_that_is_on_the_button() -> None:
    door = make_door()
    door.command("advise claims")
    assert "cannot be tried" in door.said, "its answers are prose"

    labels = (LabelTable("", 64, 2, (Label("yes", 40), Label("no", 24))),)
    [known] = door.datasets.datasets
    report = replace(known.report, statistics=replace(known.report.statistics, labels=labels))
    door.datasets.save(replace(known, report=report))
    door.webhooks.clear()
    door.command("advise claims")
    [pressed] = [
        each
        for block in door.webhooks[-1]["blocks"]
        if block["type"] == "actions"
        for each in block["elements"]
        if each["action_id"] == "trial.begin"
    ]
    figure = Decimal(pressed["value"].split()[1])
    assert pressed["text"]["text"] == f"Try it for {at_most(figure)}"
    assert at_most(figure) in pressed["confirm"]["text"]["text"]
    door.webhooks.clear()
    door.press("trial.begin", pressed["value"])
    assert "tell you directly" in door.said
    door.webhooks.clear()
    door.press("trial.begin", pressed["value"])
    assert "being tried already" in door.said
    [wish] = door.store.of_kind("trial")
    assert TRIALS.spec_of(wish).price.at_most == figure


def test_who_may_not_have_a_prompt_tried_is_told_so_and_shown_no_offer_without_its_button() -> None:
    door = make_door(Access(trainers=frozenset({"UBOSS"}), people=FakeMemberships()))
    door.command("advise claims")
    assert "This needs a trainer" in door.said
    assert "Try the prompt" not in door.told


@pytest.mark.slow
@pytest.mark.parametrize(
    "value", ["", "abababababab", "abababababab much", "abababababab NaN", "cdcdcdcdcdcd 1"]
)
def test_a_button_that_was_not_drawn_begins_no_trial(value: str) -> None:
    door = make_door()
    door.press("trial.begin", value)
    assert "no price on it" in door.said or "There is no dataset" in door.said
    assert door.store.of_kind("trial") == []
