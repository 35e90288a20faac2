"""A kept question: shown where it was asked, and asked again there once its model is in service, whatever woke it.

What it does on the outside, and what settles each of it, is in docs/effects.md. That it is asked again is registered in
the very write that says so. Of several that wait for one model, those that were asked before go first: whoever sees it
awake has them looked at, and lets them pass.
"""

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from bot.access import Access
from bot.controller.context import Context
from bot.controller.model import Message, Outcome, Registration, RequeueAfter, Resource
from bot.controller.outbox.entries import ABSENT, entry_of
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Renderer, ResourceStore
from bot.errors import NotAllowed, Refused, Unavailable
from bot.questions import kept, model
from bot.questions.answerer import Asleep, Question
from bot.questions.cards import KeptCard, KeptLost, KeptOver
from bot.questions.kept import KeptEnd, KeptSpec, KeptStatus, ModelState, Wake
from bot.questions.model import QuestionSpec
from bot.questions.ports import Answerers, Wakes
from bot.visibility import ChannelMemberships, Sight, Viewer, is_direct

log = logging.getLogger(__name__)

CARD, OVER = "card", "ended"
WAKING, ASLEEP = 15.0, 60.0
"""Seconds between two looks, while the model is on its way and while it is not."""
PASSES, PASS = 4, 1.0
"""How often one lets those before it pass, and for how many seconds each time: one that nobody looks at must not hold
up all others."""


@dataclass(frozen=True, slots=True)
class KeptDependencies:
    """All that it works with."""

    answerers: Answerers
    wakes: Wakes
    outbox: Outbox
    renderer: Renderer
    store: ResourceStore
    access: Access
    memberships: ChannelMemberships


class KeptReconciler:
    """Brings one kept question nearer to its answer, or to its end."""

    def __init__(self, dependencies: KeptDependencies) -> None:
        self._dependencies = dependencies

    def __call__(self, context: Context[KeptSpec, KeptStatus]) -> Outcome:
        """Look whether it can be asked, and say how it stands."""
        wake = Wake()
        if context.status.end is None:
            wake = self._dependencies.wakes.look(context.spec.arn, context.status.wake or context.spec.woken)
            end = self._end(context, wake)
            if end is KeptEnd.ANSWERED and self._lets_pass(context):
                return RequeueAfter(PASS)
            if end is KeptEnd.ANSWERED and not self._begun(context):
                end = KeptEnd.FORGOTTEN
            if end is None and context.spec.begun:
                self._begun(context, begun=False)  # whoever began died, and the model is asleep again
            if end is not None:
                context.status.end = end
                # Only its key is logged: what was asked is nobody's but its asker's.
                log.info("%s: %s", context.key, end)
                now = datetime.fromtimestamp(context.now(), UTC)
                context.save(self._again(context.spec, end, now))
        card = self._dependencies.renderer.render(self._card(context, wake))
        if (
            context.status.end not in (KeptEnd.ANSWERED, KeptEnd.FORGOTTEN)
            or entry_of(context, CARD).state != ABSENT
        ):
            self._post(context, CARD, card)
            self._dependencies.outbox.show(context, CARD, card, may_wait=True)
        if context.status.end is None:
            self._tell_lost(context, wake)
            return RequeueAfter(ASLEEP if wake.state is ModelState.ASLEEP else WAKING)
        if context.status.end in (KeptEnd.EXPIRED, KeptEnd.GONE):
            spec = context.spec
            over = KeptOver(spec.question.user, spec.model, context.status.end, spec.asked)
            self._post(context, OVER, self._dependencies.renderer.render(over))
        return self._dependencies.outbox.settle(context, {CARD: card})

    # Whether it can be asked

    def _end(self, context: Context[KeptSpec, KeptStatus], wake: Wake) -> KeptEnd | None:
        spec = context.spec
        if spec.forgotten:
            return KeptEnd.FORGOTTEN
        if context.now() >= spec.until.timestamp():
            return KeptEnd.EXPIRED
        if wake.state is not ModelState.IN_SERVICE and not spec.by_alias:
            return None
        asked = spec.question
        try:
            self._dependencies.answerers.answerer(asked.model, asked.channel, asked.user)
            self._check_asker(asked)
        except Asleep:
            return None
        except (Refused, NotAllowed):
            return KeptEnd.GONE
        return KeptEnd.ANSWERED

    def _check_asker(self, asked: Question) -> None:
        """Return when whoever asked is still there, sees where it was asked, and may ask there: it was a day ago.

        Raises:
            NotAllowed, Refused: they do not, or may not.
            Throttled, Unavailable: Slack does not say.
        """
        access, sight = self._dependencies.access, Sight(Viewer(asked.user), self._dependencies.memberships)
        access.check_member(asked.user)
        access.check_asker(asked.user, asked.home)
        if sight.sees_channel(asked.channel, asked.user) and not sight.is_kept_out(asked.home):
            return
        if sight.unclear:
            raise Unavailable("Slack did not tell me who is in that channel.")
        raise Refused("They are not in that channel any more.")

    def _begun(self, context: Context[KeptSpec, KeptStatus], *, begun: bool = True) -> bool:
        """Have nobody forget it any more, unless somebody just did: what they were told holds."""

        def change(spec: KeptSpec) -> KeptSpec:
            return spec if spec.forgotten else replace(spec, begun=begun)

        changed = self._dependencies.store.amend(context.key, kept.SCHEMA.on_documents(change))
        return changed is not None and kept.SCHEMA.spec_of(changed).begun

    def _lets_pass(self, context: Context[KeptSpec, KeptStatus]) -> bool:
        """Have those that were asked before looked at, and return whether they go first."""
        if context.status.let_pass >= PASSES:
            return False
        mine = (context.spec.asked_at, context.key.id)
        before = [
            each.key
            for each in self._dependencies.store.unfinished(kept.KIND)
            if _waits(each, context.spec.arn) and (kept.SCHEMA.spec_of(each).asked_at, each.key.id) < mine
        ]
        if not before:
            return False
        context.status.let_pass += 1
        self._dependencies.store.enqueue_now(*before)
        return True

    def _again(self, spec: KeptSpec, end: KeptEnd, at: datetime) -> list[Registration]:
        """Return the question, to be asked now: what is waited out, and what it costs, count from this moment."""
        if end is not KeptEnd.ANSWERED:
            return []
        return [Registration(model.key_of(spec.question), model.dump(QuestionSpec(spec.question, at)))]

    # What is said

    def _tell_lost(self, context: Context[KeptSpec, KeptStatus], wake: Wake) -> None:
        """Tell whoever asked, once for each attempt, that it came to nothing."""
        spec, status = context.spec, context.status
        if wake.state is not ModelState.ASLEEP:
            status.wake = wake.id
            return
        if wake.lost:
            lost = KeptLost(spec.question.user, spec.model, wake.lost, spec.until)
            self._post(context, f"lost:{wake.id}", self._dependencies.renderer.render(lost))
            status.lost = wake.lost
        status.wake = ""

    def _post(self, context: Context[KeptSpec, KeptStatus], name: str, message: Message) -> None:
        spec = context.spec
        self._dependencies.outbox.post_once(
            context,
            name,
            message,
            channel=spec.question.channel,
            thread_ts=spec.question.thread_ts,
            since=spec.asked_at,
            owner=spec.question.user,
        )

    def _card(self, context: Context[KeptSpec, KeptStatus], wake: Wake) -> KeptCard:
        spec, status = context.spec, context.status
        return KeptCard(
            kept=context.key.id,
            question=spec.asked,
            model=spec.model,
            base=spec.base,
            until=spec.until,
            state=wake.state,
            price=self._dependencies.wakes.price(spec.base),
            may_wake=spec.may_wake,
            waker=spec.waker,
            based=spec.based,
            can_ask_base=spec.base_at_most is not None,
            base_at_most=Decimal(spec.base_at_most) if spec.base_at_most else None,
            end=status.end,
            is_aloud=not is_direct(spec.question.channel),
        )


def _waits(resource: Resource, model_arn: str) -> bool:
    return kept.SCHEMA.spec_of(resource).arn == model_arn and kept.SCHEMA.status_of(resource).end is None
