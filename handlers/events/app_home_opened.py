"""Somebody opens the app: its home is drawn, or their direct message gets prompts to begin with."""

from bot.errors import NotAllowed, Unavailable
from handlers.core import CommandContext, Invocation, Nothing, Publish, Reply, Suggest
from handlers.event import Event, Happening
from handlers.lookup import dataset_links, lease_with_link, newest, with_links
from handlers.ui.home import closed, home
from handlers.ui.text import sentence

SHOWN_DATASETS = 5
HELP = ("What can you do?", "help")


def then(event: Happening, invocation: Invocation, front: CommandContext) -> Reply:
    """Draw the tab that was opened."""
    services = front.services
    try:
        services.access.check_member(invocation.user)
    except (NotAllowed, Unavailable) as refused:
        return Nothing() if event.get("tab") == "messages" else Publish(closed(sentence(refused.sentence)))
    if event.get("tab") == "messages":
        awake = tuple(dict.fromkeys(lease.model_name for lease in services.leases.live()))
        return Suggest((HELP, *((f"Ask {name}", f"{name} what were you trained for?") for name in awake[:3])))
    trains = _is_trainer(invocation, front)
    datasets = newest(front, SHOWN_DATASETS) if trains else []
    return Publish(
        home(
            running=with_links(front, services.jobs.list("running", invocation.user)).views if trains else (),
            leases=[lease_with_link(front, each) for each in services.leases.live()],
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


EVENT = Event(name="app_home_opened", subscriptions=("app_home_opened",), scopes=(), then=then)
