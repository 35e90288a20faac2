"""Who pressed what on a plan that spends money, and what follows from it. The first decision wins."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from bot.access import APPROVERS, Access
from bot.errors import NotAllowed, Refused
from bot.spending.budgets import PRICES
from bot.spending.model import Decision, Request
from bot.spending.undo import Kept, Wishes
from bot.wording import Person, quoted, seen, wording

Choice = Literal["start", "cancel", "approve", "decline", "override"]
"""The buttons of a plan: the asker's two, the approver's two, and the operator's for an emergency."""


LONGEST_REASON = 300
"""Characters of a reason that somebody gives for their press."""
SHORTEST_REASON = 10
"""Characters of an operator's reason for an emergency."""
PATIENCE = 86400.0
"""Seconds that a plan waits for a press, and an asked-for plan for an approver, before it lapses."""
ON_ITS_WAY = 60.0
"""Seconds after that in which a press that came in time may still be written down: its plan lapses only then. A press
that takes more than half of them is refused, so that other clocks and the write itself have the rest."""


class MadeWay(StrEnum):
    """What has taken the place of a plan that was called off."""

    NONE = ""
    PLAN = "plan"
    """A newer plan of the same."""
    LEASE = "lease"
    """A lease that runs already, and is used instead."""


@dataclass(frozen=True, slots=True)
class Vote:
    """One press that counted."""

    decision: Choice
    by: str
    at: datetime
    reason: str = ""
    """Why, in their own words; empty: they gave none. Text of the outside."""
    due: float | None = None
    """Of a *Cancel*: from when the plan is over, by the store's clock; until then it can be taken back."""
    taken: bool = False
    made_way: MadeWay = MadeWay.NONE
    """Of a *Cancel*: for what it was called off."""

    @property
    def request(self) -> Request:
        """It, as something that was asked for."""
        return Request(self.by, self.at, self.due, self.taken)


@dataclass(frozen=True, slots=True)
class Votes:
    """The presses that counted so far. ``approver`` is *Approve* or *Decline*, or an operator's in their place."""

    started: Vote | None = None
    cancelled: Vote | None = None
    approver: Vote | None = None
    kept: Kept | None = None
    """Who took a *Cancel* back."""

    @property
    def is_undoable(self) -> bool:
        """Whether it was called off just now, and can still be taken back."""
        return self.cancelled is not None and not self.cancelled.request.is_final

    def decision(self, needs_approval: str) -> Decision:
        """Return where the plan stands, given why an approver is needed (empty: none is)."""
        if self.cancelled:
            return Decision.CANCELLED
        if self.started is None:
            return Decision.OPEN
        if not needs_approval:
            return Decision.APPROVED
        if self.approver is None:
            return Decision.REQUESTED
        return Decision.DECLINED if self.approver.decision == "decline" else Decision.APPROVED

    @property
    def overridden_for(self) -> str:
        """Why an operator started it without an approver, in their own words; empty: nobody did."""
        found = self.approver
        return found.reason if found and found.decision == "override" and not self.cancelled else ""

    @property
    def declined_for(self) -> str:
        """Why an approver declined it, in their own words; empty: nobody did, or they gave no reason."""
        no = self.approver
        return no.reason if no and no.decision == "decline" else ""

    def is_lapsed(self, asked_at: datetime, now: datetime) -> bool:
        """Return whether people took longer than ``PATIENCE``, since the plan or since *Start*."""
        since = self.started.at if self.started else asked_at
        return now - since > timedelta(seconds=PATIENCE)

    def decided_by(self, needs_approval: str) -> str | None:
        """Return the user whose press settled it, or None while it is open or requested."""
        if self.cancelled:
            return self.cancelled.by
        if needs_approval:
            return self.approver.by if self.approver else None
        return self.started.by if self.started else None


def because(reason: str) -> str:
    """Return the reason that somebody gave for their no, as a sentence about it; empty without one."""
    given = reason.strip()
    if given.endswith(".") and not given.endswith(".."):  # the sentence has its own; an ellipsis is theirs
        given = given[:-1].rstrip()
    return f" Their reason: {quoted(given)}." if given else ""


def check_may_press(access: Access, decision: Choice, by: str, *, owner: str, channel: str) -> None:
    """Return when somebody may press this button of a plan that ``owner`` made for ``channel``, whatever it costs.

    Raises:
        NotAllowed: they may not; the hint says who may.
    """
    if decision == "start":
        access.check_spending(by, channel)
    elif decision == "cancel":
        access.check_ending(by, owner, channel)
    elif decision == "override":
        access.check_breaking_glass(by)
    else:
        access.check_approver(by, channel)


def check_may_decide(access: Access, decision: Choice, by: str) -> None:
    """Return when somebody decides on what others ask for, in an approver's way or an operator's, of some channel.

    Raises:
        NotAllowed: they do not; the hint says who does.
    """
    if decision == "override":
        access.check_breaking_glass(by)
    else:
        access.check_approver(by)


def press(
    votes: Votes,
    wanted: Vote,
    needs_approval: str,
    *,
    access: Access,
    owner: str = "",
    channel: str = "",
    own_is_fine: bool = False,
    is_strict: bool = False,
) -> Votes:
    """Return the presses with ``wanted`` added; a repeated press of the same person changes nothing.

    ``owner`` planned it for ``channel``. Neither they nor whoever pressed *Start* may approve it, unless
    ``own_is_fine``. What is ``is_strict`` no operator starts without an approver.

    Raises:
        Refused: somebody decided already (named), or nothing was asked for yet.
        NotAllowed: they would approve what they asked for themselves, or ask for what nobody else could approve.

    An operator's *override* needs a reason and lifts the need of a second person, and nothing else: budgets, prices and
    what speaks against it hold as for an approval.
    """
    if _same(votes, wanted):
        return votes
    state = votes.decision(needs_approval)
    if state not in _OPEN_FOR[wanted.decision]:
        raise _too_late(votes, state, needs_approval)
    if wanted.decision == "approve" and not own_is_fine and wanted.by in askers(votes, owner):
        raise NotAllowed(
            "You asked for this yourself, so somebody else has to approve it.",
            hint=wording(
                "Another approver can; ",
                access.named_operator(),
                " names them, and says up to which amount one person may do both.",
            ),
        )
    if wanted.decision == "override":
        access.check_breaking_glass(wanted.by)
        if is_strict:
            raise NotAllowed(
                "This is never started without an approver: what it costs cannot be stopped afterwards.",
                hint="An approver decides it, in whatever emergency.",
            )
        # As people read it: what cannot be seen says nothing.
        if len(seen(wanted.reason)) < SHORTEST_REASON:
            raise Refused("Everybody concerned is told why, so I need a reason.", hint="Write a sentence.")
    if wanted.decision == "start":
        asked = replace(votes, started=wanted)
        check_somebody_decides(
            asked,
            needs_approval,
            access,
            owner=owner,
            channel=channel,
            own_is_fine=own_is_fine,
            is_strict=is_strict,
        )
        return asked
    if wanted.decision == "cancel":
        return replace(votes, cancelled=wanted)
    return replace(votes, approver=wanted)


def over_already(what: str, phase: str, votes: Votes, stop: Request | None) -> Refused:
    """Return the refusal of a press that would end ``what`` is over: how it ended, and by whom if by somebody."""
    no = {
        "stopped": stop or votes.cancelled,
        "cancelled": votes.cancelled or stop,
        "declined": votes.approver,
    }
    by = no.get(phase)
    how = wording(" by ", Person(by.by)) if by else ""
    return Refused(wording(f"{what} is over: {phase}", how, "."), hint="There is nothing to stop.")


def stopped_already(stop: Request | None) -> Refused:
    """Return the refusal of a press on what somebody else had stopped, with who."""
    by = Person(stop.by) if stop else "Somebody"
    return Refused(wording(by, " asked to stop it already."), hint="Its own message says when it has.")


def check_is_open(votes: Votes, needs_approval: str) -> None:
    """Return while nobody has decided on the plan, nor asked an approver for it.

    Raises:
        Refused: who did, and what.
    """
    state = votes.decision(needs_approval)
    if state is not Decision.OPEN:
        raise _too_late(votes, state, needs_approval)


def check_somebody_decides(
    votes: Votes,
    needs_approval: str,
    access: Access,
    *,
    owner: str,
    channel: str,
    own_is_fine: bool,
    is_strict: bool = False,
) -> None:
    """Return when what was asked for waits for nobody, or for somebody there is.

    What is ``is_strict`` waits for an approver alone, and never for an operator in an emergency.

    Raises:
        NotAllowed: nobody could ever approve it. The hint says who may ask for it instead, if that helps.
    """
    if not needs_approval:
        return
    there = access.deciders_for(channel, but=askers(votes, owner))
    breakers = () if is_strict else access.glass_breakers
    if breakers or deciders(there, votes, owner, own_is_fine=own_is_fine):
        return
    if deciders(there, Votes(), owner, own_is_fine=own_is_fine):
        raise NotAllowed(
            "Whoever asks for this does not approve it, and you are the only one who could.",
            hint=wording(
                "Let ", Person(owner), " press it: then you can approve it. The plan stays as it is."
            ),
        )
    raise NotAllowed(
        "Nobody could approve this: whoever asks for it does not approve it, and there is no other approver.",
        hint=access.ask_operator(
            votes.started.by if votes.started else "",
            "to name another one, or to set a price that is unknown",
            f"{APPROVERS}, or {PRICES} where a price is unknown",
        ),
    )


def askers(votes: Votes, owner: str) -> frozenset[str]:
    """Return who asked for the spending: whoever planned it, and whoever pressed *Start*."""
    return frozenset({owner} | ({votes.started.by} if votes.started else set()))


def deciders(approvers: Iterable[str], votes: Votes, owner: str, *, own_is_fine: bool) -> tuple[str, ...]:
    """Return which approvers may decide what was asked for: not those who asked, unless ``own_is_fine``."""
    own = frozenset[str]() if own_is_fine else askers(votes, owner)
    return tuple(each for each in approvers if each not in own)


def others(votes: Votes, owner: str) -> tuple[str, ...]:
    """Return who spends beside the owner: whoever pressed *Start*. What it costs counts for them, too."""
    return tuple(sorted(askers(votes, owner) - {owner}))


_OPEN_FOR: dict[Choice, tuple[Decision, ...]] = {
    "start": (Decision.OPEN,),
    "cancel": (Decision.OPEN, Decision.REQUESTED),
    "approve": (Decision.REQUESTED,),
    "decline": (Decision.REQUESTED,),
    "override": (Decision.REQUESTED,),
}


def _same(votes: Votes, wanted: Vote) -> bool:
    # The other way round from the order in which presses can come.
    last = votes.cancelled or votes.approver or votes.started
    return last is not None and (last.decision, last.by) == (wanted.decision, wanted.by)


def _too_late(votes: Votes, state: Decision, needs_approval: str) -> Refused:
    if state is Decision.OPEN:
        return Refused("Nobody has asked for this yet.", hint="It has to be started on its plan first.")
    if state is Decision.REQUESTED:
        asked_by = votes.started.by if votes.started else ""
        return Refused(wording(Person(asked_by), " started this already; it waits for an approver."))
    who = votes.decided_by(needs_approval)
    agreed = "started this without approval" if votes.overridden_for else "approved this"
    words = {
        Decision.APPROVED: agreed if needs_approval else "started this",
        Decision.DECLINED: "declined this",
        Decision.CANCELLED: "cancelled this",
    }[state]
    return Refused(
        wording(Person(who or ""), f" {words} already."), hint="Nothing was changed by your press."
    )


def _put(spec: Any, wish: Request | None) -> Any:
    votes: Votes = spec.votes
    before = votes.cancelled
    after = replace(before, due=wish.due, taken=wish.taken) if before and wish else None
    return replace(spec, votes=replace(votes, cancelled=after))


CALLED_OFF: Wishes[Any] = Wishes(
    wish=lambda spec: spec.votes.cancelled.request if spec.votes.cancelled else None,
    put=_put,
    kept=lambda spec: spec.votes.kept,
    note=lambda spec, kept: replace(spec, votes=replace(spec.votes, kept=kept)),
)
"""The *Cancel* of a plan of whatever kind."""
