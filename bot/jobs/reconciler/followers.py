"""Who is told of a job's end beside the channel: those who follow it, and an owner who wants quiet now."""

from bot.controller.effects import Effect, passing
from bot.controller.model import Registration
from bot.errors import Unavailable
from bot.jobs.cards import JobNews
from bot.jobs.context import JobContext
from bot.jobs.dependencies import ReaderDependencies
from bot.jobs.model import Phase
from bot.notifications.quiet_hours import QuietHours
from bot.notifications.reconciler import notification
from bot.visibility import Origin

FOLLOWED, WAS_QUIET = "you follow it", "you wanted quiet when it ended"


TELL_FOLLOWERS = Effect(
    "tellings",
    "registering what followers are told",
    "notifications that are told: they come in one write with what is decided of them",
)


def decide(job: JobContext, dependencies: ReaderDependencies) -> None:
    """Decide once whether the end mentions the owner, and register what others are told, in the same write."""
    if job.status.ping is not None:
        return
    owner, spec = job.spec.owner, job.spec
    # Of what is trained in a sweep its owner hears together, at the end of the last; what fails is told at once.
    hears = owner not in spec.muted and not (spec.sweep and job.status.phase is Phase.COMPLETED)
    quiet = hears and wants_quiet(dependencies.quiet_hours, owner, job.context.now())
    job.status.ping = hears and not quiet
    others = (each for each in spec.followers if each not in (owner, *spec.muted))
    told = dict.fromkeys(others, FOLLOWED)
    if quiet:
        told[owner] = WAS_QUIET
    # In one write: that the owner is not pinged, and that they are told later instead, hold together or not at all.
    news = [_news(job, dependencies, user, why) for user, why in told.items()]
    with passing(TELL_FOLLOWERS):
        job.save(news)


def wants_quiet(quiet_hours: QuietHours, user: str, store_now: float) -> bool:
    """Return whether the person has quiet hours now. Unknown counts as quiet: who waits for it finds out later."""
    try:
        return quiet_hours.quiet_until(user, store_now) is not None
    except Unavailable:
        return True


def _news(job: JobContext, dependencies: ReaderDependencies, user: str, why: str) -> Registration:
    verdict = job.status.ending.verdict if job.status.ending else None
    card = JobNews(job.view, job.plan.channel, verdict.sentence if verdict else "", why)
    # They may leave a private channel at any time before they are told, and its news must not follow them.
    source = Origin(job.plan.channel, job.plan.owner)
    about, now = job.note(job.plan.id), dependencies.clock.now()
    return notification(about, "end", user, job.render(card), now, seen_in=source)
