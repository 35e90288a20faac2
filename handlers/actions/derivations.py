"""The buttons that work on stored datasets: split, convert, compare."""

from typing import TypedDict

from bot.datasets.model import Dataset, referred
from bot.errors import NotFound
from handlers.action import Action, Body
from handlers.core import CommandContext, Invocation, Nothing, Reply, Who, say
from handlers.lookup import find
from handlers.ui.parts.dataset_values import read_comparison, read_conversion

AGAIN = "That was pressed before: it is in the thread, or comes there in a moment."


class Where(TypedDict):
    """Where a result goes, as the service takes it."""

    channel: str
    thread_ts: str | None
    asked_in: str


def _where(invocation: Invocation, dataset: Dataset) -> Where:
    """Return where the result goes: into the thread it was asked for in, or that of a message that all see.

    Else to a message of its own.
    """
    under = None if invocation.ephemeral or not invocation.channel else invocation.message_ts
    thread = invocation.thread_ts or under
    return {
        "channel": invocation.channel or dataset.source.channel,
        "thread_ts": thread,
        "asked_in": "" if thread else invocation.request,
    }


def _split(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    dataset = find(context, *referred(invocation.value))
    where = _where(invocation, dataset)
    began = context.services.derivations.split(dataset, user=invocation.user, **where)
    return say("I am splitting it; the training and the validation set follow." if began else AGAIN)


def _convert(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    meant, profile = read_conversion(invocation.value)
    _check(meant[0], profile)
    dataset = find(context, *meant)
    where = _where(invocation, dataset)
    began = context.services.derivations.convert(dataset, profile, user=invocation.user, **where)
    return say("I am converting it; the copy and its verdict follow." if began else AGAIN)


def _compare(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    first, second = read_comparison(invocation.value)
    _check(first[0], second[0])
    before, after = find(context, *first), find(context, *second)
    where = _where(invocation, after)
    began = context.services.derivations.compare(before, after, user=invocation.user, **where)
    return say("I am comparing them; what differs follows." if began else AGAIN)


def _check(*parts: str) -> None:
    if not all(parts):
        raise NotFound("That button is of another version of mine.", hint="Use `/tune datasets`.")


def _open(_invocation: Invocation, _body: Body, _context: CommandContext) -> Reply:
    return Nothing()  # Slack opens the link itself and tells us too


ACTIONS = (
    Action("dataset.split", Who.CONTRIBUTOR, _split),
    Action("dataset.convert", Who.CONTRIBUTOR, _convert),
    Action("dataset.compare", Who.CONTRIBUTOR, _compare),
    Action("dataset.open", Who.ANYONE, _open),
)
