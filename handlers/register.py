"""Puts every listener on the app."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from slack_bolt import App

from bot.discovery import collect
from bot.errors import Unavailable
from bot.visibility import Viewer
from handlers import listeners
from handlers.action import Action
from handlers.commands import catalogue
from handlers.core import CommandContext, Who, new_reference
from handlers.dataset_files import SlackRecentUploads
from handlers.delivery import ReplySender, Webhook
from handlers.event import Event
from handlers.form import View
from handlers.links import SlackLinks
from handlers.moved_channels import MovedChannels
from handlers.shortcut import Shortcut
from handlers.workspace import Gate

if TYPE_CHECKING:
    from bot.services import ServicesFor

_ANY = re.compile(".*", re.DOTALL)

LISTENER_THREADS = 20
"""For ``App(listener_executor=ThreadPoolExecutor(LISTENER_THREADS))``: Bolt's own pool has five, and a sixth press
waits until one is free, which is over Slack's three seconds as soon as five calls to Slack are slow."""


def all_actions() -> list[Action]:
    """Return every button and select."""
    return [each for group in collect("handlers.actions", "ACTIONS") for each in group]


def whose_buttons() -> dict[str, Who]:
    """Return for whom each button and select is, by its action."""
    return {each.action_id: each.who for each in all_actions()}


def all_events() -> list[Event]:
    """Return every subscribed event."""
    return collect("handlers.events", "EVENT")


def all_shortcuts() -> list[Shortcut]:
    """Return every shortcut."""
    return collect("handlers.shortcuts", "SHORTCUT")


def all_views() -> list[View]:
    """Return every form."""
    return collect("handlers.views", "VIEW")


def at_once(work: Callable[[], None]) -> None:
    """Do it in the thread that acknowledged it."""
    work()


def always() -> None:
    """Return: there is room."""


def register(
    app: App,
    services_for: "ServicesFor",
    *,
    webhook: Webhook | None = None,
    later: Callable[[Callable[[], None]], None] = at_once,
    check_room: Callable[[], None] = always,
) -> None:
    """Put every listener on the app. ``services_for`` puts the services together for whoever asks.

    Replies leave by ``app.client``, as wiring made it: Bolt's client for each request is a plain copy. ``webhook``
    sends answers to a response_url; tests pass a recording one. ``later`` does what was acknowledged; it and
    ``check_room`` raise ``Unavailable`` where too much is in hand.
    """
    commands = {each.key: each for each in catalogue()}
    uploads, links = SlackRecentUploads(app.client), SlackLinks(app.client)
    nobody = services_for(Viewer("", ""))
    dependencies = listeners.ListenerDependencies(
        lambda viewer: CommandContext(services_for(viewer), uploads, commands, links),
        ReplySender(app.client, nobody.details, webhook, nobody.moves.outward),
        new_reference,
        later,
        check_room,
        whose_buttons(),
    )
    app.use(MovedChannels(nobody.moves))
    app.use(Gate(nobody.access, _is_shared(services_for)))
    for slash in sorted({each.slash for each in commands.values()}):
        app.command(slash)(listeners.command(dependencies))
    app.action(_ANY)(listeners.actions(dependencies, {each.action_id: each for each in all_actions()}))
    for shortcut in all_shortcuts():
        app.shortcut(shortcut.callback_id)(listeners.shortcut(dependencies, shortcut))
    app.view(_ANY)(listeners.submissions(dependencies, {each.callback_id: each for each in all_views()}))
    app.error(listeners.left_over(dependencies))
    for event in all_events():
        app.event(event.name, middleware=[listeners.take(dependencies, event)])(
            listeners.event(dependencies, event)
        )


def _is_shared(services_for: "ServicesFor") -> Callable[[str], bool]:
    """Return what says of a channel whether the bot and people of other workspaces are in it, asked anew each time."""

    def is_shared(channel: str) -> bool:
        sight = services_for(Viewer("", "")).directory.sight
        shared = sight.is_shared_with_others(channel)
        if sight.unclear:
            raise Unavailable("Slack did not tell me which channel this is.", hint="Try again in a minute.")
        return shared

    return is_shared
