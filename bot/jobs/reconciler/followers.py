"""Who is told of a job's end beside the channel: those who follow it, and an owner who wants quiet now."""

from bot.controller.effects import Effect, passing
from bot.controller.model import Registration
from bot.errors import Unavailable
from bot.jobs.cards import JobNews
from bot.jobs.context import JobContext, JobDependencies
from bot.notifications.reconciler import notification
from bot.visibility import Origin, Provenance, Sight, Viewer

FOLLOWED, WAS_QUIET = "you follow it", "you wanted quiet when it ended"


TELL_FOLLOWERS = Effect(
    "tellings",
    "registering what followers are told",
    "notifications that are told: they come in one write with what is decided of them",
)


def decide(work: JobContext, parts: JobDependencies) -> None:
    """Decide once whether the end mentions the owner, and register what others are told, in the same write."""
    if work.progress.ping is not None:
        return
    owner, spec = work.spec.owner, work.spec
    quiet = owner not in spec.muted and _wants_quiet(parts, owner)
    work.progress.ping = owner not in spec.muted and not quiet
    others = (each for each in spec.followers if each not in (owner, *spec.muted))
    told = dict.fromkeys((each for each in others if _sees(work, parts, each)), FOLLOWED)
    if quiet:
        told[owner] = WAS_QUIET
    # In one write: that the owner is not pinged, and that they are told later instead, hold together or not at all.
    news = [_news(work, parts, user, why) for user, why in told.items()]
    with passing(TELL_FOLLOWERS):
        work.save(news)


def _sees(work: JobContext, parts: JobDependencies, user: str) -> bool:
    """Return whether a follower still sees the job's channel: they may have left it since."""
    # Looked at now and not when they asked: a private channel's news must not follow who has left it.
    sight = Sight(Viewer(user), parts.after.memberships)
    return sight.sees(Provenance(((Origin(work.plan.channel, work.plan.owner),),)))


def _wants_quiet(parts: JobDependencies, user: str) -> bool:
    """Return whether the person has quiet hours now. Unknown counts as quiet: who waits for it finds out later."""
    try:
        return parts.after.quiet_hours.quiet_until(user) is not None
    except Unavailable:
        return True


def _news(work: JobContext, parts: JobDependencies, user: str, why: str) -> Registration:
    verdict = work.progress.ending.verdict if work.progress.ending else None
    card = JobNews(work.view, work.plan.channel, verdict.sentence if verdict else "", why)
    return notification(work.note(work.plan.id), "end", user, work.render(card), parts.clock.now())
