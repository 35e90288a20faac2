"""api.test, auth.test and apps.connections.open."""

from bot.playground.slack import seed
from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods.registry import Arg, Call, method
from bot.playground.slack.rates import SPECIAL, TIER_3, TIER_4
from bot.playground.slack.state import Json


@method("api.test", tier=TIER_4, args=(Arg("error"),), token="none")
def api_test(call: Call) -> Json:
    """Answer with what was sent."""
    error = call.maybe("error")
    if error is not None:
        raise SlackError(error, args=call.args)
    return {"args": call.args}


@method("auth.test", tier=SPECIAL)
def auth_test(call: Call) -> Json:
    """Say who the token belongs to."""
    bot = call.ws.bot()
    return {
        "url": f"{call.ws.base_url}/",
        "team": seed.TEAM_NAME,
        "user": bot.name,
        "team_id": seed.TEAM_ID,
        "user_id": bot.id,
        "bot_id": seed.BOT_ID,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", tier=TIER_3, token="app", errors=("internal_error",))
def connections_open(call: Call) -> Json:
    """Return the address of a WebSocket that can be opened once."""
    ws = call.ws
    if not ws.manifest.socket_mode:
        raise SlackError("internal_error")
    ticket = ws.store.next_id("ticket-")
    ws.tickets.add(ticket)
    host = ws.base_url.removeprefix("http://")
    return {"url": f"ws://{host}/link/?ticket={ticket}&app_id={seed.APP_ID}"}
