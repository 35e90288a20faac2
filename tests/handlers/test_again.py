"""An earlier job once more: by a line, and in the form."""

import pytest

from bot.datasets.model import Role
from tests.doubles.bedrock import InMemoryModels
from tests.handlers.door import USER, Door, words
from tests.handlers.fake_services import line
from tests.unit.jobs.samples import dataset, model

EPOCHS = "hyperparameter.claude-3-haiku.epochCount"


@pytest.fixture
def first(door: Door) -> str:
    """The name of a job that was planned with seven epochs and a validation dataset."""
    door.datasets.save(dataset("holdout", role=Role.VALIDATION, sha256="cd" * 32))
    door.command("start claims")
    door.submit(door.opened, {"job_name": "first-1", EPOCHS: "7", "validation_dataset": "cdcdcdcdcdcd"})
    door.client.made.clear()
    return "first-1"


@pytest.mark.parametrize(
    "text", ["again first-1 with epochCount=6", "again first-1 epochs=6", "again first-1 with 6 epochs"]
)
def test_one_line_plans_it_again_under_a_free_name(door: Door, first: str, text: str) -> None:
    door.command(text)

    view = door.jobs.find("first-2")
    before = door.jobs.find(first)
    assert dict(view.hyperparameters) == {**dict(before.hyperparameters), "epochCount": "6"}
    assert door.jobs.plan("first-2").validation_dataset_id == "cdcdcdcdcdcd"
    assert door.webhooks == [], "the plan is the answer"


def test_without_a_change_the_form_opens_with_its_values(door: Door, first: str) -> None:
    door.command(f"again {first}")

    door.submit(door.opened, {})
    views = door.jobs.list("mine", USER).views
    assert len(views) == 2
    assert dict(views[0].hyperparameters)["epochCount"] == "7"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("again", "Which job?"),
        ("again frist-1 epochCount=6", "Did you mean `first-1`"),
        ("again first-1 epochCount=11", "It takes 1 to 10"),
        ("again first-1 learningRate=2", "Did you mean `learningRateMultiplier`"),
        ("again first-1 more", "I cannot read `more` as a change"),
        ("again first-1 epochCount=", "I cannot read"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(door: Door, first: str, text: str, said: str) -> None:
    door.command(text)

    assert said in door.said
    assert door.jobs.names() == [first]


def test_a_model_can_be_trained_further(door: Door) -> None:
    door.leases.lines = [line("claims-router"), line("other")]
    assert isinstance(door.models, InMemoryModels)
    door.models.save(model())
    door.command("start claims")
    assert "Train a model further" in words(door.opened)

    door.submit(door.opened, {"base_model": "claims-router", "job_name": "further-1"})

    plan = door.jobs.plan("further-1")
    assert (plan.base_model_name, plan.base_model_id) == ("claims-router", model().arn)


def test_without_models_nothing_is_asked_about_them(door: Door) -> None:
    door.leases.lines = []
    door.command("start claims")

    assert "Train a model further" not in words(door.opened)
