"""views.open, push, update and publish."""

from bot.playground.slack import shapes, triggers, views
from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods.registry import Arg, Call, method
from bot.playground.slack.rates import TIER_4
from bot.playground.slack.state import Json

_TRIGGER_ERRORS = ("invalid_trigger_id", "expired_trigger_id", "exchanged_trigger_id")
_VIEW_ERRORS = ("view_too_large", "duplicate_external_id")
_VIEW = Arg("view", "json", required=True)


@method(
    "views.open",
    tier=TIER_4,
    args=(_VIEW, Arg("trigger_id")),
    declined=("interactivity_pointer",),
    errors=(*_TRIGGER_ERRORS, *_VIEW_ERRORS),
)
def open_view(call: Call) -> Json:
    """Show a modal to the person whose action gave the trigger."""
    return _open(call, push=False)


@method(
    "views.push",
    tier=TIER_4,
    args=(_VIEW, Arg("trigger_id")),
    declined=("interactivity_pointer",),
    errors=(*_TRIGGER_ERRORS, *_VIEW_ERRORS, "push_limit_reached", "not_found"),
)
def push(call: Call) -> Json:
    """Show a modal on top of the one in which something was done."""
    return _open(call, push=True)


def _open(call: Call, *, push: bool) -> Json:
    trigger_id = call.maybe("trigger_id")
    if trigger_id is None:
        raise SlackError("invalid_arguments", messages=["[ERROR] missing required field: trigger_id"])
    views.check(call.args["view"], "modal")
    views.refuse_taken_external_id(call.ws, call.args["view"], None)
    trigger = triggers.exchange(call.ws, trigger_id)
    if push and not trigger.in_view:
        raise SlackError("not_found")
    view = views.open_view(call.ws, trigger.user, call.args["view"], push=push)
    return {"view": shapes.view(view)}


@method(
    "views.update",
    tier=TIER_4,
    args=(_VIEW, Arg("view_id"), Arg("external_id"), Arg("hash")),
    errors=(*_VIEW_ERRORS, "not_found", "hash_conflict"),
)
def update(call: Call) -> Json:
    """Replace what an open modal shows."""
    view_id, external_id = call.maybe("view_id"), call.maybe("external_id")
    if (view_id is None) == (external_id is None):
        message = "[ERROR] must provide exactly one of `view_id` or `external_id`"
        raise SlackError("invalid_arguments", messages=[message])
    view = views.find(call.ws, view_id, external_id)
    views.update_view(call.ws, view, call.args["view"], call.maybe("hash"))
    return {"view": shapes.view(view)}


@method(
    "views.publish",
    tier=TIER_4,
    args=(_VIEW, Arg("user_id", required=True), Arg("hash")),
    declined=("interactivity_pointer",),
    errors=(*_VIEW_ERRORS, "hash_conflict", "not_enabled"),
)
def publish(call: Call) -> Json:
    """Set a person's App Home."""
    ws = call.ws
    if not ws.manifest.home.get("home_tab_enabled", False):
        raise SlackError("not_enabled")
    user = ws.store.users.get(call.text("user_id"))
    if user is None or user.is_bot:
        raise SlackError("invalid_arguments", messages=["[ERROR] invalid `user_id`"])
    home = views.publish(ws, user.id, call.args["view"], call.maybe("hash"))
    return {"view": shapes.view(home)}
