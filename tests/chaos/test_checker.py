"""Each of the checker's looks, shown to see a fault that was planted into what the stand-ins saw.

One undisturbed journey, which the checker finds nothing wrong with; then one fault after the other, each taken away
again: no job twice, no message lost or doubled, order kept, final states equal, no key leaked.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.playground.bedrock.records import Deployment, Throughput
from bot.playground.narration import text_of
from bot.playground.slack.log import Entry
from bot.playground.slack.state import Message
from storage.keys import Keys
from tests.chaos.harness import checker
from tests.chaos.harness.allowances import Allowance, more_of, unexplained
from tests.chaos.harness.checker import Seen
from tests.chaos.harness.deploying import Deploying
from tests.chaos.harness.journey import Journey
from tests.chaos.harness.leaks import leaks
from tests.chaos.harness.playground import AWS_KEYS, Playground
from tests.chaos.harness.replica import Starter
from tests.chaos.harness.waiting import PREFIX
from tests.tables import table

pytestmark = [pytest.mark.chaos, pytest.mark.redis_server, pytest.mark.timeout(240)]


@dataclass(frozen=True)
class Afterwards:
    """A journey that came to its end, and what it came to."""

    playground: Playground
    seen: Seen

    def wrong(self) -> list[str]:
        return checker.violations(self.playground, self.seen)

    def messages(self, words: str) -> list[Message]:
        rows = self.playground.slack._ws.store.messages.values()
        return [
            row for row in rows if words in text_of(row.model_dump()) and row.by_app and not row.ephemeral_to
        ]


@pytest.fixture(scope="module")
def after() -> Iterator[Afterwards]:
    starter = Starter()
    try:
        with Playground(starter=starter) as playground:
            Journey(playground).go()
            yield Afterwards(playground, checker.seen(playground))
    finally:
        starter.stop()


class Plants:
    """Faults to be planted; each is gone after the test."""

    def __init__(self, after: Afterwards, monkeypatch: pytest.MonkeyPatch) -> None:
        self.after = after
        self.monkeypatch = monkeypatch

    def change(self, row: Message, **changes: object) -> None:
        """Have a message be otherwise."""
        rows = self.after.playground.slack._ws.store.messages._rows
        [key] = [key for key, each in rows.items() if each is row]
        self.monkeypatch.setitem(rows, key, row.model_copy(update=changes))

    def slack_saw(self, kind: str, **data: object) -> None:
        """Have Slack's log hold one thing more."""
        log = self.after.playground.slack.log
        more = Entry(10**6, 0.0, kind, dict(data))
        self.monkeypatch.setattr(log, "_entries", deque([*log.entries(), more]))

    def aws_saw_again(self, operation: str, **changes: object) -> None:
        """Have AWS's log hold a call of that operation once more."""
        log = self.after.playground.bedrock.log
        [call] = [each for each in log.of(operation, outcome="ok") if each.effect]
        self.monkeypatch.setattr(log, "_calls", [*log.all(), call.model_copy(update=changes)])

    def aws_has(self, shelf: str, *records: Any) -> None:
        """Have AWS hold these records and no others of their kind."""
        there = getattr(self.after.playground.bedrock.world, shelf)
        self.monkeypatch.setattr(there, "_records", {each.arn: each for each in records})


Look = Callable[..., None]
LOOKS: list[tuple[Look, Sequence[Any]]] = []
"""What is planted and has to be seen, each with its rows."""


def look(*rows: str | tuple[str, ...]) -> Callable[[Look], Look]:
    """Have a look be taken, once for each of these rows, or once."""

    def kept(function: Look) -> Look:
        LOOKS.extend((function, [each] if isinstance(each, str) else each) for each in rows or [()])
        return function

    return kept


@look()
def nothing_is_wrong_with_a_journey_that_nobody_disturbed(plant: Plants) -> None:
    after = plant.after
    assert after.wrong() == []


# No job twice


@look("CreateModelCustomizationJob", "CreateProvisionedModelThroughput")
def what_was_made_twice_is_seen(plant: Plants, operation: str) -> None:
    plant.aws_saw_again(operation)
    assert any(each.startswith(operation) and each.endswith("2 times") for each in plant.after.wrong())


@look()
def a_job_that_was_made_twice_under_two_names_is_seen(plant: Plants) -> None:
    [call] = plant.after.playground.bedrock.log.of("CreateModelCustomizationJob", outcome="ok")
    plant.aws_saw_again(
        "CreateModelCustomizationJob", parameters={**call.parameters, "customModelName": "claims-router-2"}
    )
    assert "CreateModelCustomizationJob: 2 times, not 1" in plant.after.wrong()


@look()
def a_call_that_was_repeated_with_its_token_is_no_second_job(plant: Plants) -> None:
    plant.aws_saw_again("CreateModelCustomizationJob", repeated=True)
    assert plant.after.wrong() == []


@look()
def throughput_that_was_left_running_is_seen(plant: Plants) -> None:
    [job] = list(plant.after.playground.bedrock.world.jobs)
    running = Throughput(
        arn=f"{job.arn}-throughput",
        name="forgotten",
        region=job.region,
        created=job.created,
        units=1,
        model_arn=job.model_arn,
        base_id=job.base_id,
        ready_at=job.created,
        modified=job.created,
    )
    plant.aws_has("throughputs", running)
    assert "still running, and paid for: forgotten" in plant.after.wrong()


@look()
def a_deployment_that_is_gone_or_that_no_record_is_about_is_seen(plant: Plants) -> None:
    people = Deploying(plant.after.playground, patience=0.1, roots={"lease": {"ts": "0"}})
    people._looks()
    assert people.wrong == ["the deployment is gone, and nobody has removed it"]
    [job] = list(plant.after.playground.bedrock.world.jobs)
    there = Deployment(
        arn=f"{job.arn}-deployment",
        name="of-nobody",
        region=job.region,
        created=job.created,
        model_arn=job.model_arn or "",
        base_id=job.base_id,
        description=None,
        ready_at=job.created,
    )
    plant.aws_has("deployments", there)
    people._looks()
    assert people.wrong[1:] == ["deployments without a record: ['of-nobody']"]
    assert set(people.wrong) <= set(checker.violations(plant.after.playground, plant.after.seen, people)), (
        "what people saw for themselves counts"
    )


# No message lost or doubled


@look()
def a_message_that_was_posted_twice_is_seen_though_the_copy_is_gone(plant: Plants) -> None:
    call = next(
        each
        for each in plant.after.playground.slack.log.calls("chat.postMessage", ok=True)
        if checker.marker(each["args"])
    )
    plant.slack_saw("api_call", **call)
    assert [each for each in plant.after.wrong() if each.startswith("posted 2 times")]


@look()
def a_message_that_is_there_twice_is_seen(plant: Plants) -> None:
    [served] = plant.after.messages("is in service for")
    [released] = plant.after.messages("AWS confirms it")
    plant.change(released, text=served.text, blocks=served.blocks)
    [wrong] = plant.after.wrong()
    assert wrong.startswith("otherwise: ")


@look("is trained*", "AWS confirms it", "is ready*", "Model card")
def a_message_that_is_not_there_is_seen(plant: Plants, words: str) -> None:
    [lost] = plant.after.messages(words)
    plant.change(lost, ephemeral_to="UNOBODY")
    assert [each for each in plant.after.wrong() if each.startswith(("missing: ", "otherwise: "))]


@look()
def a_picture_that_is_not_there_is_seen(plant: Plants) -> None:
    [end] = plant.after.messages("is trained*")
    plant.change(end, blocks=[each for each in end.blocks if each["type"] != "image"])
    [wrong] = plant.after.wrong()
    assert "- [picture: Line chart of the losses" in wrong


@look()
def a_direct_message_that_nobody_expected_is_seen(plant: Plants) -> None:
    after = plant.after
    told = replace(after.seen, direct=("told",))
    assert checker.violations(after.playground, told) == ["direct message missing: told"]


@look()
def a_journey_that_was_to_tell_more_than_it_did_is_wrong(plant: Plants) -> None:
    after = plant.after
    more = replace(after.seen, conversations=(*after.seen.conversations, ("never told",)))
    wrong = checker.violations(after.playground, more)
    assert [each for each in wrong if each.startswith("missing")] == ["missing: never told"]


# Order kept


@look()
def messages_in_another_order_are_seen(plant: Plants) -> None:
    [served] = plant.after.messages("is in service for")
    [released] = plant.after.messages("AWS confirms it")
    plant.change(served, text=released.text, blocks=released.blocks)
    plant.change(released, text=served.text, blocks=served.blocks)
    [wrong] = plant.after.wrong()
    assert wrong.startswith("otherwise: ")


# Final states equal


@look(
    ("*`claims-router-job`* · completed", "completed", "training"),
    ("*`claims-router`* · released", "released", "in service"),
)
def an_old_text_in_a_card_is_seen(plant: Plants, card: str, final: str, old: str) -> None:
    [shown] = plant.after.messages(card)
    plant.change(shown, blocks=json.loads(json.dumps(shown.blocks).replace(final, old)))
    [wrong] = plant.after.wrong()
    assert old in wrong


@look()
def a_button_that_should_be_gone_is_seen(plant: Plants) -> None:
    [shown] = plant.after.messages("*`claims-router-job`* · completed")
    stop = {"type": "button", "action_id": "job.stop", "text": {"type": "plain_text", "text": "Stop"}}
    plant.change(shown, blocks=[*shown.blocks, {"type": "actions", "elements": [stop]}])
    assert plant.after.wrong() == ["otherwise: + [job.stop]"]


@look()
def a_job_that_ended_otherwise_is_seen(plant: Plants) -> None:
    [job] = list(plant.after.playground.bedrock.world.jobs)
    plant.aws_has(
        "jobs", job.model_copy(update={"plan": job.plan.model_copy(update={"fails_in": "training"})})
    )
    wrong = plant.after.wrong()
    assert "job claims-router-job: Completed: 0 times, not 1" in wrong
    assert "job claims-router-job: Failed: 1 times, not 0" in wrong


@look()
def a_model_that_is_missing_is_seen(plant: Plants) -> None:
    plant.aws_has("models")
    assert "model claims-router: 0 times, not 1" in plant.after.wrong()


@look()
def an_object_that_is_there_twice_is_seen(plant: Plants) -> None:
    there = plant.after.playground.objects()
    again = next(each for each in there if each.startswith("datasets/"))
    plant.monkeypatch.setattr(plant.after.playground, "objects", lambda: [*there, again])
    assert "object datasets/<id>.jsonl: 2 times, not 1" in plant.after.wrong()


# No key leaked


SECRETS: dict[str, Callable[[Playground], str]] = {
    "the bot token": lambda playground: playground.slack.bot_token,
    "the app token": lambda playground: playground.slack.app_token,
    "the signing secret": lambda playground: playground.slack.signing_secret,
    "Redis's password": lambda playground: playground.redis.url.split(":")[2].split("@")[0],
    "the AWS secret key": lambda _: AWS_KEYS["AWS_SECRET_ACCESS_KEY"],
    "the AWS session token": lambda _: AWS_KEYS["AWS_SESSION_TOKEN"],
    "a presigned URL": lambda _: (
        "https://bucket.s3.amazonaws.com/data.jsonl?X-Amz-Algorithm=x&X-Amz-Signature=beef"
    ),
    "the header of a signed request": lambda _: "Authorization: AWS4-HMAC-SHA256 Credential=AKIA/20261122",
    "the address of an answer to a command": lambda playground: (
        f"{playground.slack.url}commands/T0NORTHWND/1234567/abcdefgh"
    ),
}


@look(*SECRETS)
def a_key_in_the_log_is_seen(plant: Plants, secret: str) -> None:
    after = plant.after
    log = after.playground.log
    before = log.read_bytes()
    log.write_bytes(before + f"DEBUG: {SECRETS[secret](after.playground)}\n".encode())
    try:
        assert leaks(after.playground) == [f"{secret} is in bot.log"]
    finally:
        log.write_bytes(before)


@look(*SECRETS)
def a_key_in_the_store_is_seen(plant: Plants, secret: str) -> None:
    after = plant.after
    place = Keys(PREFIX).seen("planted")
    after.playground.raw.hset(place, "field", json.dumps(SECRETS[secret](after.playground)))
    try:
        assert leaks(after.playground) == [f"{secret} is in the store"]
    finally:
        after.playground.raw.delete(place)


@look(
    ("a call to Slack", "api_call"), ("an answer to a command", "response_url"), ("an acknowledgement", "ack")
)
def a_key_that_is_told_in_slack_is_seen(plant: Plants, place: str, kind: str) -> None:
    said = {"text": f"It is {AWS_KEYS['AWS_SECRET_ACCESS_KEY']}."}
    plant.slack_saw(kind, method="chat.postMessage", ok=False, args=said, body=said)
    assert leaks(plant.after.playground) == [f"the AWS secret key is in {place}"]


@look()
def a_key_that_is_told_to_aws_is_seen(plant: Plants) -> None:
    plant.aws_saw_again(
        "CreateModelCustomizationJob", parameters={"x": plant.after.playground.slack.bot_token}
    )
    assert leaks(plant.after.playground) == ["the bot token is in a call to AWS"]


@look()
def an_error_that_nobody_expected_is_seen(plant: Plants) -> None:
    after = plant.after
    before = after.playground.log.read_bytes()
    told = b"ERROR x: it broke\nTraceback (most recent call last):\n  File x\nKeyError: 'y'\n"
    after.playground.log.write_bytes(before + told)
    try:
        [wrong] = after.wrong()
        assert "KeyError: 'y'" in wrong
    finally:
        after.playground.log.write_bytes(before)


# All of them on one journey, which takes longer than all looks at it


def test_every_fault_that_is_planted_is_seen(after: Afterwards) -> None:
    with table() as row:
        for function, given in LOOKS:
            with row(function.__name__, *given), pytest.MonkeyPatch.context() as monkeypatch:
                function(Plants(after, monkeypatch), *given)
    assert after.wrong() == []


# Allowances excuse what they name, as often as there was a reason for it, and nothing else

FOUND_AGAIN = Allowance("found again", further="I had lost track.*")
ASKED_AGAIN = Allowance("asked again", "question", beside="Why\\?(?:\nasleep)?")
OLD = Allowance("old", "untold end", instead=("released", "in service"), lacking="It is gone")
UNPRICED = Allowance("unpriced", alike={"unknown|\\$3": "<price>"})
ALL = (FOUND_AGAIN, ASKED_AGAIN, OLD, UNPRICED)
WANTED = [("Plan: $3", "started", "ended"), ("released", "It is gone")]


@pytest.mark.parametrize(
    ("found", "times"),
    [
        (WANTED, {}),
        ([("Plan: $3", "I had lost track of it", "started", "ended"), WANTED[1]], {"loss": 1}),
        ([("Plan: unknown", "started", "ended"), WANTED[1]], {"loss": 1}),
        ([*WANTED, ("Why?", "asleep")], {"question": 1}),
        ([WANTED[0], ("in service",)], {"untold end": 1}),
    ],
)
def test_what_is_allowed_is_excused(found: list[tuple[str, ...]], times: dict[str, int]) -> None:
    assert unexplained(found, WANTED, ALL, times) == ([], [])
    if times:
        assert unexplained(found, WANTED, ALL, {}) != ([], []), "without a reason nothing is"


def test_more_is_allowed_of_what_is_named_and_as_often_as_there_was_a_reason() -> None:
    kept = Allowance("kept", "price", made="object plans/.*")
    assert more_of("object plans/1", (kept, *ALL), {"price": 2}) == 2
    assert more_of("object plans/1", (kept,), {}) == 0
    assert more_of("model x", (kept,), {"price": 2}) == 0


@pytest.mark.parametrize(
    "found",
    [
        [("Plan: $3", "I had lost track", "I had lost track", "started", "ended"), WANTED[1]],
        [("Plan: $3", "started", "started", "ended"), WANTED[1]],
        [("Plan: $3", "I had lost track", "ended", "started"), WANTED[1]],
        [("Plan: $3", "I had lost track", "started"), WANTED[1]],
        [("Plan: $4", "started", "ended"), WANTED[1]],
        [*WANTED, ("Why?", "asleep"), ("Why?",)],
        [*WANTED, ("Why?", "something else")],
        [*WANTED, WANTED[1]],
        [WANTED[0], ("in service", "It is gone", "It is gone")],
        [WANTED[0]],
    ],
    ids=str,
)
def test_what_is_not_allowed_is_not_excused(found: list[tuple[str, ...]]) -> None:
    once = {"loss": 1, "question": 1, "untold end": 1}
    assert unexplained(found, WANTED, ALL, once) != ([], [])
