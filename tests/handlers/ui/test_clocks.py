"""AWS's clock is not its reader's: of its times a card shows only how far they are apart.

In the demo AWS's days are minutes, and somewhere a machine's clock is wrong. What a card says at which time of day is
when the bot saw it, by the clock of those who read.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from typing import Any, get_args, get_type_hints

from bot.discovery import collect
from bot.jobs.cards import JobView
from bot.jobs.model import Stage
from bot.jobs.stalls import Stall
from bot.strays.cards import StrayList
from bot.strays.model import Stray
from handlers.ui.render import DRAWN, render
from tests.tables import table

EXAMPLES: dict[str, Any] = {
    name: card for each in collect("handlers.ui.examples", "EXAMPLES") for name, card in each.items()
}
BY_AWS: dict[type, frozenset[str]] = {
    JobView: frozenset({"created", "ended", "seen_at"}),
    Stage: frozenset({"started", "changed"}),
    Stall: frozenset({"since"}),
    Stray: frozenset({"created", "committed_until", "seen_at"}),
}
"""The times of AWS's clock that reach a card."""
OURS = {
    "Measured.since", "Dataset.stored_at", "DeploymentIdle.last_asked", "DeploymentIdle.since",
    "DeploymentView.last_asked", "DigestCard.after", "DigestCard.until", "DistillationLine.ended", "JobLine.ended",
    "LeaseLine.ended", "Stood.at", "JobView.as_of", "EndedWithoutStore.until", "EndpointRecovered.until",
    "HeldUpWithoutStore.until", "LeaseIdle.kept_until", "LeaseView.release_at", "AnswerFooter.made", "KeptCard.until",
    "KeptLost.until", "ScheduleCard.next_on", "ScheduleCard.until", "ScheduleRecovered.until", "ModelLine.created",
    "SpendingReport.over_on", "StrayList.at",
}  # fmt: skip
"""Those of the bot's own."""
PUBLISHED = {
    "Lifecycle.end_of_life",
    "Lifecycle.legacy_from",
    "TermRenewed.before",
    "TermRenewed.until",
}
"""Days that AWS has announced, and the ends of terms: they are no clock's."""
APART = timedelta(days=1_000)


def times_in(kind: Any, known: set[Any]) -> Iterator[str]:
    """Yield each time that a card of that kind may hold, as ``Class.member``."""
    if kind in known or not is_dataclass(kind):
        return
    known.add(kind)
    for name, hint in get_type_hints(kind).items():
        for each in _leaves(hint):
            if each is datetime:
                yield f"{kind.__name__}.{name}"  # type: ignore[union-attr]
            else:
                yield from times_in(each, known)


def _leaves(hint: Any) -> Iterator[Any]:
    if not get_args(hint):
        yield hint
    for each in get_args(hint):
        yield from _leaves(each)


def moved(value: Any) -> Any:
    """Return the value as it were if AWS's clock ran ahead by years."""
    if isinstance(value, tuple):
        return tuple(map(moved, value))
    if not is_dataclass(value) or isinstance(value, type):
        return value
    by_aws = BY_AWS.get(type(value), frozenset())
    found = {
        each.name: (now + APART if each.name in by_aws and now else moved(now))
        for each in fields(value)
        for now in [getattr(value, each.name)]
    }
    changed = {name: new for name, new in found.items() if new is not getattr(value, name)}
    return replace(value, **changed) if changed else value


def test_of_every_time_on_a_card_it_is_known_whose_clock_it_is() -> None:
    known: set[Any] = set()
    told = {each for card in DRAWN for each in times_in(card, known)}
    by_aws = {f"{kind.__name__}.{name}" for kind, names in BY_AWS.items() for name in names}
    assert told == by_aws | OURS | PUBLISHED


def test_no_card_shows_a_time_of_aws_s_clock() -> None:
    with table() as row:
        for name, card in EXAMPLES.items():
            if type(card) not in DRAWN or (isinstance(card, StrayList) and not card.rows):
                continue
            with row(name):
                assert render(moved(card)) == render(card)
