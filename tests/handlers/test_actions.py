"""Every button and select through the front door."""

import json
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from bot.controller.documents import dump
from bot.controller.model import Key, RequeueAfter
from bot.errors import NotAllowed, Refused
from bot.jobs.model import Phase
from bot.jobs.record import JobStatus
from bot.leases.endpoint import LeasePhase
from bot.leases.extensions import ShownLonger
from bot.spending.offers import Shown
from handlers.register import all_actions
from tests.handlers.door import CHANNEL, USER, Door, buttons, make_door, words
from tests.handlers.fake_services import FakeLeases, lease
from tests.tables import table
from tests.unit.jobs.samples import plan


def test_a_job_is_cancelled_by_its_button_and_nothing_is_said(door: Door) -> None:
    job = door.jobs.propose(plan())

    door.press("plan.cancel", f"job:{job}")

    resource = door.store.get(Key("job", job))
    assert resource is not None
    assert resource.spec["votes"]["cancelled"]["by"] == USER
    assert door.webhooks == []


def test_a_refusal_is_shown_to_the_one_who_pressed(door: Door) -> None:
    job = door.jobs.propose(plan())

    door.press("plan.start", f"job:{job}@1")

    assert "still looking" in door.said
    assert door.webhooks[0]["response_type"] == "ephemeral"
    assert door.webhooks[0]["replace_original"] is False


def test_only_an_approver_approves(door: Door) -> None:
    job = door.jobs.propose(plan())

    door.press("plan.approve", f"job:{job}@1")

    assert "Only an approver" in door.said
    assert "<@UBOSS>" in door.said


def test_a_refusal_in_a_thread_stays_in_the_thread(door: Door) -> None:
    door.leases.error = Refused("It was declined by another.")

    door.press("plan.start", "lease:0123456789ab@1", message={"ts": "5.0", "thread_ts": "4.0"})

    (said,) = door.client.calls("chat.postEphemeral")
    assert (said["channel"], said["user"], said["thread_ts"]) == (CHANNEL, USER, "4.0")
    assert "declined by another" in words(said)
    assert door.webhooks == [], "what one person sees there would stand in the channel"


def test_what_slack_does_not_take_in_a_thread_is_said_all_the_same(door: Door) -> None:
    door.leases.error = Refused("It was declined by another.")
    door.client.answers["chat.postEphemeral"] = {"ok": False, "error": "not_in_channel"}

    door.press("plan.start", "lease:0123456789ab@1", message={"ts": "5.0", "thread_ts": "4.0"})

    assert "declined by another" in words(door.webhooks[0])


def test_the_message_that_begins_a_thread_is_answered_where_it_stands(door: Door) -> None:
    door.leases.error = Refused("It was declined by another.")

    door.press("plan.start", "lease:0123456789ab@1", message={"ts": "4.0", "thread_ts": "4.0"})

    assert "declined by another" in words(door.webhooks[0])
    assert door.client.calls("chat.postEphemeral") == []


SHOWN = ShownLonger(120, Shown(Decimal("36.5")))


@pytest.mark.parametrize(
    ("value", "minutes", "shown"),
    [
        ("0123456789ab", 60, None),
        ("0123456789ab 90", 90, None),
        ("0123456789ab 90 120@36.5", 90, SHOWN),
        ("0123456789ab 90 120@unknown", 90, ShownLonger(120, Shown(None))),
        ("0123456789ab 90 120@many", 90, None),
    ],
)
def test_extend(door: Door, value: str, minutes: int, shown: ShownLonger | None) -> None:
    door.press("lease.extend", value)

    assert door.extensions.calls == [("extend", "0123456789ab", minutes, USER, shown)]
    assert "stays in service until" in door.said


def test_let_it_end(door: Door) -> None:
    door.press("lease.let_end", "0123456789ab")

    assert door.leases.calls == [("let_end", "0123456789ab", USER)]
    assert "by itself. I warn nobody of that any more" in door.said


def test_keep_awake(door: Door) -> None:
    door.press("lease.keep_awake", "0123456789ab")

    assert door.leases.calls == [("keep_awake", "0123456789ab", USER)]
    assert "is not released for idleness in the next hour, and ends at" in door.said


def test_a_press_that_is_delivered_twice_extends_once(door: Door) -> None:
    for _ in range(2):
        door.press("lease.extend", "0123456789ab", trigger_id="same")

    assert len(door.extensions.calls) == 1


@pytest.mark.parametrize("ephemeral", [True, False])
def test_an_answer_replaces_only_what_nobody_else_sees(door: Door, ephemeral: bool) -> None:
    container = {"type": "message", "message_ts": "5.0", "channel_id": CHANNEL, "is_ephemeral": ephemeral}

    door.press("lease.release", "0123456789ab", container=container)

    assert door.leases.calls == [("release", "0123456789ab", USER)]
    assert door.webhooks[0]["replace_original"] is ephemeral


def test_serving_from_a_button_plans_an_hour(door: Door) -> None:
    door.press("model.serve", "claims-router")

    assert door.leases.calls[0] == ("plan", "claims-router", 60, USER, CHANNEL)


def test_stop_of_a_job_that_never_ran(door: Door) -> None:
    job = door.jobs.propose(plan())

    door.press("job.stop", job)

    assert "has not been started" in door.said


def test_a_dataset_button_opens_the_form_for_that_dataset(door: Door) -> None:
    door.press("dataset.start", "abababababab")

    assert door.opened["callback_id"] == "start"


def test_a_plan_that_is_asked_for_in_a_thread_is_shown_in_that_thread(door: Door) -> None:
    """By the button of a verdict and by that of an earlier job; outside of a thread in the channel."""
    job = door.jobs.propose(plan(job_name="earlier"))
    pressed = [
        ("dataset.start", "abababababab", {"message": {"ts": "5.0", "thread_ts": "4.0"}}, "4.0"),
        ("job.again", job, {"message": {"ts": "5.0", "thread_ts": "4.0"}}, "4.0"),
        ("dataset.start", "abababababab", {"message": {"ts": "5.0"}}, None),
    ]
    for number, (action, value, changes, thread) in enumerate(pressed):
        door.client.made.clear()
        door.press(action, value, **changes)
        door.submit(door.opened, {"job_name": f"mine-{number}", "model_name": f"mine-{number}"})
        assert door.client.calls("chat.postEphemeral") == [], "the plan is the answer"
        planned = next(
            each for each in door.store.of_kind("job") if each.spec["plan"]["job_name"] == f"mine-{number}"
        )
        assert planned.spec["thread_ts"] == thread, action


def test_a_button_of_the_home_has_no_channel_and_answers_in_a_window(door: Door) -> None:
    door.leases.error = NotAllowed("You may not.", hint="Ask Bo.")

    door.press(
        "lease.release", "x", channel=None, container={"type": "view"}, message=None, response_url=None
    )

    assert "You may not. Ask Bo." in words(door.opened)


def test_the_form_from_the_home_reports_where_the_dataset_came_from(door: Door) -> None:
    door.press(
        "dataset.start", "claims", channel=None, container={"type": "view"}, message=None, response_url=None
    )

    assert '"channel": "C1"' in door.opened["private_metadata"]


def test_choosing_another_base_changes_the_hyperparameters(door: Door) -> None:
    door.command("start")
    before = door.opened

    door.choose(before, "start.base", "nova-lite")

    (call,) = door.client.calls("views.update")
    assert (call["view_id"], call["hash"]) == ("V1", "h1")
    labels = [each["label"]["text"] for each in call["view"]["blocks"] if each["type"] == "input"]
    assert "Warm-up steps" in labels
    assert "Batch size" not in labels
    assert call["view"]["private_metadata"] == before["private_metadata"]


def test_the_button_of_a_dead_end_opens_the_upload_form(door: Door) -> None:
    door.press("validate.form", "validate")

    assert door.opened["callback_id"] == "validate"


def test_a_button_of_another_version_says_so(door: Door) -> None:
    assert door.press("repair.everything", "x").status == 200

    assert "another version" in door.said


def test_repair_all_goes_into_the_thread_of_its_verdict(door: Door) -> None:
    door.press("dataset.repair", "0123456789ab", message={"ts": "5.0", "thread_ts": "4.0"})

    assert door.uploads.calls == [("repair", "0123456789ab", CHANNEL, "4.0", USER)]
    assert "I am repairing it" in door.said


def test_a_verdict_without_a_thread_opens_one_for_its_repair(door: Door) -> None:
    door.uploads.begins = False

    door.press("dataset.repair", "0123456789ab", message={"ts": "5.0"})

    assert door.uploads.calls == [("repair", "0123456789ab", CHANNEL, "5.0", USER)]
    assert "pressed before" in door.said


def offers(*buttons: str, menu: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a verdict as Slack sends it with a press: these repairs as buttons, and those in a menu."""
    elements: list[dict[str, Any]] = [
        {
            "type": "button",
            "action_id": "dataset.repair" if " " not in each else f"dataset.repair.one.{number}",
            "text": {"type": "plain_text", "text": each},
            "value": each,
        }
        for number, each in enumerate(buttons, 1)
    ]
    if menu:
        options = [{"text": {"type": "plain_text", "text": each}, "value": each} for each in menu]
        elements.append({"type": "static_select", "action_id": "dataset.repair.one", "options": options})
    told = {"type": "section", "text": {"type": "mrkdwn", "text": "*`a.jsonl` is not ready*"}}
    return {
        "ts": "5.0",
        "thread_ts": "4.0",
        "text": "a.jsonl is not ready",
        "blocks": [told, {"type": "actions", "elements": elements}],
    }


def values(blocks: Any) -> list[str]:
    """Return what can still be pressed or chosen."""
    found: list[str] = []
    for element in [each for block in blocks for each in block.get("elements", [])]:
        found += [each["value"] for each in element.get("options", [])]
        found += [element["value"]] if element["type"] == "button" else []
    return found


def test_a_repair_that_was_chosen_is_offered_no_more_and_the_rest_is(door: Door) -> None:
    everything = offers("up", "a-b up", menu=("c-d up", "e-f up"))
    door.press("dataset.repair", "up", message=everything)
    door.press("dataset.repair.one.2", "a-b up", message=everything)
    chosen = {"value": "c-d up", "text": {"type": "plain_text", "text": "c"}}
    action = {"type": "static_select", "action_id": "dataset.repair.one", "selected_option": chosen}
    door.press("dataset.repair.one", message=everything, actions=[action])
    door.press("dataset.repair", "up", message=offers("up"))

    made = door.client.calls("chat.update")
    assert [(each["channel"], each["ts"], each["text"]) for each in made] == [
        (CHANNEL, "5.0", "a.jsonl is not ready")
    ] * 4
    assert [values(each["blocks"]) for each in made] == [
        [],
        ["up", "c-d up", "e-f up"],
        ["up", "a-b up", "e-f up"],
        [],
    ]
    assert all(f"was chosen by <@{USER}>" in words(each) for each in made)
    assert all("is not ready" in words(each) for each in made)


def test_a_press_that_began_nothing_or_of_what_cannot_be_redrawn_edits_nothing(door: Door) -> None:
    shapes: list[Any] = [
        None,
        {},
        {"ts": "5.0"},
        {"ts": "5.0", "blocks": None},
        {"ts": "5.0", "blocks": ["x"]},
    ]
    for shape in shapes:
        door.press("dataset.repair", "up", message=shape)
    alone = {"type": "message", "message_ts": "5.0", "channel_id": CHANNEL, "is_ephemeral": True}
    door.press("dataset.repair", "up", message=offers("up"), container=alone)
    door.uploads.begins = False
    door.press("dataset.repair", "up", message=offers("up"))

    assert door.client.calls("chat.update") == []
    assert "pressed before" in words(door.client.calls("chat.postEphemeral")[-1])


EVERY_ACTION = sorted(each.action_id for each in all_actions())


@pytest.mark.slow
def test_no_press_breaks_anything() -> None:
    with table() as row:
        for action_id, value in product(EVERY_ACTION, ["", "nonsense"]):
            with row(action_id, value):
                door = make_door()
                assert door.press(action_id, value).status == 200

                assert not any("Something broke" in words(each) for each in door.webhooks)


@pytest.mark.slow
def test_an_unexpected_error_escapes_no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    with table() as row:
        for action_id in EVERY_ACTION:
            with row(action_id):
                door = make_door()
                door.leases.error = KeyError("x")
                monkeypatch.setattr(door.datasets, "_datasets", None)
                monkeypatch.setattr(door.store, "get", FakeLeases.models)

                assert door.press(action_id, "claims").status == 200


# Jobs after their end, and in between


def job_with(door: Door, **status: object) -> str:
    """A job whose reconciler has come so far."""
    job = door.jobs.propose(plan())
    [claim] = door.store.claim(1, 30)
    document = dump(JobStatus(**status))  # type: ignore[arg-type]
    door.store.commit(claim, {"job": document}, RequeueAfter(60))
    return job


def test_run_again_opens_the_form_with_the_plans_own_values(door: Door) -> None:
    job = door.jobs.propose(
        plan(hyperparameters={"epochCount": "5", "batchSize": "16", "learningRateMultiplier": "0.5"})
    )

    door.press("job.again", f"{job} 3")

    values = {
        each["block_id"].rpartition(".")[2]: each["element"].get("initial_value")
        for each in door.opened["blocks"]
        if each["type"] == "input"
    }
    assert (values["epochCount"], values["batchSize"], values["learningRateMultiplier"]) == ("3", "16", "0.5")
    assert "earlyStoppingPatience" not in values, "there is no validation set"
    assert values["job_name"] != plan().job_name
    again = door.jobs.repeat(job, {}, owner="UTRAIN", channel="C1")
    assert (values["job_name"], values["model_name"]) == (again.job_name, again.model_name)


def test_run_again_without_a_number_keeps_the_epochs(door: Door) -> None:
    job = door.jobs.propose(plan())

    door.press("job.again", job)

    assert '"initial_value": "2"' in json.dumps(door.opened)


def test_an_earlier_job_whose_dataset_is_gone_says_so(door: Door) -> None:
    job = door.jobs.propose(plan(dataset_id="000000000000"))

    door.press("job.again", job)

    assert "no dataset" in door.said


def test_what_bedrock_said_is_shown_to_whoever_asks(door: Door) -> None:
    job = job_with(door, phase=Phase.FAILED, raw_failure="<b> Could not `read` </b>")

    door.press("job.raw", job, user={"id": "UANYONE", "team_id": "T1"})

    assert "&lt;b&gt; Could not" in words(door.opened)


def test_what_bedrock_said_of_a_lease_is_shown_to_whoever_asks(door: Door) -> None:
    door.leases.leased = [lease(phase=LeasePhase.REFUSED, raw_failure="<b> No `units` left </b>")]

    door.press("lease.raw", "0123456789ab", user={"id": "UANYONE", "team_id": "T1"})

    assert door.leases.calls == [("find", "0123456789ab")]
    assert "&lt;b&gt; No" in words(door.opened)


def test_keep_waiting_is_noted_once_with_who_said_so(door: Door) -> None:
    job = job_with(door, phase=Phase.PROCESSING)

    for user in (USER, "UBOSS"):
        door.press("job.wait", job, user={"id": user, "team_id": "T1"})

    resource = door.store.get(Key("job", job))
    assert resource is not None
    assert resource.spec["waiting"]["by"] == USER
    assert door.webhooks == []


def test_there_is_nothing_to_wait_for_once_it_is_over(door: Door) -> None:
    job = job_with(door, phase=Phase.COMPLETED)

    door.press("job.wait", job)

    assert "That job is over" in door.said


def test_what_was_stopped_a_moment_ago_is_kept_by_a_press_and_who_comes_later_is_told(door: Door) -> None:
    """The answer to the press, the card and the command lead to the same *Keep*."""
    job = door.jobs.propose(plan(job_name="mine", model_name="mine"))
    stored = door.store.get(Key("job", job))
    assert stored is not None
    votes = {"started": {"decision": "start", "by": USER, "at": stored.spec["asked_at"]}}
    door.store.amend(stored.key, lambda spec: {**spec, "votes": votes})

    door.press("job.stop", job)
    assert "Stopping `mine` in 10 s" in door.said
    assert buttons(door.webhooks[-1]) == [("job.keep", job)]
    door.webhooks.clear()
    door.command("stop mine")
    assert f"<@{USER}> asked to stop it already" in door.said
    assert buttons(door.webhooks[-1]) == [("job.keep", job)]
    door.webhooks.clear()
    door.press("job.keep", job)
    assert "Kept: `mine` goes on" in door.said
    door.webhooks.clear()
    replace(door, user="UBOSS").press("job.keep", job)
    assert f"<@{USER}> kept it already" in words(door.webhooks[-1])
