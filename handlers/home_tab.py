"""What stands in a person's App Home: drawn when they open it, and anew after each press there."""

from bot.access import allowed
from handlers.core import CommandContext, Invocation, Publish
from handlers.lookup import dataset_links, newest, running
from handlers.ui.home import home

SHOWN_DATASETS = 5


def home_of(invocation: Invocation, front: CommandContext) -> Publish:
    """Return the home of whoever opened it or pressed something in it."""
    services = front.services
    lists = allowed(lambda: services.access.check_contributor(invocation.user))
    datasets = newest(front, SHOWN_DATASETS) if lists else []
    return Publish(
        home(
            runs=running(front, lists=lists),
            datasets=datasets,
            links=dataset_links(front, datasets),
            waiting=services.votes.waiting(invocation.user),
            lists=lists,
        )
    )
