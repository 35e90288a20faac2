"""The buttons of a plan that is open: another look, and other settings, through the front door."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.controller.documents import dump
from bot.controller.model import Key
from bot.kinds import PURCHASES
from bot.leases.model import LEASE_SCHEMA, LeaseSpec
from bot.leases.purchase import LeasePurchase
from bot.profiles.model import Term
from bot.schedules.model import SCHEMA as SCHEDULES
from bot.spending.votes import Vote
from tests.doubles.world import LIMITS
from tests.handlers.door import BOT, CHANNEL, USER, Door, words
from tests.handlers.fake_services import lease
from tests.handlers.test_events import mention
from tests.unit.jobs.samples import PRICES, model

EPOCHS = "hyperparameter.claude-3-haiku.epochCount"


@pytest.fixture
def first(door: Door) -> str:
    """The ID of a plan with seven epochs, which nobody has decided on."""
    door.command("start claims")
    door.submit(door.opened, {"job_name": "mine", "model_name": "mine-model", EPOCHS: "7"})
    door.client.made.clear()
    [planned] = door.store.of_kind("job")
    return planned.key.id


def spec(door: Door, job: str) -> dict[str, object]:
    resource = door.store.get(Key("job", job))
    assert resource is not None
    return dict(resource.spec)


def test_check_again_has_an_open_plan_looked_at_and_votes_for_nothing(door: Door, first: str) -> None:
    door.press("plan.check", f"job:{first}")

    assert spec(door, first)["recheck"] is not None
    assert spec(door, first)["votes"] == {"started": None, "cancelled": None, "approver": None, "kept": None}
    assert "I am looking again" in door.said, "no press is met with silence"


def test_a_plan_on_a_base_that_has_ended_is_converted_and_planned_on_another(door: Door, first: str) -> None:
    for _ in range(2):
        door.forget_answers()
        door.press("plan.instead", f"job:{first} nova-micro", message={"ts": "5.5", "thread_ts": "5.0"})
        assert (
            "I am converting `claims` for Amazon Nova Micro; the plan on it follows in the thread"
            in door.said
        )
    [conversion] = door.store.of_kind("derivation")
    assert (conversion.spec["thread_ts"], conversion.spec["params"]) == ("5.0", {"profile": "nova-micro"})
    assert spec(door, first)["instead"] == {
        "profile": "nova-micro",
        "conversion": conversion.key.id,
        "by": USER,
    }

    door.webhooks.clear()
    door.press("plan.instead", f"job:{first} nova-lite")
    assert f"<@{USER}> has this planned on Amazon Nova Micro already" in door.said
    assert len(door.store.of_kind("derivation")) == 1, "nothing is converted for a plan that does not follow"


@pytest.mark.parametrize(
    ("action", "value"),
    [("plan.instead", "job:{} nova-micro"), ("plan.check", "job:{}"), ("plan.change", "job:{}")],
)
def test_too_late_a_press_says_who_decided_and_changes_nothing(
    door: Door, first: str, action: str, value: str
) -> None:
    door.press("plan.cancel", f"job:{first}")
    before = spec(door, first)

    door.press(action, value.format(first))

    assert f"<@{USER}> cancelled this already" in door.said
    assert spec(door, first) == before


def test_settings_are_changed_in_the_form_that_is_filled_with_them_names_and_all(
    door: Door, first: str
) -> None:
    door.press("plan.change", f"job:{first}")
    door.submit(door.opened, {EPOCHS: "3"})

    plans = {each.key.id: each.spec for each in door.store.of_kind("job")}
    assert plans.pop(first)["votes"]["cancelled"]["by"] == USER
    [(_, changed)] = plans.items()
    assert changed["plan"]["job_name"] == "mine"
    assert changed["plan"]["model_name"] == "mine-model"
    assert changed["plan"]["hyperparameters"]["epochCount"] == "3"
    assert changed["votes"]["cancelled"] is None


def test_settings_that_were_not_changed_leave_the_plan_as_it_is(door: Door, first: str) -> None:
    door.press("plan.change", f"job:{first}")
    door.submit(door.opened, {})

    [planned] = door.store.of_kind("job")
    assert planned.spec["votes"]["cancelled"] is None
    assert "Nothing was changed" in words(door.client.calls("chat.postEphemeral")[-1])


def test_settings_that_are_wrong_leave_the_plan_as_it_is(door: Door, first: str) -> None:
    door.press("plan.change", f"job:{first}")
    answer = door.submit(door.opened, {EPOCHS: "7000"})

    assert '"errors"' in answer.body
    [planned] = door.store.of_kind("job")
    assert planned.spec["votes"]["cancelled"] is None


def test_a_plan_that_was_started_while_its_settings_were_changed_runs_alone(door: Door, first: str) -> None:
    door.press("plan.change", f"job:{first}")
    view = door.opened
    _started(door, first)
    door.submit(view, {EPOCHS: "3"})

    [planned] = door.store.of_kind("job")
    assert planned.spec["votes"]["started"]["by"] == "UOTHER"


def _started(door: Door, job: str) -> None:
    vote = dump(Vote("start", "UOTHER", datetime(2026, 11, 22, tzinfo=UTC)))
    door.store.amend(Key("job", job), lambda old: {**old, "votes": {**old["votes"], "started": vote}})


# Other kinds


def proposed(door: Door, kind: str) -> str:
    """Plan one of that kind, and return its ID."""
    door.models.save(model("claims-router"))
    typed = {
        "schedule": "serve claims-router hours=daily/9-17 weeks=2",
        "sweep": "sweep claims epochs=2,4",
        "distillation": "distill F0PROMPTS1 with nova-pro",
    }
    if kind == "lease":
        wanted = door.leases.plan(
            model="claims-router", minutes=120, owner=USER, channel=CHANNEL, request="first"
        )
        asked = LeaseSpec(plan=wanted, asked_at=door.clock.now())
        door.store.register(LEASE_SCHEMA.wanted(wanted.id, LeasePurchase(PRICES, LIMITS).offered_anew(asked)))
        door.leases.calls.clear()
        return wanted.id
    door.command(typed[kind])
    [planned] = door.store.of_kind(kind)
    door.webhooks.clear()
    return planned.key.id


def plans_of(door: Door, kind: str) -> dict[str, Any]:
    return {each.key.id: each.spec for each in door.store.of_kind(kind)}


def epochs(door: Door) -> list[list[str]]:
    series = door.store.of_kind("sweep")
    return [[each["hyperparameters"]["epochCount"] for each in one.spec["plans"]] for one in series]


def answers(door: Door) -> list[int]:
    return [each.spec["plan"]["max_tokens"] for each in door.store.of_kind("distillation")]


def office_hours(door: Door) -> list[str]:
    schedules = door.store.of_kind("schedule")
    return [str(SCHEDULES.spec_of(each).plan.hours) for each in schedules]


def minutes(door: Door) -> list[int]:
    return [call[2] for call in door.leases.calls if call[0] == "propose"]


CHANGES: dict[str, tuple[dict[str, str], dict[str, str], Callable[[Door], Any], Any]] = {
    "sweep": ({"values": "3, 5"}, {"values": "3, 99"}, epochs, [["3", "5"], ["2", "4"]]),
    "distillation": ({"max_tokens": "500"}, {"max_tokens": "many"}, answers, [500, 1024]),
    "schedule": (
        {"hours": "mon-fri 10-12"},
        {"hours": "always"},
        office_hours,
        ["mon-fri/10-12", "mon-sun/9-17"],
    ),
    "lease": ({"length": "3h"}, {"length": "soon"}, minutes, [180]),
}
"""By kind: what is filled in, what is wrong, what there is in the end, and what that is."""


def test_every_kind_of_plan_can_be_changed() -> None:
    assert {*CHANGES, "job"} == set(PURCHASES)


def test_a_sweep_on_a_base_that_has_ended_is_converted_and_planned_on_another(door: Door) -> None:
    first = proposed(door, "sweep")
    door.press("plan.instead", f"sweep:{first} nova-micro", message={"ts": "5.5", "thread_ts": "5.0"})

    assert "the plan on it follows in the thread" in door.said
    [conversion] = door.store.of_kind("derivation")
    assert plans_of(door, "sweep")[first]["instead"] == {
        "profile": "nova-micro",
        "conversion": conversion.key.id,
        "by": USER,
    }


@pytest.mark.parametrize("kind", ["distillation", "lease"])
def test_what_is_not_trained_on_a_dataset_is_not_planned_on_another_base(door: Door, kind: str) -> None:
    first = proposed(door, kind)
    door.press("plan.instead", f"{kind}:{first} nova-micro")

    assert door.store.of_kind("derivation") == []


@pytest.mark.parametrize("kind", CHANGES)
def test_another_plan_comes_in_the_place_of_the_one_that_was_changed(door: Door, kind: str) -> None:
    changed, _, there, wanted = CHANGES[kind]
    first = proposed(door, kind)
    door.press("plan.change", f"{kind}:{first}")
    door.submit(door.opened, changed)

    assert there(door) == wanted
    if kind == "lease":
        assert ("press", first, "cancel", USER, None) in door.leases.calls
    else:
        assert plans_of(door, kind)[first]["votes"]["cancelled"]["by"] == USER


def test_a_lease_is_changed_into_one_for_a_term_and_back_where_that_is_sold(door: Door) -> None:
    door.leases.terms = frozenset(Term)
    first = proposed(door, "lease")
    door.press("plan.change", f"lease:{first}")
    door.submit(door.opened, {"length": "6 months"})
    assert [call[2] for call in door.leases.calls if call[0] == "plan"] == [Term.SIX_MONTHS]

    door.leases.leased = [lease(term=Term.SIX_MONTHS, minutes=6 * 31 * 24 * 60)]
    door.client.made.clear()
    door.press("plan.change", f"lease:{first}")
    assert "6 months" in str(door.opened)
    door.submit(door.opened, {"length": "2h"})
    assert [call[2] for call in door.leases.calls if call[0] == "plan"][-1] == 120


@pytest.mark.parametrize("kind", CHANGES)
def test_what_is_wrong_or_unchanged_leaves_the_plan_of_any_kind_as_it_is(door: Door, kind: str) -> None:
    _, wrong, there, _ = CHANGES[kind]
    first = proposed(door, kind)
    before = there(door)
    door.press("plan.change", f"{kind}:{first}")
    view = door.opened

    assert '"errors"' in door.submit(view, wrong).body
    door.submit(view, {})
    assert "Nothing was changed" in words(door.client.calls("chat.postEphemeral")[-1])
    assert there(door) == before
    assert plans_of(door, kind)[first]["votes"]["cancelled"] is None


@pytest.mark.parametrize("length", ["0", "9999999"])
def test_an_answer_of_no_length_is_told_beside_its_field(door: Door, length: str) -> None:
    first = proposed(door, "distillation")
    door.press("plan.change", f"distillation:{first}")
    answer = json.loads(door.submit(door.opened, {"max_tokens": length}).body)

    assert "The default is 1,024." in answer["errors"]["max_tokens"]


@pytest.mark.parametrize("kind", CHANGES)
def test_a_plan_of_any_kind_that_was_decided_opens_no_form(door: Door, kind: str) -> None:
    first = proposed(door, kind)
    vote = dump(Vote("cancel", "UOTHER", door.clock.now()))
    door.store.amend(Key(kind, first), lambda old: {**old, "votes": {**old["votes"], "cancelled": vote}})
    door.press("plan.change", f"{kind}:{first}")

    assert "<@UOTHER> cancelled this already" in door.said
    assert door.client.calls("views.open") == []


def test_a_sweep_without_values_is_asked_for_in_a_form(door: Door) -> None:
    door.command("sweep claims")
    door.submit(door.opened, {"values": "2 4, 6"})

    assert epochs(door) == [["2", "4", "6"]]
    door.webhooks.clear()
    door.event(mention(f"<@{BOT}> tune sweep claims"))
    assert "What is to be varied?" in words(door.client.calls("chat.postEphemeral")[-1])
