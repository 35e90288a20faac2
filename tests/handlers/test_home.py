"""The App Home: what stands there for whom, and that each of its buttons leads on."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.notifications.model import Quiet
from bot.spending.ledger import Entry, SpendingKind
from handlers.ui.home import Belongings, home
from handlers.ui.home_asking import ChannelLine, channel_blocks
from handlers.ui.parts.running import Running
from tests.handlers import test_names as shared
from tests.handlers.door import CHANNEL, DIRECT, USER, Door, buttons, make_door, words
from tests.handlers.fake_services import lease, line
from tests.handlers.test_kept import ASKED, kept
from tests.unit.jobs.samples import ACCESS, model

OPENED = {"type": "app_home_opened", "user": USER, "channel": DIRECT, "tab": "home", "event_ts": "1"}
SPENT = Entry(
    "job:a#1", SpendingKind.TRAINING, USER, "C1", "claims-router", "claude-3-haiku", "claims",
    datetime(2026, 11, 22, 9, tzinfo=UTC), Decimal(30),
)  # fmt: skip


def opened(door: Door) -> dict[str, Any]:
    door.client.made.clear()
    door.event(OPENED)
    (call,) = door.client.calls("views.publish")
    view: dict[str, Any] = call["view"]
    return view


def pressed(door: Door, action: str, value: str) -> None:
    """Press in the home, where no channel is."""
    container = {"type": "view", "view_id": "V1"}
    door.press(
        action, value, channel={}, message={}, container=container, response_url="", view={"type": "home"}
    )


def house(**budgets: int) -> Door:
    door = make_door(budgets={scope: Decimal(usd) for scope, usd in budgets.items()})
    door.leases.leased = []
    door.models.save(replace(model("claims-router"), owner=USER))
    return door


def test_models_that_sleep_are_there_with_what_wakes_them() -> None:
    door = house()
    view = opened(door)

    said = words(view)
    assert "*`claims-router`* · asleep" in said
    assert "*Serve for 1 h* shows what waking one costs" in said
    serving = [each for each in buttons(view) if each[0] == "model.serve"]
    assert serving == [("model.serve", "claims-router")], "the other one is seen by nobody here"

    pressed(door, *serving[0])
    assert ("plan", "claims-router", 60, USER, "C1") in door.leases.calls, "where the model came from"
    assert "stands in <#C1>" in words(door.client.calls("views.open")[-1]["view"])


def test_who_may_not_wake_a_model_has_no_button_for_it() -> None:
    door = make_door(replace(ACCESS, trainers=frozenset({"UOTHER"})))
    door.leases.leased = []
    door.models.save(model("claims-router"))
    view = opened(door)

    assert "asleep" in words(view)
    assert {action for action, _ in buttons(view)} == {"menu.everything"}


def test_a_model_that_is_awake_is_not_shown_as_asleep_too() -> None:
    door = house()
    door.leases.leased = [awake := make_door().leases.leased[0]]
    door.leases.lines = [replace(line(), lease=awake)]

    assert "Models asleep" not in words(opened(door))


def test_budgets_are_drawn_with_their_figures_beside_them() -> None:
    door = house(all=100, C1=60)
    door.ledger.reserve([SPENT], ())
    view = opened(door)
    said = words(view)

    assert "Budget in November" in said
    assert (
        ":large_green_circle: *The workspace* · $70.00 left\n`▒▒▒░░░░░░░` $0.00 of $100.00 spent\nand $30.00 reserved"
        in said
    )
    assert "*<#C1>* · $30.00 left" in said
    door.ledger.reserve([replace(SPENT, id="job:b#1", committed=Decimal(29))], ())
    assert ":large_yellow_circle: *<#C1>* · $1.00 left" in words(opened(door))
    assert ("picture.budgets", "all") in buttons(view)


@pytest.mark.parametrize(
    ("there", "spends", "said", "leads"),
    [
        (Belongings(), True, "The first comes of a job: `/tune start`.", set()),
        (Belongings(), True, "Drop a `.jsonl` or `.csv` file", set()),
        (Belongings(asleep=(line(),)), False, "None: nothing is billed by the hour.", {"model.serve"}),
        (
            Belongings(datasets=tuple(make_door().datasets.datasets)),
            True,
            "A plan shows its price",
            {"menu.plan"},
        ),
        (Belongings(datasets=tuple(make_door().datasets.datasets)), False, "A trainer plans one", set()),
        (Belongings(), False, "a job, which a trainer plans", set()),
        (Belongings(quiet=Quiet(22, 7)), False, "Quiet hours: 22:00 to 7:00.", set()),
    ],
)
def test_what_is_empty_leads_on(there: Belongings, spends: bool, said: str, leads: set[str]) -> None:
    view = home(Running(), there, spends=spends)

    assert said in words(view)
    assert {action for action, _ in buttons(view)} - {"menu.everything"} - DATASETS == leads


DATASETS = {"dataset.start", "dataset.split"}


def test_what_is_about_asking_stands_there_and_each_button_leads_on() -> None:
    door = house()
    door.leases.leased = []
    door.command("alias support claims-router")
    door.command("answers no base")
    door.ledger.reserve([SPENT], ())
    mine, others = kept(door), kept(door, asked=replace(ASKED, user="UOTHER"))
    view = opened(door)
    said = words(view)

    assert "Your kept questions\nWhy?\nfor `claims-router`, until" in said
    assert "*`support`* is `claims-router`" in said
    assert "<#C1> · no model · answered for all" in said
    assert "Cost by model in November\n$30.00 reserved · `claims-router`" in said
    assert [value for action, value in buttons(view) if action == "kept.forget"] == [mine], others

    pressed(door, "kept.forget", mine)
    assert "Your kept questions" not in words(opened(door))


def test_a_dataset_is_named_there_and_has_no_hash() -> None:
    said = words(opened(house()))
    assert "*`claims`*" in said
    assert make_door().datasets.datasets[0].id not in said


def test_an_alias_is_rolled_back_from_there() -> None:
    door = house()
    door.models.save(replace(model("claims-v4"), owner=USER))
    for name in ("claims-router", "claims-v4"):
        door.command(f"alias support {name}")
    [back] = [each for each in buttons(opened(door)) if each[0] == "alias.back"]
    pressed(door, *back)
    assert "*`support`* is `claims-router`" in words(opened(door))
    [told] = door.store.of_kind("notification")
    assert told.spec["user"] == "C1", "whoever asks it there reads of it"
    assert told.spec["text"] == f"<@{USER}> rolled `support` back: it is `claims-router` again."


def test_a_model_in_service_is_asked_from_there_where_it_came_from() -> None:
    door, _ = shared.house()
    door.leases.leased = [lease(), lease("of-nobody")]
    view = opened(door)
    assert [value for action, value in buttons(view) if action == "menu.ask.model"] == ["claims-router"]

    pressed(door, "menu.ask.model", "claims-router")
    assert f"in <#{CHANNEL}>" in words(door.opened)
    door.submit(door.opened, {"model": "claims-router", "question": "Who earns what?"})
    (asked,) = door.questions.asked
    assert (asked.model, asked.channel, asked.thread_ts) == ("claims-router", CHANNEL, None)


def test_how_a_channel_answers_while_its_model_sleeps() -> None:
    line = ChannelLine("C1", "claims-router", True, None)
    said = {base: str(channel_blocks([line], base_meanwhile=base)) for base in (True, False)}
    assert "`claims-router` (asleep) · answered for all · its base answers while it sleeps" in said[True]
    assert "· nobody answers while it sleeps" in said[False]


@pytest.mark.parametrize("error", ["expired_trigger_id", "exchanged_trigger_id"])
@pytest.mark.parametrize(
    ("action", "value", "said"),
    [
        ("model.serve", "no-such-model", "A model needs a channel"),
        ("model.serve", "claims-router", "stands in <#C1>"),
        ("menu.plan", "claims", "too long"),
    ],
)
def test_what_no_view_shows_any_more_is_said_once_in_a_message(
    action: str, value: str, said: str, error: str
) -> None:
    door = house()
    door.client.answers["views.open"] = {"ok": False, "error": error}
    pressed(door, action, value)

    assert len(door.client.calls("views.open")) == 1, "Slack takes a trigger once"
    (call,) = door.client.calls("chat.postMessage")
    assert call["channel"] == USER
    assert said in words(call)
