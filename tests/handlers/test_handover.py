"""Handing over through the front door: by command and by the form that asks for the person."""

from dataclasses import replace

import pytest

from bot.controller.context import Context
from bot.jobs.model import Phase
from bot.jobs.record import SCHEMA
from handlers.metadata import Naming
from tests.handlers.door import CHANNEL, USER, Door, Json, make_door, words
from tests.handlers.test_inspector import ack
from tests.unit.jobs.samples import ACCESS, plan

OTHER = "UTRAIN2"


@pytest.fixture
def door() -> Door:
    access = replace(ACCESS, trainers=ACCESS.trainers | {OTHER}, guests=ACCESS.guests | {OTHER})
    door = make_door(access)
    made = plan(job_name="claims-job", model_name="claims-model")
    door.jobs.propose(made)
    [claim] = door.store.claim(1, {"job": 30.0})
    context = Context(door.store, claim, door.clock, SCHEMA)
    context.status.phase = Phase.TRAINING
    context.save()
    return door


def owner(door: Door) -> str:
    return door.jobs.find("claims-job").owner


def picked(form: Json, user: str | None) -> Json:
    state = {"type": "users_select"} | ({"selected_user": user} if user else {})
    return form | {"state": {"values": {"person": {"person": state}}}}


def submitted(door: Door, form: Json, user: str | None) -> Json:
    body = {
        "type": "view_submission",
        "user": {"id": USER, "team_id": "T1"},
        "team": {"id": "T1"},
        "view": picked(form, user) | {"id": "V1", "hash": "h"},
    }
    return ack(door.deliver(body))


@pytest.mark.parametrize("typed", [f"handover claims-job to <@{OTHER}>", f"handover claims-model {OTHER}"])
def test_it_is_handed_over_to_whom_slack_names(door: Door, typed: str) -> None:
    door.command(typed)
    assert f"The job `claims-job` is in <@{OTHER}>'s care from now on" in door.said
    assert "goes on counting for whoever agreed to it" in door.said
    assert owner(door) == OTHER


@pytest.mark.parametrize("typed", ["handover claims-job", "handover claims-job to @maria"])
def test_whom_slack_does_not_name_is_asked_for(door: Door, typed: str) -> None:
    door.command(typed)
    form = door.opened
    assert "The job `claims-job`" in words(form)
    assert form["private_metadata"] == Naming("handover", "claims-job", "", CHANNEL, None).dump()

    assert submitted(door, form, None)["errors"] == {"person": "Choose somebody first."}
    wrong = submitted(door, form, "UNOBODY")["errors"]["person"]
    assert wrong.startswith("That person may not start such a thing"), "a form's error shows no mention"
    assert submitted(door, form, OTHER) == {}
    [said] = door.client.calls("chat.postEphemeral")
    assert f"<@{OTHER}>'s care" in said["text"]
    assert owner(door) == OTHER


def test_badly_asked_for(door: Door) -> None:
    for typed, said in {
        "handover a b c d": "What is to be handed over",
        "handover claims-jbo": "Did you mean `claims-job`?",
    }.items():
        door.webhooks.clear()
        door.command(typed)
        assert said in door.said
    door.user = OTHER
    door.webhooks.clear()
    door.command("handover claims-job")
    assert "Only its owner or the operator may do that. Ask <@UTRAIN>." in door.said
    assert owner(door) == USER
