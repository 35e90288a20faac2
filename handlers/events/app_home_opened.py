"""Somebody opens the app: its home is drawn, or their direct message gets prompts to begin with."""

from bot.errors import NotAllowed, Unavailable
from handlers.core import CommandContext, Invocation, Nothing, Publish, Reply, Suggest
from handlers.event import Event, EventPayload
from handlers.home_tab import home_of
from handlers.ui.home import closed
from handlers.ui.text import sentence

HELP = ("What can you do?", "help")


def then(event: EventPayload, invocation: Invocation, context: CommandContext) -> Reply:
    """Draw the tab that was opened."""
    services = context.services
    try:
        services.access.check_member(invocation.user)
    except (NotAllowed, Unavailable) as refused:
        return Nothing() if event.get("tab") == "messages" else Publish(closed(sentence(refused.sentence)))
    if event.get("tab") == "messages":
        awake = services.serving.live_names()
        return Suggest((HELP, *((f"Ask {name}", f"{name} what were you trained for?") for name in awake[:3])))
    return home_of(invocation, context)


EVENT = Event(name="app_home_opened", subscriptions=("app_home_opened",), scopes=(), then=then)
