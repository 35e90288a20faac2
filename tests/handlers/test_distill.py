"""Prompts answered by a teacher, through the front door."""

import re
from typing import Any

import pytest

from bot.controller.documents import dump
from bot.controller.model import Key, RequeueAfter
from bot.distillations.model import DistillationStatus
from bot.distillations.plan import DistillationPhase
from tests.handlers.door import Door

LINK = "https://t.slack.com/files/UTRAIN/F0PROMPTS1/prompts.txt"


def plan(door: Door) -> dict[str, Any]:
    [resource] = door.store.of_kind("distillation")
    found: dict[str, Any] = resource.spec["plan"]
    return found


def running(door: Door, phase: DistillationPhase = DistillationPhase.RUNNING) -> str:
    """A distillation that Bedrock works on; return its name."""
    door.command(f"distill {LINK} with nova-pro")
    status = DistillationStatus(phase=phase, arn="arn:aws:bedrock:us-west-2:1:model-invocation-job/a")
    [claim] = door.store.claim(1, {"distillation": 30.0})
    door.store.commit(claim, {"distillation": dump(status)}, RequeueAfter(60))
    return str(plan(door)["job_name"])


def test_one_line_says_prompts_teacher_base_length_and_system(door: Door) -> None:
    asked = f"distill <{LINK}> with Claude Sonnet 4.6 for nova lite max 1,000"
    door.command(f"{asked} system “You route claims, max 5 words.”")

    made = plan(door)
    assert made["source"]["file_id"] == "F0PROMPTS1"
    assert (made["teacher"], made["profile"], made["max_tokens"]) == ("claude-sonnet-4.6", "nova-lite", 1000)
    assert made["model_id"] == "us.anthropic.claude-sonnet-4-6"
    assert made["system"] == "You route claims, max 5 words."
    assert (made["owner"], made["channel"]) == ("UTRAIN", "C1")
    assert "Nothing is spent" in door.said


def test_a_dataset_is_answered_for_its_own_base(door: Door) -> None:
    door.command("distill claims with nova-pro")

    made = plan(door)
    assert made["source"] == {"name": "claims", "file_id": "", "dataset_id": "abababababab"}
    assert (made["profile"], made["model_id"]) == ("claude-3-haiku", "us.amazon.nova-pro-v1:0")


def test_without_a_file_it_is_my_newest_upload_here(door: Door) -> None:
    door.command("distill with nova-pro")
    assert "no file of prompts" in door.said
    door.client.answers["conversations.history"] = {
        "ok": True,
        "messages": [{"user": "UTRAIN", "files": [{"id": "F0NEWEST01", "name": "p.jsonl"}]}],
    }
    door.command("distill with nova-pro")
    assert plan(door)["source"]["file_id"] == "F0NEWEST01"


def test_alone_it_lists_the_teachers_with_their_prices_and_what_is_under_way(door: Door) -> None:
    name = running(door)
    door.webhooks.clear()
    door.command("distill")

    shown = door.told
    assert "claude-haiku-4.5" in door.said
    assert "$0.40 per million input tokens in batch" in shown
    assert "price unknown" in shown
    assert name in shown


def test_the_list_of_teachers_says_how_one_is_asked(door: Door) -> None:
    """What is written there can be typed as it stands, with prompts of one's own."""
    door.command("distill")
    typed = re.search(r"`/tune (distill PROMPTS with [^`]+)`", door.said)
    assert typed
    door.command(typed[1].replace("PROMPTS", "claims"))
    assert plan(door)["source"]["name"] == "claims"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("distill claims", "Which model is to answer them?"),
        ("distill claims with", "Which model is to answer them?"),
        ("distill claims with nova-por", "Did you mean `nova-pro`?"),
        ("distill clams with nova-pro", "Did you mean `claims`?"),
        ("distill claims again with nova-pro", "I don't know what `again` means there"),
        ("distill claims with nova-pro max many", "as a number of tokens"),
        ("distill claims with nova-pro max 10 20", "as a number of tokens"),
        ("distill claims with nova-pro max 999999", "may have 1 to"),
        ("distill claims with nova-pro for nothing", "There is no base model"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(door: Door, text: str, said: str) -> None:
    door.command(text)
    assert said in door.said
    assert door.store.of_kind("distillation") == []


def test_cancel_is_counted_and_start_waits_for_the_price(door: Door) -> None:
    door.command("distill claims with nova-pro")
    [resource] = door.store.of_kind("distillation")
    door.press("plan.start", f"distillation:{resource.key.id}@1")
    assert "still reading the prompts" in str(door.client.calls("chat.postEphemeral") or door.webhooks)

    door.press("plan.cancel", f"distillation:{resource.key.id}@1")
    changed = door.store.get(Key("distillation", resource.key.id))
    assert changed is not None
    assert changed.spec["votes"]["cancelled"]["by"] == "UTRAIN"


def test_stop_asks_first_and_says_what_is_billed(door: Door) -> None:
    name = running(door)
    door.command(f"stop {name}")
    assert "is billed all the same" in str(door.webhooks[-1])
    assert "distillation.stop" in str(door.webhooks[-1])

    [resource] = door.store.of_kind("distillation")
    door.press("distillation.stop", resource.key.id)
    stopped = door.store.get(resource.key)
    assert stopped is not None
    assert stopped.spec["stop"]["by"] == "UTRAIN"


def test_keep_waiting_is_counted(door: Door) -> None:
    running(door)
    [resource] = door.store.of_kind("distillation")
    door.press("distillation.wait", resource.key.id)
    changed = door.store.get(resource.key)
    assert changed is not None
    assert changed.spec["waiting"]["by"] == "UTRAIN"


def test_what_is_over_cannot_be_stopped(door: Door) -> None:
    door.command(f"stop {running(door, DistillationPhase.COMPLETED)}")
    assert "Only what is under way can be stopped" in str(door.webhooks[-1])


def test_what_bedrock_said_is_shown_in_a_window(door: Door) -> None:
    running(door)
    [resource] = door.store.of_kind("distillation")
    door.press("distillation.raw", resource.key.id)
    [opened] = door.client.calls("views.open")
    assert "It said nothing" in str(opened)


def test_its_status_is_shown_as_a_jobs_is(door: Door) -> None:
    door.command(f"status {running(door)}")
    assert "Amazon Nova Pro: answering" in str(door.webhooks[-1])
