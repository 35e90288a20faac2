"""Posting a message exactly once, as far as anybody can: Slack has no idempotency key.

A message's life is kept in the resource's status, ``outbox[name]``::

    absent ──intent committed──> posting ──Slack answered──> posted
       ^                            │ unclear: read Slack for the marker, never guess
       └── nothing was done ────────┘──refused, or unclear too often──> the next place, or gave_up

Where the next place is, if there is one, is in ``fallbacks``. Before every post Slack is read for the message's marker,
and not only after an unclear outcome: a store that failed over may have forgotten that it posted (unless it remembers
all of the resource). What a crash leaves is settled by the next claim; the tests kill at each ``crash_point``.

An edit is repeated when the store may have forgotten the last one, which it shows by a new ``era``: what an entry says
of the message's content is then not believed, however well it fits. What is about to be edited is written down first,
so that a process whose claim was forgotten cannot put an old text back.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.clock import Clock
from bot.controller.context import AnyContext, NotReady, OutOfTime
from bot.controller.effects import passing
from bot.controller.engine_status import Settling
from bot.controller.model import Done, Message, Outcome, RequeueAfter
from bot.controller.outbox import refused_edits, settling, turns
from bot.controller.outbox.effects import DELETE, FIND, POST, UPDATE
from bot.controller.outbox.entries import (
    ABSENT,
    GAVE_UP,
    POSTED,
    POSTING,
    deleted,
    digest,
    hold_apart,
    marker,
    own_entry,
    restored,
    wait_out,
    was_never_tried,
    without_pictures,
    without_what_is_kept,
)
from bot.controller.outbox.fallbacks import NoPlace, as_told, is_person, move_on
from bot.controller.outbox.people import KeptOut, People
from bot.controller.outbox_entries import OutboxEntry
from bot.controller.ports import Messages, RateLimiter
from bot.errors import NotFound, Refused, Throttled, Unavailable, UnknownOutcome

log = logging.getLogger(__name__)

REPOSTS = 3
"""How often a message that was deleted is posted anew in one place: something there may delete it every time."""


class Outbox:
    """Posts, edits and settles the messages of resources.

    Args:
        messages: Slack; each call is made once.
        clock: how long a call took; times that other processes compare come from the store.
        grace: Seconds after an attempt until reading Slack counts as proof that nothing was posted: the call's own
            time-out and Slack's lag in showing a new message (unconfirmed; 15 to 30 are sensible).
        call: Seconds that one call may take, its time-outs included.
        tries: Attempts with an unclear outcome after which a message is given up where it is.
        last_resorts: people or channels, by ID, that are told what neither its channel nor its owner could be.
        rate_limiter: shares out the turns of posts and of live messages; None: each has its own way.
        is_kept_out: who cannot see a channel any more, and so reads nothing of it directly either.
    """

    def __init__(
        self,
        messages: Messages,
        clock: Clock,
        *,
        grace: float = 20.0,
        call: float = 6.0,
        tries: int = 5,
        last_resorts: Sequence[str] = (),
        rate_limiter: RateLimiter | None = None,
        is_kept_out: KeptOut = lambda _person, _channel: False,
    ) -> None:
        self._rate_limiter = rate_limiter
        self._people = People(messages, is_kept_out)
        self.direct, self.direct_owner = self._people.direct, self._people.owner
        self._last_resorts = tuple(last_resorts)
        self._messages = messages
        self._clock = clock
        self._grace = grace
        self._call = call
        self._tries = tries

    def post_once(
        self,
        context: AnyContext,
        name: str,
        message: Message,
        *,
        channel: str,
        thread_ts: str | None = None,
        since: datetime,
        owner: str | None = None,
        stays_gone: bool = False,
    ) -> str | None:
        """Post the message unless it is posted, and return its timestamp; None when it was given up.

        ``name`` is unique within the resource (``card``), and not the engine's. ``since`` is when it was registered: no
        message before it is looked at. Saves the context, so call it with a status that may be kept. When the thread is
        gone, the message goes to the channel itself rather than nowhere. A person's ID as ``channel`` is their
        direct message. With ``owner``, the person whom it concerns, it goes to them directly when the channel does not
        take it, and to the last resorts when they cannot be reached. ``stays_gone``: once deleted it is left so.

        Raises:
            NotReady: it cannot be settled yet. Let it pass through: the loop comes back.
            StaleClaim: another process has the resource.
            Unavailable: Slack or the store is away; nothing is lost.
        """
        hold_apart(name)
        entry = own_entry(context, name)
        if entry.state == POSTED:
            return entry.ts
        if entry.state == ABSENT and not entry.tried:
            entry.channel, entry.to = ("", channel) if is_person(channel) else (channel, None)
            entry.thread, entry.since = thread_ts, since.timestamp()
            entry.owner, entry.stays_gone = owner or None, stays_gone
        return self._attempt(context, name, message)

    def show(
        self,
        context: AnyContext,
        name: str,
        message: Message,
        *,
        may_wait: bool = False,
        often: bool = False,
        gist: str = "",
    ) -> str | None:
        """Edit a posted message to this content, if it shows another, and return its timestamp as it is now.

        Nothing happens to one that is not posted: None. A message that is gone is looked for, and posted anew when
        nobody finds it: go on with what this returns. A refusal is tried again after growing waits, and with the next.

        Args:
            context: whose message it is.
            name: which one.
            message: what it is to show.
            may_wait: when it is not this edit's turn, go on without it: the step comes back for it, and shows what is
                true by then. So what is more urgent is not held up. For messages that are shown again at each turn.
            often: it may wait, and goes behind all other edits: a live message that changes with every minute.
            gist: what of it somebody waits for. As long as the message shows another, it is not edited ``often``.

        Raises:
            NotReady: it is not its turn, and it may not wait. Let it pass through.
            StaleClaim: another process has the resource.
            Unavailable: Slack or the store is away; the edit is done next time.
        """
        entry = own_entry(context, name)
        known = entry.shown == digest(message) and entry.era == context.era()
        known = known and not refused_edits.is_due(context, entry)
        if entry.state == POSTED and not known:
            try:
                if often and entry.gist in (None, gist):
                    turns.take(context, entry, self._rate_limiter)
                turns.have(entry)
                self._edit(context, name, message)
            except NotReady as later:
                if not (may_wait or often):
                    raise
                context.come_back_in(later.seconds)
                return entry.ts
            turns.over(entry)
        if gist:
            entry.gist = gist
        return entry.ts if entry.state == POSTED else None

    def settle(self, context: AnyContext, final: Mapping[str, Message]) -> Outcome:
        """End a resource: look at all of its messages once more, after every slower process has lost its lease.

        A process that froze between its last check and its call may have put an old text back, or posted a copy.
        Return this outcome from the reconciler as long as it is called; it is ``Done`` in the end. What they
        show for ever they show at once.

        Args:
            context: whose reconciler has nothing else to do.
            final: what the edited messages show for ever, by name; the others are only looked at for copies.
        """
        last = settling.settling_of(context, final, context.lease + self._grace)
        if last.at > context.now():
            for name, message in final.items():
                self.show(context, name, message, may_wait=True)
            return RequeueAfter(last.at - context.now())
        turns.take_last_look(context, last, self._rate_limiter)
        for name in settling.names(context, last):
            self._settle(context, last, name, final.get(name))
        last.looked = True
        wait = settling.wait_for_refused(context, final)
        return Done() if wait is None else RequeueAfter(wait)

    # One message

    def _attempt(
        self, context: AnyContext, name: str, message: Message, gone: str | None = None
    ) -> str | None:
        """Find the message in Slack or post it. ``gone`` is a timestamp known to be no longer there."""
        entry = own_entry(context, name)
        if entry.state == GAVE_UP:
            return None
        try:
            if not entry.channel:
                entry.channel = self._people.place(entry)
            if entry.state != POSTING or turns.waits_for_post(entry):
                # Before Slack is read: whoever waits in line reads nothing.
                turns.take_post(self._rate_limiter, entry, marker(context, name))
            found = self._find(context, name, gone)
        except NoPlace as no:
            return self._divert(context, name, message, no.reason)
        if found:
            return self._adopt(context, name, found)
        if entry.state == POSTING:
            wait_out(entry, self._grace, context.now())
            if entry.tries >= self._tries:
                return self._divert(
                    context, name, message, f"Slack gave no clear answer in {self._tries} attempts."
                )
            turns.take_post(self._rate_limiter, entry, marker(context, name))
        return self._post(context, name, message)

    def _find(self, context: AnyContext, name: str, gone: str | None = None) -> list[str]:
        """Read Slack for the message's marker."""
        entry = own_entry(context, name)
        if was_never_tried(context, entry):
            return []
        # A minute earlier, since `since` is by a clock of ours and a message's timestamp by Slack's.
        since = datetime.fromtimestamp((entry.since or 0.0) - 60, UTC)
        try:
            with passing(FIND):
                found = self._messages.find(
                    entry.channel, marker(context, name), since=since, thread_ts=entry.thread
                )
        except Throttled as slow:
            raise NotReady(slow.retry_after) from slow
        except NotFound:
            return []  # the thread is gone, and what was in it
        except Refused as refusal:
            # Where nothing was tried, the attempt itself tells better what is wrong. Where something was, a second
            # attempt could be a second message.
            if entry.state == POSTING:
                reason = f"Slack can't be read to see whether it was posted: {refusal.sentence}"
                raise NoPlace(reason) from refusal
            return []
        return [ts for ts in found if ts != gone]

    def _adopt(self, context: AnyContext, name: str, found: Sequence[str]) -> str:
        """Keep the first message that was found and delete its copies. What it shows is not known."""
        entry = own_entry(context, name)
        turns.over(entry)
        entry.state, entry.ts, entry.shown = POSTED, found[0], None
        self._delete_copies(context, entry, found[1:])
        context.save()
        return found[0]

    def _delete_copies(self, context: AnyContext, entry: OutboxEntry, copies: Sequence[str]) -> None:
        for ts in copies:
            context.ensure_time(self._call)
            try:
                with passing(DELETE):
                    self._messages.delete(entry.channel, ts)
            except Throttled as slow:
                raise NotReady(slow.retry_after) from slow
            except Refused as refusal:
                entry.reason = refusal.sentence

    def _post(self, context: AnyContext, name: str, message: Message) -> str | None:
        """Commit the intent, make the one call, commit the result."""
        entry = own_entry(context, name)
        turns.over(entry)  # whatever comes of it: an hour without Slack must not end with all of them at once
        before = replace(entry)
        context.ensure_time(self._call)
        entry.state, entry.at, entry.tries = POSTING, context.now(), entry.tries + 1
        context.save()  # W1: a stale fence stops here, before any effect
        began, said = self._clock.monotonic(), as_told(message, entry, str(context.key))
        try:
            context.ensure_time(self._call)
            with passing(POST):
                ts = self._messages.post(
                    entry.channel, said, marker=marker(context, name), thread_ts=entry.thread
                )
        except UnknownOutcome as unclear:
            words = "%s: it is unclear whether message %s was posted: %s (%s)"
            log.warning(words, context.key, name, unclear.sentence, unclear.detail)
            raise NotReady(max(0.0, began + self._grace - self._clock.monotonic())) from unclear
        except OutOfTime:
            restored(entry, before)
            raise
        except Throttled as slow:
            restored(entry, before)
            raise NotReady(slow.retry_after) from slow
        except Unavailable:
            restored(entry, before)  # certainly not posted: an hour without Slack must not use up the tries
            context.save()
            raise
        except Refused as refusal:
            # Without its thread it still goes where it was meant to: that is no fallback yet.
            if isinstance(refusal, NotFound) and before.thread:
                restored(entry, replace(before, thread=None))
                return self._attempt(context, name, message)
            if bare := without_pictures(message):
                log.warning("%s: message %s goes without its picture: %s", context.key, name, refusal.detail)
                restored(entry, replace(before, bare=True))
                return self._attempt(context, name, bare)
            return self._divert(context, name, message, refusal.sentence)
        entry.state, entry.ts, entry.shown, entry.era = POSTED, ts, digest(message), context.era()
        entry.details = message.details_id
        context.save()  # W2
        return ts

    def _divert(self, context: AnyContext, name: str, message: Message, reason: str) -> str | None:
        """Go on with the next place, or give up after the last. What was decided is saved before it is tried."""
        entry = own_entry(context, name)
        if move_on(entry, self._last_resorts, reason):
            log.warning("%s: message %s goes to %s: %s", context.key, name, entry.to, reason)
            context.save()
            return self._attempt(context, name, message)
        entry.state, entry.reason = GAVE_UP, reason
        log.error("%s: message %s was given up: %s", context.key, name, reason)
        context.save()
        return None

    def _edit(self, context: AnyContext, name: str, message: Message) -> None:
        entry = own_entry(context, name)
        context.ensure_time(self._call)
        shown = without_what_is_kept(message, entry, context.era())
        entry.shown, entry.era = None, context.era()
        context.save()  # a stale fence stops here: after a fail-over, two may hold the resource for a moment
        context.ensure_time(self._call)
        try:
            self._people.check_reader(entry)
            with passing(UPDATE):
                self._messages.update(entry.channel, str(entry.ts), as_told(shown, entry, str(context.key)))
        except Throttled as slow:
            raise NotReady(slow.retry_after) from slow
        except NotFound:
            self._post_anew(context, name, message)
            return
        except Refused as refusal:
            refused_edits.note(context, name, entry, refusal.sentence)
        else:
            refused_edits.taken(entry)
        entry.shown, entry.details = digest(message), message.details_id
        context.save()

    def _post_anew(self, context: AnyContext, name: str, message: Message) -> None:
        """Replace a message that somebody deleted: adopt another copy or post it again, then show the content."""
        entry = own_entry(context, name)
        gone = deleted(entry)
        if entry.gone > REPOSTS and entry.state != GAVE_UP:
            self._divert(context, name, message, f"It was deleted there {entry.gone} times.")
            return
        context.save()
        if self._attempt(context, name, message, gone):
            self.show(context, name, message)

    def _settle(self, context: AnyContext, last: Settling, name: str, message: Message | None) -> None:
        """Delete copies of a message, keep the first, and put its final content there whatever it seems to show.

        Each is done once: reads and edits have lines of their own, and who comes to the front of one must not be sent
        to the end of the other.
        """
        entry = own_entry(context, name)
        # Of one that seems never to have been posted a store that failed over may have forgotten that it was.
        is_forgotten = entry.state == ABSENT and bool(entry.channel) and not context.remembers_all()
        if name not in last.read and (entry.state == POSTED or is_forgotten):
            if found := self._find(context, name):
                entry.state, entry.ts = POSTED, found[0]
                self._delete_copies(context, entry, found[1:])
            last.read.append(name)
        if message is not None and entry.state == POSTED:
            turns.take(context, entry, self._rate_limiter)
            self._edit(context, name, message)
            turns.over(entry)
        last.done.append(name)
