"""Who may do what, as the operator set it: one rule for each thing that people may do.

What spends money or ends what runs is closed until somebody is named for it. Guests, and people of other workspaces,
are never meant by a list that leaves somebody out, nor by one that names them alone: the operator opens it for them.
"""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from bot.errors import Misconfigured, NotAllowed, Unavailable
from bot.wording import Channel, Person, wording

TRAINERS, APPROVERS, GUESTS = "TUNESMITH_TRAINERS", "TUNESMITH_APPROVERS", "TUNESMITH_GUESTS"


class Membership(StrEnum):
    """What somebody is to the workspace that the bot is installed in. The value reads in a sentence."""

    MEMBER = "a member"
    GUEST = "a guest"
    """Of one channel or several: Slack's ``is_ultra_restricted`` and ``is_restricted``."""
    PARTNER = "of another workspace"
    """By Slack Connect: ``is_stranger``, or a ``team_id`` that is not ours."""
    DEACTIVATED = "deactivated"
    UNKNOWN = "somebody of whom Slack does not say what they are"


class Memberships(Protocol):
    """What people are, as Slack has it."""

    def membership(self, user: str) -> Membership:
        """Return what somebody is; ``UNKNOWN`` when Slack knows nobody of that ID.

        Raises:
            Throttled, Unavailable: Slack did not say.
            Misconfigured: the bot may not ask.
        """


class NobodyKnown:
    """``Memberships`` without a Slack to ask."""

    def membership(self, user: str) -> Membership:  # noqa: ARG002 -- nobody is known
        """Return that nothing is known."""
        return Membership.UNKNOWN


@dataclass(frozen=True, slots=True)
class Access:
    """Slack user IDs and channel IDs, as the operator set them. ``guests`` are those who count as members.

    Every check may raise what ``people`` raises: somebody of whom Slack says nothing right now may do nothing.
    """

    trainers: AbstractSet[str] = field(default_factory=frozenset)
    approvers: AbstractSet[str] = field(default_factory=frozenset)
    channels: AbstractSet[str] = field(default_factory=frozenset)
    guests: AbstractSet[str] = field(default_factory=frozenset)
    people: Memberships = field(default_factory=NobodyKnown)
    operator: str = ""
    """Who hears of faults, when that is a person; a channel is nobody here."""

    def check_contributor(self, user: str) -> None:
        """Return when the user may work on data: validate, repair, split, look things up. Nothing is spent by it.

        With no trainers named that is every member.

        Raises:
            NotAllowed: they may not; the hint says who can change that.
        """
        if self.trainers and user not in self.trainers:
            raise self._no_trainer(user)
        self.check_member(user)

    def check_trainer(self, user: str) -> None:
        """Return when the user may spend: plan, start, serve, extend, and have things of others ended.

        With no trainers named that is nobody.

        Raises:
            NotAllowed: they may not; the hint says who can change that.
        """
        if user not in self.trainers:
            raise self._no_trainer(user)
        self.check_member(user)

    def check_spending(self, user: str, channel: str) -> None:
        """Return when the user may spend for this channel, or in these direct messages.

        Raises:
            NotAllowed: they may not, or nothing may be spent there; the hint says what mends it.
        """
        self.check_trainer(user)
        self.check_channel(channel)
        self.check_spending_in(channel)

    def check_ending(self, user: str, owner: str) -> None:
        """Return when the user may end what runs: whoever owns it, a trainer, or an approver.

        Raises:
            NotAllowed: they may not; the hint says who may.
        """
        if user == owner:
            return
        if user in self.approvers:
            self.check_approver(user)
        else:
            self.check_trainer(user)

    def check_owning(self, user: str, owner: str) -> None:
        """Return when the user may rename, hand over or delete what is somebody's: its owner, or the operator.

        Raises:
            NotAllowed: they may not; the hint says whom to ask.
        """
        if user == owner:
            return
        if not self.operator or user != self.operator:
            raise NotAllowed(
                "Only its owner or the operator may do that.", hint=wording("Ask ", Person(owner), ".")
            )
        self.check_member(user)

    def trainer_for(self, owner: str) -> Person | str:
        """Return whom to ask for something that only trainers may do with what is somebody's.

        Its owner where they are one, else the first trainer; without any the operator, by name where one is known.
        """
        if owner in self.trainers:
            return Person(owner)
        return Person(min(self.trainers)) if self.trainers else self.named_operator()

    def check_approver(self, user: str) -> None:
        """Return when the user may approve spending.

        Raises:
            NotAllowed: they may not; the hint names who may.
        """
        if user not in self.approvers:
            who = _listed([Person(each) for each in sorted(self.approvers)])
            raise NotAllowed(
                "Only an approver can decide this, and nobody is one yet."
                if not who
                else "Only an approver can decide this.",
                hint=wording("Approvers: ", who, ".")
                if who
                else self.ask_operator(user, "to name one", APPROVERS),
            )
        self.check_member(user)

    @property
    def present_approvers(self) -> tuple[str, ...]:
        """The approvers who can still decide: not those whose account is deactivated. Slack's silence leaves one in."""
        return tuple(each for each in sorted(self.approvers) if not self._is_gone(each))

    @property
    def raisers(self) -> tuple[str, ...]:
        """Who may raise a budget: the operator where that is a person, else those who approve spending."""
        is_person = self.operator.startswith(("U", "W"))
        return (self.operator,) if is_person else tuple(sorted(self.approvers))

    def check_raising(self, user: str) -> None:
        """Return when the user may raise a budget for the rest of a month.

        Raises:
            NotAllowed: they may not; the hint names who may.
        """
        if user not in self.raisers:
            who = _listed([Person(each) for each in self.raisers])
            raise NotAllowed(
                "Only whoever answers for the budgets can raise one.",
                hint=wording("Ask ", who, ".")
                if who
                else self.ask_operator(user, "to set another", "TUNESMITH_BUDGETS"),
            )
        self.check_member(user)

    def check_operator(self, user: str) -> None:
        """Return when the user may see how the bot is set up: the operator, or while that is no person, an approver.

        Raises:
            NotAllowed: they may not; the hint names who may.
        """
        if user not in self.raisers:
            who = _listed([Person(each) for each in self.raisers])
            raise NotAllowed(
                "Only whoever runs me may look at how I am set up.",
                hint=wording("Ask ", who or "the operator", "."),
            )
        self.check_member(user)

    def check_channel(self, channel: str) -> None:
        """Return when the bot may work in the channel; direct messages (``D…``) always count.

        Raises:
            NotAllowed: the operator has not allowed it.
        """
        if self.channels and not channel.startswith("D") and channel not in self.channels:
            raise NotAllowed(
                "I am not set up for this channel.",
                hint=wording("Ask ", self.named_operator(), " to set me up for it, or write to me directly."),
            )

    def check_spending_in(self, channel: str) -> None:
        """Return when money may be spent for the channel: direct messages are on no list, so a list leaves them out.

        Raises:
            NotAllowed: the operator has not allowed it; the hint names where it may.
        """
        if self.channels and channel not in self.channels:
            where = _listed([Channel(each) for each in sorted(self.channels)])
            raise NotAllowed(
                "Nothing may be spent from here: the operator has said in which channels I may spend.",
                hint=wording("Ask for it in one of them: ", where, "."),
            )

    def oversees(self, user: str) -> bool:
        """Return whether the user may know of what is in the AWS account and came from no conversation of ours.

        Nobody brought it here, so no channel says who may see it: those who answer for the account's money do, which
        are the operator, the trainers and the approvers.
        """
        if not user or user not in {*self.trainers, *self.approvers, self.operator}:
            return False
        try:
            self.check_member(user)
        except NotAllowed:
            return False
        return True

    def check_oversees(self, user: str) -> None:
        """Return when the user may know of what others made in the AWS account.

        Raises:
            NotAllowed: they may not; the hint says who can change that.
        """
        if not self.oversees(user):
            raise NotAllowed(
                "What was made elsewhere in the AWS account is shown to the operator, trainers and approvers.",
                hint=wording("Ask one of them, or ", self.named_operator(), " to make you a trainer."),
            )

    def answers_for_account(self, user: str) -> bool:
        """Return whether the user may take over, or end, what runs in the AWS account and is no lease of ours.

        It may be anybody's, and cost tens of dollars an hour: the operator and the approvers may, and nobody else.
        """
        return bool(user) and user in {*self.approvers, self.operator} and self.oversees(user)

    def check_answers_for_account(self, user: str) -> None:
        """Return when the user may take over, or end, what runs in the AWS account and is no lease of ours.

        Raises:
            NotAllowed: they may not; the hint says who may.
        """
        if not self.answers_for_account(user):
            raise NotAllowed(
                "What runs in the AWS account beside my own is for the operator and the approvers.",
                hint=wording("Ask ", self.named_operator(), "."),
            )

    def named_operator(self, to: str = "") -> Person | str:
        """Return the operator for a sentence: by name where one is known, or who stands in while none is a person.

        ``to`` is who reads it, and is not sent to themselves.
        """
        others = [each for each in self.raisers if each != to]
        return Person(min(others)) if others else "the operator"

    def ask_operator(self, user: str, what: str, setting: str) -> str:
        """Return whom to ask for it; the operator, who can set it, reads the name of the setting instead."""
        if self.operator and user == self.operator:
            return f"You can set that: {setting}."
        return wording("Ask ", self.named_operator(user), f" {what}.")

    # How

    def _is_gone(self, user: str) -> bool:
        try:
            return self.people.membership(user) is Membership.DEACTIVATED
        except (Misconfigured, Unavailable):
            return False

    def _no_trainer(self, user: str) -> NotAllowed:
        if self.trainers:
            return NotAllowed(
                "This needs a trainer, and you are not on the list.",
                hint=self.ask_operator(user, "to make you one", TRAINERS),
            )
        return NotAllowed(
            "This needs a trainer, and nobody is one yet.",
            hint=self.ask_operator(user, "to make you one", TRAINERS),
        )

    def check_member(self, user: str) -> None:
        """Return when the user is a member of the workspace, or the operator has opened the bot for them by name.

        Raises:
            NotAllowed: a guest, somebody of another workspace, or somebody of whom nothing is known.
        """
        if user in self.guests:
            return
        is_what = self.people.membership(user)
        if is_what is not Membership.MEMBER:
            raise NotAllowed(
                f"Only members of this workspace may do this, and you are {is_what}.",
                hint=self.ask_operator(user, "to open it for you", GUESTS),
            )


def allowed(check: Callable[[], None]) -> bool:
    """Return whether a check lets somebody do it, so that no button is offered to whom it would refuse."""
    try:
        check()
    except (NotAllowed, Unavailable, Misconfigured):
        return False
    return True


def _listed(named: Sequence[Person | Channel]) -> str:
    """Return who or what it is, with commas between."""
    parts = [part for each in named for part in (", ", each)]
    return wording(*parts[1:])
