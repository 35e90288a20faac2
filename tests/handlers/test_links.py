"""Everything is found again: lists, cards and Home link to the thread in which a thing is told."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.controller.documents import dump
from bot.controller.model import RequeueAfter
from bot.distillations.model import DistillationStatus
from bot.distillations.plan import DistillationPhase
from bot.leases.cards import LeaseView
from bot.serving.cards import ModelLine
from tests.handlers.door import BOT, DIRECT, USER, Door, words
from tests.handlers.fake_services import lease
from tests.handlers.test_events import mention
from tests.handlers.test_threads import PRESSED_IN_A_THREAD
from tests.unit.jobs.samples import dataset

LINK = "<https://x/archives/C1/p90?thread_ts=9.0&cid=C1|Open thread>"


def planned_in_a_thread(door: Door) -> str:
    """Return the name of a job that was asked for in the thread of 9.0."""
    door.press("dataset.start", "claims", **PRESSED_IN_A_THREAD)
    door.submit(door.opened, {})
    door.webhooks.clear()
    door.client.made.clear()
    (job,) = door.store.of_kind("job")
    return str(job.spec["plan"]["job_name"])


def home(door: Door) -> str:
    door.event({"type": "app_home_opened", "user": USER, "channel": DIRECT, "tab": "home", "event_ts": "1"})
    (call,) = door.client.calls("views.publish")
    return words(call["view"])


def said(command: str) -> Callable[[Door], str]:
    def run(door: Door) -> str:
        door.command(command.format(job=planned_in_a_thread(door)))
        return door.said

    return run


@pytest.mark.parametrize("place", ["jobs all", "jobs", "status {job}"])
def test_a_job_links_to_its_thread(door: Door, place: str) -> None:
    assert LINK in said(place)(door)


@pytest.mark.parametrize(
    "place", [said("models"), said("model claims-router"), home], ids=["models", "model", "home"]
)
def test_a_model_that_is_awake_links_to_its_leases_thread(door: Door, place: Callable[[Door], str]) -> None:
    awake = lease(channel="C1", thread_ts="9.0")
    door.leases.leased = [awake]
    door.leases.lines = [line_of(door, awake)]

    assert LINK in place(door)


def line_of(door: Door, awake: LeaseView) -> ModelLine:
    return replace(door.leases.lines[0], lease=awake)


def test_datasets_link_to_where_they_came_from(door: Door) -> None:
    door.command("datasets")
    source = dataset().source
    assert f"/archives/{source.channel}/p{source.ts.replace('.', '')}?" in door.said
    assert f"/archives/{source.channel}/p" in home(door)


def test_the_workspace_is_asked_for_once_and_without_an_answer_there_is_no_link(door: Door) -> None:
    door.client.answers["auth.test"] = {"ok": False, "error": "fatal_error"}
    door.command("datasets")
    assert "Open thread" not in door.said

    door.client.answers["auth.test"] = {"ok": True, "url": "https://x.slack.com/"}
    door.client.made.clear()
    door.webhooks.clear()
    for _ in range(2):
        door.command("datasets")
    assert all("<https://x.slack.com/archives/" in words(each) for each in door.webhooks)
    assert len(door.client.calls("auth.test")) == 1


def test_what_nobody_knows_the_thread_of_has_no_link(door: Door) -> None:
    door.leases.leased = [lease()]

    door.command("models")

    assert "Open thread" not in door.said


@pytest.mark.parametrize("place", ["", "jobs running", "status {}", "home"])
def test_a_distillation_links_to_its_thread(door: Door, place: str) -> None:
    door.event(mention(f"<@{BOT}> tune distill F0PROMPTS1 with nova-pro", thread_ts="9.0"))
    (there,) = door.store.of_kind("distillation")
    [claim] = door.store.claim(1, {"distillation": 30.0})
    begun = DistillationStatus(phase=DistillationPhase.RUNNING)
    door.store.commit(claim, {"distillation": dump(begun)}, RequeueAfter(60))
    door.client.made.clear()

    if place == "home":
        assert LINK in home(door)
        return
    door.command(place.format(there.spec["plan"]["job_name"]))
    assert LINK in door.said
