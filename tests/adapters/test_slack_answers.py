"""Questions and uploads with the real adapters on the Slack stand-in: what people see in the end."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.slack_clients import posting_client, reading_client
from bot.adapters.slack_files import SlackFiles
from bot.adapters.slack_messages import SlackMessages
from bot.adapters.slack_status import SlackStatus
from bot.adapters.slack_streams import SlackStreams
from bot.controller.controller import Controller
from bot.controller.outbox.messages import Outbox
from bot.datasets.service import Datasets
from bot.kinds import KINDS
from bot.playground.slack import SlackStandIn
from bot.questions.answerer import Question
from bot.questions.answering import Asking
from bot.questions.reconciler import question
from bot.questions.reconciler.dependencies import QuestionDependencies
from bot.questions.service import QuestionService
from bot.uploads.context import UploadDependencies
from bot.uploads.reconciler import upload
from bot.uploads.service import UploadService
from handlers.ui.render import BlockKitRenderer
from tests.doubles.asking import FakeAnswerers, FakeInference
from tests.doubles.clock import START, FakeClock
from tests.doubles.conversations import InMemoryConversations
from tests.doubles.datasets import MemoryDatasetFiles, MemoryDatasetRepository
from tests.doubles.resources import InMemoryResources
from tests.doubles.visibility import directory
from tests.unit.datasets.samples import lines

pytestmark = pytest.mark.scenario

PIECES = ("Route it ", "to oncology. ", "Ping <!chan", "nel> about ", "https://example.com now.")
ANSWER = "Route it to oncology. Ping <\u2060!channel> about https:\u2060//example.\u2060com now."


class Office:
    """The stand-in, and a process that follows questions and uploads."""

    def __init__(self, slack: SlackStandIn, clock: FakeClock, folder: Path) -> None:
        self.slack = slack
        self.clock = clock
        self.resources = InMemoryResources(clock)
        self.inference = FakeInference()
        self.inference.always = PIECES
        self.inference.between = lambda _: clock.advance(1)
        self.asker = slack.person("asker")
        self.trainer = slack.person("trainer")
        posting = posting_client(slack.bot_token, slack.api_url)
        reading = reading_client(slack.bot_token, slack.api_url)
        messages = SlackMessages(posting, reading)
        self.streams = SlackStreams(posting, reading)
        outbox = Outbox(messages, clock)
        asking = Asking(self.inference, InMemoryConversations(), FakeAnswerers())
        questions = QuestionDependencies(
            asking=asking,
            streams=self.streams,
            messages=messages,
            outbox=outbox,
            renderer=BlockKitRenderer(),
            store=self.resources,
            thinking=SlackStatus(posting),
            sessions=SlackStatus(posting),
            clock=clock,
        )
        uploads = UploadDependencies(
            files=SlackFiles(posting, reading, slack.api_url, clock),
            datasets=Datasets(MemoryDatasetFiles(), MemoryDatasetRepository(), clock),
            outbox=outbox,
            renderer=BlockKitRenderer(),
            clock=clock,
            folder=folder,
            cap_bytes=10**6,
            default_profile="claude-3-haiku",
        )
        self.controller = Controller(
            self.resources,
            {
                "question": question.QuestionReconciler(questions),
                "upload": upload.UploadReconciler(uploads),
            },
            clock,
            random=lambda: 0.5,
            kinds=KINDS,
        )

    def asks(self, channel: str = "claims-ai") -> dict[str, Any]:
        root = self.asker.says(channel, "Stage IV, denied?")
        service = QuestionService(
            self.resources, directory(self.resources), InMemoryConversations(), self.clock
        )
        service.ask(
            Question(
                "Ev1", "Stage IV, denied?", root["channel"], self.asker.id, self.slack.team_id, root["ts"]
            )
        )
        return root

    def run(self) -> None:
        """Follow until nothing is left to do."""
        for _ in range(900):
            kinds = ("question", "upload")
            if all(each.done for kind in kinds for each in self.resources.of_kind(kind)):
                return
            if not self.controller.tick():
                self.clock.advance(1)
        raise AssertionError([dict(each.status) for each in self.resources.of_kind("question")])

    def replies(self, root: dict[str, Any]) -> list[dict[str, Any]]:
        return self.asker.thread(root)[1:]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    clock = FakeClock()
    with SlackStandIn(clock=clock) as slack:
        yield Office(slack, clock, tmp_path)


def assert_answered(office: Office, root: dict[str, Any]) -> None:
    [answer] = office.replies(root)
    assert answer["text"] == ANSWER
    assert not answer["streaming"]
    assert office.streams.unmarked(root["channel"], root["ts"], since=START) == [], "it can be found again"


def test_an_answer_in_a_channel(office: Office) -> None:
    root = office.asks()
    office.run()
    assert_answered(office, root)
    assert len(office.inference.asked) == 1


def test_an_answer_in_a_direct_message(office: Office) -> None:
    root = office.asks(office.asker.dm)
    office.run()
    assert_answered(office, root)


def test_a_question_asked_aloud(office: Office) -> None:
    service = QuestionService(
        office.resources, directory(office.resources), InMemoryConversations(), office.clock
    )
    service.ask(
        Question(
            "Ev1", "Is a < b?", "C0CLAIMSAI", office.asker.id, office.slack.team_id, None, "claims-router"
        )
    )
    office.run()
    [root] = office.asker.sees("claims-ai")
    assert root["text"] == f"<@{office.asker.id}> asked `claims-router`:\n>Is a &lt; b?"
    assert_answered(office, root)


TROUBLE: dict[str, Callable[[Any, str], None]] = {
    "the reply is lost": lambda faults, method: faults.drop_after(method),
    "the call is lost": lambda faults, method: faults.drop_before(method),
    "an HTML page": lambda faults, method: faults.server_error(method),
    "too many calls": lambda faults, method: faults.rate_limit(method, retry_after=2),
    "a failure inside": lambda faults, method: faults.error(method, "internal_error"),
}


@pytest.mark.parametrize("method", ["chat.startStream", "chat.appendStream", "chat.stopStream"])
@pytest.mark.parametrize("trouble", TROUBLE)
def test_whatever_slack_does_there_is_one_whole_answer(office: Office, method: str, trouble: str) -> None:
    TROUBLE[trouble](office.slack.faults, method)
    root = office.asks()
    office.run()
    assert_answered(office, root)


def test_a_person_who_presses_stop(office: Office) -> None:
    root: dict[str, Any] = {}

    def between(number: int) -> None:
        office.clock.advance(1)
        if number == 3:
            office.asker.stops(office.replies(root)[0])

    office.inference.between = between
    root = office.asks()
    office.run()
    [answer] = office.replies(root)
    assert answer["text"].startswith("Route it to oncology.")
    assert "example" not in answer["text"]


def test_a_long_answer_fits_slack_s_limits(office: Office) -> None:
    office.inference.line_up([f"Line {number}: {'é' * 90}\n" for number in range(120)])
    root = office.asks()
    office.run()
    texts = [each["text"] for each in office.replies(root)]
    assert len(texts) == 3
    assert "".join(texts).splitlines()[-1].startswith("Line 119")


def dropped(office: Office, content: bytes) -> dict[str, Any]:
    office.trainer.uploads("claims-ai", "claims.jsonl", content)
    root = office.trainer.sees("claims-ai")[-1]
    UploadService(office.resources, directory(office.resources), office.clock).receive(
        file_id=root["files"][0]["id"], channel=root["channel"], thread_ts=root["ts"], user=office.trainer.id
    )
    return root


def test_a_good_file_gets_its_verdict(office: Office) -> None:
    root = dropped(office, lines(pad=40))
    office.run()
    [verdict] = office.replies(root)
    assert "ready" in verdict["text"].lower()
    assert any(
        element.get("action_id", "").startswith("dataset.start")
        for block in verdict["blocks"]
        for element in block.get("elements", [])
    )


@pytest.mark.parametrize("trouble", [None, *TROUBLE])
def test_a_bad_file_gets_its_report_once(office: Office, trouble: str | None) -> None:
    if trouble:
        TROUBLE[trouble](office.slack.faults, "files.completeUploadExternal")
    root = dropped(office, lines("no JSON", pad=40))
    office.run()
    verdict, report = office.replies(root)
    assert verdict["blocks"]
    assert [each["name"] for each in report["files"]] == ["claims-report.html", "claims-report.json"]


def test_another_person_s_private_file_stays_private(office: Office) -> None:
    file = office.trainer.uploads("finance-private", "salaries.jsonl", lines(pad=40))
    UploadService(office.resources, directory(office.resources), office.clock).receive(
        file_id=file["id"], channel="C0CLAIMSAI", thread_ts=None, user=office.asker.id
    )
    office.run()
    [said] = office.asker.sees("claims-ai")
    assert "cannot" in said["text"] or "cannot" in str(said["blocks"])


def test_a_question_from_a_channel_without_the_bot_is_answered_directly(office: Office) -> None:
    QuestionService(office.resources, directory(office.resources), InMemoryConversations(), office.clock).ask(
        Question("Ev1", "Is it?", "C0GENERAL1", office.asker.id, office.slack.team_id, None)
    )
    office.run()
    [asked] = office.asker.sees(office.asker.dm)
    assert asked["text"].startswith("I could not say this in <#C0GENERAL1>.")
    assert "/invite" in asked["text"]
    assert "Is it?" in asked["text"]
    [answer] = office.replies(asked)
    assert len(office.inference.asked) == 1
    assert answer["text"]
