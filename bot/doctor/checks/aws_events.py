"""Whether the queues of Bedrock's events are there, who may write to them, and whether they are read."""

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from bot.adapters.event_templates import WRITER
from bot.adapters.sqs_events import SqsEvents
from bot.checkup import Line, Look, bad, good, warning
from bot.doctor.surroundings import AWS, Surroundings
from bot.errors import TunesmithError

ABOUT = "Bedrock's events"
MANY = 1_000
"""Messages that wait where somebody reads: ten are read in a moment."""
_TEMPLATE = "`tunesmith iam cloudformation` has it."


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask SQS about each."""
    queues = surroundings.settings.event_queues
    if not queues:
        yield good(
            ABOUT,
            f"No queue is set: Bedrock is asked every {surroundings.settings.poll_seconds:.0f} s, which is enough.",
        )
    for region, url in queues.items():
        about = f"{ABOUT} in {region}"
        try:
            yield _judged(about, SqsEvents(surroundings.aws, region, url).attributes())
        except TunesmithError as error:
            yield warning(about, f"{error.message} Jobs are polled meanwhile.", str(error.hint))


def _judged(about: str, said: Mapping[str, str]) -> Line:
    writers = _writers(said.get("Policy", ""))
    if writers is None:
        return bad(
            about,
            "EventBridge may not write to the queue.",
            f"Give it the policy of the template: {_TEMPLATE}",
        )
    if writers:
        return warning(
            about, f"{writers} may write to the queue, beside the rule.", f"Narrow its policy: {_TEMPLATE}"
        )
    if said.get("SqsManagedSseEnabled") != "true" and not said.get("KmsMasterKeyId"):
        return warning(about, "The queue is not encrypted.", f"Switch on SSE-SQS: {_TEMPLATE}")
    waiting = said.get("ApproximateNumberOfMessages", "0")
    if waiting.isdigit() and int(waiting) > MANY:
        return warning(
            about, f"{waiting} messages wait in the queue.", "Look whether a worker runs: `tunesmith run`."
        )
    return good(about, "EventBridge writes to the queue, and nobody else.")


def _writers(policy: str) -> str | None:
    """Return who may write beside a rule of EventBridge's; empty for nobody, None when not even a rule may."""
    try:
        statements = json.loads(policy or "{}").get("Statement", [])
        allowed = [each for each in statements if each.get("Effect") == "Allow"]
        by_rule = [each for each in allowed if _is_rule(each)]
    except (ValueError, AttributeError, TypeError):
        return "Somebody"
    others = [each for each in allowed if each not in by_rule and not _is_owner(each)]
    if any("aws:SourceArn" not in json.dumps(each.get("Condition", {})) for each in by_rule):
        return "Rules of every account"
    if any(_is_write(each) for each in others):
        return "Others"
    return "" if by_rule else None


def _is_rule(statement: Mapping[str, object]) -> bool:
    return statement.get("Principal") == {"Service": WRITER} and _is_write(statement)


def _is_owner(statement: Mapping[str, object]) -> bool:
    """Return whether it is what SQS writes into a new queue's policy by itself: its account may do everything."""
    match str(statement.get("Resource", "")).split(":"):
        case ["arn", partition, "sqs", _, account, _]:
            return statement.get("Principal") in (
                {"AWS": f"arn:{partition}:iam::{account}:root"},
                {"AWS": account},
            )
    return False


def _is_write(statement: Mapping[str, object]) -> bool:
    named = statement.get("Action", "*")  # without it there is a ``NotAction``, which leaves nearly all
    patterns = named if isinstance(named, list) else [named]
    return any(fnmatchcase("sqs:sendmessage", str(each).lower()) for each in patterns)


LOOK = Look(ABOUT, at, seconds=15, of=AWS)
