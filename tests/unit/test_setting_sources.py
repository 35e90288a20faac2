"""Settings that only name what they hold: secrets in files and at AWS, channels and people by name."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot import config
from bot.config import Outside
from bot.errors import Misconfigured, Unavailable
from bot.setting_names import Named
from tests.tables import table
from tests.unit.test_config import GOOD

KEPT = {
    "slack": "xoxb-kept\n",
    "all": '{"SLACK_BOT_TOKEN": "xoxb-json", "OTHER": 1}',
    "broken": '{"SLACK_BOT_TOKEN": ',
    "deep": '{"SLACK_BOT_TOKEN": ' + "[" * 60_000,
    "half": '{"SLACK_BOT_TOKEN": "xoxb-\\ud800"}',
    "listed": '{"SLACK_BOT_TOKEN": ["xoxb-1"]}',
    "twice": '{"SLACK_BOT_TOKEN": "xoxb-1\\nxoxb-2"}',
    "blank": "  \n",
}


class Book:
    def channels(self) -> Sequence[Named]:
        return [
            Named("C0CLAIMSAI", "claims-ai"),
            Named("C0CLAIMS01", "claims"),
            Named("C0OLDTHING", "old", gone="is archived"),
        ]

    def people(self) -> Sequence[Named]:
        return [
            Named("U0ADA00001", "ada", ("Ada Lovelace",)),
            Named("U0EVE00001", "eve", ("ada", "tess")),
            Named("U0TESS0001", "tess.t", ("Tess",)),
            Named("U0TESS0002", "tess.two", ("Tess",)),
            Named("U0GONE0001", "gone", gone="is deactivated"),
        ]

    def groups(self) -> Sequence[Named]:
        return [
            Named("S0MLTEAM01", "ml-team", ("ML Team",)),
            Named("S0FORGED01", "u0ada00001"),
            Named("S0OLDTEAM1", "old-team", gone="is disabled"),
        ]


class WithoutScope(Book):
    def groups(self) -> Sequence[Named]:
        raise Misconfigured("My Slack app lacks the scope `usergroups:read`.")


class Silent(Book):
    def people(self) -> Sequence[Named]:
        raise Unavailable("Slack could not be reached.")


def fetch(secret: str, region: str) -> str:
    assert region == "us-west-2", "that of the first bucket"
    if secret not in KEPT:
        raise Misconfigured("There is no such secret.")
    return KEPT[secret]


def load(settings: dict[str, str], *left_out: str, book: Book | None = None) -> config.Settings:
    given = {name: value for name, value in GOOD.items() if name not in left_out} | settings
    return config.load(given, outside=Outside(fetch, lambda _token, _address: book or Book()))


TOKENS: list[tuple[str, str, str, bool]] = [
    ("SLACK_BOT_TOKEN_SECRET", "slack", "xoxb-kept", True),
    ("SLACK_BOT_TOKEN_SECRET", "all", "xoxb-json", True),
    ("SLACK_BOT_TOKEN_SECRET", "none", "names the secret none: There is no such secret.", False),
    ("SLACK_BOT_TOKEN_SECRET", "broken", "begins like JSON and is none", False),
    ("SLACK_BOT_TOKEN_SECRET", "deep", "begins like JSON and is none", False),
    ("SLACK_BOT_TOKEN_SECRET", "half", "SLACK_BOT_TOKEN", False),
    ("SLACK_BOT_TOKEN_SECRET", "listed", "has no text under the key", False),
    ("SLACK_BOT_TOKEN_SECRET", "twice", "SLACK_BOT_TOKEN", False),
    ("SLACK_BOT_TOKEN_SECRET", "blank", "which is empty", False),
    ("SLACK_BOT_TOKEN_FILE", "token", "xoxb-file", True),
    ("SLACK_BOT_TOKEN_FILE", "swapped", "holds the app-level token", False),
    ("SLACK_BOT_TOKEN_FILE", "empty", "which is empty", False),
    ("SLACK_BOT_TOKEN_FILE", "bytes", "which is no text", False),
    ("SLACK_BOT_TOKEN_FILE", "huge", "too large for a secret", False),
    ("SLACK_BOT_TOKEN_FILE", "missing", "no such file", False),
]
"""A secret that stands elsewhere; what the setting then holds, or what is told."""


def test_secrets_may_stand_in_files_and_at_aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        "token": b"xoxb-file\n",
        "swapped": b"xapp-hidden",
        "empty": b"\n",
        "bytes": b"\xff\xfe\x00",
        "huge": b"x" * 70_000,
    }
    for name, raw in files.items():
        Path(name).write_bytes(raw)
    with table() as row:
        for setting, value, expected, holds in TOKENS:
            with row(setting, value):
                if holds:
                    settings = load({setting: value}, "SLACK_BOT_TOKEN")
                    assert settings.slack_bot_token.get_secret_value() == expected
                else:
                    with pytest.raises(Misconfigured) as caught:
                        load({setting: value}, "SLACK_BOT_TOKEN")
                    assert caught.value.message.startswith("1 setting is missing or wrong")
                    assert expected in caught.value.message
                    assert "hidden" not in caught.value.message


NAMES: list[tuple[str, str, str, bool]] = [
    ("TUNESMITH_ALLOWED_CHANNELS", "#claims-ai, C0OTHER001", "C0CLAIMSAI C0OTHER001", True),
    ("TUNESMITH_TRAINERS", "@ada,@Tess.T", "U0ADA00001 U0TESS0001", True),
    ("TUNESMITH_BUDGETS", "all=9,#claims=5,@ada=1", "C0CLAIMS01 U0ADA00001 all", True),
    ("TUNESMITH_OPERATOR", "@ada", "U0ADA00001", True),
    (
        "TUNESMITH_ALLOWED_CHANNELS",
        "#claimsai",
        "no channel `#claimsai` that I see (the nearest is `claims-ai`)",
        False,
    ),
    ("TUNESMITH_ALLOWED_CHANNELS", "#old", "`#old` (C0OLDTHING) is archived", False),
    ("TUNESMITH_TRAINERS", "@gone", "`@gone` (U0GONE0001) is deactivated", False),
    # who calls herself `tess` is not who the setting means, and nor is one of two
    ("TUNESMITH_TRAINERS", "@tess", "U0EVE00001 (ada), U0TESS0001 (Tess), U0TESS0002 (Tess)", False),
    ("TUNESMITH_TRAINERS", "@Ada Lovelace", "`@Ada Lovelace` is what U0ADA00001", False),
    ("TUNESMITH_TRAINERS", "@nobody-like-that", "nobody here has the user name `@nobody-like-that`", False),
    (
        "TUNESMITH_BUDGETS",
        "all=9,@eve2=5",
        "nobody here has the user name `@eve2` (the nearest is `eve`)",
        False,
    ),
    ("TUNESMITH_TRAINERS", "@ada,@ml-team,#claims-ai", "C0CLAIMSAI S0MLTEAM01 U0ADA00001", True),
    ("TUNESMITH_OPERATORS", "@ml-team,U0ADA00001", "S0MLTEAM01 U0ADA00001", True),
    ("TUNESMITH_TRAINERS", "@old-team", "`@old-team` (S0OLDTEAM1) is disabled", False),
    # a handle that looks like somebody's ID stays the group's, and the bare word stays the ID
    ("TUNESMITH_TRAINERS", "@u0ada00001,U0TESS0001", "S0FORGED01 U0TESS0001", True),
    ("TUNESMITH_TRAINERS", "@ML Team", "`@ML Team` is what S0MLTEAM01", False),
    ("TUNESMITH_GUESTS", "@ml-team", "nobody here has the user name `@ml-team`", False),
    ("TUNESMITH_BUDGETS", "all=9,@ml-team=5", "nobody here has the user name `@ml-team`", False),
    ("TUNESMITH_TRAINERS", "ada@example.com", "an e-mail address", False),
]
"""Names in a setting; the IDs that it then holds, or what is told."""


def test_names_become_ids_or_are_refused_with_what_was_found() -> None:
    heard = {"TUNESMITH_APPROVERS": "U0OTHER001"}
    with table() as row:
        for setting, value, expected, holds in NAMES:
            with row(setting, value):
                if holds:
                    field = setting.removeprefix("TUNESMITH_").lower()
                    found = getattr(load(heard | {setting: value}), field)
                    assert (found if isinstance(found, str) else " ".join(sorted(found))) == expected
                else:
                    with pytest.raises(Misconfigured) as caught:
                        load(heard | {setting: value})
                    assert caught.value.message.startswith("1 setting is missing or wrong")
                    assert expected in caught.value.message


def test_a_slack_that_says_nothing_is_told_and_ids_need_none() -> None:
    with pytest.raises(Misconfigured, match="Slack did not say whose they are: Slack could not be reached"):
        load({"TUNESMITH_APPROVERS": "@ada"}, book=Silent())
    assert load({"TUNESMITH_APPROVERS": "U0ADA00001"}, book=Silent()).approvers == {"U0ADA00001"}


def test_without_the_scope_people_are_found_and_groups_are_not() -> None:
    assert load({"TUNESMITH_ASKERS": "@ada"}, book=WithoutScope()).askers == {"U0ADA00001"}
    with pytest.raises(Misconfigured, match="nobody here has the user name `@ml-team`"):
        load({"TUNESMITH_ASKERS": "@ml-team"}, book=WithoutScope())


def test_approvers_of_a_group_alone_leave_nobody_who_surely_hears() -> None:
    who = {"TUNESMITH_TRAINERS": "@ada", "TUNESMITH_APPROVERS": "@ml-team"}
    with pytest.raises(Misconfigured, match="in a group there may be nobody"):
        load(who)
    assert load(who | {"TUNESMITH_OPERATOR": "@ada"}).operator == "U0ADA00001"
