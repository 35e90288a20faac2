"""Who may do what, as the operator set it: one rule for each thing that people may do.

What spends money or ends what runs is closed until somebody is named for it. Guests, and people of other workspaces,
are never meant by a list that leaves somebody out, nor by one that names them alone: the operator opens it for them.
"""

from collections.abc import Callable, Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import islice

from bot.errors import Misconfigured, NotAllowed, Unavailable
from bot.memberships import Membership, Memberships, NobodyKnown
from bot.rosters import NoRosters, Rosters, at, channels_by, has_any, in_order
from bot.wording import Channel, Person, listed, wording

TRAINERS, APPROVERS, GUESTS = "TUNESMITH_TRAINERS", "TUNESMITH_APPROVERS", "TUNESMITH_GUESTS"
ASKERS, BREAK_GLASS = "TUNESMITH_ASKERS", "TUNESMITH_BREAK_GLASS"

_NOBODY = frozenset({Membership.DEACTIVATED, Membership.BOT, Membership.GUEST, Membership.PARTNER})
"""Who is never named as somebody who could decide; of whom Slack says nothing is believed to be there."""
_FEW = 5
"""People of a role who are told of in a refusal: one is enough to ask."""
_PERSON = ("U", "W")
_MOST = 20
"""People of a role who are looked up and named at once: a user group may be a whole company."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who has which role, as the operator set it, and channel IDs. ``guests`` are those who count as members.

    A role is a set of user IDs: of people, or live of whoever is in a user group or channel (``bot.rosters.Holders``).
    Every check may raise what ``people`` raises: somebody of whom Slack says nothing right now may do nothing.
    """

    trainers: AbstractSet[str] = field(default_factory=frozenset)
    approvers: AbstractSet[str] = field(default_factory=frozenset)
    channels: AbstractSet[str] = field(default_factory=frozenset)
    guests: AbstractSet[str] = field(default_factory=frozenset)
    people: Memberships = field(default_factory=NobodyKnown)
    operator: str = ""
    """Who hears of faults, when that is a person; a channel is nobody here."""
    operators: AbstractSet[str] = field(default_factory=frozenset)
    """Who else may do what the operator may."""
    askers: AbstractSet[str] = field(default_factory=frozenset)
    """Who may ask models, beside trainers; empty: whoever sees the channel."""
    rosters: Rosters = field(default_factory=NoRosters)
    breaks_glass: bool = False
    """Whether an operator may start in an emergency what an approver would have to agree to."""

    def check_asker(self, user: str, channel: str) -> None:
        """Return when the user may ask a model there.

        With no askers named that is whoever sees the channel.

        Raises:
            NotAllowed: they may not; the hint says who can change that.
        """
        if not self.askers:
            return
        if not has_any(user, at(self.askers, channel), at(self.trainers, channel)):
            there = listed([Channel(each) for each in channels_by(self.askers, user)])
            raise NotAllowed(
                "Only some people may ask models here, and you are not among them.",
                hint=wording("Ask it there: ", there, ".")
                if there
                else self.ask_operator(user, "to add you", ASKERS),
            )
        self.check_member(user)

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
        if user not in at(self.trainers, channel):
            named = listed([Channel(each) for each in channels_by(self.trainers, user)])
            raise NotAllowed(
                "You are a trainer by a channel that you are in, and this is not asked for there.",
                hint=wording("Ask for it there: ", named, "."),
            )
        self.check_channel(channel)
        self.check_spending_in(channel)

    def check_ending(self, user: str, owner: str, channel: str = "") -> None:
        """Return when the user may end what runs: whoever owns it, a trainer, an approver, or an operator.

        Whoever has a role by a channel ends what is of that ``channel``, where it is said, and nothing else.

        Raises:
            NotAllowed: they may not; the hint says who may.
        """
        if user == owner:
            return
        if not self._is_operator(user, at(self.approvers, channel), at(self.trainers, channel)):
            raise self._no_trainer(user)
        self.check_member(user)

    def check_owning(self, user: str, owner: str) -> None:
        """Return when the user may rename, hand over or delete what is somebody's: its owner, or the operator.

        Raises:
            NotAllowed: they may not; the hint says whom to ask.
        """
        if user == owner:
            return
        if not self._is_operator(user):
            raise NotAllowed(
                "Only its owner or the operator may do that.", hint=wording("Ask ", Person(owner), ".")
            )
        self.check_member(user)

    def trainer_for(self, owner: str) -> Person | str:
        """Return whom to ask for something that only trainers may do with what is somebody's.

        Its owner where they are one, else the first trainer; without any the operator, by name where one is known.
        """
        if allowed(lambda: self.check_trainer(owner)):
            return Person(owner)
        there = self._there(self.trainers, most=1)
        return Person(there[0]) if there else self.named_operator()

    def check_approver(self, user: str, channel: str | None = None) -> None:
        """Return when the user may approve spending, for that channel; None: for one at all.

        Raises:
            NotAllowed: they may not; the hint names who may.
        """
        who_may = self.approvers if channel is None else at(self.approvers, channel)
        if user not in who_may:
            who = listed([Person(each) for each in self._there(who_may, most=_FEW)])
            raise NotAllowed(
                "Only an approver can decide this, and nobody is one yet."
                if not who
                else "Only an approver can decide this.",
                hint=wording("Approvers: ", who, ".")
                if who
                else self.ask_operator(user, "to name one", APPROVERS),
            )
        self.check_member(user)

    def approvers_for(self, scope: str) -> tuple[str, ...]:
        """Return who approves what is spent for a channel, and is still there; for other scopes no channel counts."""
        return self._there(at(self.approvers, scope))

    def deciders_for(self, channel: str, but: Collection[str] = ()) -> tuple[str, ...]:
        """Return the approvers who can decide on what is spent for that channel: those who see it there.

        Where none does, but for who asked for it (``but``), it is all of them, who are asked directly. Who has left the
        workspace, the group or the channel is none of them. Slack's silence leaves one in.
        """
        role, readers = at(self.approvers, channel), self.rosters.readers(channel)
        near = self._there(role, readers) if readers is not None else ()
        return near if set(near).difference(but) else self._there(role)

    @property
    def raisers(self) -> tuple[str, ...]:
        """Who may raise a budget: the operators, else, where none are named, those who approve spending."""
        return self._raisers()

    @property
    def named_operators(self) -> tuple[str, ...]:
        """The operators who are people and still there; one who is a guest can open it for themselves."""
        return self._named_operators()

    @property
    def glass_breakers(self) -> tuple[str, ...]:
        """Who may start in an emergency without an approver; nobody, until the operator opens that."""
        return self.named_operators if self.breaks_glass else ()

    def check_breaking_glass(self, user: str) -> None:
        """Return when the user may start in an emergency what an approver would have to agree to.

        Raises:
            NotAllowed: the operator has not opened that, or they are no operator.
        """
        if not self._is_operator(user):
            raise NotAllowed(
                "Only an operator may start this without an approver.",
                hint=wording("Ask ", self.named_operator(user), "."),
            )
        if not self.breaks_glass:
            raise NotAllowed(
                "Starting without an approver is not open here.", hint=f"You can set that: {BREAK_GLASS}."
            )
        self.check_member(user)

    def check_raising(self, user: str) -> None:
        """Return when the user may raise a budget for the rest of a month.

        Raises:
            NotAllowed: they may not; the hint names who may.
        """
        if not self._runs_it(user):
            who = listed([Person(each) for each in self._raisers(_FEW)])
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
        if not self._runs_it(user):
            who = listed([Person(each) for each in self._raisers(_FEW)])
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
            where = listed([Channel(each) for each in sorted(self.channels)])
            raise NotAllowed(
                "Nothing may be spent from here: the operator has said in which channels I may spend.",
                hint=wording("Ask for it in one of them: ", where, "."),
            )

    def oversees(self, user: str) -> bool:
        """Return whether the user may know of what is in the AWS account and came from no conversation of ours.

        Nobody brought it here, so no channel says who may see it: those who answer for the account's money do, which
        are the operator, the trainers and the approvers.
        """
        has_one = self._is_operator(user, at(self.trainers, ""), at(self.approvers, ""))
        return has_one and allowed(lambda: self.check_member(user))

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
        return self._is_operator(user, at(self.approvers, "")) and self.oversees(user)

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
        others = [each for each in self._raisers(2) if each != to]
        return Person(others[0]) if others else "the operator"

    def ask_operator(self, user: str, what: str, setting: str) -> str:
        """Return whom to ask for it; the operator, who can set it, reads the name of the setting instead."""
        if self._is_operator(user):
            return f"You can set that: {setting}."
        return wording("Ask ", self.named_operator(user), f" {what}.")

    # How

    def _is_operator(self, user: str, *or_has: AbstractSet[str]) -> bool:
        return bool(user) and (user == self.operator or has_any(user, *or_has, self.operators))

    def _runs_it(self, user: str) -> bool:
        """Return whether they are an operator, or stand in for one while none are named."""
        return self._is_operator(user) if self._has_operators else user in at(self.approvers, "")

    @property
    def _has_operators(self) -> bool:
        """Whether anybody is named for one: a channel that hears of faults raises nothing."""
        return self.operator.startswith(_PERSON) or bool(self.operators)

    def _raisers(self, most: int = _MOST) -> tuple[str, ...]:
        return (
            self._named_operators(most)
            if self._has_operators
            else self._there(at(self.approvers, ""), most=most)
        )

    def _named_operators(self, most: int = _MOST) -> tuple[str, ...]:
        is_there = self.operator.startswith(_PERSON) and not self._is_any_of(
            self.operator, {Membership.DEACTIVATED}
        )
        named = (self.operator,) if is_there else ()
        return tuple(dict.fromkeys((*named, *self._there(self.operators, most=most))))

    def _there(
        self, role: AbstractSet[str], among: AbstractSet[str] | None = None, most: int = _MOST
    ) -> tuple[str, ...]:
        """Return those of a role who can act on it: nobody who left, no bot, no guest unless that is opened.

        Of whom Slack does not say what they are is believed to be there.
        """
        order = in_order(role)
        wanted = order if among is None else [each for each in order if each in among]
        there = (each for each in wanted if each in self.guests or not self._is_any_of(each, _NOBODY))
        return tuple(islice(there, most))

    def _is_any_of(self, user: str, what: AbstractSet[Membership]) -> bool:
        try:
            return self.people.membership(user) in what
        except (Misconfigured, Unavailable):
            return False

    def _no_trainer(self, user: str) -> NotAllowed:
        why = "you are not on the list" if self.trainers else "nobody is one yet"
        return NotAllowed(
            f"This needs a trainer, and {why}.", hint=self.ask_operator(user, "to make you one", TRAINERS)
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
