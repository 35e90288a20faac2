"""Office hours, from their plan to their end."""

from bot.controller.model import Key, Message
from bot.pricing.money import at_most
from bot.schedules.cards import (
    ScheduleCalledOff,
    ScheduleCard,
    ScheduleEnded,
    ScheduleHandedOver,
    ScheduleRecovered,
)
from bot.schedules.hours import OfficeHours
from bot.schedules.model import KIND, ScheduleEnd, SchedulePhase
from bot.schedules.views import ScheduleView
from bot.spending.model import Decision
from bot.wording import Channel, Clock, Person, wording
from handlers.ui.blocks import (
    Block,
    Element,
    actions,
    button,
    confirm,
    context,
    fields,
    in_words,
    section,
    within_message,
)
from handlers.ui.cards import Cards
from handlers.ui.cards.datasets import label_of
from handlers.ui.cards.leases_news import declined_or_stopped
from handlers.ui.money import quote
from handlers.ui.parts.plans import (
    ASK_APPROVER,
    KEEP,
    can_be_agreed,
    cancel_button,
    change_button,
    in_a_moment,
    in_others_care,
    keep_button,
    raise_button,
    start_button,
    why_approver,
)
from handlers.ui.parts.settled import decided, whose
from handlers.ui.text import code, count, day, person, plain, sentence, thread_link, when, whole_sentences

STOP, KEEP_HOURS, AGAIN = "schedule.stop", "schedule.keep", "schedule.again"
"""The actions of the buttons that stop office hours, take that back, and plan them anew; their value is the plan."""
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MARKS = {
    SchedulePhase.PLANNED: ":memo:",
    SchedulePhase.AWAITING_APPROVAL: ":hourglass:",
    SchedulePhase.RUNNING: ":large_green_circle:",
    SchedulePhase.DECLINED: ":no_entry:",
    SchedulePhase.CANCELLED: ":black_square_for_stop:",
    SchedulePhase.ENDED: ":white_circle:",
}


def hours_in_words(hours: OfficeHours) -> str:
    """Return office hours as people read them: ``Mon-Fri 9:00-17:00``."""
    days = [each % 7 for each in hours.days] or [0]
    named = ", ".join(_NAMES[each] for each in days)
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        named = f"{_NAMES[days[0]]}-{_NAMES[days[-1]]}"
    return f"{named} {_clock(hours.begin)}-{_clock(hours.end)}"


def schedule_card(card: ScheduleCard) -> Message:
    """Draw the one live message of office hours."""
    plan = card.plan
    hours = hours_in_words(plan.hours)
    zone = f" ({plain(card.zone)})" if card.zone else ""
    blocks = [
        section(
            f"{_MARKS[card.phase]} *{code(plan.model_name)}* · office hours {code(hours)}{zone}\n{_state(card)}"
        ),
        *(_blocked(card) or [*fields(_figures(card)), *_budget(card), *_agreed(card)]),
        context(
            whose(card.owner, plan.owner, "planned"),
            f"{plain(label_of(plan.profile))}, {quote(card.hour)}: each day with start-up, begun hours counted whole",
        ),
        *actions(*_buttons(card)),
    ]
    said = f"{plan.model_name}: office hours {hours}, {card.phase.value}, {card.total}"
    return Message(text=sentence(said), blocks=within_message(blocks))


def _state(card: ScheduleCard) -> str:
    plan = card.plan
    if card.is_undoable and card.stopped_by:
        return f"{in_a_moment('stopping')}, as {person(card.stopped_by)} asked"
    if card.phase is SchedulePhase.RUNNING:
        comes = f"On next: {when(card.next_on)}. " if card.next_on else ""
        until = f" until {day(card.until)}" if card.until else ""
        return f"{comes}{card.days_on} of {count(plan.most, 'day')} so far{until}."
    if card.phase is SchedulePhase.ENDED:
        return f"Over, after {count(card.days_on, 'day')}."
    return "Woken 20 minutes before, released at the end of the hours."


def _figures(card: ScheduleCard) -> list[tuple[str, str]]:
    if card.phase is SchedulePhase.ENDED:  # the most that it could cost is no news once it is over
        return []
    weeks = count(card.plan.weeks, "week")
    return [
        (f"In all, {weeks}", sentence(card.total, 200)),
        ("A week", sentence(card.week, 200).removeprefix("at most ")),
    ]


def _budget(card: ScheduleCard) -> list[Block]:
    """Return what an open plan would mean for the budgets, where it does not fit: it is no figure of theirs before."""
    if card.budget is None or card.budget.ok or card.decision is not Decision.OPEN:
        return []
    return [section(f":no_entry: {whole_sentences(card.budget.sentence, 260)}")]


def _blocked(card: ScheduleCard) -> list[Block]:
    if not card.blocked or card.phase is not SchedulePhase.PLANNED:
        return []
    return [section(sentence(card.blocked))]


def _agreed(card: ScheduleCard) -> list[Block]:
    if card.decision is Decision.OPEN:
        return why_approver(card.needs_approval, card.approvers)
    if card.decision is not Decision.REQUESTED and not card.decided_by:
        return []
    return [context(decided(card, card.needs_approval))]


def _buttons(card: ScheduleCard) -> list[Element | None]:
    key, what = Key(KIND, card.id), f"office hours of {code(card.plan.model_name, 63)}"
    if card.phase is SchedulePhase.RUNNING:
        return [
            keep_button(KEEP_HOURS, card.id)
            if card.is_undoable
            else _stop_button(card.id, card.plan.model_name)
        ]
    if card.is_undoable:
        return [keep_button(KEEP, str(key))]
    if card.phase is SchedulePhase.AWAITING_APPROVAL:
        return [cancel_button(key, what)]
    if card.phase is not SchedulePhase.PLANNED:
        return []
    checks = (card.budget,) if card.budget else ()
    label = ASK_APPROVER if card.needs_approval else "Start"
    figure = at_most(card.usd)
    ask = confirm(
        "Start the office hours?",
        f"{code(hours_in_words(card.plan.hours))} for {count(card.plan.weeks, 'week')}: {figure} in all.",
        label,
    )
    startable = not card.blocked and can_be_agreed(card.needs_approval, card.approvers)
    start = start_button(key, card.usd, label, ask, checks) if startable else None
    return [
        raise_button(key, checks) if startable else None,
        start,
        change_button(key),
        cancel_button(key, what),
    ]


def _stop_button(schedule_id: str, model: str) -> Element:
    ask = confirm(
        "Stop the office hours?",
        f"{code(model, 63)} is not woken any more. If it is on now, its lease goes on to its end: its "
        "own card ends it before.",
        "Stop it",
        "Keep it",
    )
    return button("Stop the hours", STOP, schedule_id, style="danger", confirm=ask)


def schedule_state(view: ScheduleView) -> str:
    """Return which hours are kept and when they are on next, in a line."""
    if view.is_undoable and view.stopped_by:
        return f"office hours, {in_a_moment('stopping')}, as {person(view.stopped_by)} asked"
    comes = f"on next {when(view.next_on)}" if view.next_on else "for the last time"
    return f"office hours {code(hours_in_words(view.hours))}, {comes}"


def schedule_line(view: ScheduleView) -> Block:
    """Draw office hours that are kept: when they are on, what a week costs, and what stops them."""
    until = f", until {day(view.until)}" if view.until else ""
    thread = f" · {shown}" if (shown := thread_link(view.link)) else ""
    said = (
        f":calendar: *{code(view.model_name)}* · {schedule_state(view)}\n"
        f"{sentence(view.week, 100)} a week{until} · by {person(view.owner)}{thread}"
    )
    press = keep_button(KEEP_HOURS, view.id) if view.is_undoable else _stop_button(view.id, view.model_name)
    return section(said, accessory=press if view.may_end else None)


def schedule_ended(card: ScheduleEnded) -> Message:
    """Draw why office hours are over, with what goes on."""
    weeks, name = count(card.weeks, "week"), code(card.model, 63)
    why = {
        ScheduleEnd.OVER: f"The {weeks} of office hours of {name} are over.",
        ScheduleEnd.STOPPED: f"{person(card.stopped_by or card.owner)} stopped the office hours of {name}.",
        ScheduleEnd.DEARER: (
            f"An hour of {name} costs more by now than was agreed to, so it is not woken any more: that is decided "
            "anew."
        ),
        ScheduleEnd.MODEL_GONE: f"The model {name} is not there any more, so its office hours are over.",
        ScheduleEnd.NOT_ALLOWED: (
            f"You may not spend here any more, so {name} is not woken any more. A trainer can go on with it."
        ),
    }[card.end]
    said = f"{person(card.owner)} {why} It was on for {count(card.days_on, 'day')}."
    goes_on = card.end in (ScheduleEnd.OVER, ScheduleEnd.DEARER, ScheduleEnd.NOT_ALLOWED)
    again = [button(f"Go on for {weeks}", AGAIN, card.id, style="primary")] if goes_on else []
    return Message(text=said, blocks=[section(said), *actions(*again)])


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"


def schedule_called_off(card: ScheduleCalledOff) -> Message:
    """Draw for whoever planned them that somebody else said no."""
    return in_words(wording(Person(card.owner), " ", declined_or_stopped(card.no)))


def schedule_recovered(card: ScheduleRecovered) -> Message:
    """Draw that office hours that were forgotten go on."""
    where = (" in ", Channel(card.channel)) if card.channel else ()
    said = (f"I had forgotten the office hours of `{card.model}`", *where)
    return in_words(wording(*said, ": they go on as agreed, until ", Clock(card.until), "."))


def schedule_handed_over(card: ScheduleHandedOver) -> Message:
    """Draw that office hours are in another's care, for both of them."""
    what = f"The plan of office hours of `{card.model}`"
    return in_others_care(what, card.care, "is told of them, has their leases and may stop them")


CARDS: Cards = {
    ScheduleHandedOver: schedule_handed_over,
    ScheduleCard: schedule_card,
    ScheduleEnded: schedule_ended,
    ScheduleRecovered: schedule_recovered,
    ScheduleCalledOff: schedule_called_off,
}
