"""What stands in a person's App Home: drawn when they open it, and anew after each press there."""

from dataclasses import replace

from bot.access import allowed
from bot.errors import Refused
from bot.questions.answerer import Asleep
from bot.serving.cards import ModelLine
from bot.visibility import is_direct
from handlers.core import CommandContext, Invocation, Publish
from handlers.lookup import dataset_links, newest, running, where_asked
from handlers.ui.home import Belongings, home
from handlers.ui.home_asking import AboutAsking, ChannelLine, KeptLine

SHOWN_DATASETS = 5
MOST_CHANNELS = 12
"""Channels that are looked at for how they answer."""


def home_of(invocation: Invocation, context: CommandContext) -> Publish:
    """Return the home of whoever opened it or pressed something in it."""
    services, user = context.services, invocation.user
    lists = allowed(lambda: services.access.check_contributor(user))
    datasets = newest(context, SHOWN_DATASETS) if lists else []
    asleep = [each for each in services.serving.models().lines if each.is_asleep]
    there = Belongings(
        tuple(datasets),
        dataset_links(context, datasets),
        tuple(_at_home(context, user, each) for each in asleep),
        services.spending.report(),
        services.readers.quiet(user),
        _about_asking(context),
    )
    return Publish(
        home(
            running(context, lists=lists),
            there,
            services.votes.waiting(user),
            services.votes.asked_by(user),
            lists=lists,
            spends=allowed(lambda: services.access.check_trainer(user)),
        )
    )


def _about_asking(context: CommandContext) -> AboutAsking:
    services = context.services
    awake = services.serving.awake_names()
    listed = services.aliases.listed().aliases
    aliases = tuple(replace(each, asleep=each.now.model not in awake) for each in listed)
    kept = [
        KeptLine(each, context.links.thread(each.channel, each.thread_ts)) for each in services.kept.own()
    ]
    models = services.directory.models()
    places = dict.fromkeys([*(each.channel for each in aliases), *(each.channel for each in models)])
    sight = services.directory.sight
    seen = [each for each in places if each and not is_direct(each) and sight.sees_channel(each, "")]
    lines = [*(_channel_line(context, each) for each in seen[:MOST_CHANNELS])]
    askable = tuple(each for each in awake if _is_askable(context, each))
    return AboutAsking(tuple(kept), aliases, tuple(lines), askable, services.channels.base_meanwhile)


def _channel_line(context: CommandContext, channel: str) -> ChannelLine:
    """Return how a channel answers: what it says without a name, and what people set for it."""
    settings = context.services.channels.settings_of(channel)
    try:
        return ChannelLine(
            channel, context.services.serving.answerer(None, channel).model_name, False, settings
        )
    except Asleep as asleep:
        return ChannelLine(channel, asleep.model, True, settings)
    except Refused:  # several are in service, or none answers there
        return ChannelLine(channel, "", False, settings)


def _is_askable(context: CommandContext, model: str) -> bool:
    try:
        where_asked(context, model)
    except Refused:
        return False
    return True


def _at_home(context: CommandContext, user: str, line: ModelLine) -> ModelLine:
    """Return the line with whether they may wake the model from here: its lease is told where it came from."""
    model, access = context.services.directory.stored_model(line.name), context.services.access
    may = (
        model is not None
        and context.services.directory.answers(model, model.channel)
        and allowed(lambda: access.check_spending(user, model.channel))
    )
    return replace(line, may_serve=may)
