"""usergroups.list and usergroups.users.list."""

from bot.playground.slack import seed
from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods.registry import Arg, Call, method
from bot.playground.slack.rates import TIER_2
from bot.playground.slack.state import Group, Json


@method(
    "usergroups.list",
    tier=TIER_2,
    scopes=("usergroups:read",),
    args=(
        Arg("include_count", "boolean"),
        Arg("include_disabled", "boolean"),
        Arg("include_users", "boolean"),
        Arg("team_id"),
    ),
    errors=("plan_upgrade_required", "invalid_team"),
)
def list_groups(call: Call) -> Json:
    """List the user groups."""
    found = [
        each for each in call.ws.store.groups.values() if not each.disabled or call.flag("include_disabled")
    ]
    return {"usergroups": [_shown(each, call) for each in found]}


def _shown(row: Group, call: Call) -> Json:
    body: Json = {
        "id": row.id,
        "team_id": seed.TEAM_ID,
        "is_usergroup": True,
        "name": row.name,
        "handle": row.handle,
        "date_delete": int(call.ws.now()) if row.disabled else 0,
    }
    if call.flag("include_users"):
        body["users"] = list(row.members)
    if call.flag("include_count"):
        body["user_count"] = len(row.members)
    return body


@method(
    "usergroups.users.list",
    tier=TIER_2,
    scopes=("usergroups:read",),
    args=(Arg("usergroup", required=True), Arg("include_disabled", "boolean"), Arg("team_id")),
    errors=("no_such_subteam", "plan_upgrade_required"),
)
def list_members(call: Call) -> Json:
    """List who is in a user group. That Slack names nobody of a disabled one is what its documentation leaves open."""
    group = call.ws.store.groups.get(call.text("usergroup"))
    if group is None or (group.disabled and not call.flag("include_disabled")):
        raise SlackError("no_such_subteam")
    return {"users": list(group.members)}
