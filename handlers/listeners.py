"""The shells that Bolt calls: each acknowledges, does the work inside :func:`attempt`, and says the reply.

Bolt fills arguments by name and gives ``None`` for a name it does not know, without an error: the names used here are
held by a test. Nothing is raised after an acknowledgement.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt import Ack, BoltContext, BoltResponse
from slack_bolt.error import BoltUnhandledRequestError

from bot import metrics, tracing
from bot.errors import BadField, Misconfigured, TunesmithError, Unavailable
from bot.log_context import about, trace_of
from bot.visibility import UNCLEAR, Viewer
from handlers import payloads
from handlers.action import Action
from handlers.core import (
    CommandContext,
    Invocation,
    Nothing,
    Reply,
    Say,
    Who,
    attempt,
    check_who,
    explain,
    log,
    say,
)
from handlers.delivery import ReplySender
from handlers.event import Event, take_in
from handlers.form import Accepted, Notice, Outcome, View, Wrong, answer
from handlers.home_tab import home_of
from handlers.metadata import place_of
from handlers.offering import as_they_may
from handlers.refusals import refusals_written
from handlers.routing import route
from handlers.shortcut import Shortcut
from handlers.ui.blocks import context, notice, within_message
from handlers.ui.text import sentence, unmarked
from handlers.workspace import REFUSAL

Body = dict[str, Any]
Listener = Callable[..., BoltResponse | None]

_UNKNOWN = "I do not know what that is. `/tune help` shows what I can do."
_REPLY = "tunesmith_reply"
ACKNOWLEDGED = "tunesmith_acknowledged"
"""In Bolt's context: that the door has acknowledged it already, so that nobody but us tells of what goes wrong."""
_OLD = (
    "I do not know this button any more: it is from another version of me. "
    "Type the command again, and you get one that works."
)
_OLD_FORM = "This form is from another version of me. Close it and open it again."


@dataclass(frozen=True, slots=True)
class ListenerDependencies:
    """What every listener needs."""

    context_for: Callable[[Viewer], CommandContext]
    replies: ReplySender
    reference: Callable[[], str]
    later: Callable[[Callable[[], None]], None]
    """Does what was acknowledged: at once, or in another thread. Raises ``Unavailable`` where too much is in hand."""
    check_room: Callable[[], None]
    """Raises the same, where an event is to be left to Slack for now."""
    whose: Mapping[str, Who]
    """By the action of each button: for whom it is."""

    def context_of(self, invocation: Invocation) -> CommandContext:
        """Return all that may be called, as the person who asks sees it from where they are."""
        return self.context_for(Viewer(invocation.user, invocation.channel))

    def acknowledged(self, invocation: Invocation, work: Callable[[], None]) -> None:
        """Have it done in its turn, or say that there is too much to do. Never raises."""
        try:
            self.later(work)
        except Unavailable as error:
            metrics.count(metrics.DELIVERIES, "refused")
            self.say(invocation, say(sentence(explain(error, self.reference))))

    def run(
        self, invocation: Invocation, given: BoltContext, work: Callable[[CommandContext], Reply]
    ) -> None:
        """Do the work of a press or a command once, and say what came of it. Never raises."""
        with known_as(invocation):
            self._run(invocation, given, work)

    def _run(
        self, invocation: Invocation, given: BoltContext, work: Callable[[CommandContext], Reply]
    ) -> None:
        command_context = self.context_of(invocation)
        reply = attempt(
            lambda: self._once(invocation, given, command_context, work), reference=self.reference
        )
        self.say(invocation, with_note(reply, command_context))

    def say(self, invocation: Invocation, reply: Reply) -> None:
        """Say the reply. Never raises."""
        self.replies.deliver(
            invocation, as_they_may(reply, invocation, lambda: self.context_of(invocation), self.whose)
        )

    def _once(
        self,
        invocation: Invocation,
        given: BoltContext,
        command_context: CommandContext,
        work: Callable[[CommandContext], Reply],
    ) -> Reply:
        # Slack gives an envelope to another connection when ours breaks before the acknowledgement is through.
        if invocation.request and not command_context.services.inbound.first_time(
            f"press:{invocation.request}"
        ):
            metrics.count(metrics.DELIVERIES, "again")
            return Nothing()
        metrics.count(metrics.DELIVERIES, "taken")
        with refusals_written(invocation, command_context):
            admit(invocation, given, command_context)
            return work(command_context)


@contextmanager
def known_as(invocation: Invocation) -> Iterator[None]:
    """Have the log tell meanwhile who asked where, by the trace of that delivery."""
    trace = trace_of(invocation.request)
    with (
        about(person=invocation.user, channel=invocation.channel, trace=trace),
        tracing.span("listener", attributes={"tunesmith.trace": trace}),
    ):
        yield


def admit(invocation: Invocation, given: BoltContext, command_context: CommandContext) -> None:
    """Return when whoever did it may use the bot at all, in this workspace.

    Raises:
        NotAllowed: they may not, and who can change that.
        Unavailable: Slack does not say who they are.
    """
    if refused := given.get(REFUSAL):
        raise refused
    command_context.services.access.check_member(invocation.user)


def with_note(reply: Reply, command_context: CommandContext) -> Reply:
    """Return the reply; where Slack did not say who is where, with words for what may be left out of it."""
    if not isinstance(reply, Say) or not command_context.services.directory.sight.may_be_unclear:
        return reply
    message = reply.message
    blocks = within_message([*message.blocks, context(sentence(UNCLEAR))])
    return replace(reply, message=replace(message, blocks=blocks))


def command(dependencies: ListenerDependencies) -> Listener:
    """Return the listener of every slash command."""

    def on_command(ack: Ack, body: Body, context: BoltContext) -> None:
        ack()
        invocation = payloads.of_command(body)
        command = str(body.get("command"))

        def work() -> None:
            dependencies.run(
                invocation, context, lambda command_context: route(command, invocation, command_context)
            )

        dependencies.acknowledged(invocation, work)

    return on_command


def actions(dependencies: ListenerDependencies, entries: Mapping[str, Action]) -> Listener:
    """Return the listener of every button and select, by the action of each.

    One listener for all: Bolt asks each that it has, one after the other, whether a press is for it.
    """

    def on_action(ack: Ack, body: Body, context: BoltContext) -> None:
        ack()
        invocation = payloads.of_action(body)
        entry = entries.get(invocation.door)

        def work(command_context: CommandContext) -> Reply:
            if entry is None:
                return say(_OLD)  # another version of the bot has posted it
            check_who(entry.who, invocation, command_context)
            return entry.run(invocation, body, command_context)

        def press() -> None:
            dependencies.run(invocation, context, work)
            if entry and payloads.view_of(body).get("type") == "home":
                # What was pressed there may be gone, and nothing else would draw it anew before it is opened again.
                dependencies.say(invocation, _home_anew(dependencies, invocation))

        dependencies.acknowledged(invocation, press)

    return on_action


def _home_anew(dependencies: ListenerDependencies, invocation: Invocation) -> Reply:
    """Return the App Home as it is after a press; nothing where it cannot be read, since the old one still stands."""
    try:
        return home_of(invocation, dependencies.context_of(invocation))
    except TunesmithError as error:
        log.info("the App Home was not drawn anew: %s", error.sentence)
        return Nothing()


def shortcut(dependencies: ListenerDependencies, entry: Shortcut) -> Listener:
    """Return the listener of a shortcut."""

    def on_shortcut(ack: Ack, body: Body, context: BoltContext) -> None:
        ack()
        invocation = payloads.of_shortcut(body)

        def work(command_context: CommandContext) -> Reply:
            check_who(entry.who, invocation, command_context)
            return entry.run(invocation, body, command_context)

        dependencies.acknowledged(invocation, lambda: dependencies.run(invocation, context, work))

    return on_shortcut


def submissions(dependencies: ListenerDependencies, entries: Mapping[str, View]) -> Listener:
    """Return the listener of every form. Here the acknowledgement is the answer, so it comes after the work."""

    def on_submission(ack: Ack, body: Body, context: BoltContext) -> None:
        invocation = payloads.of_submission(body)
        entry = entries.get(invocation.door)
        if entry is None:
            ack(response_action="update", view=notice("Tunesmith", _OLD_FORM))
            return
        with known_as(invocation):
            outcome = _submitted(dependencies, entry, body, context)
        ack(**dependencies.replies.outward(answer(outcome)))
        if isinstance(outcome, Accepted):
            dependencies.say(outcome.where, outcome.reply)

    return on_submission


def _submitted(dependencies: ListenerDependencies, entry: View, body: Body, given: BoltContext) -> Outcome:
    view, invocation = payloads.view_of(body), payloads.of_submission(body)
    try:
        command_context = dependencies.context_of(invocation)
        with refusals_written(invocation, command_context):
            admit(invocation, given, command_context)
            command_context.services.directory.check_place(place_of(view))
            return entry.submit(invocation, view, command_context)
    except BadField as error:
        block = entry.block_of(view, error.field)
        words = unmarked(error.sentence)
        return Wrong({block: words}) if block else Notice(notice("Not yet", sentence(error.sentence)))
    except Exception as error:  # noqa: BLE001 -- the form must be told, whatever it is
        return Notice(notice("Not yet", sentence(explain(error, dependencies.reference))))


def left_over(dependencies: ListenerDependencies) -> Callable[..., BoltResponse | None]:
    """Return the listener of what went wrong before ours, and of what nothing here is for.

    The latter is acknowledged, since Slack would send it again for nothing, and told to whoever waits for an answer.
    """

    def on_error(error: Exception, body: Body, context: BoltContext) -> BoltResponse | None:
        if not isinstance(error, BoltUnhandledRequestError):
            left_to_slack(error)
            if context.get(ACKNOWLEDGED):
                dependencies.say(
                    payloads.of_command(body), say(sentence(explain(error, dependencies.reference)))
                )
            return None
        kinds = (body.get("type"), payloads.event_of(body).get("type"))
        log.info(
            "nothing here is for a delivery of type %s", ".".join(str(each)[:40] for each in kinds if each)
        )
        # Read as a command, whatever it was: where to answer has one name in all payloads.
        waiting = payloads.of_command(body)
        if waiting.response_url:
            dependencies.say(waiting, say(_UNKNOWN))
        return BoltResponse(status=200, body="")

    return on_error


def left_to_slack(error: Exception) -> None:
    """Log a delivery that could not be taken in: it fails, so that Slack sends it again."""
    metrics.count(metrics.DELIVERIES, "left")
    if isinstance(error, (Misconfigured, Unavailable)):
        log.warning("a delivery was not taken in, and Slack sends it again: %s", error.sentence)
    else:
        log.error("a delivery failed", exc_info=error)


def take(dependencies: ListenerDependencies, entry: Event) -> Listener:
    """Return the middleware that takes an event in before it is acknowledged."""

    def on_delivery(
        ack: Ack,
        body: Body,
        context: BoltContext,
        next: Callable[[], None],  # noqa: A002 -- Bolt's name for it
    ) -> BoltResponse | None:
        dependencies.check_room()  # before it is remembered: what Slack sends again then counts as new
        invocation = payloads.of_event(body)
        with known_as(invocation):
            reply = take_in(
                entry,
                payloads.event_of(body),
                invocation,
                dependencies.context_of(invocation),
                context.get(REFUSAL),
            )
        # It was taken in before: acknowledged, so that it does not come again, and answered no more.
        metrics.count(metrics.DELIVERIES, "again" if reply is None else "taken")
        if reply is None:
            return ack()
        context[_REPLY] = reply
        next()
        return None

    return on_delivery


def event(dependencies: ListenerDependencies, entry: Event) -> Listener:
    """Return the listener of an event: it says what was decided, and does what may be lost."""

    def on_event(body: Body, context: BoltContext) -> None:
        invocation = payloads.of_event(body)
        with known_as(invocation):
            dependencies.say(invocation, context.get(_REPLY, Nothing()))
            if context.get(REFUSAL):
                return
            command_context = dependencies.context_of(invocation)

            def work() -> Reply:
                with refusals_written(invocation, command_context):
                    return entry.then(payloads.event_of(body), invocation, command_context)

            later = attempt(work, reference=dependencies.reference)
            dependencies.say(invocation, with_note(later, command_context))

    return on_event
