"""The app was removed from the workspace: every later call fails by itself."""

from handlers.event import Event

EVENT = Event(name="app_uninstalled", subscriptions=("app_uninstalled",), scopes=())
