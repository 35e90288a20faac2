"""The buttons of a plan that is open: another look, and other settings, through the front door."""

from datetime import UTC, datetime

import pytest

from bot.controller.documents import dump
from bot.controller.model import Key
from bot.spending.votes import Vote
from tests.handlers.door import USER, Door, words

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
    assert spec(door, first)["votes"] == {"started": None, "cancelled": None, "approver": None}
    assert door.webhooks == []


@pytest.mark.parametrize(("action", "value"), [("plan.check", "job:{}"), ("job.change", "{}")])
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
    door.press("job.change", first)
    door.submit(door.opened, {EPOCHS: "3"})

    plans = {each.key.id: each.spec for each in door.store.of_kind("job")}
    assert plans.pop(first)["votes"]["cancelled"]["by"] == USER
    [(_, changed)] = plans.items()
    assert changed["plan"]["job_name"] == "mine"
    assert changed["plan"]["model_name"] == "mine-model"
    assert changed["plan"]["hyperparameters"]["epochCount"] == "3"
    assert changed["votes"]["cancelled"] is None


def test_settings_that_were_not_changed_leave_the_plan_as_it_is(door: Door, first: str) -> None:
    door.press("job.change", first)
    door.submit(door.opened, {})

    [planned] = door.store.of_kind("job")
    assert planned.spec["votes"]["cancelled"] is None
    assert "Nothing was changed" in words(door.client.calls("chat.postEphemeral")[-1])


def test_settings_that_are_wrong_leave_the_plan_as_it_is(door: Door, first: str) -> None:
    door.press("job.change", first)
    answer = door.submit(door.opened, {EPOCHS: "7000"})

    assert '"errors"' in answer.body
    [planned] = door.store.of_kind("job")
    assert planned.spec["votes"]["cancelled"] is None


def test_a_plan_that_was_started_while_its_settings_were_changed_runs_alone(door: Door, first: str) -> None:
    door.press("job.change", first)
    view = door.opened
    _started(door, first)
    door.submit(view, {EPOCHS: "3"})

    [planned] = door.store.of_kind("job")
    assert planned.spec["votes"]["started"]["by"] == "UOTHER"


def _started(door: Door, job: str) -> None:
    vote = dump(Vote("start", "UOTHER", datetime(2026, 11, 22, tzinfo=UTC)))
    door.store.amend(Key("job", job), lambda old: {**old, "votes": {**old["votes"], "started": vote}})
