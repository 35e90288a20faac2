"""Office hours as one viewer sees them, wherever what runs is listed."""

from dataclasses import dataclass
from datetime import datetime

from bot.access import Access, allowed
from bot.controller.model import Resource
from bot.controller.outbox.entries import root_of
from bot.directory.directory import Directory
from bot.pricing.money import at_most
from bot.schedules.hours import OfficeHours
from bot.schedules.model import CARD, SCHEMA


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """Office hours that are kept, with what the viewer may do with them."""

    id: str
    model_name: str
    hours: OfficeHours
    zone: str
    week: str
    """What a week costs at most."""
    owner: str
    until: datetime | None = None
    next_on: datetime | None = None
    """When the next lease comes; None: no further one does."""
    is_undoable: bool = False
    """Whether they were stopped just now, which *Keep* takes back; ``stopped_by`` says by whom."""
    stopped_by: str = ""
    may_end: bool = False
    """Whether the viewer may stop them."""
    channel: str = ""
    thread_ts: str = ""
    link: str = ""
    """To the thread that their card is in."""


def seen_by(directory: Directory, access: Access, resource: Resource) -> ScheduleView:
    """Return office hours as the directory's viewer sees them."""
    spec, status, user = SCHEMA.spec_of(resource), SCHEMA.status_of(resource), directory.viewer.user
    plan, stop = spec.plan, spec.stop
    model = directory.stored_model(plan.model_name, plan.model_arn)  # it may be called otherwise by now
    return ScheduleView(
        id=resource.key.id,
        model_name=model.name if model else plan.model_name,
        hours=plan.hours,
        zone=status.zone,
        week=at_most(spec.week_usd),
        owner=spec.owner,
        until=status.until,
        next_on=status.next_on,
        is_undoable=stop is not None and not stop.is_final,
        stopped_by=stop.by if stop else "",
        may_end=allowed(lambda: access.check_ending(user, spec.owner, spec.plan.channel)),
        channel=plan.channel if directory.sight.sees_channel(plan.channel) else "",
        thread_ts=spec.thread_ts or root_of(resource, CARD),
    )
