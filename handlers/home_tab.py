"""What stands in a person's App Home: drawn when they open it, and anew after each press there."""

from bot.errors import NotAllowed, Unavailable
from handlers.core import CommandContext, Invocation, Publish
from handlers.lookup import dataset_links, newest, running
from handlers.ui.home import home
from handlers.ui.running import Running

SHOWN_DATASETS = 5


def home_of(invocation: Invocation, front: CommandContext) -> Publish:
    """Return the home of whoever opened it or pressed something in it."""
    services = front.services
    trains = _is_trainer(invocation, front)
    runs = running(front)
    datasets = newest(front, SHOWN_DATASETS) if trains else []
    return Publish(
        home(
            runs=runs if trains else Running(leases=runs.leases),
            datasets=datasets,
            links=dataset_links(front, datasets),
            waiting=services.votes.waiting(invocation.user),
            lists=trains,
        )
    )


def _is_trainer(invocation: Invocation, front: CommandContext) -> bool:
    """Whether the person may see jobs and datasets, as ``/tune jobs`` and ``/tune datasets`` show them."""
    try:
        front.services.access.check_contributor(invocation.user)
    except (NotAllowed, Unavailable):
        return False
    return True
