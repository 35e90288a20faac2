"""Posting a notice exactly once, as far as anybody can: Slack has no idempotency key.

A notice's life is kept in the thing's status, ``status["notes"][name]``::

    absent ──intent committed──> posting ──Slack answered──> posted
       ^                            │ unclear: read Slack for the marker, never guess
       └── nothing was done ────────┘──refused, or unclear too often──> gave_up

Before every post Slack is read for the notice's marker, and not only after an unclear outcome: a store that failed
over may have forgotten that it posted. What a crash at any place leaves is settled by the next claim; the tests kill
at each ``crash_point``.
"""

import hashlib
import json
import logging
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.clock import Clock
from bot.errors import NotFound, Refused, Throttled, Unavailable, UnknownOutcome
from bot.following.crash_points import crash_point
from bot.following.model import Again, Done, Message, Outcome
from bot.following.ports import Messages
from bot.following.step import Later, OutOfTime, Step

log = logging.getLogger(__name__)

MARKERS = uuid.UUID("6f1f2c52-3f3b-5d0e-9f57-0d1f6f2b7a11")
"""The namespace of markers. Never change it: a marker must come out the same for ever."""

ABSENT, POSTING, POSTED, GAVE_UP = "absent", "posting", "posted", "gave_up"

Note = dict[str, Any]
"""One notice: ``state``; ``at``, when the last attempt began (store's time); ``tries``, attempts whose outcome was
unclear; ``ts`` and ``shown``, the message and the digest of its content; ``channel``, ``thread``, ``since``: where to
look for it; ``reason``, why it was given up or last refused."""


def marker(step: Step, name: str) -> str:
    """Return the notice's marker: the same for ever, and telling nothing to those who can read it."""
    return str(uuid.uuid5(MARKERS, f"{step.key}/{name}"))


def digest(message: Message) -> str:
    """Return what tells two contents of a message apart."""
    content = json.dumps([message.text, list(message.blocks)], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def note_of(step: Step, name: str) -> Mapping[str, Any]:
    """Return what is known of a notice; ``state`` is ``absent`` for one that nobody tried."""
    note: Mapping[str, Any] = step.status.get("notes", {}).get(name, {"state": ABSENT})
    return note


class Notices:
    """Posts, edits and settles the notices of things.

    Args:
        messages: Slack; each call is made once.
        clock: how long a call took; times that other processes compare come from the store.
        grace: Seconds after an attempt until reading Slack counts as proof that nothing was posted: the call's own
            time-out and Slack's lag in showing a new message (unconfirmed; 15 to 30 are sensible).
        call: Seconds that one call may take, its time-outs included.
        tries: Attempts with an unclear outcome after which a notice is given up.
    """

    def __init__(
        self, messages: Messages, clock: Clock, *, grace: float = 20.0, call: float = 6.0, tries: int = 5
    ) -> None:
        self._messages = messages
        self._clock = clock
        self._grace = grace
        self._call = call
        self._tries = tries

    def post_once(
        self,
        step: Step,
        name: str,
        message: Message,
        *,
        channel: str,
        thread_ts: str | None = None,
        since: datetime,
    ) -> str | None:
        """Post the notice unless it is posted, and return its timestamp; None when it was given up.

        ``name`` is unique within the thing (``card``, ``end:Failed``). ``since`` is when the thing was registered: no
        message before it is looked at. Saves the step, so call it with a status that may be kept. When the thread is
        gone, the notice goes to the channel itself rather than nowhere.

        Raises:
            Later: it cannot be settled yet. Let it pass through: the loop comes back.
            StaleClaim: another process has the thing.
            Unavailable: Slack or the store is away; nothing is lost.
        """
        note = _note(step, name)
        if note["state"] == POSTED:
            return str(note["ts"])
        if note["state"] == ABSENT:
            note.update(channel=channel, thread=thread_ts, since=since.timestamp())
        return self._attempt(step, name, message)

    def show(self, step: Step, name: str, message: Message) -> str | None:
        """Edit a posted notice to this content, if it shows another, and return its timestamp as it is now.

        Nothing happens to one that is not posted: None. A message that is gone is looked for, and posted anew when
        nobody finds it, so go on with the timestamp that this returns. A refusal is recorded in the note and tried
        again with the next content.

        Raises:
            Later: Slack asked to slow down. Let it pass through.
            StaleClaim: another process has the thing.
            Unavailable: Slack or the store is away; the edit is done next time.
        """
        note = _note(step, name)
        if note["state"] == POSTED and note.get("shown") != digest(message):
            self._edit(step, name, message)
        return str(note["ts"]) if note["state"] == POSTED else None

    def settle(self, step: Step, final: Mapping[str, Message]) -> Outcome:
        """End a thing: look at all of its notices once more, after every slower process has lost its lease.

        A process that froze between its last check and its call may have put an old text back, or posted a copy.
        Return this outcome from the reconciler as long as it is called; it is ``Done`` in the end.

        Args:
            step: whose reconciler has nothing else to do.
            final: what the edited notices show for ever, by name; the others are only looked at for copies.
        """
        wanted = hashlib.sha256(
            "".join(f"{name} {digest(final[name])};" for name in sorted(final)).encode()
        ).hexdigest()
        settling = step.status.get("settle")
        now = step.now()
        if not settling or settling["of"] != wanted or settling["at"] > now + step.lease + self._grace:
            step.status["settle"] = settling = {"of": wanted, "at": now + step.lease + self._grace}
        if settling["at"] > now:
            return Again(settling["at"] - now)
        for name in sorted(step.status.get("notes", {})):
            self._settle(step, name, final.get(name))
        return Done()

    # One notice

    def _attempt(self, step: Step, name: str, message: Message, gone: str | None = None) -> str | None:
        """Find the notice in Slack or post it. ``gone`` is a timestamp known to be no longer there."""
        note = _note(step, name)
        if note["state"] == GAVE_UP:
            return None
        found = self._find(step, name, gone)
        if found:
            return self._adopt(step, name, found)
        if note["state"] == GAVE_UP:  # reading was refused
            return None
        if note["state"] == POSTING:
            self._wait_out_the_grace(step, note)
            if note["tries"] >= self._tries:
                self._give_up(step, name, f"No clear answer from Slack in {self._tries} attempts.")
                return None
        return self._post(step, name, message)

    def _find(self, step: Step, name: str, gone: str | None = None) -> list[str]:
        """Read Slack for the notice's marker."""
        note = _note(step, name)
        since = datetime.fromtimestamp(note["since"] - 60, UTC)
        try:
            crash_point("before-find")
            found = self._messages.find(
                note["channel"], marker(step, name), since=since, thread_ts=note["thread"]
            )
        except Throttled as slow:
            raise Later(slow.retry_after) from slow
        except NotFound:
            return []  # the thread is gone, and what was in it
        except Refused as refusal:
            # Where nothing was tried, the attempt itself tells better what is wrong. Where something was, a second
            # attempt could be a second message.
            if note["state"] == POSTING:
                self._give_up(
                    step, name, f"Slack can't be read to see whether it was posted: {refusal.sentence}"
                )
            return []
        return [ts for ts in found if ts != gone]

    def _adopt(self, step: Step, name: str, found: Sequence[str]) -> str:
        """Keep the first message that was found and delete its copies. What it shows is not known."""
        note = _note(step, name)
        note.update(state=POSTED, ts=found[0], shown=None)
        self._delete_copies(step, note, found[1:])
        step.save()
        return found[0]

    def _delete_copies(self, step: Step, note: Note, copies: Sequence[str]) -> None:
        for ts in copies:
            step.ensure_time(self._call)
            crash_point("before-delete")
            try:
                self._messages.delete(note["channel"], ts)
            except Throttled as slow:
                raise Later(slow.retry_after) from slow
            except Refused as refusal:
                note["reason"] = refusal.sentence
            crash_point("after-delete")

    def _wait_out_the_grace(self, step: Step, note: Note) -> None:
        """Come back later while the last attempt may still show up in Slack.

        Raises:
            Later: it is younger than the grace.
        """
        now = step.now()
        note["at"] = min(note["at"], now)  # the store's clock was set back
        left = note["at"] + self._grace - now
        if left > 0:
            raise Later(left)

    def _post(self, step: Step, name: str, message: Message) -> str | None:
        """Commit the intent, make the one call, commit the result."""
        note = _note(step, name)
        before = dict(note)
        step.ensure_time(self._call)
        note.update(state=POSTING, at=step.now(), tries=note["tries"] + 1)
        step.save()  # W1: a stale fence stops here, before any effect
        began = self._clock.monotonic()
        try:
            step.ensure_time(self._call)
            crash_point("before-post")
            ts = self._messages.post(
                note["channel"], message, marker=marker(step, name), thread_ts=note["thread"]
            )
            crash_point("after-post")
        except UnknownOutcome as unclear:
            log.warning("%s: it is unclear whether notice %s was posted (%s)", step.key, name, unclear.detail)
            raise Later(max(0.0, began + self._grace - self._clock.monotonic())) from unclear
        except OutOfTime:
            _restore(note, before)
            raise
        except Throttled as slow:
            _restore(note, before)
            raise Later(slow.retry_after) from slow
        except Unavailable:
            _restore(note, before)  # certainly not posted: an hour without Slack must not use up the tries
            step.save()
            raise
        except Refused as refusal:
            if isinstance(refusal, NotFound) and before["thread"]:
                _restore(note, before | {"thread": None})
                return self._attempt(step, name, message)
            self._give_up(step, name, refusal.sentence)
            return None
        note.update(state=POSTED, ts=ts, shown=digest(message))
        step.save()  # W2
        return ts

    def _give_up(self, step: Step, name: str, reason: str) -> None:
        note = _note(step, name)
        note.update(state=GAVE_UP, reason=reason)
        log.error("%s: notice %s was given up: %s", step.key, name, reason)
        step.save()

    def _edit(self, step: Step, name: str, message: Message) -> None:
        note = _note(step, name)
        step.ensure_time(self._call)
        crash_point("before-update")
        try:
            self._messages.update(note["channel"], note["ts"], message)
        except Throttled as slow:
            raise Later(slow.retry_after) from slow
        except NotFound:
            self._post_anew(step, name, message)
            return
        except Refused as refusal:
            log.warning("%s: notice %s can't be edited: %s", step.key, name, refusal.sentence)
            note["reason"] = refusal.sentence
        crash_point("after-update")
        note["shown"] = digest(message)
        step.save()

    def _post_anew(self, step: Step, name: str, message: Message) -> None:
        """Replace a message that somebody deleted: adopt another copy or post it again, then show the content."""
        note = _note(step, name)
        gone = str(note.get("ts"))
        note.update(state=ABSENT, ts=None, shown=None, tries=0)
        step.save()
        if self._attempt(step, name, message, gone):
            self.show(step, name, message)

    def _settle(self, step: Step, name: str, message: Message | None) -> None:
        """Delete copies of a notice, keep the first, and put its final content there whatever it is thought to show."""
        note = _note(step, name)
        if note["state"] != POSTED:
            return
        found = self._find(step, name)
        if found:
            note["ts"] = found[0]
            self._delete_copies(step, note, found[1:])
        if message is not None:
            self._edit(step, name, message)


def _note(step: Step, name: str) -> Note:
    notes: dict[str, Note] = step.status.setdefault("notes", {})
    return notes.setdefault(name, {"state": ABSENT, "tries": 0})


def _restore(note: Note, before: Note) -> None:
    note.clear()
    note.update(before)


__all__ = ["ABSENT", "GAVE_UP", "POSTED", "POSTING", "Later", "Notices", "digest", "marker", "note_of"]
