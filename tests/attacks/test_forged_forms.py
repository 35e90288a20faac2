"""A form's memory of where it was opened, forged or outlived: nothing is said where its person cannot see."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.errors import Unavailable
from handlers.metadata import Inspecting
from handlers.ui.forms.rows import ROWS
from tests.attacks.two_channels import BOSS, OTHER, OUTSIDER, PRIVATE, PUBLIC, TwoChannels
from tests.handlers.door import words

Json = dict[str, Any]


def start(bot: TwoChannels) -> Json:
    bot.door.command("start claims", user_id=OUTSIDER, channel_id=PUBLIC)
    return bot.door.opened


def validate(bot: TwoChannels) -> Json:
    bot.door.press("validate.form", user={"id": OUTSIDER, "team_id": "T1"}, channel={"id": PUBLIC})
    return bot.door.opened


def rows(bot: TwoChannels) -> Json:
    memory = Inspecting(bot.ids["upload"], PUBLIC, drop=(3,)).dump()
    return {"type": "modal", "callback_id": ROWS, "private_metadata": memory, "blocks": []}


def hours(bot: TwoChannels) -> Json:
    bot.door.command("serve claims-router hours=daily/9-10", user_id=OUTSIDER, channel_id=PUBLIC)
    return changed(bot, "schedule")


def lease(bot: TwoChannels) -> Json:
    bot.door.command("serve claims-router for 1h", user_id=OUTSIDER, channel_id=PUBLIC)
    return changed(bot, "lease")


def changed(bot: TwoChannels, kind: str) -> Json:
    """Open the form that changes the plan that was just made."""
    [made] = [each for each in bot.world.store.of_kind(kind) if each.spec["plan"]["owner"] == OUTSIDER]
    bot.world.turn()
    bot.door.press(
        "plan.change", str(made.key), user={"id": OUTSIDER, "team_id": "T1"}, channel={"id": PUBLIC}
    )
    return bot.door.opened


FORMS: dict[str, tuple[Callable[[TwoChannels], Json], Json]] = {
    "hours": (hours, {"hours": "mon/9-10"}),
    "lease": (lease, {"length": "2h"}),
    "start": (start, {"job_name": "forged", "model_name": "forged"}),
    "validate": (validate, {"file": [{"id": "F0FORGED1"}]}),
    "rows": (rows, {}),
}
forms = pytest.mark.parametrize(("opened", "filled"), FORMS.values(), ids=FORMS)


def moved(view: Json, channel: str) -> Json:
    return view | {
        "private_metadata": json.dumps(json.loads(view["private_metadata"]) | {"channel": channel})
    }


def answered(response: Any) -> str:
    body = json.loads(response.body)
    assert body["response_action"] == "push"
    return words(body["view"])


@forms
def test_a_form_that_names_a_channel_of_others_says_nothing_there(
    opened: Callable[[TwoChannels], Json], filled: Json
) -> None:
    """Tried: a form whose memory names a channel that its person is not in."""
    bot = TwoChannels()
    view, before = moved(opened(bot), PRIVATE), bot.wished()
    bot.told()

    assert "You are not in the channel" in answered(bot.door.submit(view, filled))

    assert bot.wished() == before
    assert bot.told() == []


@pytest.mark.slow
@forms
def test_a_form_that_names_a_place_of_somebody_else_says_nothing_there(
    opened: Callable[[TwoChannels], Json], filled: Json
) -> None:
    """Tried: another's direct message, a person's ID and a channel's name, which Slack posts to as well, and worse."""
    bot = TwoChannels()
    bot.world.memberships.direct("D0VICTIM", "U0VICTIM1")
    bot.world.memberships.direct("D0APP", "UBOT")
    bot.world.memberships.private("G0BOARD", BOSS)
    view, before = opened(bot), bot.wished()
    bot.told()
    wrong: list[Any] = []
    for place in (
        "D0VICTIM", "D0APP", "U0VICTIM1", "W0VICTIM1", "B0BOT", "T1", PRIVATE, "G0BOARD", "#general", "general",
        "@boss", "<#C2|general>", "c2", f" {PUBLIC}", f"{PUBLIC} ", f"{PUBLIC}\n", f"{PUBLIC},{PRIVATE}", "C" * 40, "*",
        "https://hooks.example/x",
    ):  # fmt: skip
        said = answered(bot.door.submit(moved(view, place), filled))
        if "You are not in the channel" not in said or bot.wished() != before or bot.told():
            wrong.append((place, said))
    assert wrong == []


@pytest.mark.parametrize("name", ["start", "validate"])
def test_a_form_of_ones_own_direct_message_is_taken(name: str) -> None:
    opened, filled = FORMS[name]
    bot = TwoChannels()
    bot.world.memberships.direct("D0MINE", OUTSIDER)
    view, before = moved(opened(bot), "D0MINE"), bot.wished()
    assert not bot.door.submit(view, filled).body
    assert len(bot.wished() - before) == 1


@forms
def test_who_left_the_channel_while_the_form_was_open_says_nothing_there(
    opened: Callable[[TwoChannels], Json], filled: Json
) -> None:
    """Tried: a form opened in a private channel, and submitted after leaving it."""
    bot = TwoChannels()
    bot.world.memberships.private(OTHER, OUTSIDER, "USOMEBODY", name="secret")
    view, before = moved(opened(bot), OTHER), bot.wished()
    bot.world.memberships.leave(OTHER, OUTSIDER)

    assert "You are not in the channel" in answered(bot.door.submit(view, filled))
    assert bot.wished() == before


@forms
def test_while_slack_does_not_say_who_is_where_the_form_stays_open(
    opened: Callable[[TwoChannels], Json], filled: Json
) -> None:
    bot = TwoChannels()
    view, before = moved(opened(bot), PRIVATE), bot.wished()
    bot.world.memberships.away = Unavailable("Slack did not answer.")

    assert "try again in a minute" in answered(bot.door.submit(view, filled))
    assert bot.wished() == before


@pytest.mark.parametrize("name", ["start", "validate"])
def test_a_form_that_nobody_forged_is_taken(name: str) -> None:
    opened, filled = FORMS[name]
    bot = TwoChannels()
    view, before = opened(bot), bot.wished()
    assert not bot.door.submit(view, filled).body
    assert len(bot.wished() - before) == 1


@pytest.mark.parametrize("name", ["start", "validate"])
def test_a_form_that_is_submitted_twice_is_taken_once(name: str) -> None:
    """Slack delivers a submission again when its answer is late: the view's ID is the same then."""
    opened, filled = FORMS[name]
    bot = TwoChannels()
    view, before = opened(bot), bot.wished()
    sent: list[Json] = []
    deliver = bot.door.deliver

    def noted(body: Json) -> Any:
        sent.append(body)
        return deliver(body)

    bot.door.deliver = noted  # type: ignore[method-assign]
    bot.door.submit(view, filled)
    for _ in range(4):
        deliver(sent[0])
    assert len(bot.wished() - before) == 1


def test_a_form_of_a_channel_that_the_bot_is_not_in_goes_on() -> None:
    """Nothing can be posted there; what comes of it goes to the person directly."""
    bot = TwoChannels()
    bot.world.memberships.gone("C0UTSIDE")
    view, before = moved(validate(bot), "C0UTSIDE"), bot.wished()
    bot.door.submit(view, FORMS["validate"][1])
    assert len(bot.wished() - before) == 1
