"""What the plans of all kinds have in common: what was looked at, the buttons, who decides, and who did."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Protocol

from bot.controller.model import Key, Message
from bot.models.model import Lifecycle
from bot.profiles.hyperparameters import label_of
from bot.profiles.registry import PROFILES
from bot.spending import undo
from bot.spending.cards import (
    CannotLook,
    Care,
    CreationEvent,
    Declined,
    PlanEvent,
    Queued,
    Recovered,
    StoppedBefore,
)
from bot.spending.checks import is_short
from bot.spending.model import Check, Decision
from bot.spending.offers import Shown
from bot.spending.votes import Choice, because
from bot.wording import Person, wording
from handlers.ui import limits
from handlers.ui.blocks import (
    Block,
    Element,
    actions,
    button,
    confirm,
    context,
    plain_text,
    section,
)
from handlers.ui.parts.settled import Decided, decided, waits_for
from handlers.ui.text import channel, count, day, person, plain, sentence, thread_link, whole_sentences

CHECK_AGAIN = "plan.check"
"""The action of the button that has a plan looked at again; its value is the plan."""
INSTEAD = "plan.instead"
"""The action of the button that plans on another base; its value is the plan, a space, and that base."""
CHANGE = "plan.change"
"""The action of the button that opens the form of an open plan, of any kind; its value is the plan."""
RAISE = "plan.raise"
"""The action of the button that raises the budget which has no room for a plan; its value is the plan."""
ASK_APPROVER = "Ask an approver"
"""The button that starts a plan, where somebody else has to agree to it first."""
UNKNOWN = "unknown"
"""The figure of a button where nobody knows the price."""

NAMED_APPROVERS = 3
"""Approvers who are named on an open plan."""

_FIGURE = re.compile(r"\d{1,12}(\.\d{1,40})?", re.ASCII)


def hyperparameters(pairs: tuple[tuple[str, str], ...]) -> str:
    """Return a line for each hyperparameter."""
    return (
        "\n".join(f"{plain(label_of(name), 60)}: {plain(value, 60)}" for name, value in pairs)
        or "all at the base model's defaults"
    )


SHOWN_FAILED = 2
"""Checks that failed or warn, on the face of a plan: what is mended first. All are in its details."""


def checked(checks: Sequence[Check], lifecycle: Lifecycle | None = None) -> list[Block]:
    """Return for the face of a plan what failed, with what mends it, and in one line how many checks held."""
    told = _by_weight(checks)
    failed = [each for each in told if not each.ok]
    shown = failed[:SHOWN_FAILED] or told[:1]
    most = 150 if len(shown) > 1 else 260
    # What a button of the card does instead is not told a second time above it.
    lines = [_check_in_short(replace(each, mend="") if each.instead else each, most) for each in shown]
    if lifecycle is not None and not _is_open(lifecycle) and not failed:
        lines.insert(0, _lifecycle(lifecycle))
    if left := len(told) - len(shown):
        lines.append(f"and {count(left, 'more remark')} in *Details*")
    lines += [
        f":white_check_mark: {whole_sentences(each.sentence, 200)}"
        for each in checks
        if each.apart and each not in told
    ]
    if held := sum(not each.apart for each in checks if each not in told):
        lines.append(f":white_check_mark: {count(held, 'check')} passed")
    return [section("\n".join(lines))] if lines else []


def preflight(checks: Sequence[Check], lifecycle: Lifecycle | None = None) -> list[Block]:
    """Return for the details of a plan all that was looked at: what failed first, what held shortly."""
    told = _by_weight(checks)
    lines = ["*Checks*", *([_lifecycle(lifecycle)] if lifecycle else [])]
    lines += [_check(each, 400) for each in told]
    held = [each for each in checks if each not in told]
    lines += [f":white_check_mark: {sentence(each.sentence, 400)}" for each in held if each.apart]
    held = [each for each in held if not each.apart]
    if held:
        lines.append(f":white_check_mark: {count(len(held), 'check')} passed:")
    small = [sentence(each.sentence or each.name, 160) for each in held[:15]]
    return [section("\n".join(lines)), *([context(" ".join(small))] if small else [])]


def _by_weight(checks: Sequence[Check]) -> list[Check]:
    """Return the checks that have something to say, those that failed first."""
    told = [each for each in checks if not each.ok or not each.checked or each.notice]
    return sorted(told, key=lambda each: each.ok)


def _check(check: Check, most: int) -> str:
    mend = f"\n→ {sentence(check.mend, most)}" if check.mend else ""
    return f"{_mark(check)} {sentence(check.sentence or check.name, most)}{mend}"


def _check_in_short(check: Check, most: int) -> str:
    """Return a check for the face of a card: sentences that do not fit are in its details alone.

    So is what to do about one that holds: nothing has to be done first.
    """
    mend = f"\n→ {whole_sentences(check.mend, most)}" if check.mend and not check.ok else ""
    return f"{_mark(check)} {whole_sentences(check.sentence or check.name, most)}{mend}"


def _is_open(lifecycle: Lifecycle) -> bool:
    return lifecycle.status == "ACTIVE" and lifecycle.customizable


def _mark(check: Check) -> str:
    if not check.checked:
        return ":grey_question:"
    return ":warning:" if check.ok else ":no_entry:"


def _lifecycle(lifecycle: Lifecycle) -> str:
    ends = f"; end of life {day(lifecycle.end_of_life)}" if lifecycle.end_of_life else ""
    if lifecycle.status == "ACTIVE" and lifecycle.customizable:
        return f":white_check_mark: The base model is active{ends}."
    if lifecycle.status == "ACTIVE":
        return ":warning: The base model is active, but Bedrock does not offer it for fine-tuning here."
    if lifecycle.status == "LEGACY":
        return f":warning: The base model is legacy{ends}."
    if lifecycle.status == "ENDED":
        return f":no_entry: The base model's life has ended{ends}."
    if lifecycle.status == "UNKNOWN":
        return ":warning: Whether the base model is still open could not be read."
    return f":no_entry: Bedrock does not know the base model ({plain(lifecycle.status, 60)})."


def mend_first(checks: Sequence[Check]) -> list[Block]:
    """Return what to do about checks that failed, if any did."""
    if all(each.ok for each in checks):
        return []
    if never_starts(checks):
        return [
            context("Nothing has been spent. This plan cannot be started: do what is marked, and plan anew.")
        ]
    if any(each.instead for each in checks if not each.ok):  # its button is the next step
        return [context("Nothing has been spent.")]
    return [context("Nothing has been spent. Mend what is marked, then press *Check again*.")]


def never_starts(checks: Sequence[Check]) -> bool:
    """Return whether a check fails for good, so that no press could start the plan."""
    return any(each.final and not each.ok for each in checks)


def vote_action(choice: Choice) -> str:
    """Return the action of a plan's button, which is one for all kinds; its value is what ``vote_value`` makes."""
    return f"plan.{choice}"


def vote_value(plan: str, usd: Decimal | None) -> str:
    """Return the value of a button that agrees to a plan at a figure: ``job:abc@1.5``, or ``job:abc@unknown``."""
    return f"{plan}@{UNKNOWN if usd is None else format(usd, 'f')}"


def read_vote(value: str) -> tuple[str, Shown | None]:
    """Return the plan of a button's value, and the figure that it agrees to; None: the value has none."""
    plan, has_figure, figure = value.partition("@")
    if not has_figure or not (figure == UNKNOWN or _FIGURE.fullmatch(figure)):
        return plan, None
    return plan, Shown(None if figure == UNKNOWN else Decimal(figure))


def start_button(
    plan: Key, usd: Decimal | None, label: str, ask: Element, checks: Sequence[Check] = ()
) -> Element | None:
    """Return the button that has a plan carried out, or asks an approver for it, once ``ask`` was agreed to.

    ``usd`` is what the card says that it costs at most: nobody agrees to more by this button. Where a check fails it is
    no start, which would be refused, but another look; None where no look could find otherwise.
    """
    if never_starts(checks):
        return None
    if not all(each.ok for each in checks):
        return button("Check again", CHECK_AGAIN, str(plan))
    if label == ASK_APPROVER:  # nothing begins by it, so nothing is asked about a start
        ask = {**ask, "title": plain_text(f"{label}?", limits.CONFIRM_TITLE)}
    return button(label, vote_action("start"), vote_value(str(plan), usd), style="primary", confirm=ask)


def instead_button(plan: Key, checks: Sequence[Check]) -> Element | None:
    """Return the button that plans it on a base that is open, with its dataset converted for that one."""
    instead = next((each.instead for each in checks if each.instead and not each.ok), "")
    if instead not in PROFILES:
        return None
    label = f"Convert to {PROFILES[instead].label} and plan"
    return button(label, INSTEAD, f"{plan} {instead}", style="primary")


def planned_anew(instead: str, *, is_open: bool, is_there: bool) -> list[Block]:
    """Return that a plan on another base has come in a plan's place, or is on its way; nothing where none is wanted."""
    base = plain(PROFILES[instead].label if instead in PROFILES else instead)
    if is_there:
        return [context(f"Planned anew on {base}: that plan has taken the place of this one.")]
    if instead and is_open:
        return [context(f"Its dataset is being converted for {base}; the plan on that base follows here.")]
    return []


def can_be_agreed(needs_approval: str, approvers: Sequence[str]) -> bool:
    """Return whether anybody could ever agree to an open plan: without that it has no button that asks for it."""
    return not needs_approval or bool(approvers)


class PlanOnCard(Decided, Protocol):
    """Where a plan stands that its card shows with what was looked at."""

    @property
    def preflight(self) -> Sequence[Check]:
        """What was looked at."""

    @property
    def needs_approval(self) -> str:
        """Why an approver has to agree; empty when nobody has to."""


def where_it_stands(plan: PlanOnCard, *hints: Block) -> list[Block]:
    """Return what was decided on a plan; of an open one the hints, who has to agree, and what is to be mended first."""
    if plan.decision is not Decision.OPEN:
        return [context(decided(plan, plan.needs_approval))]
    first_of_all = mend_first(plan.preflight) if can_be_agreed(plan.needs_approval, plan.approvers) else []
    return [*hints, *why_approver(plan.needs_approval, plan.approvers), *first_of_all]


def why_approver(needs_approval: str, approvers: Sequence[str]) -> list[Block]:
    """Return why an open plan needs an approver, and who could agree to it, or that nobody can."""
    if not needs_approval:
        return []
    shown, left = limits.first(approvers, NAMED_APPROVERS)
    named = ", ".join([*map(person, shown), *([f"{left} more"] if left else [])])
    can = f"{' or '.join(named.rsplit(', ', 1))} can approve it." if approvers else waits_for(approvers)
    return [context(f"{sentence(needs_approval, 600)} {can}")]


def keep_button(action_id: str, value: str) -> Element:
    """Return the button that takes back what would end something, as long as that can be."""
    return button("Keep", action_id, value, style="primary")


KEEP = "plan.keep"
"""The action of the button that takes a *Cancel* back; its value is the plan."""


def in_a_moment(doing: str) -> str:
    """Return that something is about to happen: ``Releasing in 10 s``."""
    return f"{doing} in {undo.SECONDS:.0f} s"


def ends(doing: str, left: float, by: str, then: str, keep: Element, link: str = "") -> Message:
    """Return what whoever asked to end something reads: when it will be, ``then``, and how it is taken back.

    ``link`` leads to its card, which has *Keep* for as long as that is possible. Without one ``keep`` stands here,
    though Slack changes no message that one person alone sees, so that the button stays when its time is over.

    ``doing`` and ``then`` are our own markup: ``Releasing `claims```; what follows. ``left`` are the seconds for which
    it can be taken back. Where it was asked for before, by themselves (``by``), no ten seconds begin anew.
    """
    if left <= 0:
        said = f"{doing} already, as {person(by)} asked{then}."
        return Message(text=said, blocks=[section(said)])
    before = f", as {person(by)} asked already" if left < undo.SECONDS else ""
    return with_keep(f"{doing} in {math.ceil(left)} s{before}{then}.", keep, link)


def with_keep(said: str, keep: Element, link: str) -> Message:
    """Return what is said with where it is taken back: on the card that ``link`` leads to; without one, here."""
    if not link:
        return Message(text=said, blocks=[section(said), *actions(keep)])
    said = f"{said} *Keep* on its card takes that back: {thread_link(link)}"
    return Message(text=said, blocks=[section(said)])


def cancel_button(plan: Key, what: str) -> Element:
    """Return the button that calls a plan off; ``what`` says in our own markup of what."""
    ask = confirm(
        "Call the plan off?",
        f"The plan of {what} ends: nothing is started, and nothing was spent. It can be asked for anew.",
        "Call it off",
        "Keep it",
    )
    return button("Cancel", vote_action("cancel"), str(plan), confirm=ask)


def raise_button(plan: Key, checks: Sequence[Check]) -> Element | None:
    """Return the button that raises a budget, where one has no room for the plan: a form, or a question to who may."""
    return button("Raise the budget", RAISE, str(plan)) if is_short(checks) else None


def change_button(plan: Key) -> Element:
    """Return the button that opens the form of an open plan: what comes of it takes the plan's place."""
    return button("Change settings", CHANGE, str(plan))


def declined_words(owner: str, no: Declined) -> str:
    """Return for the owner who declined it, and why."""
    said = f" declined this. Nothing was started and nothing was spent.{because(no.reason)}"
    return wording(Person(owner), ": ", Person(no.by), said)


def in_others_care(what: str, care: Care, means: str) -> Message:
    """Draw that something is in another's care, for both of them; ``means`` says what that is to its new owner."""
    where = "a direct message" if care.channel.startswith("D") else channel(care.channel)
    by = f" {person(care.by)} handed it over." if care.by not in (care.to, care.before) else ""
    head = f"Handed over: {sentence(what[:1].lower() + what[1:], 300)}"
    who = f"From {person(care.before)} to {person(care.to)}, in {where}.{by}"
    counts = f" What was agreed to goes on counting for {person(care.paying)}." if care.paying else ""
    return Message(
        text=limits.clip(f"{head}. {who}", limits.MESSAGE_TEXT),
        blocks=[section(f"*{head}*\n{who}"), context(f"{person(care.to)} {means}.{counts}")],
    )


def asked_to_stop(owner: str, by: str, billed: str) -> str:
    """Return who asked to stop something; its owner is mentioned when that is somebody else."""
    whose = (Person(owner), ": ") if by != owner else ()
    return wording(*whose, Person(by), f" asked to stop. {billed}")


def happened(event: PlanEvent, owner: str, name: str) -> str:
    """Return what happened to a purchase, for its owner; ``name`` is its own."""
    match event:
        case StoppedBefore(by):
            return wording(Person(owner), ": ", Person(by), " stopped this before it was started.")
        case Recovered():
            return wording(
                Person(owner),
                f" I had lost track of `{name}`, and follow it again. It ran on at Bedrock meanwhile.",
            )
        case event:
            return held_up(event, owner)


def held_up(event: CreationEvent, owner: str) -> str:
    """Return what holds a purchase up that was agreed to."""
    if isinstance(event, Queued):
        return (
            f"{event.busy} jobs are under way in {event.region}, and the account may not have more at once. I start "
            "this one as soon as one of them ends; `/tune stop` takes it out of the queue."
        )
    return _cannot_look(event, owner)


def _cannot_look(event: CannotLook, owner: str) -> str:
    if event.asked_for:
        return wording(
            Person(owner),
            " I can't see whether this was started; if it was, it is billed. ",
            event.why,
            " I look again every minute, and go on by myself when that is mended.",
        )
    return wording(
        Person(owner),
        " I can't start this yet, and nothing was bought. ",
        event.why,
        " I look again every minute, and start it by myself when that is mended.",
    )
