"""From a delivery to a value, from a value to an answer: what every command, press, form and event is made of.

A command is a function from an :class:`Invocation` to a :class:`Reply`. It never acknowledges, never calls Slack
and never catches: :func:`attempt` turns whatever it raises into words, and ``handlers.delivery`` says them.
Nothing may escape a listener after its ``ack()``: Bolt would take the acknowledgement back.
"""

import logging
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from bot.controller.damage import noticing, words_for
from bot.controller.model import Message
from bot.controller.outbox.fallbacks import BLOCKS
from bot.errors import FaultText, Misconfigured, TunesmithError, Unavailable, UnknownOutcome
from bot.logs import ALWAYS
from bot.wording import quoted
from handlers.ui.blocks import context as context_block
from handlers.ui.blocks import section
from handlers.ui.render import render
from handlers.ui.text import sentence

if TYPE_CHECKING:
    from bot.access import Access
    from bot.services import Services
    from bot.uploads.lineage import KnownFile

log = logging.getLogger(__name__)

ROOT = "/tune"
"""The command that has sub-commands, so that a new one needs no new manifest."""


VIEW_BLOCKS = 100
"""Blocks that Slack takes in a modal or App Home."""


class Who(StrEnum):
    """Who a command or button is for."""

    ANYONE = "anyone"
    ASKER = "anyone in an allowed channel"
    CONTRIBUTOR = "trainers (members, while none are named)"
    """Works on data, and looks at it: nothing is spent."""
    TRAINER = "trainers"
    """Spends: in allowed channels only, when some are named."""
    OVERSEER = "the operator, trainers, approvers"
    """Knows of what was made elsewhere in the AWS account."""
    OPERATOR = "the operator"
    """Sees how the bot is set up; while the operator is no person, the approvers."""
    OWNER = "whoever owns it, the operator"
    """Renames, hands over, deletes: the service knows whose it is, and checks who it is."""
    ENDER = "whoever has it, trainers, approvers, operators"
    """Ends what runs: the service knows whose it is, and checks who it is."""
    APPROVER = "approvers"
    """Decides on what others ask for: the service checks that it is not their own."""
    RAISER = "whoever answers for the budgets"
    """Raises a budget for the rest of a month."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """One delivery from Slack as a value.

    ``request`` is the ID that makes this delivery one of a kind (trigger, view or event). ``text`` is what was typed
    after the command's name, ``value`` what the pressed button carries. ``message_ts`` is the message that was
    pressed or shared, ``thread_ts`` the thread it is in.
    """

    request: str
    user: str
    team: str = ""
    channel: str = ""
    thread_ts: str | None = None
    message_ts: str | None = None
    text: str = ""
    value: str = ""
    trigger_id: str = ""
    response_url: str = ""
    bot: str = ""
    """Who the bot is, as far as an event says."""
    ephemeral: bool = False
    """Whether what was pressed is seen by this person alone, so that an answer may take its place."""
    door: str = ""
    """Which command, button, shortcut, form or event it is, by our own name."""


@dataclass(frozen=True, slots=True)
class Say:
    """Show a message: to the person alone, or with ``public`` to the channel.

    ``replace`` puts it in the place of the message whose button was pressed, when only they see that one. ``spent`` is
    that message without what has been used up, for all who see it.
    """

    message: Message
    public: bool = False
    replace: bool = False
    spent: Message | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """Open a modal; within three seconds of the press that leads to it."""

    view: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Redraw:
    """Replace an open modal; ``hash`` guards against a newer state of it."""

    view_id: str
    hash: str
    view: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Publish:
    """Show this as the person's App Home."""

    view: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Suggest:
    """Offer these prompts, (title, message) each, in the direct message; Slack takes four."""

    prompts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """Say nothing: what happens next shows itself. ``spent`` is as in ``Say``."""

    spent: Message | None = None


Reply = Say | Open | Redraw | Publish | Suggest | Nothing


class RecentUploads(Protocol):
    """What people have shared in a channel lately."""

    def by(self, user: str, channel: str) -> "list[KnownFile]":
        """Return the files that the user shared in the channel lately, newest first; in its threads none is found.

        Raises:
            Refused: the bot may not look there; the hint says what to do.
            Unavailable: Slack did not answer.
        """

    def named(self, files: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Return the files of a message with what Slack says of those of which it has the ID alone.

        What Slack keeps from the bot is left out.

        Raises:
            Unavailable: Slack did not answer.
        """


class MessageLinks(Protocol):
    """Links to messages."""

    def to(self, channel: str, ts: str) -> str:
        """Return a link to the message, empty when there is none. Never raises."""

    def thread(self, channel: str, root: str) -> str:
        """Return a link that opens the thread under a message, empty when nobody knows where. Never raises.

        It is made without asking Slack of each message, so that lists may have one in every line.
        """


@dataclass(frozen=True, slots=True)
class CommandContext:
    """What a command may use."""

    services: "Services"
    uploads: RecentUploads
    commands: Mapping[str, "Command"]
    """Every command by what is typed: ``serve`` for a sub-command, ``/ask`` for one of its own."""
    links: MessageLinks


class Task(StrEnum):
    """What people are at when they need a command: what the list of all is grouped by, in this order."""

    DATA = "Your data"
    JOBS = "Training"
    MODELS = "Models and answers"
    MONEY = "What it costs"
    REST = "Notices and help"


@dataclass(frozen=True, slots=True)
class Command:
    """A command and all that is known of it: help, the reference and the manifest are made from this."""

    name: str
    usage: str
    """As typed: ``/tune serve MODEL [for 2h]``."""
    who: Who
    task: Task
    summary: str
    """One line, without a full stop."""
    details: str
    example: str
    run: Callable[[Invocation, CommandContext], Reply]
    slash: str = ROOT
    """The slash command that it belongs to."""

    @property
    def key(self) -> str:
        """What it is found by: ``serve`` for a sub-command, ``/ask`` for one of its own."""
        return self.name if self.slash == ROOT else self.slash


def say(mrkdwn: str) -> Say:
    """Return our own markup as an answer to the person alone."""
    return Say(Message(text=mrkdwn, blocks=[section(mrkdwn)]))


def undoable(said: Message) -> Say:
    """Return what is said of what happens in a moment, to the person alone, in the place of what they pressed."""
    return Say(said, replace=True)


def kept(what: str) -> Say:
    """Return, for whoever took something back, that it goes on."""
    return Say(say(f"Kept: {what} goes on as if nobody had asked to end it.").message, replace=True)


def show(card: object) -> Say:
    """Return a card as an answer to the person alone."""
    return Say(render(card))


def check_who(who: Who, invocation: Invocation, context: CommandContext) -> None:
    """Return when the person may do this here.

    Raises:
        NotAllowed: they may not, and who may.
    """
    check_person(who, context.services.access, invocation.user, invocation.channel)


def check_person(who: Who, access: "Access", user: str, channel: str) -> None:
    """Return when this person may do it there; ``channel`` is empty where it is in none, as in the App Home.

    Raises:
        NotAllowed: they may not, and who may.
    """
    if who is not Who.ANYONE and channel:
        access.check_channel(channel)
    match who:
        case Who.CONTRIBUTOR:
            access.check_contributor(user)
        case Who.OPERATOR:
            access.check_operator(user)
        case Who.OVERSEER:
            access.check_oversees(user)
        case Who.APPROVER:
            access.check_approver(user)
        case Who.RAISER:
            access.check_raising(user)
        case Who.TRAINER:
            if channel:
                access.check_spending(user, channel)
            else:
                access.check_trainer(user)
        case _:
            return


def new_reference() -> str:
    """Return eight characters by which a person's report and the log's entry find each other."""
    return secrets.token_hex(4)


def attempt(
    work: Callable[[], Reply],
    *,
    reference: Callable[[], str] = new_reference,
    let_through: type[TunesmithError] | None = None,
) -> Reply:
    """Return what ``work`` replies, or the words for whatever it raised. Raises nothing but ``let_through``."""
    with noticing() as left_out:
        try:
            reply = work()
        except Exception as error:
            if let_through and isinstance(error, let_through):
                raise
            reply = say(sentence(explain(error, reference)))
    return with_note(reply, words_for(left_out))


def with_note(reply: Reply, note: str) -> Reply:
    """Return the reply with a note under it, where it is one that people read."""
    if not note:
        return reply
    under = context_block(note)
    match reply:
        case Say(message):
            text = f"{message.text}\n{note}"
            blocks = [*message.blocks[: BLOCKS - 1], under] if message.blocks else ()
            return replace(reply, message=replace(message, text=text, blocks=blocks))
        case Open(view) | Publish(view) | Redraw(view=view):
            noted = {**view, "blocks": [*view.get("blocks", [])[: VIEW_BLOCKS - 1], under]}
            return replace(reply, view=noted)
        case _:
            return reply


def explain(error: Exception, reference: Callable[[], str]) -> str:
    """Return what happened and what to do, and log what a person should not have to read."""
    if not isinstance(error, TunesmithError):
        known_as = reference()
        log.error("unexpected error, reference %s", known_as, exc_info=error, extra={ALWAYS: True})
        return (
            f"Something broke on my side, and it is logged with the reference {quoted(known_as)}. "
            "Try once more; if it happens again, give the operator that reference."
        )
    if error.detail:
        # The sentence of a fault knows its cause, so that the log tells it once however many people meet it.
        level = logging.WARNING if isinstance(error.sentence, FaultText) else logging.INFO
        log.log(level, "%s: %s (%s)", type(error).__name__, error.sentence, error.detail)
    return _sentence_of(error)


def _sentence_of(error: TunesmithError) -> str:
    # First: it is an `Unavailable`, too, and not one of which nothing was changed.
    if isinstance(error, UnknownOutcome):
        return f"{error.sentence} It may have happened all the same: look before you try again."
    if isinstance(error, Unavailable) and not error.hint:
        return f"{error.sentence} Nothing was changed; try again in a minute."
    if isinstance(error, Misconfigured):
        return f"{error.sentence} This one is for the operator."
    return error.sentence
