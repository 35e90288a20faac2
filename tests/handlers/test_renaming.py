"""Renaming through the front door: by command, by the buttons' form; who may, and which names are to be had."""

from dataclasses import replace

import pytest

from bot.access import Access
from bot.directory.renaming import DATASET, MODEL
from handlers.metadata import Naming
from tests.handlers.door import CHANNEL, USER, Door, buttons, make_door
from tests.handlers.test_inspector import ack
from tests.tables import table
from tests.unit.jobs.samples import dataset, model

MADE = model("claims-router")
DATA = dataset("claims", sha256="ab" * 32)


@pytest.fixture
def door() -> Door:
    door = make_door()
    for known in door.models.all():
        door.models.save(replace(known, owner=USER))
    door.models.save(replace(MADE, owner=USER))
    return door


def names(door: Door) -> tuple[set[str], set[str]]:
    """Return what models and datasets are called."""
    return {each.name for each in door.models.all()}, {each.name for each in door.datasets.datasets}


def test_a_model_is_renamed_and_found_by_both_names(door: Door) -> None:
    for typed in (
        "rename claims-router triage",
        "rename triage to claims-triage",
        "rename model claims-router t3",
    ):
        door.webhooks.clear()
        door.command(typed)
        new = typed.rpartition(" ")[2]
        assert f"is called `{new}` from now on" in door.said
        assert "Bedrock goes on calling it `claims-router`" in door.said
    found = {each: door.models.find(each) for each in ("claims-router", "triage", "CLAIMS-TRIAGE", "t3")}
    assert {each and (each.name, each.at_bedrock, each.arn) for each in found.values()} == {
        ("t3", "claims-router", MADE.arn)
    }
    assert [(each.name, each.former) for each in door.models.labels()] == [
        ("t3", ("claims-router", "triage", "claims-triage"))
    ]


def test_every_version_of_a_dataset_gets_the_new_name_or_the_one_that_is_named(door: Door) -> None:
    mine = replace(DATA.source, user=USER, channel=CHANNEL)
    others = replace(DATA.source, user="UOTHER", channel=CHANNEL)
    old = [replace(dataset("claims", sha256=f"{n}{n}" * 32), source=mine) for n in (1, 2)]
    theirs = replace(dataset("claims", sha256="33" * 32), source=others)
    for each in (*old, theirs):
        door.datasets.save(each)

    door.command(f"rename {old[0].id} claims-2025")
    assert [each.name for each in door.datasets.labels(old[0].id)] == ["claims-2025"]
    door.webhooks.clear()
    door.command("rename dataset claims.jsonl to triage")
    assert {each.id for each in door.datasets.named("triage")} >= {old[1].id}
    assert theirs in door.datasets.named("claims"), "what somebody else sent keeps its name"
    assert "Plans and cards from before keep the old name" in door.said


def test_names_that_are_not_to_be_had(door: Door) -> None:
    door.models.save(replace(model("other-model"), owner=USER))
    door.datasets.save(
        replace(dataset("other-data", sha256="cd" * 32), source=replace(DATA.source, user=USER))
    )
    door.datasets.save(replace(DATA, source=replace(DATA.source, user=USER)))
    refused = {
        "rename claims-router claims-router": "It is called `claims-router` already. Choose another name.",
        "rename claims-router Other-Model": "`Other-Model` is taken. `Other-Model-2` is free.",
        "rename claims-router my_.router": "`my_.router` cannot be a model name.",
        'rename claims-router "a b"': "`a b` cannot be a model name.",
        f"rename claims {'a' * 101}": "cannot be a dataset's name",
        "rename claims 0123456789ab": "cannot be a dataset's name",
        "rename claims OTHER-DATA": "There is a dataset `OTHER-DATA` in that channel already.",
        "rename claims claims": "There is a dataset `claims` in that channel already.",
        "rename claims-ruoter x": "Did you mean `claims-router`?",
        "rename model claims x": "There is no model `claims`.",
        "rename dataset claims-router x": "There is no dataset `claims-router`.",
        "rename a b c": "Which one, and what is it to be called?",
        "rename dataset a b c d": "Which one, and what is it to be called?",
    }
    before = names(door)
    with table() as row:
        for typed, said in refused.items():
            with row(typed):
                door.webhooks.clear()
                door.command(typed)
                assert said in door.said
                assert names(door) == before


def test_what_a_model_and_a_dataset_are_both_called_has_to_be_told_apart(door: Door) -> None:
    door.datasets.save(
        replace(dataset("claims-router", sha256="ef" * 32), source=replace(DATA.source, user=USER))
    )
    door.command("rename claims-router x")
    assert "is a model, and a dataset, too" in door.said
    door.webhooks.clear()
    door.command("rename dataset claims-router x")
    assert "`claims-router` is called `x`" in door.said
    assert door.models.find("claims-router")


@pytest.mark.parametrize(("user", "may"), [(USER, True), ("UOPS", True), ("UOTHER", False)])
def test_its_owner_and_the_operator_rename(user: str, may: bool) -> None:
    door = make_door(
        Access(
            trainers=frozenset({USER, "UOTHER", "UOPS"}), operator="UOPS", people=make_door().access.people
        )
    )
    door.models.save(replace(MADE, owner=USER))
    door.user = user
    door.command("rename claims-router triage")
    assert ("is called `triage`" in door.said) == may
    assert may or "Only its owner or the operator may do that. Ask <@UTRAIN>." in door.said
    door.webhooks.clear()
    door.command("rename claims-router")
    assert bool(door.client.calls("views.open")) == may, "nor is the form opened for whom it would refuse"


@pytest.mark.parametrize(
    ("action", "value", "state"),
    [
        ("model.rename", "claims-router", Naming(MODEL, "claims-router", "", CHANNEL, "5.0")),
        ("dataset.rename", f"{DATA.id} claims", Naming(DATASET, DATA.id, "claims", CHANNEL, "5.0")),
    ],
)
def test_a_button_opens_the_form_that_takes_the_name(
    door: Door, action: str, value: str, state: Naming
) -> None:
    door.datasets.save(replace(DATA, source=replace(DATA.source, user=USER)))
    door.press(action, value, message={"ts": "5.5", "thread_ts": "5.0"})
    form = door.opened
    assert form["private_metadata"] == state.dump()
    name = value.rpartition(" ")[2]
    assert form["blocks"][0]["element"]["initial_value"] == name

    wrong = ack(door.submit(form, {"name": "a b." if state.what == MODEL else "0123456789ab"}))
    assert wrong["response_action"] == "errors"
    assert "cannot be" in wrong["errors"]["name"]
    assert ack(door.submit(form, {"name": "triage"})) == {}
    [said] = door.client.calls("chat.postEphemeral")
    assert f"`{name}` is called `triage` from now on" in said["text"]
    assert (said["channel"], said["thread_ts"]) == (CHANNEL, "5.0")


def test_the_button_is_for_whom_it_would_not_refuse(door: Door) -> None:
    for user, name in (("UOTHER", "theirs"), (USER, "mine")):
        door.datasets.save(replace(dataset(name, sha256="77" * 32), source=replace(DATA.source, user=user)))
        door.webhooks.clear()
        door.command(f"dataset {name}")
        assert (("dataset.rename", f"{'77' * 6} {name}") in buttons(door.webhooks[-1])) == (user == USER)


def test_the_names_of_jobs_in_the_making_are_taken(door: Door) -> None:
    """As they are for a new job: the one rule is asked by both."""
    taken = door.jobs.taken().models
    door.models.save(replace(MADE, owner=USER))
    assert "claims-router" in taken
    door.command("rename claims-router triage")
    assert {"claims-router", "triage"} <= set(door.jobs.taken().models), "its former name is nobody's"
