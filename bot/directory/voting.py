"""Votes on plans that spend money, whatever the kind: counted once, by what the kind's ``Purchase`` tells of it.

==========================  ===========================================================================================
When                        Then, for all kinds
==========================  ===========================================================================================
nobody knows the plan       said, with how another is asked for
they may not press this     said, with who may
nobody decided it in time   said: it is over
it was decided already      said, with who did; their own press again changes nothing
part of it is there         left out, and looked at anew
it has become dearer        offered anew at the price of now; the press does not count
an earlier picture          the press agrees to no more than its figure: it does not count
nothing was looked at yet   said: a plan is started once its checks and its price are there
a check fails               said with what mends it, and looked at again, where a later look could find otherwise
something else is against   said by the kind: its model is awake already
no budget has room          said, with which and what is left of it
nobody could approve it     said, with who could ask for it instead
==========================  ===========================================================================================
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.access import Access, allowed
from bot.clock import Clock
from bot.controller.model import Key, Resource
from bot.controller.ports import SpecWriter
from bot.directory.directory import Directory
from bot.errors import NotAllowed, NotFound, Refused
from bot.spending import offers, undo
from bot.spending.asking import with_glass
from bot.spending.budget_service import BudgetService
from bot.spending.cards import ApprovalCard
from bot.spending.checks import mend_of
from bot.spending.ledger import Entry
from bot.spending.model import Decision, Offer
from bot.spending.purchase import AnyPurchase, Proposal, Question, Waiting
from bot.spending.votes import (
    CALLED_OFF,
    LONGEST_REASON,
    ON_ITS_WAY,
    Choice,
    MadeWay,
    Vote,
    Votes,
    check_is_open,
    check_may_decide,
    check_may_press,
    press,
)
from bot.wording import one_line

UNKNOWN_PLAN = "I do not know this plan any more."
"""What is said of a plan that the store has not, whatever its kind."""


class VotingService:
    """What people decide about plans. Writes it down for the reconciler; never waits for Slack or AWS.

    Every method may raise ``Unavailable`` when the store does not answer; nothing was started then.
    """

    def __init__(
        self,
        store: SpecWriter,
        directory: Directory,
        access: Access,
        clock: Clock,
        budget_service: BudgetService,
        purchases: Mapping[str, AnyPurchase],
    ) -> None:
        self._store = store
        self._directory = directory
        self._access = access
        self._clock = clock
        self._budget_service = budget_service
        self._purchases = purchases

    def vote(
        self,
        plan: Key,
        choice: Choice,
        by: str,
        shown: offers.Shown | None = None,
        reason: str = "",
    ) -> None:
        """Count a press of *Start*, *Cancel*, *Approve* or *Decline*. The first decision wins.

        ``shown`` is the figure of the picture that was pressed: nobody agrees to more than that. ``reason`` is why, in
        their own words; those who asked are told. A *Cancel* can be taken back for a moment.

        Raises:
            NotFound: nobody knows the plan.
            NotAllowed: they may not press this.
            Refused: it was decided already (by whom), it waited too long, it costs more by now, a check fails (what
                mends it), something else speaks against it, or a budget has no room for it.
        """
        vote = Vote(choice, by, self._clock.now(), one_line(reason)[:LONGEST_REASON])
        if choice == "cancel":
            vote = replace(vote, due=undo.wished(by, vote.at, self._store.now()).due)
        purchase, it = self._undecided(plan, choice, by, vote.at)
        if offers.agrees(it.spec.votes, vote, purchase.reason(it)):
            it = self._without_what_exists(purchase, plan, it, vote)
            self._check_agreement(purchase, plan, it, vote)
        self._count(purchase, plan, it, vote, shown)

    def make_way(self, plan: Key, by: str, to: MadeWay = MadeWay.PLAN) -> None:
        """Call an open plan off for good, since another one takes its place: nobody takes that back.

        Somebody's own *Cancel* becomes final by it, so that there are never two open plans for one. What another has
        asked an approver for, or called off, is theirs.

        Raises:
            NotFound: nobody knows the plan.
            NotAllowed: they may not start it, so that they may put no other in its place.
            Refused: it was decided already, or an approver is asked (by whom); or it waited too long.
        """
        vote = Vote("cancel", by, self._clock.now(), made_way=to)
        purchase, it = self._undecided(plan, "start", by, vote.at)

        def change(spec: Any) -> Any:
            votes: Votes = spec.votes
            own = votes.cancelled
            if own is None or own.by != by:
                check_is_open(votes, purchase.reason(replace(it, spec=spec)))
                own = vote
            return purchase.with_votes(spec, replace(votes, cancelled=replace(own, due=None, made_way=to)))

        self._amend(purchase, plan, change, purchase.sole(it.spec))

    def keep(self, plan: Key, by: str) -> None:
        """Take back that a plan was called off, as long as that can be.

        Raises:
            NotFound: nobody knows the plan.
            NotAllowed: they may not.
            Refused: nobody called it off; or it is over, or was kept before, and by whom.
        """
        purchase = self._purchase(plan)
        it = purchase.read(self._pressed_on(purchase, plan, "cancel", by))
        whose = purchase.plan(it.spec)
        check_may_press(self._access, "cancel", by, owner=whose.owner, channel=whose.channel)
        at, now = self._clock.now(), self._store.now()
        self._amend(purchase, plan, lambda spec: undo.keep(spec, CALLED_OFF, by, at, now))

    def waiting(self, approver: str) -> list[Waiting]:
        """Return what waits for this approver to decide, the longest first, of all that they see; nothing for others.

        The answer to each is a vote on its question's resource.
        """
        try:
            self._access.check_approver(approver)
        except NotAllowed:
            return []

        def themselves(channel: str) -> tuple[str, ...]:
            may = allowed(lambda: self._access.check_approver(approver, channel))
            return (approver,) if may else ()

        return self._requested(lambda question: approver in question.approvers, themselves)

    def asked_by(self, user: str) -> list[Waiting]:
        """Return what somebody has asked the approvers for, of all that they see, the longest first."""

        def others(channel: str) -> tuple[str, ...]:
            return self._access.deciders_for(channel, but=(user,))

        return self._requested(lambda question: user == question.asked_by, others)

    def _requested(
        self, wanted: Callable[[ApprovalCard], bool], people: Callable[[str], tuple[str, ...]]
    ) -> list[Waiting]:
        now = self._clock.now()
        found: list[Waiting] = []
        for purchase in self._purchases.values():
            for resource in self._directory.resources(purchase.schema.name, unfinished=True):
                it = purchase.read(resource)
                if purchase.is_over_undecided(it, now):
                    continue
                open_ones = [
                    each
                    for each in purchase.questions(resource.key, it, people(purchase.plan(it.spec).channel))
                    if each.card.decision is Decision.REQUESTED and wanted(each.card)
                ]
                found += [self._waiting(each, purchase.entry(it, now)) for each in open_ones]
        return sorted(found, key=lambda each: each.since)

    def look_again(self, plan: Key, by: str) -> None:
        """Have the checks of a plan that is open done again, without a vote on it.

        Raises:
            NotFound, NotAllowed, Refused: as ``check_open`` does.
        """
        self.check_open(plan, by)
        self._recheck(self._purchase(plan), plan)

    def check_open(self, plan: Key, by: str) -> None:
        """Return while nobody has decided on a plan that they might start.

        Raises:
            NotFound: nobody knows the plan.
            NotAllowed: they may not start it.
            Refused: it was decided already (by whom), or waited too long.
        """
        purchase, it = self._undecided(plan, "start", by, self._clock.now())
        check_is_open(it.spec.votes, purchase.reason(it))

    # How

    def _undecided(
        self, plan: Key, choice: Choice, by: str, at: datetime
    ) -> tuple[AnyPurchase, Proposal[Any, Any]]:
        """Return a plan that still has its time, for whoever may press that button of it."""
        purchase = self._purchase(plan)
        it = purchase.read(self._pressed_on(purchase, plan, choice, by))
        whose = purchase.plan(it.spec)
        check_may_press(self._access, choice, by, owner=whose.owner, channel=whose.channel)
        if purchase.is_over_undecided(it, self._slower(at)):
            raise _lapsed(purchase)
        return purchase, it

    def _slower(self, now: datetime) -> datetime:
        """Return the time by the slower of two clocks, this machine's and the store's: none lapses a plan alone."""
        return min(now, datetime.fromtimestamp(self._store.now(), UTC))

    def _recheck(self, purchase: AnyPurchase, plan: Key) -> None:
        now = self._clock.now()
        self._amend(purchase, plan, lambda spec: replace(spec, recheck=now))

    def _waiting(self, question: Question, entry: Entry) -> Waiting:
        seen = self._budget_service.look(replace(entry, committed=question.adds))
        return Waiting(
            with_glass(question.card, self._access), question.asked_at, seen.sentence if seen else ""
        )

    def _purchase(self, plan: Key) -> AnyPurchase:
        purchase = self._purchases.get(plan.kind)
        if purchase is None or not plan.id:
            raise NotFound(
                "I do not know this plan.", hint="Type the command again, and you get one that works."
            )
        return purchase

    def _pressed_on(self, purchase: AnyPurchase, plan: Key, choice: Choice, by: str) -> Resource:
        """Return what a button is about. Approvers decide on what they were asked, wherever it is from."""
        if choice in ("approve", "decline", "override"):
            check_may_decide(self._access, choice, by)
            found = self._directory.asked_to_decide(plan.kind, plan.id)
        else:
            found = self._directory.resource(plan.kind, plan.id)
        if found is None:
            raise _unknown(purchase)
        return found

    def _without_what_exists(
        self, purchase: AnyPurchase, key: Key, it: Proposal[Any, Any], vote: Vote
    ) -> Proposal[Any, Any]:
        """Return the plan without what was made otherwise since. Nothing is written where nothing was."""
        known = self._directory.own
        if purchase.without_what_exists(it.spec, known) == it.spec:
            return it

        def change(spec: Any) -> Any:
            if spec.votes != it.spec.votes:
                return spec  # somebody was quicker, and what there is may be its own
            return replace(purchase.without_what_exists(spec, known), recheck=vote.at)

        return replace(it, spec=purchase.schema.spec_of(self._amend(purchase, key, change)))

    def _check_agreement(self, purchase: AnyPurchase, key: Key, it: Proposal[Any, Any], vote: Vote) -> None:
        """Return when nothing speaks against what the vote would agree to."""
        offer = purchase.offer(it)
        if offer:
            self._check_price(purchase, key, it, offer, vote)
        if vote.decision == "start":
            self._check_looks(purchase, key, it, offer)
        purchase.check(it.spec, self._directory.for_rules(purchase.schema.name))
        self._check_budgets(purchase, it, vote)

    def _check_price(
        self, purchase: AnyPurchase, key: Key, it: Proposal[Any, Any], offer: Offer, vote: Vote
    ) -> None:
        """Return when it costs no more than it was offered for; else have it offered anew."""
        now = purchase.offer_now(it)
        if not offers.is_more(now, offer):
            return

        def change(spec: Any) -> Any:
            unsettled = spec.votes == it.spec.votes
            return replace(purchase.anew(replace(it, spec=spec)), recheck=vote.at) if unsettled else spec

        self._amend(purchase, key, change)
        raise offers.offered_anew(now.usd, offer.usd, starts=vote.decision == "start")

    def _check_looks(
        self, purchase: AnyPurchase, key: Key, it: Proposal[Any, Any], offer: Offer | None
    ) -> None:
        checks = purchase.checks(it.status)
        if offer is None or checks is None:
            raise Refused(
                purchase.is_being_looked_at, hint="Start it once the plan shows its price and its checks."
            )
        failed = next((each for each in checks if not each.ok), None)
        if failed:
            if not failed.final:
                self._recheck(purchase, key)
            raise Refused(failed.sentence, hint=mend_of(failed))

    def _check_budgets(self, purchase: AnyPurchase, it: Proposal[Any, Any], vote: Vote) -> None:
        """Return when the budgets have room for it, as far as a press is held to them; the rest is reserved."""
        starts = vote.decision == "start"
        votes = replace(it.spec.votes, started=vote) if starts else it.spec.votes
        entry = purchase.entry(replace(it, spec=purchase.with_votes(it.spec, votes)), vote.at)
        if purchase.is_held_to_budgets_at_press:
            self._budget_service.check(entry)
        elif starts:
            self._budget_service.check_others(entry)

    def _count(
        self,
        purchase: AnyPurchase,
        key: Key,
        it: Proposal[Any, Any],
        vote: Vote,
        shown: offers.Shown | None,
    ) -> None:
        def change(spec: Any) -> Any:
            now = replace(it, spec=spec)
            # It came in time, and a plan waits a moment for such: but not for one that the checks held up for longer.
            at = self._slower(self._clock.now()) - timedelta(seconds=ON_ITS_WAY / 2)
            if purchase.is_over_undecided(now, at):
                raise _lapsed(purchase)
            offer, reason = purchase.offer(now), purchase.reason(now)
            usd = offer.usd if offer else None
            offers.check_shown(spec.votes, vote, reason, usd, shown)
            counted = press(
                spec.votes,
                vote,
                reason,
                access=self._access,
                owner=purchase.plan(spec).owner,
                channel=purchase.plan(spec).channel,
                own_is_fine=offer.own_is_fine if offer else False,
                is_strict=offer.is_strict if offer else False,
            )
            if counted.decision(reason) is Decision.APPROVED:
                # Again: another may have been started since.
                purchase.check(spec, self._directory.for_rules(purchase.schema.name))
            return purchase.with_votes(spec, counted)

        self._amend(purchase, key, change, purchase.sole(it.spec))

    def _amend(
        self, purchase: AnyPurchase, key: Key, change: Callable[[Any], Any], sole: str = ""
    ) -> Resource:
        changed = self._store.amend(key, purchase.schema.on_documents(change), sole)
        if changed is None:
            raise _unknown(purchase)
        return changed


def _lapsed(purchase: AnyPurchase) -> Refused:
    return Refused("Nobody decided this in time, so it is over.", hint=purchase.again)


def _unknown(purchase: AnyPurchase) -> NotFound:
    return NotFound(UNKNOWN_PLAN, hint=purchase.again)
