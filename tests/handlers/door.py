"""The front door: a real Bolt app whose way out is recorded, and checked as Slack checks it."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.access import Access
from bot.deletions.service import DeletionService
from bot.deployments.service import DeploymentService
from bot.derivations.service import DerivationService
from bot.digests.service import DigestService
from bot.directory.aliasing import AliasService
from bot.directory.answering import AnsweringService
from bot.directory.datasets import DatasetService
from bot.directory.directory import Directory
from bot.directory.raising import RaisingService
from bot.directory.renaming import RenamingService
from bot.directory.sharing import SharingService
from bot.directory.spending import SpendingService
from bot.distillations.service import DistillationService
from bot.jobs.follow_service import FollowService
from bot.jobs.service import JobService
from bot.kinds import PURCHASES, SOURCES
from bot.leases.extensions import Limits
from bot.leases.purchase import LeasePurchase
from bot.leases.waking_service import WakingService
from bot.listening import ListenerThreads
from bot.models.ports import ModelStores
from bot.notifications.service import QuietHoursService
from bot.pictures.service import PictureService
from bot.playground.slack.blocks import validate_message, validate_view
from bot.questions.channel_service import ChannelService
from bot.questions.feedback_service import FeedbackService
from bot.questions.kept_service import KeptService
from bot.schedules.service import ScheduleService
from bot.services import Services
from bot.serving.handover_service import HandoverService
from bot.serving.wakes import ServedWakes
from bot.spending.budget_service import BudgetService
from bot.strays.service import StrayService
from bot.sweeps.service import SweepService
from bot.trials.service import TrialService
from bot.unmanaged.service import UnmanagedJobsService
from bot.visibility import Viewer
from handlers.register import register
from handlers.shapes import tidied
from handlers.ui.render import BlockKitRenderer
from tests.doubles.aliases import InMemoryAliases
from tests.doubles.bedrock import InMemoryModels
from tests.doubles.clock import FakeClock
from tests.doubles.datasets import MemoryDatasetRepository
from tests.doubles.details import InMemoryDetails
from tests.doubles.feedback import InMemoryFeedback
from tests.doubles.following_logs import InMemoryInbox
from tests.doubles.ledger import InMemoryLedger
from tests.doubles.moves import moves_in
from tests.doubles.readers import InMemoryReaders
from tests.doubles.resources import InMemoryResources
from tests.doubles.settings import InMemoryAnswerSettings, InMemoryChannelSettings
from tests.doubles.trail import InMemoryTrail
from tests.doubles.visibility import FakeChannelMemberships, InMemoryShares
from tests.handlers.fake_services import (
    FakeDoctor,
    FakeExtensions,
    FakeLeases,
    FakeQuestions,
    FakeUploads,
    Votes,
)
from tests.unit.jobs.samples import ACCESS, PRICES, SETTINGS, dataset

Json = dict[str, Any]
TEAM, CHANNEL, DIRECT, USER, BOT = "T1", "C1", "D1", "UTRAIN", "UBOT"
PURCHASES_OF = {kind: each(PRICES, SETTINGS) for kind, each in PURCHASES.items()}
LIMITS = Limits(SETTINGS.approval_limit, SETTINGS.self_approval_limit, 480)
RESPONSE_URL = "https://hooks.slack.example/1"


class RecordingClient(WebClient):
    """Keeps every call and answers it with what a test put into ``answers``. Nothing reaches a socket."""

    def __init__(self) -> None:
        super().__init__(token="xoxb-test")
        self.made: list[tuple[str, Json]] = []
        self.answers: dict[str, Json] = {
            "auth.test": {"ok": True, "user_id": BOT, "bot_id": "BBOT", "team_id": TEAM, "url": "https://x/"}
        }

    def api_call(self, api_method: str, **kwargs: Any) -> SlackResponse:
        arguments = {**(kwargs.get("params") or {}), **(kwargs.get("json") or {})}
        self.made.append((api_method, arguments))
        _check(arguments)
        response = SlackResponse(
            client=self,
            http_verb="POST",
            api_url=api_method,
            req_args={},
            data=self.answers.get(api_method, {"ok": True}),
            headers={},
            status_code=200,
        )
        cast(Any, response).validate()
        return response

    def calls(self, method: str) -> list[Json]:
        """Return the arguments of every call of that method."""
        return [arguments for made, arguments in self.made if made == method]


def _check(arguments: Mapping[str, Any]) -> None:
    if "blocks" in arguments:
        assert validate_message(arguments["blocks"]) == []
    if "view" in arguments:
        assert validate_view(arguments["view"]) == []


@dataclass
class Door:
    """A bot of its own for one test: deliver something, then look at what was asked of the services and said."""

    app: App
    client: RecordingClient
    access: Access
    inbound: InMemoryInbox
    details: InMemoryDetails
    trail: InMemoryTrail
    uploads: FakeUploads
    questions: FakeQuestions
    leases: FakeLeases
    extensions: FakeExtensions
    jobs: JobService
    store: InMemoryResources
    datasets: MemoryDatasetRepository
    models: InMemoryModels
    ledger: InMemoryLedger
    clock: FakeClock
    webhooks: list[Json]
    numbers: "itertools.count[int]"
    webhook_error: Exception | None = None
    user: str = USER
    channel: str = CHANNEL

    # What people do

    def command(self, text: str, slash: str = "/tune", **changes: Any) -> BoltResponse:
        body = {
            "command": slash,
            "text": text,
            "user_id": self.user,
            "team_id": TEAM,
            "channel_id": self.channel,
            "trigger_id": f"trigger{next(self.numbers)}",
            "response_url": RESPONSE_URL,
        }
        return self.deliver(body | changes)

    def press(self, action_id: str, value: str = "", **changes: Any) -> BoltResponse:
        body = {
            "type": "block_actions",
            "user": {"id": self.user, "team_id": TEAM},
            "team": {"id": TEAM},
            "channel": {"id": self.channel},
            "container": {
                "type": "message",
                "message_ts": "5.0",
                "channel_id": self.channel,
                "is_ephemeral": False,
            },
            "message": {"ts": "5.0"},
            "trigger_id": f"trigger{next(self.numbers)}",
            "response_url": RESPONSE_URL,
            "actions": [
                {
                    "type": "button",
                    "action_id": action_id,
                    "block_id": "b",
                    "value": value,
                    "action_ts": "6.0",
                }
            ],
        }
        return self.deliver(body | changes)

    def choose(self, view: Json, action_id: str, value: str, **changes: Any) -> BoltResponse:
        body = {
            "type": "block_actions",
            "user": {"id": self.user, "team_id": TEAM},
            "team": {"id": TEAM},
            "container": {"type": "view", "view_id": "V1"},
            "view": view | {"id": "V1", "hash": "h1"},
            "trigger_id": f"trigger{next(self.numbers)}",
            "actions": [
                {
                    "type": "static_select",
                    "action_id": action_id,
                    "block_id": "b",
                    "selected_option": {"value": value, "text": {"type": "plain_text", "text": value}},
                    "action_ts": "6.0",
                }
            ],
        }
        return self.deliver(body | changes)

    def submit(self, view: Json, filled: Mapping[str, Any]) -> BoltResponse:
        """Submit a view as it was drawn, with these blocks filled in otherwise. None empties a field."""
        state = initial_state(view)
        for block_id, value in filled.items():
            before = state.get(block_id, {"value": {"type": "plain_text_input"}})
            action_id, was = next(iter(before.items()))
            chosen = was["type"] if was["type"] in ("radio_buttons", "checkboxes") else "plain_text_input"
            state[block_id] = {action_id: _state(value, chosen)}
        body = {
            "type": "view_submission",
            "user": {"id": self.user, "team_id": TEAM},
            "team": {"id": TEAM},
            "trigger_id": f"trigger{next(self.numbers)}",
            "view": view | {"id": f"V{next(self.numbers)}", "hash": "h", "state": {"values": state}},
            "response_urls": [],
        }
        return self.deliver(body)

    def shortcut(self, callback_id: str, message: Json, **changes: Any) -> BoltResponse:
        body = {
            "type": "message_action",
            "callback_id": callback_id,
            "user": {"id": self.user},
            "team": {"id": TEAM},
            "channel": {"id": self.channel},
            "message": message,
            "message_ts": message.get("ts", ""),
            "trigger_id": f"trigger{next(self.numbers)}",
            "response_url": RESPONSE_URL,
        }
        return self.deliver(body | changes)

    def event(self, event: Json, event_id: str = "") -> BoltResponse:
        body = {
            "type": "event_callback",
            "team_id": TEAM,
            "event_id": event_id or f"Ev{next(self.numbers)}",
            "event": event,
            "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
        }
        return self.deliver(body)

    def deliver(self, body: Json) -> BoltResponse:
        return self.app.dispatch(BoltRequest(body=tidied(body), mode="socket_mode"))

    # What they see

    @property
    def said(self) -> str:
        """The text of the one answer to whoever did it: at a response_url, or in the thread of what they pressed."""
        (answer,) = self.answers
        return words(answer)

    @property
    def answers(self) -> list[Json]:
        """What was said at a response_url, else in threads, to whoever did it."""
        return self.webhooks or self.client.calls("chat.postEphemeral")

    def forget_answers(self) -> None:
        """Begin anew with what was said."""
        self.webhooks.clear()
        self.client.made[:] = [each for each in self.client.made if each[0] != "chat.postEphemeral"]

    @property
    def told(self) -> str:
        """The text of the one answer, with what is behind its *Details*."""
        found = [value for action, value in buttons(self.answers[0]) if action == "details"]
        held_back = [block for each in found for block in self.details.kept[self.user, each]]
        return "\n".join([self.said, *([words({"blocks": held_back})] if held_back else [])])

    @property
    def opened(self) -> Json:
        """The one modal that was opened."""
        (call,) = self.client.calls("views.open")
        return cast(Json, call["view"])

    def send(self, url: str, body: Mapping[str, Any]) -> None:
        assert url == RESPONSE_URL
        if self.webhook_error is not None:
            raise self.webhook_error
        assert validate_message(body["blocks"]) == []
        self.webhooks.append(dict(body))


def words(message: Mapping[str, Any]) -> str:
    """Return all text of a message or view, one line each."""
    return "\n".join(_texts(message.get("blocks") or message))


def _texts(node: Any) -> list[str]:
    if isinstance(node, list):
        return [text for each in node for text in _texts(each)]
    if isinstance(node, dict):
        own = [node["text"]] if isinstance(node.get("text"), str) else []
        return own + [text for key, each in node.items() if key != "text" or not own for text in _texts(each)]
    return []


def buttons(message: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the action and value of every button of a message."""
    elements = [
        element
        for block in message["blocks"]
        for element in [*block.get("elements", []), block.get("accessory") or {}]
    ]
    return [(each["action_id"], each["value"]) for each in elements if each.get("type") == "button"]


def initial_state(view: Json) -> Json:
    """Return the state of a form in which nobody has changed anything."""
    state: Json = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            initial = element.get("initial_value") or (element.get("initial_option") or {}).get("value")
            if element["type"] == "checkboxes":
                initial = [each["value"] for each in element.get("initial_options", [])]
            state[block["block_id"]] = {element["action_id"]: _state(initial, element["type"])}
    return state


def _state(value: Any, kind: str = "plain_text_input") -> Json:
    if kind == "checkboxes":
        return {"type": kind, "selected_options": [{"value": each} for each in value]}
    if isinstance(value, list):
        return {"type": "file_input", "files": value}
    if kind in ("static_select", "radio_buttons"):
        return {"type": kind, "selected_option": {"value": value} if value else None}
    return {"type": kind, "value": value}


def make_door(
    access: Access = ACCESS,
    budgets: Mapping[str, Decimal] | None = None,
    memberships: FakeChannelMemberships | None = None,
    listeners: ListenerThreads | None = None,
) -> Door:
    """Return a door to a bot with one dataset, two models and a running lease; without budgets unless given.

    Without ``listeners`` what was acknowledged is done at once.
    """
    clock, client = FakeClock(), RecordingClient()
    store, datasets = InMemoryResources(clock), MemoryDatasetRepository(dataset())
    uploads, questions = FakeUploads(), FakeQuestions()
    leases, extensions = FakeLeases(), FakeExtensions()
    inbound, details, trail = InMemoryInbox(clock), InMemoryDetails(), InMemoryTrail()
    models, ledger = InMemoryModels(store), InMemoryLedger()
    budget_service = BudgetService(ledger, budgets or {}, clock)
    aliases, channel_settings = InMemoryAliases(), InMemoryChannelSettings()
    feedback, answer_settings = InMemoryFeedback(), InMemoryAnswerSettings()
    places, shares, readers = memberships or FakeChannelMemberships(), InMemoryShares(), InMemoryReaders()

    moves = moves_in(places, clock)

    def directory_for(viewer: Viewer) -> Directory:
        return Directory(
            viewer, places, store, datasets, ModelStores(models, shares, aliases), access, SOURCES
        )

    def unmanaged_for(directory: Directory) -> UnmanagedJobsService:
        return UnmanagedJobsService(store, directory, access, clock, SETTINGS.buckets)

    def jobs_for(directory: Directory) -> JobService:
        return JobService(
            store, directory, PRICES, access, clock, SETTINGS, budget_service, unmanaged_for(directory)
        )

    def votes_for(directory: Directory) -> Votes:
        votes = Votes(store, directory, access, clock, budget_service, PURCHASES_OF)
        votes.leases = leases
        return votes

    jobs = jobs_for(directory_for(Viewer(USER, CHANNEL)))
    app = App(
        name="tunesmith",
        client=client,
        process_before_response=True,
        signing_secret="s",
        raise_error_for_unhandled_request=True,
    )
    client.made.clear()
    door = Door(
        app,
        client,
        access,
        inbound,
        details,
        trail,
        uploads,
        questions,
        leases,
        extensions,
        jobs,
        store,
        datasets,
        models,
        ledger,
        clock,
        [],
        itertools.count(1),
    )

    def services_for(viewer: Viewer) -> Services:
        directory = directory_for(viewer)
        its_jobs = jobs_for(directory)
        services: dict[str, Any] = {
            "access": access,
            "inbound": inbound,
            "presence": places,
            "moves": moves,
            "details": details,
            "refusals": trail,
            "datasets": DatasetService(directory),
            "uploads": uploads,
            "derivations": DerivationService(store, directory, clock),
            "distillations": DistillationService(
                store, directory, PRICES, access, clock, SETTINGS, budget_service
            ),
            "jobs": its_jobs,
            "unmanaged": unmanaged_for(directory),
            "digests": DigestService(store, clock, "COPS"),
            "followers": FollowService(store, its_jobs),
            "readers": QuietHoursService(readers, clock),
            "sweeps": SweepService(
                store, directory, its_jobs, PRICES, access, clock, SETTINGS, budget_service
            ),
            "leases": leases,
            "serving": leases,
            "deployments": DeploymentService(store, directory, PRICES, access, clock),
            "strays": StrayService(
                store,
                directory,
                access,
                clock,
                PRICES,
                SETTINGS.buckets,
                cast(Any, leases),
                DeploymentService(store, directory, PRICES, access, clock),
            ),
            "extensions": extensions,
            "swaps": leases,
            "schedules": ScheduleService(
                store,
                directory,
                PRICES,
                access,
                clock,
                Limits(SETTINGS.approval_limit, SETTINGS.self_approval_limit, 480),
            ),
            "votes": votes_for(directory),
            "questions": questions,
            "kept": KeptService(
                store,
                directory,
                ServedWakes(store, LeasePurchase(PRICES, SETTINGS), PRICES),
                BlockKitRenderer(),
                clock,
            ),
            "waking": WakingService(
                store,
                leases,  # type: ignore[arg-type]
                directory,
                PRICES,
                access,
                clock,
                budget_service,
                Limits(SETTINGS.approval_limit, SETTINGS.self_approval_limit, 480),
            ),
            "prices": PRICES,
            "spending": SpendingService(budget_service, directory, PRICES),
            "pictures": PictureService(store, clock),
            "trials": TrialService(store, directory, PRICES, clock, SETTINGS),
            "raising": RaisingService(
                store, directory, access, clock, budget_service, PURCHASES_OF, BlockKitRenderer()
            ),
            "channels": ChannelService(channel_settings, directory, access, clock),
            "feedback": FeedbackService(feedback, directory, clock),
            "aliases": AliasService(aliases, directory, access, clock, store, BlockKitRenderer()),
            "answering": AnsweringService(answer_settings, directory, access, clock, 4_096),
            "sharing": SharingService(shares, directory, access, clock),
            "renaming": RenamingService(
                datasets, models, directory, access, clock, lambda: its_jobs.taken().models
            ),
            "deletions": DeletionService(store, directory, PRICES, access, clock),
            "handovers": HandoverService(store, directory, access, clock),
            "doctor": FakeDoctor(),
            "directory": directory,
        }
        return Services(**services)

    if listeners:
        register(
            app,
            services_for,
            webhook=door.send,
            later=listeners.later,
            check_room=listeners.check_room,
        )
    else:
        register(app, services_for, webhook=door.send)
    return door
