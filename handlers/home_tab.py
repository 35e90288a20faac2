"""What stands in a person's App Home: drawn when they open it, and anew after each press there."""

from dataclasses import replace

from bot.access import allowed
from bot.serving.cards import ModelLine
from handlers.core import CommandContext, Invocation, Publish
from handlers.lookup import dataset_links, newest, running
from handlers.ui.home import Belongings, home

SHOWN_DATASETS = 5


def home_of(invocation: Invocation, front: CommandContext) -> Publish:
    """Return the home of whoever opened it or pressed something in it."""
    services, user = front.services, invocation.user
    lists = allowed(lambda: services.access.check_contributor(user))
    datasets = newest(front, SHOWN_DATASETS) if lists else []
    asleep = [each for each in services.serving.models().lines if each.is_asleep]
    there = Belongings(
        tuple(datasets),
        dataset_links(front, datasets),
        tuple(_at_home(front, user, each) for each in asleep),
        services.spending.report(),
        services.readers.quiet(user),
    )
    return Publish(
        home(
            running(front, lists=lists),
            there,
            services.votes.waiting(user),
            lists=lists,
            spends=allowed(lambda: services.access.check_trainer(user)),
        )
    )


def _at_home(front: CommandContext, user: str, line: ModelLine) -> ModelLine:
    """Return the line with whether they may wake the model from here: its lease is told where it came from."""
    model, access = front.services.directory.stored_model(line.name), front.services.access
    may = (
        model is not None
        and front.services.directory.answers(model, model.channel)
        and allowed(lambda: access.check_spending(user, model.channel))
    )
    return replace(line, may_serve=may)
