"""What the doctor says of IDs that are nobody's."""

from bot import config
from bot.checkup import Level
from bot.doctor.checks.slack_ids import found, ids_of
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
