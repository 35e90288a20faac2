"""What the doctor says of roles by user group and channel."""

from bot.checkup import Level
from bot.doctor.checks.slack_roles import found
from tests.doubles.rosters import FakeRosters, people
from tests.tables import table

ROSTERS = FakeRosters(
    S0TEAM=people("U1"), S0EMPTY=people(), COPEN=people("U1", joinable=True), CSHUT=people("U1")
)
ROWS: list[tuple[str, str, Level, str]] = [
    ("TUNESMITH_TRAINERS", "U1", Level.GOOD, "people alone"),
    ("TUNESMITH_TRAINERS", "S0TEAM", Level.GOOD, "each of the 1"),
    ("TUNESMITH_TRAINERS", "S0EMPTY", Level.WARNING, "Nobody is in S0EMPTY"),
    ("TUNESMITH_TRAINERS", "S0GONE", Level.BAD, "gives nobody a role: Slack does not say"),
    ("TUNESMITH_TRAINERS", "COPEN", Level.WARNING, "Whoever joins COPEN may spend there"),
    ("TUNESMITH_ASKERS", "COPEN", Level.GOOD, "each of the 1"),
    ("TUNESMITH_APPROVERS", "COPEN", Level.BAD, "gives nobody a role: whoever likes may join"),
    ("TUNESMITH_OPERATORS", "COPEN", Level.BAD, "gives nobody a role: whoever likes may join"),
    ("TUNESMITH_APPROVERS", "CSHUT", Level.GOOD, "each of the 1"),
]


def test_what_gives_nobody_a_role_or_anybody_is_told_with_what_mends_it() -> None:
    with table() as row:
        for setting, named, level, said in ROWS:
            with row(setting, named):
                [line] = found({setting: frozenset({named})}, ROSTERS)
                assert (line.level, said in line.said) == (level, True)
                assert bool(line.mend) is (level is not Level.GOOD)
