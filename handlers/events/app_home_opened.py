"""Somebody opens the app: its home is drawn, or their direct message gets prompts to begin with."""

from handlers.core import Front, Invocation, Publish, Reply, Suggest
from handlers.happenings import Event, Happening
from handlers.lookup import newest
from handlers.ui.home import home

SHOWN_DATASETS = 5
HELP = ("What can you do?", "help")


def then(event: Happening, invocation: Invocation, front: Front) -> Reply:
    """Draw the tab that was opened."""
    services = front.services
    if event.get("tab") == "messages":
        awake = tuple(dict.fromkeys(lease.model_name for lease in services.leases.live()))
        return Suggest((HELP, *((f"Ask {name}", f"{name} what were you trained for?") for name in awake[:3])))
    return Publish(
        home(
            running=services.jobs.list("running", invocation.user).views,
            leases=services.leases.live(),
            datasets=newest(front, SHOWN_DATASETS),
        )
    )


EVENT = Event(name="app_home_opened", subscriptions=("app_home_opened",), scopes=(), then=then)
