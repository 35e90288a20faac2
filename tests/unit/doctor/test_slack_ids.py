"""What the doctor says of IDs that are nobody's."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot import config
from bot.adapters.slack_app import SlackApp
from bot.checkup import Level
from bot.doctor.checks.slack_ids import MOST, found, ids_of
from bot.errors import Refused
from tests.tables import table

NEEDED = {
    "SLACK_BOT_TOKEN": "xoxb-0",
    "SLACK_APP_TOKEN": "xapp-0",
    "REDIS_URL": "redis://localhost",
    "TUNESMITH_BUCKETS": "us-west-2=my-bucket",
    "TUNESMITH_ROLE_ARN": "arn:aws:iam::123456789012:role/r",
    "TUNESMITH_OPERATOR": "U0HERE0001",
}
ROWS = [
    ("TUNESMITH_OPERATOR", "U0GONE0001", "is nobody here, or has left"),
    ("TUNESMITH_OPERATOR", "C0GONE0001", "is no channel that I see"),
    ("TUNESMITH_TRAINERS", "U0HERE0001,U0GONE0001", "nobody here"),
    ("TUNESMITH_APPROVERS", "U0GONE0001", "nobody here"),
    ("TUNESMITH_OPERATORS", "U0GONE0001", "nobody here"),
    ("TUNESMITH_ASKERS", "U0GONE0001", "nobody here"),
    ("TUNESMITH_GUESTS", "U0GONE0001", "nobody here"),
    ("TUNESMITH_ALLOWED_CHANNELS", "C0GONE0001", "no channel"),
    ("TUNESMITH_ALLOWED_CHANNELS", "G0GONE0001", "no channel"),
    ("TUNESMITH_BUDGETS", "all=5,C0GONE0001=3", "no channel"),
    ("TUNESMITH_BUDGETS", "all=5,U0HERE0001=3", ""),
    ("TUNESMITH_TRAINERS", "S0GROUP001", ""),
]


def test_an_id_that_is_nobodys_is_told_by_its_setting() -> None:
    with table() as row:
        for setting, value, words in ROWS:
            with row(setting, value):
                settings = config.load({**NEEDED, setting: value})
                [line] = found(ids_of(settings), lambda each: "GONE" not in each)
                assert words in line.said
                assert (line.level, setting in line.said, bool(line.mend)) == (
                    (Level.BAD, True, True) if words else (Level.GOOD, False, False)
                )


def test_of_more_than_slack_answers_at_once_it_says_how_many_it_asked_about() -> None:
    asked: list[str] = []

    def knows(who: str) -> bool:
        asked.append(who)
        return True

    [line] = found({"TUNESMITH_TRAINERS": {f"U{number:09}" for number in range(MOST + 1)}}, knows)
    assert len(asked) == MOST
    assert f"Of the {MOST + 1} IDs" in line.said


class Answering:
    """A client of Slack's that has one answer."""

    def __init__(self, **answer: Any) -> None:
        self._answer = answer

    def api_call(self, method: str, params: dict[str, str]) -> dict[str, Any]:
        if not self._answer["ok"]:
            raise SlackApiError(f"{method} of {params}", self._answer)  # type: ignore[no-untyped-call]
        return self._answer


def knows(**answer: Any) -> bool:
    client: Any = Answering(**answer)
    return SlackApp(client).knows("U0SOMEBODY")


def test_only_what_slack_says_of_an_id_counts_as_nobody() -> None:
    assert knows(ok=True, user={"id": "U0SOMEBODY"})
    assert not knows(ok=True, user={"id": "U0SOMEBODY", "deleted": True})
    assert not knows(ok=False, error="user_not_found")
    with pytest.raises(Refused):
        knows(ok=False, error="a_new_word")
