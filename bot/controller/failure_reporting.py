"""A failure must not hide in the log: a step that goes on failing is told to people, and so is that it is given up.

The loop tries a failing step again, ever more slowly, and ends it after many failures (``giving_up``). What counts for
people is time, not tries: the owner is told in the thread within two minutes, with what is billed meanwhile, and so is
whoever hears of what goes wrong (the operator, or the approvers), unless the owner can act. When it works again they
are told that, too; before the end they are told that it is given up, and what to do. A vendor that is away or asks to
slow down is told to the owner only where somebody waits for an answer, as soon as that: it goes on by itself. The
operator hears of an outage from the log, once for all that meets it.
"""

import copy
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.controller import giving_up
from bot.controller.context import Context, NotReady, OutOfTime, Reconciler
from bot.controller.kind import Kind
from bot.controller.model import Outcome, StaleClaim, in_words
from bot.controller.outbox.entries import ABSENT, note_of, numbered
from bot.controller.outbox.messages import Outbox
from bot.errors import HeldUp, Misconfigured, NoIdentity, Refused, Throttled, TunesmithError, Unavailable
from bot.wording import Person, wording

log = logging.getLogger(__name__)

_OVER = "troubles_over"
_SOON = 30.0
_RECENTLY = timedelta(hours=1)


class FailureReporter:
    """A reconciler whose failures are told, once for each resource.

    Args:
        kind: of what it reconciles: what is said of one, and when.
        reconciler: whose exceptions are told, but for vendors that are away.
        outbox: to tell people.
        hears: who else is told, people or channels by ID: the operator, or the approvers where nobody is one.
    """

    def __init__(
        self, kind: Kind[Any], reconciler: Reconciler, outbox: Outbox, hears: Sequence[str] = ()
    ) -> None:
        self.kind = kind
        self.reconciler = reconciler
        self._outbox = outbox
        self._hears = tuple(hears)
        self._after = giving_up.LAST_TOLD_AFTER if kind.has_own_words else giving_up.TOLD_AFTER

    def __call__(self, step: Context) -> Outcome:
        """Do the step. What goes wrong is raised all the same, for the loop."""
        try:
            outcome = self.reconciler(step)
        except (StaleClaim, NotReady, OutOfTime):
            raise
        except (Unavailable, NoIdentity) as away:
            if isinstance(away, HeldUp) or (self.kind.is_waited_for and self._is_late(step, away)):
                self._tell_that_it_waits(step, away)
            raise
        except Exception as error:
            self._tell(step, error)
            raise
        self._tell_that_it_works(step)
        return outcome

    def _is_late(self, step: Context, away: Unavailable | NoIdentity) -> bool:
        """Return whether whoever waits has waited for long enough to be told why; if not, it is tried again by then."""
        age = giving_up.waiting_for(step.saved, step.now())
        if isinstance(away, Throttled):  # it is not tried again before the vendor allows that
            return age + away.retry_after >= giving_up.TOLD_AFTER
        if age < giving_up.TOLD_AFTER:
            step.come_back_in(giving_up.TOLD_AFTER - age)
        return age >= giving_up.TOLD_AFTER

    def _tell(self, step: Context, error: Exception) -> None:
        """Say what is due, once it has failed for long enough, or for the last time.

        Raises:
            NotReady, Unavailable: that it is given up could not be told yet, so that it is not.
        """
        failures = giving_up.failures(step.saved, step.generation) + 1
        last = failures >= giving_up.TRIES
        age = giving_up.failing_for(step.saved, step.generation, step.now())
        if not last and age < self._after:
            step.come_back_in(self._after - age)
            return
        # What the failed step has changed and not saved proves nothing.
        step.status = copy.deepcopy(dict(step.saved))
        about = _About(self.kind, step)
        if last and not self.kind.ends_spending(step.spec, step.saved):
            self._tell_both(step, about, "gave-up", about.last_words(error), about.given_up(failures, error))
            step.told_of_its_end = True
            return
        if isinstance(error, Misconfigured) and not about.place:
            return  # nobody's in particular: its cause is told once from the log, whatever meets it
        try:
            name = numbered("trouble", _over(step))
            can_act = (
                isinstance(error, Refused) and about.place
            )  # whoever owns it, so that nobody else need hear
            operator = "" if can_act else about.for_the_operator(failures, error)
            self._tell_both(step, about, name, about.for_the_owner(error), operator)
        except StaleClaim:
            raise
        except (TunesmithError, NotReady, OutOfTime) as trouble:
            log.warning("%s: its trouble could not be told yet: %s", step.key, trouble)

    def _tell_that_it_works(self, step: Context) -> None:
        """Tell whoever was told of trouble that it is over. What cannot be told yet is told at the next turn."""
        told = numbered("trouble", _over(step))
        notes = [told, *(_for_operator(told, each, self._hears) for each in self._hears)]
        if all(note_of(step, each)["state"] == ABSENT for each in notes):
            return
        about, name = _About(self.kind, step), numbered("over", _over(step))
        try:
            self._tell_both(
                step, about, name, about.works_again(), about.works_again_for_the_operator(), told
            )
        except StaleClaim:
            raise
        except (TunesmithError, NotReady, OutOfTime) as trouble:
            log.info("%s: that it works again could not be told yet: %s", step.key, trouble)
            step.come_back_in(trouble.seconds if isinstance(trouble, NotReady) else _SOON)
        else:
            step.status[_OVER] = _over(step) + 1

    def _tell_both(
        self, step: Context, about: "_About", name: str, owner: str, operator: str, after: str = ""
    ) -> None:
        """Say both; with ``after``, the name of another message, only to those who were told that."""
        if about.place and _was_told(step, after):
            self._say(step, name, owner, about)
        for each in self._hears if operator else ():
            if _was_told(step, after and _for_operator(after, each, self._hears)):
                self._say(step, _for_operator(name, each, self._hears), operator, None, each)

    def _tell_that_it_waits(self, step: Context, away: Unavailable | NoIdentity) -> None:
        step.status = copy.deepcopy(dict(step.saved))
        about = _About(self.kind, step)
        try:
            if about.place:
                self._say(step, "waiting", about.waiting(away), about)
        except StaleClaim:
            raise
        except (TunesmithError, NotReady, OutOfTime) as trouble:
            log.info("%s: that it waits could not be told yet: %s", step.key, trouble)

    def _say(self, step: Context, name: str, text: str, about: "_About | None", to: str = "") -> None:
        """Say it where the resource is told, or to somebody else when ``about`` is None."""
        self._outbox.post_once(
            step,
            name,
            in_words(text),
            channel=about.place if about else to,
            thread_ts=about.thread if about else None,
            since=_begun(step),
            owner=(about.owner or None) if about else None,
        )


def _over(step: Context) -> int:
    """Return how many troubles of the resource are over: each is told once, and so is its end."""
    return int(step.status.get(_OVER, 0))


def _for_operator(name: str, who: str, hears: Sequence[str]) -> str:
    return f"{name}-operator" if who == hears[0] else f"{name}-operator:{who}"


def _was_told(step: Context, name: str) -> bool:
    return not name or note_of(step, name)["state"] != ABSENT


class _About:
    """What can be said of a resource whose own code fails: its documents are read as they are."""

    def __init__(self, kind: Kind[Any], step: Context) -> None:
        plan = _mapping(step.spec.get("plan"))
        asked = plan or _mapping(step.spec.get("question")) or step.spec
        notes = _mapping(step.status.get("outbox"))
        self.key, self.kind = str(step.key), kind
        self.planned = bool(plan)
        self.name = str(plan.get("job_name") or plan.get("model_name") or asked.get("model_name") or step.key)
        self.billed = f"{words} " if (words := kind.billed) else ""
        self.owner = str(asked.get("owner") or asked.get("user") or asked.get("by") or "")
        thread = step.spec.get("thread_ts") or asked.get("thread_ts")
        self.place = str(asked.get("channel") or self.owner)
        self.thread: str | None = thread or _mapping(notes.get("plan")).get("ts")

    def for_the_owner(self, error: Exception) -> str:
        who = self._who()
        if isinstance(error, TunesmithError):
            return wording(
                who, f"I cannot go on with `{self.name}` for now. ", error.sentence, " I go on trying."
            )
        if not self.planned:
            return wording(
                who,
                f"Something is broken on my side, and I cannot go on with this for now. {self.billed}I go on "
                f"trying. Give the operator the reference `{self.key}`.",
            )
        return wording(
            who,
            f"Something is broken on my side with `{self.name}`, and I cannot follow it for now. I go on trying, "
            f"and what runs at AWS runs on: look at it there. {self.billed}Give the operator the reference "
            f"`{self.key}`.",
        )

    def for_the_operator(self, failures: int, error: Exception) -> str:
        return (
            f"`{self.key}`{self._named()} has failed {failures} times in a row with {_kind_of(error)}. "
            f"{self.billed}The log has the traceback under that reference; it is tried again every few minutes."
        )

    def last_words(self, error: Exception) -> str:
        """Return what whoever waits for it, or owns it, reads when it is given up."""
        why = error.sentence if isinstance(error, TunesmithError) else "Something is broken on my side."
        return wording(
            self._who(),
            f"I give up on {f'`{self.name}`' if self.planned else 'this'}, after many tries. ",
            why,
            f" {self._what_to_do()} Give the operator the reference `{self.key}`.",
        )

    def given_up(self, failures: int, error: Exception) -> str:
        """Return what the operator reads when it is given up."""
        return (
            f"`{self.key}`{self._named()} has failed {failures} times in a row with {_kind_of(error)}, and I give it "
            f"up. The log has the traceback under that reference. {self._what_to_do()}"
        )

    def waiting(self, away: Unavailable | NoIdentity) -> str:
        """Return what whoever waits for it reads while a vendor is away, or the operator has something to mend."""
        end = "the operator has mended that" if isinstance(away, (HeldUp, NoIdentity)) else "that is over"
        return wording(
            self._who(),
            away.sentence
            if isinstance(away, HeldUp)
            else away.message,  # what mends it is for them to pass on
            f" Nothing is lost: I go on with this by myself when {end}.",
        )

    def works_again(self) -> str:
        """Return what its owner reads when it works again."""
        return wording(
            self._who(), f"That works again, and I go on with {f'`{self.name}`' if self.planned else 'it'}."
        )

    def works_again_for_the_operator(self) -> str:
        """Return what the operator reads when it works again."""
        return f"`{self.key}`{self._named()} works again."

    def _what_to_do(self) -> str:
        return self.kind.when_given_up.format(name=self.name)

    def _named(self) -> str:
        return f" (`{self.name}`)" if self.name != self.key else ""

    def _who(self) -> str:
        return wording(Person(self.owner), " ") if self.owner else ""


def _mapping(value: object) -> Mapping[str, Any]:
    """Return it if it is one: what cannot be read may be anything."""
    return value if isinstance(value, Mapping) else {}


def _kind_of(error: Exception) -> str:
    return f"`{type(error).__name__}`{f': {error.sentence}' if isinstance(error, TunesmithError) else ''}"


def _begun(step: Context) -> datetime:
    """Return from when on its messages are looked for; what stands for ever has its trouble now."""
    try:
        return datetime.fromisoformat(str(step.spec.get("asked_at")))
    except ValueError:
        return datetime.fromtimestamp(step.now(), UTC) - _RECENTLY
