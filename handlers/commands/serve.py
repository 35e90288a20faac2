"""``/tune serve``: plans a lease, or has a model deployed; nothing is spent before a plan is confirmed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.clock import duration_of_minutes
from bot.errors import NotAllowed, Refused
from bot.figures import whole
from bot.leases.cards import JoinedLease, LeaseView
from bot.profiles.model import Serving, Term
from bot.schedules.hours import OfficeHours, parse
from bot.wording import quoted
from handlers.arguments import minutes, words
from handlers.core import Command, CommandContext, Invocation, Nothing, Reply, Say, Task, Who, say, show
from handlers.lookup import model_called
from handlers.picker import which_model
from handlers.ui.text import channel, code

USAGE = "/tune serve MODEL [for 2h] [idle=30m] or [hours=mon-fri/9-17 weeks=4] or [in place of MODEL]"
DEFAULT_MINUTES = 60
_IN_PLACE_OF = ["in", "place", "of"]
_IDLE, _HOURS, _WEEKS = "idle=", "hours=", "weeks="
DEFAULT_WEEKS = 4
_TERM = re.compile(r"\b(?:months?|years?|commitment|term)\b", re.IGNORECASE)
"""What is said of throughput that AWS sells for a term."""
_SOLD = re.compile(r"(?:for )?(?:(?P<one>1|one|a)|(?P<six>6|six))[ -]?months?(?: term)?", re.IGNORECASE)
"""A term that AWS sells, as people write it."""
_NEVER = ("off", "never", "no", "0")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed: a model, and for how many minutes or in place of which other one, as far as that was said.

    ``idle``: minutes without a question after which it is released early, 0: it is not.
    """

    model: str
    minutes: int | None = None
    before: str = ""
    idle: int | None = None
    hours: OfficeHours | None = None
    """On which days and hours it is to be on by itself, and for how many ``weeks``."""
    weeks: int = DEFAULT_WEEKS
    term: Term | None = None
    """For which term throughput is to be bought for it."""
    no_term: bool = False
    """Whether a term was asked for that AWS does not sell."""


def read(text: str) -> Asked:
    """Return what was asked for.

    Raises:
        Refused: no model, or a duration that cannot be read.
    """
    settings, asked = _settings(words(text))
    if not asked:
        raise Refused("Which model?", hint=f"Write it as {quoted(USAGE)}; `/tune models` shows their names.")
    model, *rest = asked
    if [each.lower() for each in rest[:3]] == _IN_PLACE_OF:
        if len(rest) != 4:
            raise Refused("In place of which model?", hint=f"Write it as {quoted(USAGE)}.")
        return Asked(model, before=rest[3])
    if _TERM.search(" ".join(rest)):
        term = term_of(" ".join(rest))
        return replace(settings, model=model, term=term, no_term=term is None)
    if rest and rest[0].lower() == "for":
        rest = rest[1:]
        if not rest:
            raise Refused("For how long?", hint=f"Write it as {quoted(USAGE)}.")
    return replace(settings, model=model, minutes=minutes(" ".join(rest)) if rest else None)


def term_of(text: str) -> Term | None:
    """Return the term that is written there, or None when it is none that AWS sells."""
    found = _SOLD.fullmatch(" ".join(text.split()))
    return (Term.ONE_MONTH if found["one"] else Term.SIX_MONTHS) if found else None


def _check_term(invocation: Invocation, context: CommandContext, asked: Asked) -> None:
    context.services.leases.check_term(asked.term, invocation.user)
    if asked.term and (asked.hours or asked.idle):
        raise Refused(
            "A term is billed to its end, day and night: it has no office hours and no early release.",
            hint=f"Write `for {asked.term.words}` alone, or the hours without it.",
        )


def _settings(typed: Sequence[str]) -> tuple[Asked, list[str]]:
    """Return what was typed with an equals sign, and the rest of it."""
    rest: list[str] = []
    found, is_hours, written = Asked(""), False, ""
    for each in typed:
        name, _, value = each.partition("=")
        if name.lower() + "=" == _IDLE:
            found = replace(found, idle=_idle(value))
        elif name.lower() + "=" == _WEEKS:
            found = replace(found, weeks=weeks_of(value))
        elif name.lower() + "=" == _HOURS:
            is_hours, written = "/" not in value, value
            found = found if is_hours else replace(found, hours=parse(value))
        elif is_hours:  # the days and the time with a blank between them
            is_hours, found = False, replace(found, hours=parse(f"{written} {each}"))
        else:
            rest.append(each)
    return (replace(found, hours=parse(written)) if is_hours else found), rest


def weeks_of(text: str) -> int:
    """Return a number of weeks.

    Raises:
        Refused: it is none.
    """
    found = whole(text)
    if found is None:
        raise Refused(f"{quoted(text)} is no number of weeks.", hint="Write it as `weeks=4`.")
    return found


def _idle(text: str) -> int:
    if text.lower() in _NEVER:
        return 0
    try:
        return minutes(f"{text}m" if text.isdecimal() else text)
    except Refused as error:
        raise Refused(
            f"{quoted(text)} is no time without questions.",
            hint="Write `idle=30m`, or `idle=off` to have it stay until its time is over.",
        ) from error


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Propose a lease, whose card comes with its price, or have the model deployed, which costs nothing."""
    if not invocation.text.strip():
        return which_model(context, "serve {}", USAGE)
    asked = read(invocation.text)
    if asked.term or asked.no_term:
        _check_term(invocation, context, asked)
    return serve(invocation, context, replace(asked, model=model_called(context, asked.model)))


def serve(invocation: Invocation, context: CommandContext, asked: Asked) -> Reply:
    """Serve a model in the way that its base has: by the hour, or by the token."""
    way = context.services.serving.way_of(asked.model)
    before = model_called(context, asked.before) if asked.before else ""
    if before:
        _check_way(context, asked.model, way, before)
    if way is Serving.PROVISIONED_THROUGHPUT:
        if before:
            return swap(invocation, context, asked.model, before)
        if asked.hours:
            return plan_hours(invocation, context, asked, asked.hours)
        length = asked.term or asked.minutes or DEFAULT_MINUTES
        return propose(invocation, context, asked.model, length, asked.idle)
    if before:
        return deploy(invocation, context, asked.model, before=before)
    if offer := context.services.deployments.offer(asked.model):
        return show(offer)
    return deploy(invocation, context, asked.model, timed=asked.minutes is not None or asked.term is not None)


def _check_way(context: CommandContext, model: str, way: Serving, before: str) -> None:
    """Return when ``before`` is not in service, or is served as ``model`` is: only then is there a place to take.

    Raises:
        Refused: the one is leased and the other is deployed.
    """
    leased, deployed = context.services.leases.called(before), context.services.deployments.running(before)
    if way is Serving.PROVISIONED_THROUGHPUT and deployed and not leased:
        there, how = f"{quoted(deployed.model_name)} is deployed", "by the hour"
    elif way is not Serving.PROVISIONED_THROUGHPUT and leased and not deployed:
        there, how = f"{quoted(leased[0].model_name)} is in service by the hour", "by the token"
    else:
        return
    raise Refused(
        f"{there}, and {quoted(model)} is served {how}: it cannot take that place.",
        hint=f"Serve it beside the other: {quoted(f'/tune serve {model}')}. An alias can move from one to the other.",
    )


def deploy(
    invocation: Invocation, context: CommandContext, model: str, *, before: str = "", timed: bool = False
) -> Reply:
    """Have a model deployed, or put in the place of another (a deployment's ID, or its model's name).

    ``timed``: whoever asked named a time, which a deployment does not need.
    """
    deployments, place = context.services.deployments, _place(invocation, context, model)
    if before:
        view = deployments.replace(model=model, deployment=before, by=invocation.user, channel=place)
        said = f"{code(model)} takes the place of {code(view.model_name)}, which answers until then."
        return Say(say(f"{said} I say so in its thread once it is done.").message, replace=True)
    deployments.deploy(
        model=model,
        owner=invocation.user,
        channel=place,
        request=invocation.request,
        thread_ts=invocation.thread_ts,
    )
    if timed:
        return say(
            f"{code(model)} needs no time: it costs nothing while idle, and stays until somebody removes it."
        )
    # Its card is the answer, where whoever asked can see it.
    return Nothing() if invocation.channel else say(f"{code(model)} is being deployed, in {channel(place)}.")


def plan_hours(invocation: Invocation, context: CommandContext, asked: Asked, hours: OfficeHours) -> Reply:
    """Plan office hours: their card is the answer."""
    place = _place(invocation, context, asked.model)
    context.services.schedules.propose(
        model=asked.model,
        hours=hours,
        weeks=asked.weeks,
        owner=invocation.user,
        channel=place,
        request=invocation.request,
        thread_ts=invocation.thread_ts,
        idle=asked.idle or 0,
    )
    said = f"The price of these office hours of {code(asked.model)} stands in {channel(place)}."
    return Nothing() if invocation.channel else say(said)


def swap(invocation: Invocation, context: CommandContext, model: str, lease: str) -> Reply:
    """Have a model take the place of the one that answers under a lease (its ID, or that model's name)."""
    place = _place(invocation, context, model)
    view = context.services.swaps.swap(model=model, lease=lease, by=invocation.user, channel=place)
    if view.model_name == model:
        return say(f"{code(model)} answers there already.")
    said = f"{code(model)} takes the place of {code(view.model_name)}, which answers until then, at the same price and "
    return Say(say(f"{said}to the same end. I say so in its thread once it is done.").message, replace=True)


def _place(invocation: Invocation, context: CommandContext, model: str) -> str:
    """Return where it is told: in the App Home, where the model came from.

    Raises:
        Refused: that is nowhere.
    """
    place = invocation.channel or home_of(context, model)
    if not place:
        raise Refused("A model needs a channel to report to.", hint=f"Type {quoted(USAGE)} in one.")
    return place


def propose(
    invocation: Invocation,
    context: CommandContext,
    model: str,
    length: int | Term,
    idle: int | None = None,
    *,
    beside: bool = False,
) -> Reply:
    """Plan a lease of ``length`` minutes or for a term: its card is the answer, from the App Home where the model is.

    Where an older version of the model is in service its place is offered first, unless it is to be ``beside`` that.
    ``idle``: minutes without a question after which it is released early; None: as the operator set.
    """
    place = _place(invocation, context, model)
    leases = context.services.leases
    if joined := join(invocation, context, model, place, length):
        return joined
    term, minutes = (length, 0) if isinstance(length, Term) else (None, length)
    if not beside and not term and (offer := context.services.swaps.offer(model, minutes, idle)):
        return show(offer)
    plan = leases.plan(
        model=model,
        minutes=minutes,
        term=term,
        owner=invocation.user,
        channel=place,
        request=invocation.request,
    )
    leases.propose(plan, thread_ts=invocation.thread_ts, idle=idle)
    if invocation.channel:
        return Nothing()
    length_in_words = term.words if term else duration_of_minutes(minutes)
    return say(f"The price of {length_in_words} of {code(plan.model_name)} stands in {channel(place)}.")


def join(
    invocation: Invocation, context: CommandContext, model: str, place: str, length: int | Term
) -> Reply | None:
    """Have whoever asks use the lease that keeps a model awake, and say so; None: there is none that they see.

    ``place`` is the channel that they ask for, and ``length`` for how many minutes, or for which term.
    """
    awake = context.services.leases.join(model, invocation.user, place)
    return show(_joined(invocation, context, awake, length)) if awake else None


def _joined(
    invocation: Invocation, context: CommandContext, awake: LeaseView, length: int | Term
) -> JoinedLease:
    """Return what somebody reads who asks for what runs: with what was asked for beyond its end, if it can be had."""
    own = awake.owner == invocation.user
    if isinstance(length, Term):
        return JoinedLease(awake, own)  # hours become no term: it is asked for once they are over
    more = length - (awake.left_minutes if awake.left_minutes is not None else awake.minutes)
    if more <= 0:
        return JoinedLease(awake, own)
    try:
        return JoinedLease(awake, own, context.services.extensions.offer(awake.id, more))
    except (Refused, NotAllowed):  # an approver is asked for more already, or it lasts as long as a lease may
        return JoinedLease(awake, own)


def home_of(context: CommandContext, model: str) -> str:
    """Return the conversation that a model came from; empty where nobody sees such a model."""
    found = context.services.directory.stored_model(model)
    return found.channel if found else ""


COMMAND = Command(
    name="serve",
    usage=USAGE,
    who=Who.TRAINER,
    task=Task.MODELS,
    summary="Wake a model: by the hour, with the price first, or by the token",
    details=(
        "A model of an open base (Nova, Llama) needs no time: it costs nothing while idle, and stays until somebody "
        "removes it; `in place of` has a newer model answer at the address of another. Any other is leased, for an "
        "hour if you say nothing else, and released at the end by itself. `idle=45m` releases it ten minutes after "
        "I said that nobody asked for that long. `hours=` has it on and off by itself, in your time zone. Where the "
        "operator has terms bought, `for 1 month` plans one."
    ),
    example="/tune serve claims-router for 2h",
    run=run,
)
