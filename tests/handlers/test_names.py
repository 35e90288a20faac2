"""The name that a person typed works everywhere: every command that takes one, with each sort of name for a thing.

A job, the model that it makes and the dataset that it was planned with belong together; whoever names one of them in
a command that is about another means that one.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.controller.documents import dump
from bot.controller.model import RequeueAfter
from bot.jobs.model import Phase
from bot.jobs.record import JobStatus
from tests.handlers.door import BOT, Door, make_door, words
from tests.handlers.fake_services import lease
from tests.handlers.test_events import mention
from tests.unit.jobs.samples import dataset, model, plan

JOB, MODEL, DATA = "claims-job", "claims-router", "claims"

OF_A_JOB: dict[str, Callable[[str], str]] = {
    "its name": lambda _: JOB,
    "its name in capitals": lambda _: JOB.upper(),
    "its name as code": lambda _: f"`{JOB}`",
    "its ID": lambda job: job,
    "its model's name": lambda _: MODEL,
    "its model's name, written otherwise": lambda _: f'"{MODEL.title()}"',
}
OF_A_MODEL: dict[str, Callable[[str], str]] = {
    "its name": lambda _: MODEL,
    "its name in capitals": lambda _: MODEL.upper(),
    "its name as code": lambda _: f"`{MODEL}`",
    "its job's name": lambda _: JOB,
    "its job's name in capitals": lambda _: JOB.upper(),
    "its job's ID": lambda job: job,
}
OF_A_DATASET: dict[str, Callable[[str], str]] = {
    "its name": lambda _: DATA,
    "its name in capitals": lambda _: DATA.upper(),
    "its file's name": lambda _: f"{DATA}.jsonl",
    "its ID": lambda _: "abababababab",
    "the job's name": lambda _: JOB,
    "the job's ID": lambda job: job,
    "the model's name": lambda _: MODEL,
}
COMMANDS: dict[str, tuple[str, dict[str, Callable[[str], str]]]] = {
    "status": ("status {}", OF_A_JOB),
    "stop": ("stop {}", OF_A_JOB),
    "follow": ("follow {}", OF_A_JOB),
    "mute": ("mute {}", OF_A_JOB),
    "again": ("again {} epochCount=3", OF_A_JOB),
    "model": ("model {}", OF_A_MODEL),
    "serve": ("serve {} for 2h", OF_A_MODEL),
    "extend": ("extend {} 1h", OF_A_MODEL),
    "release": ("release {}", OF_A_MODEL),
    "share": ("share {}", OF_A_MODEL),
    "unshare": ("unshare {} with #claims-ai", OF_A_MODEL),
    "cost": ("cost {}", OF_A_MODEL),
    "/ask": ("{} who earns what?", {name: said for name, said in OF_A_MODEL.items() if "ID" not in name}),
    "sweep": ("sweep {} epochCount=2,3", OF_A_JOB),
    "dataset": ("dataset {}", OF_A_DATASET),
    "split": ("split {}", OF_A_DATASET),
    "convert": ("convert {} for nova-lite", OF_A_DATASET),
    "compare": ("compare {} plans", OF_A_DATASET),
    "start": ("start {}", OF_A_DATASET),
    "distill": ("distill {} with nova-pro", OF_A_DATASET),
}


def house(*, made: bool = True) -> tuple[Door, str]:
    """Return a bot with a job, the model that it has ``made``, awake, and the data; and the job's ID."""
    door = make_door()
    door.datasets.save(dataset("plans", sha256="cd" * 32))
    job = door.jobs.propose(plan(job_name=JOB, model_name=MODEL))
    [claim] = door.store.claim(1, {"job": 30.0})
    door.store.commit(claim, {"job": dump(JobStatus(phase=Phase.TRAINING))}, RequeueAfter(60))
    if made:
        door.models.save(replace(model(MODEL), owner="UTRAIN", job_id=job))
    return door, job


def outcome(command: str, name: str) -> Any:
    """Return all that came of the command: what was said, opened, asked of the desks and written down."""
    door, job = house()
    text, sorts = COMMANDS[command]
    typed = text.format(sorts[name](job))
    if command.startswith("/"):
        door.command(typed, slash=command)
    else:
        door.command(typed)
    kinds = ("derivation", "distillation", "sweep", "job")
    made = [(each.key.kind, each.spec) for kind in kinds for each in door.store.of_kind(kind)]
    return {
        "said": [words(each) for each in door.webhooks],
        "opened": door.client.calls("views.open"),
        "leases": door.leases.calls,
        "asked": [(each.model, each.text) for each in door.questions.asked],
        "written down": made,
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "name"),
    [(command, name) for command, (_, sorts) in COMMANDS.items() for name in list(sorts)[1:]],
)
def test_whatever_it_is_called_the_same_comes_of_it(command: str, name: str) -> None:
    expected = outcome(command, "its name")

    assert not any(said.startswith("There is no") for said in expected["said"]), expected["said"]
    assert outcome(command, name) == expected


def test_a_mention_takes_the_jobs_name_too() -> None:
    door, _ = house()
    door.event(mention(f"<@{BOT}> {JOB} who earns what?"))

    (asked,) = door.questions.asked
    assert (asked.model, asked.text) == (MODEL, "who earns what?")


@pytest.mark.slow
@pytest.mark.parametrize("typed", ["claims-nova", "Claims-Nova:", "nova-job"])
@pytest.mark.parametrize("by", ["/ask", "a mention"])
def test_a_model_that_is_still_being_made_is_not_answered_for_by_another(typed: str, by: str) -> None:
    door = make_door()
    door.jobs.propose(plan(job_name="nova-job", model_name="claims-nova"))
    [claim] = door.store.claim(1, {"job": 30.0})
    door.store.commit(claim, {"job": dump(JobStatus(phase=Phase.TRAINING))}, RequeueAfter(60))

    if by == "/ask":
        door.command(f"{typed} who earns what?", slash="/ask")
        said = door.said
    else:
        door.event(mention(f"<@{BOT}> {typed} who earns what?"))
        said = words(door.client.calls("chat.postEphemeral")[0])
    assert "`claims-nova` cannot be asked yet: it is still being made." in said
    assert "`/tune status nova-job`" in said
    assert door.questions.asked == []

    door.command("follow-up on claims-nova?", slash="/ask")
    assert [each.text for each in door.questions.asked] == ["follow-up on claims-nova?"], (
        "a word of the question"
    )


@pytest.mark.parametrize("command", ["model {}", "serve {}", "share {}", "release {}", "extend {} 1h"])
def test_a_job_that_has_made_no_model_says_how_it_stands(command: str) -> None:
    door, _ = house(made=False)
    door.leases.lines, door.leases.leased = [], []

    door.command(command.format(JOB))

    assert f"The job `{JOB}` has made no model: it is" in door.said
    assert f"/tune status {JOB}" in door.said


def test_of_two_jobs_for_a_model_the_one_that_was_not_called_off_is_meant() -> None:
    door, _ = house()
    door.command(f"again {JOB} epochCount=3")
    door.webhooks.clear()

    door.command(f"status {MODEL}")

    assert f"`{JOB}`" in door.said
    assert Phase.TRAINING.value in door.said


def test_what_names_nothing_gets_the_nearest_name() -> None:
    door, _ = house()
    for text in ("status claims-jbo", "model claims-ruoter"):
        door.webhooks.clear()
        door.command(text)
        assert "Did you mean" in door.said, text


def test_a_lease_is_found_though_its_model_is_not_seen() -> None:
    door, _ = house()
    door.leases.lines, door.leases.leased = [], [lease()]

    door.command(f"release {MODEL}")

    assert "Releasing" in door.said
