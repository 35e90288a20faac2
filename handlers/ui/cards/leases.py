"""Leases."""

from collections.abc import Sequence
from dataclasses import replace

from bot.clock import duration_of_minutes
from bot.controller.model import Key, Message
from bot.leases.cards import JoinedLease, LeaseCard, LeaseView, LongerLease, SwapOffer
from bot.leases.endpoint import LeasePhase
from bot.leases.model import LEASE
from bot.leases.views import BEGUN_HOURS, WHAT_COUNTS
from bot.profiles.model import Serving
from bot.spending.model import Check, Decision
from handlers.ui.blocks import (
    Block,
    Element,
    actions,
    button,
    confirm,
    context,
    fields,
    section,
)
from handlers.ui.cards import Cards
from handlers.ui.cards.datasets import label_of
from handlers.ui.cards.leases_news import cannot_release
from handlers.ui.folding import folded
from handlers.ui.money import quote, sources
from handlers.ui.parts import lease_terms
from handlers.ui.parts.lease_buttons import BESIDE, EXTEND, extend_button, extend_value, swap_button
from handlers.ui.parts.plans import (
    ASK_APPROVER,
    KEEP,
    can_be_agreed,
    cancel_button,
    change_button,
    in_a_moment,
    keep_button,
    raise_button,
    start_button,
    why_approver,
)
from handlers.ui.parts.settled import TOLD, decided, whose
from handlers.ui.text import channel, clock_time, code, person, plain, sentence, when

KEEP_LEASE = "lease.keep"
"""The action of the button that takes a *Release* back; its value is the lease."""
LIVE = frozenset({LeasePhase.REQUESTING, LeasePhase.CREATING, LeasePhase.IN_SERVICE})

_MOST_NAMED = 3
"""People who are named on the card; of more their number is."""

_OVER = frozenset({LeasePhase.RELEASED, LeasePhase.FAILED})
_NO_MORE = _OVER | {LeasePhase.CANCELLED, LeasePhase.REFUSED}
"""From then on nothing is bought by it: what it could cost at most is no news."""

_BEFORE_SERVICE = frozenset({LeasePhase.AWAITING_APPROVAL, LeasePhase.REQUESTING, LeasePhase.CREATING})

_MARKS = {
    LeasePhase.PLANNED: ":memo:",
    LeasePhase.AWAITING_APPROVAL: ":hourglass:",
    LeasePhase.DECLINED: ":no_entry:",
    LeasePhase.CANCELLED: ":black_square_for_stop:",
    LeasePhase.REQUESTING: ":hourglass:",
    LeasePhase.REFUSED: ":no_entry:",
    LeasePhase.CREATING: ":hourglass:",
    LeasePhase.IN_SERVICE: ":large_green_circle:",
    LeasePhase.RELEASING: ":hourglass:",
    LeasePhase.RELEASED: ":white_circle:",
    LeasePhase.FAILED: ":no_entry:",
}


def lease_card(card: LeaseCard) -> Message:
    """Draw the one live message of a lease."""
    view = card.view
    open_plan = card.decision is Decision.OPEN and view.phase is LeasePhase.PLANNED
    asked_for = card.decision is Decision.REQUESTED and view.phase is LeasePhase.AWAITING_APPROVAL
    plan = Key(LEASE, view.id)
    withdraw = [cancel_button(plan, f"a lease of {code(view.model_name, 63)}")] if asked_for else []
    withdraw += [keep_button(KEEP, str(plan))] if card.is_undoable else []
    over = view.phase in _OVER
    face = [
        section(
            f"{_MARKS[view.phase]} *{code(view.model_name)}* · {lease_state(view)}\n{_manner(view)}".rstrip()
        ),
        *([context(TOLD)] if over else fields(_figures(view)) if view.phase not in _NO_MORE else []),
        *([] if over else _explanation(replace(view, mend="") if card.is_blocked and open_plan else view)),
        *(_term(view) if open_plan or asked_for else []),
        *(_budget(card) if open_plan or asked_for else []),
        *(_missing_units(card) if open_plan or asked_for else []),
        *_approval(card),
        *_small(_whose(card), *_early_end(view), *(_what_counts(view) if open_plan or asked_for else [])),
    ]
    units = _units(card) if open_plan or asked_for else []
    details = [
        *(fields(_figures(view)) if view.phase in _NO_MORE else []),
        context(
            *filter(
                None,
                [
                    f"lease {code(view.id)}",
                    *_base_of_a_term(view),
                    *_price_source(view),
                    *units,
                    lease_terms.hours(view),
                ],
            )
        ),
    ]
    buttons = _plan_buttons(card) if open_plan else [*withdraw, *live_buttons(view), _raw_button(view)]
    said = (
        f"{view.model_name}: {view.phase.value}, {view.total}"
        if open_plan
        else f"{view.model_name}: {view.phase.value}"
    )
    return folded(sentence(said), face, details, *buttons)


def _term(view: LeaseView) -> list[Block]:
    said = lease_terms.before_it_is_bought(view)
    return [section(said)] if said else []


def _early_end(view: LeaseView) -> list[str]:
    """Say when it ends before its time, while that can be, or that it did."""
    if view.idled:
        return [f"nobody had asked it for {duration_of_minutes(view.idled)}"]
    still = view.idle and view.phase not in _NO_MORE and view.serving is Serving.PROVISIONED_THROUGHPUT
    return [f"released early after {duration_of_minutes(view.idle)} without a question"] if still else []


def _small(*notes: str) -> list[Block]:
    said = [each for each in notes if each]
    return [context(*said)] if said else []


def _whose(card: LeaseCard) -> str:
    """Say who has it, where what was decided does not name them already. Of many who joined, the first few."""
    view, named = card.view, card.decided_by if _approval(card) else None
    joint = f"used by {_some(view.joint)} too" if view.joint else ""
    has = whose(view.owner, view.started_by, "started")
    if named and named == (view.started_by or view.owner):
        has = "" if named == view.owner else f"in {person(view.owner)}'s care"
    return ", ".join(filter(None, [has, joint]))


def _some(people: Sequence[str]) -> str:
    shown = [person(each) for each in people[:_MOST_NAMED]]
    more = len(people) - len(shown)
    return ", ".join([*shown, *([f"{more} more"] if more else [])])


def lease_state(view: LeaseView) -> str:
    """Return where a lease stands, with the time that is left when it is running."""
    if view.is_undoable:
        return f"{in_a_moment('releasing')}, as {person(view.released_by)} asked"
    if view.phase is LeasePhase.PLANNED:
        return f"{lease_terms.lease_of(view)}, not started"
    if view.phase in _BEFORE_SERVICE:
        return f"{lease_terms.lease_of(view)}, {view.phase.value}"
    if lease_terms.is_awaited(view):
        coming = f" · {code(view.next_name)} is taking its place" if view.next_name else ""
        return lease_terms.state(view) + coming
    if view.phase is LeasePhase.IN_SERVICE and view.left_minutes is not None:
        until = f", until {clock_time(view.release_at)}" if view.release_at else ""
        until += f" · {code(view.next_name)} is taking its place" if view.next_name else ""
        return f"in service · *{duration_of_minutes(view.left_minutes)} left*{until}"
    return view.phase.value


def _base_of_a_term(view: LeaseView) -> list[str]:
    return [] if _manner(view) else [f"throughput for {plain(label_of(view.base))}"]


def _manner(view: LeaseView) -> str:
    base = plain(label_of(view.base))
    if view.serving is Serving.PROVISIONED_THROUGHPUT:
        if view.phase in _NO_MORE:
            return f"{base} on Provisioned Throughput."
        if view.term and view.phase in {LeasePhase.PLANNED, LeasePhase.AWAITING_APPROVAL}:
            return ""  # what is billed is said under it
        if view.term:
            return f"{base} on Provisioned Throughput, bought for {view.term.words} and billed by the hour to its end."
        said = f"{base} on Provisioned Throughput, billed by the hour until it is released."
        return f"{said} Made elsewhere: from its start on it is a lease." if view.is_adopted else said
    return f"{base} on an on-demand deployment: nothing while idle, billed by the token."


def _figures(view: LeaseView) -> list[tuple[str, str]]:
    pairs = [("Price", quote(view.hour))]
    if view.phase not in _NO_MORE:  # the most that it can cost is no news once it is known what it did
        pairs.append(("In all", sentence(view.total, 200) or "-"))
    if view.spent:
        label = "Spent so far" if view.phase in LIVE else "Spent"
        beside = f"; estimated: {view.estimated}" if view.estimated else ""
        pairs.append((label, sentence(f"{view.spent}{beside}", 200)))
    if view.release_at and view.phase in LIVE and view.phase is not LeasePhase.IN_SERVICE:  # its state has it
        pairs.append(("Ends at", when(view.release_at)))
    return pairs


def _what_counts(view: LeaseView) -> list[str]:
    by_hour = view.serving is Serving.PROVISIONED_THROUGHPUT and view.hour.usd is not None and not view.term
    what = BEGUN_HOURS if view.is_adopted else WHAT_COUNTS
    return [f"in all: with {what}"] if by_hour else []


def _price_source(view: LeaseView) -> list[str]:
    says_so = sources(view.hour)
    return [f"price: {says_so}"] if says_so else []


def _explanation(view: LeaseView) -> list[Block]:
    why = view.explanation or (cannot_release(view.release_trouble) if view.release_trouble else "")
    said = [sentence(why)] if why else []
    said += [f"→ {sentence(view.mend)}"] if view.mend else []
    return [section("\n".join(said))] if said else []


def _raw_button(view: LeaseView) -> Element | None:
    """Return the button that shows what Bedrock said of a failure, or None when it said nothing."""
    return button("What Bedrock said", "lease.raw", view.id) if view.raw_failure else None


def _budget(card: LeaseCard) -> list[Block]:
    """Return what the lease would mean for the budgets: small when it fits."""
    seen = card.budget
    if seen is None:
        return []
    if seen.ok and not seen.notice:
        return [context(sentence(seen.sentence, 400))]
    mend = f"\n→ {sentence(seen.mend, 400)}" if seen.mend else ""
    return [section(f"{':warning:' if seen.ok else ':no_entry:'} {sentence(seen.sentence, 400)}{mend}")]


def _units(card: LeaseCard) -> list[str]:
    """Return how many model units it takes of how many, small, where nothing speaks against it."""
    units = card.units
    if units is None or card.is_blocked or _lacks_units(card):
        return []
    if units.quota is None:
        return ["AWS Support grants model units before any purchase"]
    return [f"{units.needed} of {units.quota} model units"]


def _lacks_units(card: LeaseCard) -> bool:
    units = card.units
    return units is not None and units.quota is not None and units.quota < units.needed


def _missing_units(card: LeaseCard) -> list[Block]:
    """Return what has to be asked of AWS before anything can be bought."""
    if card.units is None or card.is_blocked or not _lacks_units(card):
        return []
    has = (
        f"has {card.units.quota} of {card.units.needed} model units"
        if card.units.quota
        else "has no model units"
    )
    said = (
        f":warning: The account {has}, so AWS will not sell it.\n→ Ask AWS Support first (quota L-BE77399C)."
    )
    return [section(said)]


def _approval(card: LeaseCard) -> list[Block]:
    if card.decision is Decision.OPEN:
        return why_approver(card.needs_approval, card.approvers)
    if card.decision is not Decision.REQUESTED and not card.decided_by:
        return []
    return [context(decided(card, card.needs_approval))]


def _plan_buttons(card: LeaseCard) -> list[Element | None]:
    view = card.view
    label = ASK_APPROVER if card.needs_approval else "Start lease"
    length = lease_terms.length(view)
    what = f"{quote(view.hour)}, {length}: {sentence(view.total, 150)}."
    what += " Nobody can end it before its end." if view.term else ""
    if card.usd is None and view.hour.usd is None:
        what = f"The price of {length} is unknown."
    ask = confirm("Start the lease?", what, label)
    checks = [card.budget] if card.budget else []
    if _lacks_units(card):
        checks.append(Check("model units", ok=False, sentence="The account has too few model units."))
    start = start_button(Key(LEASE, view.id), card.usd, label, ask, checks)
    cancel = cancel_button(Key(LEASE, view.id), f"a lease of {code(view.model_name, 63)}")
    change = change_button(Key(LEASE, view.id))
    startable = not card.is_blocked and can_be_agreed(card.needs_approval, card.approvers)
    larger = raise_button(Key(LEASE, view.id), (card.budget,)) if startable and card.budget else None
    return [larger, start if startable else None, change, cancel]


def live_buttons(view: LeaseView) -> list[Element]:
    """Return the buttons of a lease that runs, for who may press them: longer, or done with it."""
    if view.phase not in LIVE:
        return []
    if view.is_undoable:
        return [keep_button(KEEP_LEASE, view.id)] if view.may_end else []
    ask = confirm(
        "Release it now?",
        f"{person(view.owner)} has {code(view.model_name, 63)} in service. The model falls asleep, and billing "
        "ends once AWS confirms.",
        "Release",
        "Keep it",
    )
    done = button("Release", "lease.release", view.id, style="danger", confirm=ask)
    newer = [swap_button(view, view.newer)] if view.newer and view.may_extend else []
    if view.term:  # no hours make it longer, and once it is bought nobody ends it
        return [*newer, *([done] if view.may_end and not view.is_bound else [])]
    return [*([extend_button(view)] if view.may_extend else []), *newer, *([done] if view.may_end else [])]


def longer_lease(card: LongerLease) -> Message:
    """Draw what more time costs, with the button that takes it or asks for it; or what came of that."""
    view, length = card.view, duration_of_minutes(card.minutes)
    cost = f"the whole lease costs {sentence(card.total, 200)}"
    until = f" until {clock_time(view.release_at)}" if view.release_at else ""
    if not card.done:
        said = f"{code(view.model_name)}: {lease_state(view)}. {_with_more(card)}"
        return Message(text=said, blocks=[section(said), *actions(_more_button(card))])
    said = f"{code(view.model_name)} stays in service{until}."
    if card.needs_approval:
        said = (
            f"I have asked the approvers for {length} more of {code(view.model_name)}: with it {cost}. It stays as it "
            f"is{until}, unless one of them agrees."
        )
    return Message(text=said, blocks=[section(said)])


def _with_more(card: LongerLease) -> str:
    cost = f"With {duration_of_minutes(card.minutes)} more the whole lease costs {sentence(card.total, 200)}."
    return f"{cost} {sentence(card.needs_approval, 300)}".rstrip()


def _more_button(card: LongerLease) -> Element:
    """Return the button that takes so much more time, or asks an approver for it."""
    length, view = duration_of_minutes(card.minutes), card.view
    label = f"Ask for {length} more" if card.needs_approval else f"Extend by {length}"
    what = f"With {length} more of {code(view.model_name, 63)} the whole lease costs {sentence(card.total, 200)}."
    ask = confirm(f"{label}?", what, label[:30])
    return button(label, EXTEND, extend_value(view, card.minutes, card.usd), style="primary", confirm=ask)


def joined_lease(card: JoinedLease) -> Message:
    """Draw that the model runs already, and that whoever asked for it uses that lease."""
    view = card.view
    whose = "in your lease" if card.own else f"leased by {person(view.owner)}"
    where = f" in {channel(view.channel)}" if view.channel else ""
    how = "awake" if view.phase is LeasePhase.IN_SERVICE else "being woken"
    said = f"{code(view.model_name)} is {how} already, {whose}{where}: {lease_state(view)}. It need not be paid twice."
    if not card.own:
        said += " You use this lease now: its thread mentions you when its end is near, and when it is over."
    if card.longer is None:
        return Message(text=said, blocks=[section(said)])
    said += f" {_with_more(card.longer)}"
    return Message(text=said, blocks=[section(said), *actions(_more_button(card.longer))])


def swap_offer(card: SwapOffer) -> Message:
    """Draw the choice between the place of an older version that is in service and a lease of its own."""
    view, length = card.view, duration_of_minutes(card.minutes)
    said = (
        f"{code(view.model_name)} has the same base and data: {lease_state(view)}. "
        f"{code(card.model)} can take its place at no further cost: whoever asks there is answered by the newer one, "
        f"and until it is ready the other goes on answering. A lease of its own for {length} costs "
        f"{sentence(card.beside, 100)}."
    )
    place = swap_button(view, card.model, f"In place of {view.model_name}", style="primary")
    idle = "" if card.idle is None else f" {card.idle}"
    beside = button("Lease it beside", BESIDE, f"{card.model} {card.minutes}{idle}")
    return Message(text=sentence(said), blocks=[section(said), *actions(place, beside)])


CARDS: Cards = {
    SwapOffer: swap_offer,
    LeaseCard: lease_card,
    LongerLease: longer_lease,
    JoinedLease: joined_lease,
}
