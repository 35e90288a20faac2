"""The forms through the front door."""

import json
from dataclasses import replace

import pytest

from bot.datasets.model import Role, Verdict
from bot.derivations.splitting.model import Split
from bot.errors import Unavailable
from bot.profiles.hyperparameters import LABELS, label_of
from bot.profiles.registry import PROFILES
from tests.handlers.door import CHANNEL, USER, Door, Json, initial_state, words
from tests.unit.jobs.samples import dataset


@pytest.fixture
def form(door: Door) -> Json:
    """The start form, as it was opened in the channel."""
    door.command("start claims")
    return door.opened


def ack(response: object) -> Json:
    body = getattr(response, "body", "")
    return dict(json.loads(body)) if body else {}


def test_the_form_says_every_range(form: Json) -> None:
    said = words(form)

    for name in ("Epochs", "Batch size", "Learning rate multiplier", "Bedrock calls it epochCount."):
        assert name in said
    assert "1 to 10" in said
    assert "0.1 to 2" in said


def test_every_hyperparameter_of_every_base_has_a_name_that_people_use() -> None:
    names = {each.name for profile in PROFILES.values() for each in profile.hyperparameters}

    assert names <= set(LABELS)
    assert label_of("someOtherSetting") == "Some other setting"


def test_the_same_rows_under_two_names_are_offered_once_under_the_one_that_was_named(door: Door) -> None:
    door.datasets.save(dataset("claims.repaired"))
    for named in ("claims", "claims.repaired"):
        door.client.made.clear()
        door.command(f"start {named}")
        (chosen,) = (each for each in door.opened["blocks"] if each.get("block_id") == "dataset")
        offered = [each["text"]["text"] for each in chosen["element"]["options"]]
        assert [each.split(" ")[0] for each in offered] == [named]


def test_early_stopping_is_asked_for_only_with_a_validation_set(door: Door, form: Json) -> None:
    assert "Early stopping" not in words(form)

    door.datasets.save(dataset("held-out", role=Role.VALIDATION, sha256="cd" * 32))
    state = initial_state(form)
    held_out = {"start.validation": {"type": "static_select", "selected_option": {"value": "cdcdcdcdcdcd"}}}
    for chosen in ({}, {"validation_dataset": held_out}, {}):
        door.client.made.clear()
        door.choose(form | {"state": {"values": state | chosen}}, "start.validation", "cdcdcdcdcdcd")
        (redrawn,) = door.client.calls("views.update")
        assert ("Early stopping patience" in words(redrawn["view"])) == bool(chosen)
        assert ("Early stopping threshold" in words(redrawn["view"])) == bool(chosen)


def test_the_form_as_it_is_becomes_a_plan(door: Door, form: Json) -> None:
    response = door.submit(form, {})

    assert ack(response) == {}
    (view,) = door.jobs.list("mine", USER).views
    assert view.dataset == "claims"
    assert dict(view.hyperparameters)["epochCount"] == "2"
    assert door.client.calls("chat.postEphemeral") == [], "the plan is the answer"


def test_what_was_filled_in_is_what_is_planned(door: Door, form: Json) -> None:
    epochs = "hyperparameter.claude-3-haiku.epochCount"

    door.submit(form, {"job_name": "my-job", "model_name": "my-model", epochs: "7"})

    view = door.jobs.find("my-job")
    assert view.model_name == "my-model"
    assert dict(view.hyperparameters)["epochCount"] == "7"


def test_submitting_twice_is_one_plan(door: Door, form: Json) -> None:
    door.submit(form, {})
    door.submit(form, {})

    assert len(door.jobs.names()) == 1


@pytest.mark.parametrize(
    ("block", "value", "word"),
    [
        ("hyperparameter.claude-3-haiku.epochCount", "11", "It takes 1 to 10"),
        ("hyperparameter.claude-3-haiku.batchSize", "many", "must be a number"),
        ("job_name", "no spaces please", ""),
        ("model_name", "", ""),
        ("dataset", "gone", "There is no dataset"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    door: Door, form: Json, block: str, value: str, word: str
) -> None:
    answer = ack(door.submit(form, {block: value}))

    assert answer["response_action"] == "errors"
    ((where, said),) = answer["errors"].items()
    assert where == block
    assert word in said
    assert "`" not in said
    assert door.jobs.names() == []


def test_a_base_that_reads_another_format_is_a_press_away(door: Door, form: Json) -> None:
    """The form offers the copy; whichever state of it is sent, nobody is sent away with a command to type."""
    door.choose(form | {"state": {"values": initial_state(form)}}, "start.base", "nova-lite")
    offered = door.client.calls("views.update")[0]["view"]
    assert offered["submit"]["text"] == "Convert a copy"
    for sent in (offered, form):
        door.submit(sent, {"profile": "nova-lite"})
        [*_, told] = door.client.calls("chat.postEphemeral")
        assert "I am converting `claims` for Amazon Nova Lite" in told["text"]
        assert door.jobs.names() == []

    door.submit(offered, {"profile": "claude-3-haiku"})
    assert door.jobs.names() == [], "its fields come first"

    door.client.made.clear()
    door.user = "UANYBODY"
    refused = ack(door.submit(offered, {"profile": "nova-lite"}))
    assert "needs a trainer" in words(refused["view"]), "who may is looked at when it is sent, too"
    assert door.client.calls("chat.postEphemeral") == []


def test_a_validation_dataset_is_offered_and_used(door: Door) -> None:
    door.datasets.save(dataset("holdout", role=Role.VALIDATION, sha256="cd" * 32))
    door.command("start claims")

    door.submit(door.opened, {"validation_dataset": "cdcdcdcdcdcd"})

    assert len(door.jobs.names()) == 1


def test_the_other_side_of_a_split_is_chosen_in_the_form(door: Door) -> None:
    effects = Split(120, 80, 40, 0.33, 7, 0, 0, None, (), ()).effects()
    sides = [
        dataset("routes.train", records=80, sha256="a1" * 32),
        dataset("routes.validation", records=40, role=Role.VALIDATION, sha256="a2" * 32),
    ]
    for side, effect in zip(sides, effects, strict=True):
        door.datasets.save(replace(side, parent="ef" * 32, history=(effect,)))
    door.command("start routes.train")

    blocks = {each.get("block_id"): each for each in door.opened["blocks"]}
    chosen = blocks["validation_dataset"]["element"]["initial_option"]
    assert chosen["value"] == f"{'a2' * 6} routes.validation"


def test_a_form_of_an_older_version_says_so_and_stays(door: Door, form: Json) -> None:
    answer = ack(door.submit(form | {"private_metadata": '{"v": 0}'}, {}))

    assert answer["response_action"] == "push"
    assert "from before an update" in words(answer["view"])
    assert door.jobs.names() == []


def test_a_store_that_does_not_answer_leaves_the_form_as_it_is(
    door: Door, form: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(_name: str) -> None:
        raise Unavailable("Redis did not answer.")

    monkeypatch.setattr(door.datasets, "labels", unavailable)

    answer = ack(door.submit(form, {}))

    assert "Redis did not answer" in words(answer["view"])


def test_an_unexpected_error_is_told_in_the_form(
    door: Door, form: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door.datasets, "labels", 1)

    response = door.submit(form, {})

    assert response.status == 200
    assert "Something broke on my side" in words(ack(response)["view"])


def test_who_may_not_start_is_told_in_the_form(door: Door, form: Json) -> None:
    body = {
        "type": "view_submission",
        "user": {"id": "UASKER"},
        "team": {"id": "T1"},
        "view": form | {"id": "V9", "state": {"values": {}}},
    }

    assert "not on the list" in words(ack(door.deliver(body))["view"])


def test_a_dataset_that_is_not_ready_can_be_looked_at_in_the_form(door: Door) -> None:
    door.datasets.save(dataset("broken", sha256="ef" * 32, verdict=Verdict.BLOCKED))
    door.command("start broken")

    answer = ack(door.submit(door.opened, {}))

    assert "errors" in answer["errors"]["dataset"]


def test_a_file_in_the_form_is_handed_in(door: Door) -> None:
    door.press("validate.form", "validate")

    response = door.submit(door.opened, {"file": [{"id": "F0NEW"}]})

    assert ack(response) == {}
    assert door.uploads.calls == [("F0NEW", CHANNEL, None, USER, "claude-3-haiku", Role.TRAINING)]


def test_a_form_without_a_file_says_so_beside_the_field(door: Door) -> None:
    door.press("validate.form", "validate")

    answer = ack(door.submit(door.opened, {"file": []}))

    assert answer["errors"] == {"file": "Choose a file first."}
    assert door.uploads.calls == []


def test_a_form_that_nobody_knows_says_so(door: Door, form: Json) -> None:
    answer = ack(door.submit(form | {"callback_id": "of-old"}, {}))

    assert answer["response_action"] == "update"
    assert "another version" in words(answer["view"])
