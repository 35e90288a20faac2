"""`tunesmith setup`: a person at a terminal, one step after another."""

import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import config
from bot.checkup import Line, bad, good
from bot.cli import app, env_file
from bot.cli.setup import Setup
from bot.config import Outside
from bot.errors import Misconfigured
from tests.tables import table
from tests.unit.test_setting_sources import Book, fetch

ROLE = "arn:aws:iam::123456789012:role/tunesmith"
FAR = "redis://:hidden@redis.example:6379/0"
SEAL = "hidden" + "k" * 26
ANSWERS = [
    "xapp-swapped",  # the wrong token: its form is told
    "xoxb-revoked",  # the right form, and Slack does not take it
    "n",
    "xoxb-hidden",
    "xapp-hidden",
    FAR,  # without TLS
    "n",
    "redis://:hidden@localhost:6379/0",
    "us-west-22=tunes",
    "us-west-2=tunes",
    ROLE,
    "@tess",
    "#claims-ai",
    "@ada",
    "",
    "all=500,#claims=200",
    SEAL,
]
"""What a person enters, with five slips."""
WRITTEN = {
    "SLACK_BOT_TOKEN": "xoxb-hidden",
    "SLACK_APP_TOKEN": "xapp-hidden",
    "REDIS_URL": "redis://:hidden@localhost:6379/0",
    "TUNESMITH_BUCKETS": "us-west-2=tunes",
    "TUNESMITH_ROLE_ARN": ROLE,
    "TUNESMITH_OPERATOR": "C0CLAIMSAI",
    "TUNESMITH_TRAINERS": "U0ADA00001",
    "TUNESMITH_BUDGETS": "all=500,C0CLAIMS01=200",
    "TUNESMITH_AUDIT_KEY": SEAL,
}


class Person:
    """Answers what they are asked, and reads all that is said."""

    def __init__(self, path: Path, *answers: str, environment: Mapping[str, str] | None = None) -> None:
        self.answers: Iterator[str] = iter(answers)
        self.said: list[str] = []
        self.secret_questions: list[str] = []
        self.looked: list[str] = []
        outside = Outside(fetch, lambda _token, _address: Book())
        self.setup = Setup(path, environment or {}, self.ask, self.said.append, self.look, outside)

    def ask(self, question: str, secret: bool) -> str:
        self.said.append(question)
        if secret:
            self.secret_questions.append(question)
        for answer in self.answers:
            return answer
        raise EOFError

    def look(self, name: str, values: Mapping[str, str]) -> Sequence[Line]:
        self.looked.append(name)
        if values[name] == "xoxb-revoked":
            return [bad("Slack token", "Slack does not take it.", "Install the app anew.")]
        return [good(name, "It is taken.")]

    @property
    def text(self) -> str:
        return "\n".join(self.said)


def test_a_person_who_slips_comes_to_whole_settings_and_no_secret_is_shown(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    person = Person(path, *ANSWERS)

    assert person.setup.run()
    written: dict[str, str] = {}
    env_file.load(path, written)
    assert written == WRITTEN
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [".env"]
    assert "hidden" not in person.text
    assert len(person.secret_questions) == 9, (
        "and whether a secret is taken all the same: it may be pasted there"
    )
    numbers = re.findall(r"^(\d+)/(\d+) ", person.text, re.MULTILINE)
    assert numbers == [(str(number), "10") for number in range(1, 11)], "none is passed over"
    for words in (
        "holds the app-level token (SLACK_APP_TOKEN)",
        "Slack does not take it.",
        "Install the app anew.",
        "TUNESMITH_REDIS_TLS=optional",
        "Did you mean `us-west-2`?\n",
        "no  It holds the app-level token",
        "`@tess` is what U0EVE00001",
        "#claims-ai is C0CLAIMSAI",
        "`tunesmith manifest` prints",
        "`tunesmith iam cloudformation` prints",
        "`tunesmith run` starts the bot",
    ):
        assert words in person.text


@pytest.mark.slow
def test_it_can_be_left_at_every_question_and_taken_up_again(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    right = [
        each
        for each in ANSWERS
        if each not in ("xapp-swapped", "xoxb-revoked", "n", "us-west-22=tunes", "@tess", FAR)
    ]
    right[right.index("")] = "U0TESS0001"
    for answer in right[:-1]:
        with pytest.raises(EOFError):
            Person(path, answer).setup.run()
    last = Person(path, right[-1])
    assert last.setup.run()
    assert ["Secret" in each for each in last.secret_questions] == [True], "the seal alone"
    assert "is set." in last.text
    assert "hidden" not in last.text


def test_by_http_the_signing_secret_takes_the_app_tokens_place(tmp_path: Path) -> None:
    given = {name: value for name, value in WRITTEN.items() if name != "SLACK_APP_TOKEN"}
    person = Person(tmp_path / ".env", "", "xoxb-hidden", "short", "n", "0a" * 16, "", environment=given)

    assert person.setup.run()
    assert "the signing secret is another value" in person.text
    assert "\n3/11 Slack: its signature" in person.text, "asked for when that is skipped"
    assert "\n4/11 Redis" in person.text
    assert "Signing secrets have 32 signs" in person.text
    assert "run --http 3000" in person.text
    assert (tmp_path / ".env").read_text() == f"SLACK_SIGNING_SECRET={'0a' * 16}\n"


@pytest.mark.parametrize(
    ("address", "named", "found"),
    [
        (FAR, "TUNESMITH_REDIS_TLS=optional", ""),
        ("redis://localhost:6379/0", "TUNESMITH_REDIS_FORM=cluster", "Set TUNESMITH_REDIS_FORM=cluster."),
        ("redis://localhost:6379/0", "", "Set TUNESMITH_BASE_MODEL=other."),
    ],
)
def test_what_an_address_needs_beside_it_is_set_by_one_answer(
    tmp_path: Path, address: str, named: str, found: str
) -> None:
    answers = ("xoxb-1", "xapp-1", address, *(("y",) if named else ("n", "redis://localhost:6380/0")))
    person = Person(tmp_path / ".env", *answers)
    name, _, value = named.partition("=")

    def look(setting: str, values: Mapping[str, str]) -> Sequence[Line]:
        well = setting != "REDIS_URL" or not found or values.get(name) == value or "6380" in values[setting]
        return [good(setting, "It is taken.") if well else bad("Redis's form", "It is a node.", found)]

    person.setup = Setup(
        tmp_path / ".env", {}, person.ask, person.said.append, look, Outside(fetch, lambda _t, _a: Book())
    )
    with pytest.raises(EOFError):
        person.setup.run()
    written = (tmp_path / ".env").read_text()
    assert "REDIS_URL=" in written
    assert (named in written) if named else ("BASE_MODEL" not in written and "6380" in written)


def test_whoever_enters_no_seal_has_one_made_and_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    given = {name: value for name, value in WRITTEN.items() if name != "TUNESMITH_AUDIT_KEY"}
    made: list[dict[str, str]] = []
    for _ in range(2):
        person = Person(path, "", "", environment=given)
        assert person.setup.run()
        made.append({})
        env_file.load(path, made[-1])
        assert made[-1]["TUNESMITH_AUDIT_KEY"] not in person.text
    assert made[0] == made[1]
    assert len(made[0]["TUNESMITH_AUDIT_KEY"]) == 64


def test_what_stands_elsewhere_is_looked_at_and_not_asked_for(tmp_path: Path) -> None:
    given = {name: value for name, value in WRITTEN.items() if name != "SLACK_BOT_TOKEN"}
    by_name = {"SLACK_BOT_TOKEN_SECRET": "slack", "TUNESMITH_TRAINERS": "@ada"}
    kept = Person(tmp_path / ".env", "", environment=given | by_name)
    assert kept.setup.run()
    assert "SLACK_BOT_TOKEN is set." in kept.text
    assert "@ada is U0ADA00001." in kept.text

    lost = Person(tmp_path / ".env", "", environment=given | {"SLACK_BOT_TOKEN_SECRET": "none"})
    assert not lost.setup.run()
    assert "names the secret none: There is no such secret." in lost.text
    assert not (tmp_path / ".env").exists()


FILES = [
    ("", "A=1\n"),
    ("B=2", "B=2\nA=1\n"),
    ("# words\nA=0 # old\nB=2\n", "# words\nA=1\nB=2\n"),
    ("\n\n  A=0\n\nexport B='x y'\n", "\n\n  A=1\n\nexport B='x y'\n"),
    ("A=0\nB=2\nA=0\n", "A=1\nB=2\n"),
    ("\ufeffB=2\n", "B=2\nA=1\n"),
]
"""A file, and what it is with A=1 put into it."""


def test_a_setting_is_put_into_a_file_and_the_rest_stays(tmp_path: Path) -> None:
    path, link = tmp_path / "real", tmp_path / ".env"
    link.symlink_to(path)
    with table() as row:
        for before, after in FILES:
            with row(before):
                path.write_text(before, encoding="utf-8")
                path.chmod(0o644)
                env_file.put(link, "A", "1")
                assert path.read_text(encoding="utf-8") == after
                assert stat.S_IMODE(path.stat().st_mode) == 0o600
        for value in ("a b", "it's", "a\\b", 'say "x"', "#x", "p$x", "back\\'slash"):
            with row(value):
                env_file.put(link, "A", value)
                read: dict[str, str] = {}
                env_file.load(link, read)
                assert read["A"] == value
    assert link.is_symlink()
    for value in ("two\nlines", "${HOME}"):
        with pytest.raises(Misconfigured, match="cannot stand in the file"):
            env_file.put(link, "A", value)


def test_piped_answers_are_read_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.wiring.setting_up.look_at", lambda name, values: [good(name, values[name][:4])])
    path = tmp_path / ".env"
    nothing = {row.name: None for row in config.rows()}
    result = CliRunner().invoke(
        app, ["setup", "--file", str(path)], input="xoxb-hidden\nxapp-hidden\n", env=nothing
    )

    assert result.exit_code == 1
    assert "goes on from here" in result.output
    assert "hidden" not in result.output
    assert path.read_text() == "SLACK_BOT_TOKEN=xoxb-hidden\nSLACK_APP_TOKEN=xapp-hidden\n"


def test_no_token_is_looked_at_over_a_way_that_others_can_read(tmp_path: Path) -> None:
    person = Person(tmp_path / ".env", environment={"SLACK_API_URL": "http://far.example/api/"})

    assert not person.setup.run()
    assert "SLACK_API_URL leads to `far.example` without TLS" in person.text
    assert "TUNESMITH_HTTPS=optional" in person.text
