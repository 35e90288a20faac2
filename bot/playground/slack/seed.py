"""The workspace that everybody starts with: an insurer's claims team."""

from bot.playground.slack.state import Channel, Role, User
from bot.playground.slack.store import Store

TEAM_ID = "T0NORTHWND"
TEAM_NAME = "Northwind Claims"
TEAM_DOMAIN = "northwind-claims"
APP_ID = "A0TUNESMTH"
BOT_ID = "B0TUNESMTH"
BOT_USER_ID = "U0TUNESMTH"

PEOPLE: tuple[tuple[str, str, str, Role | None, str], ...] = (
    ("U0TRAINER1", "tess", "Tess Okafor", "trainer", "2b6cb0"),
    ("U0APPROVE1", "amir", "Amir Haddad", "approver", "2f855a"),
    ("U0ASKER001", "ines", "Inês Duarte", "asker", "b7791f"),
    ("U0BYSTAND1", "kofi", "Kofi Mensah", None, "805ad5"),
)
"""ID, name, full name, role and colour of each person."""

PARTNER_TEAM_ID = "T0SOUTHBAY"
PARTNER_DOMAIN = "southbay-repairs"
"""The workspace of partners, who are in shared channels by Slack Connect."""

SLACKBOT = User(id="USLACKBOT", name="slackbot", real_name="Slackbot", color="757575")
"""In every workspace, among its people: ``is_bot`` is false of it (github.com/slackapi/bolt-js/issues/794)."""

_EVERYBODY = [person[0] for person in PEOPLE]
CHANNELS: tuple[tuple[str, str, bool, str, tuple[str, ...]], ...] = (
    ("C0CLAIMSAI", "claims-ai", False, "Models that read claims letters", (*_EVERYBODY, BOT_USER_ID)),
    ("C0GENERAL1", "general", False, "Company-wide announcements", tuple(_EVERYBODY)),
    (
        "C0FINANCE1",
        "finance-private",
        True,
        "Budgets and approvals",
        ("U0TRAINER1", "U0APPROVE1", BOT_USER_ID),
    ),
    ("C0SECRET01", "board", True, "Not for apps", ("U0APPROVE1",)),
)
"""ID, name, whether private, topic and members of each channel."""


def plant(store: Store, bot_name: str, created: int) -> None:
    """Fill an empty store with people, channels and each person's direct messages with the app."""
    for user_id, name, real_name, role, color in PEOPLE:
        email = f"{name}@{TEAM_DOMAIN}.example"
        user = User(id=user_id, name=name, real_name=real_name, role=role, color=color, email=email)
        store.users.put(user)
    handle = bot_name.lower().replace(" ", "")
    bot = User(id=BOT_USER_ID, name=handle, real_name=bot_name, is_bot=True, color="4a154b")
    store.users.put(bot)
    for channel_id, name, private, topic, members in CHANNELS:
        channel = Channel(
            id=channel_id, name=name, private=private, topic=topic, members=list(members), created=created
        )
        store.channels.put(channel)
    for user_id, *_rest in PEOPLE:
        channel_id = "D0" + user_id[2:]
        im = Channel(
            id=channel_id, name="", kind="im", private=True, members=[user_id, BOT_USER_ID], created=created
        )
        store.channels.put(im)


def team_of(user: User) -> str:
    """Return the ID of the workspace that a person belongs to."""
    return PARTNER_TEAM_ID if user.standing == "partner" else TEAM_ID
