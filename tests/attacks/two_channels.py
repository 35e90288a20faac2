"""A bot with everything real behind its door, public channels, and a private one in which all kinds of things exist."""

import itertools
import json
from dataclasses import replace
from typing import Any, cast

from slack_bolt import App

from bot.access import Access
from bot.controller.details import details_id, keep_details
from bot.controller.documents import dump
from bot.controller.model import Done, Key, Message, RequeueAfter
from bot.datasets.inspecting.inspection import InspectedRow, Inspection, RowFinding
from bot.deletions.service import DeletionService
from bot.derivations.service import DerivationService
from bot.digests.service import DigestService
from bot.directory.answering import AnsweringService
from bot.directory.datasets import DatasetService
from bot.directory.renaming import RenamingService
from bot.directory.sharing import SharingService
from bot.directory.spending import SpendingService
from bot.distillations.plan import PromptSource
from bot.distillations.service import DistillationService
from bot.jobs.follow_service import FollowService
from bot.jobs.model import JobObservation
from bot.jobs.service import JobService
from bot.leases.purchase import LeasePurchase
from bot.notifications.service import QuietHoursService
from bot.pictures.service import PictureService
from bot.questions.answerer import Question
from bot.questions.channel_service import ChannelService
from bot.questions.feedback_service import FeedbackService
from bot.questions.kept import KEPT_FOR, KeptSpec, registration
from bot.questions.kept_service import KeptService
from bot.questions.model import KIND as QUESTION
from bot.questions.model import Facts, QuestionStatus, key_of
from bot.questions.service import QuestionService
from bot.schedules import hours
from bot.services import Services
from bot.serving.handover_service import HandoverService
from bot.serving.wakes import ServedWakes
from bot.sweeps.service import SweepService
from bot.trials.service import TrialService
from bot.unmanaged.model import KIND as CENSUS
from bot.unmanaged.model import Maker, UnmanagedJobsStatus
from bot.unmanaged.service import UnmanagedJobsService
from bot.uploads.model import KIND as UPLOAD
from bot.uploads.model import KeptRows, UploadStatus
from bot.uploads.service import UploadService
from bot.visibility import Viewer
from handlers.register import register
from handlers.ui.render import BlockKitRenderer
from tests.doubles.conversations import InMemoryConversations
from tests.doubles.feedback import InMemoryFeedback
from tests.doubles.following_logs import InMemoryInbox
from tests.doubles.memberships import FakeMemberships
from tests.doubles.moves import moves_in
from tests.doubles.settings import InMemoryChannelSettings
from tests.doubles.trail import InMemoryTrail
from tests.doubles.world import World
from tests.handlers.door import Door, RecordingClient
from tests.handlers.fake_services import FakeDoctor, FakeExtensions, FakeLeases, FakeQuestions, FakeUploads
from tests.unit.jobs.samples import PRICES, SETTINGS, dataset, model, plan

PUBLIC, PRIVATE, OTHER = "C1", "CPAY", "C2"
OUTSIDER, INSIDER, BOSS = "UTRAIN", "UINSIDE", "UBOSS"
ACCESS = Access(
    trainers=frozenset({OUTSIDER, INSIDER, BOSS}), approvers=frozenset({BOSS}), people=FakeMemberships()
)
SECRET = "payroll"
"""Part of every name that exists in the private channel."""
DATA, HELD_OUT = "c0ffee" + "0" * 58, "c0ffee" + "1" * 58
ALIAS = f"{SECRET}-desk"
MODEL, JOB_NAME = f"{SECRET}-model", f"{SECRET}-job"
DEPLOYED = f"{SECRET}-nova"


class TwoChannels:
    """A bot between two channels. ``ids`` are what buttons of the private channel's cards carry, by kind.

    Without ``secrets`` it is the same bot at the same time, with nothing in the private channel.
    """

    def __init__(self, *, secrets: bool = True, access: Access = ACCESS) -> None:
        self.access = access
        self.world = World(access=access)
        self.inbound = InMemoryInbox(self.world.clock)
        self.moves = moves_in(self.world.memberships, self.world.clock)
        self.conversations = InMemoryConversations()
        self.feedback, self.channel_settings = InMemoryFeedback(), InMemoryChannelSettings()
        self.world.memberships.private(PRIVATE, INSIDER, BOSS, name="payroll-private")
        self.world.memberships.public(PUBLIC, OUTSIDER, INSIDER, BOSS, name="claims-ai")
        self.world.memberships.public(OTHER, OUTSIDER, INSIDER, BOSS, name="general")
        self.world.models.save(model())
        self.world.models.save(model("claims-nova", profile="nova-lite"))
        self.world.turn()
        self.ids: dict[str, str] = {}
        if secrets:
            self._fill()
        else:
            self.world.pass_time(65)
        self.door = self._door()

    def services_for(self, viewer: Viewer) -> Services:
        world = self.world
        seen = world.directory(viewer.user, viewer.here)
        store, clock = world.store, world.clock
        unmanaged = UnmanagedJobsService(store, seen, self.access, clock, SETTINGS.buckets)
        jobs = JobService(store, seen, PRICES, self.access, clock, SETTINGS, world.budget_service, unmanaged)
        leases = world.lease_service(seen)
        return Services(
            access=self.access,
            inbound=self.inbound,
            presence=world.memberships,
            moves=self.moves,
            details=self.world.details,
            refusals=InMemoryTrail(),
            datasets=DatasetService(seen),
            uploads=UploadService(store, seen, clock),
            derivations=DerivationService(store, seen, clock),
            distillations=DistillationService(
                store, seen, PRICES, self.access, clock, SETTINGS, world.budget_service
            ),
            jobs=jobs,
            followers=FollowService(store, jobs),
            readers=QuietHoursService(world.readers, clock),
            digests=DigestService(store, clock),
            sweeps=SweepService(
                store, seen, jobs, PRICES, self.access, clock, SETTINGS, world.budget_service
            ),
            unmanaged=unmanaged,
            strays=world.stray_service(seen),
            leases=leases,
            serving=world.serving_service(seen, leases),
            deployments=world.deployment_service(seen),
            extensions=world.extension_service(leases),
            swaps=world.swap_service(seen, leases),
            schedules=world.schedule_service(seen),
            votes=world.voting_service(seen),
            questions=QuestionService(store, seen, self.conversations, clock),
            kept=KeptService(
                store,
                seen,
                ServedWakes(store, LeasePurchase(PRICES, SETTINGS), PRICES),
                BlockKitRenderer(),
                clock,
            ),
            waking=world.waking_service(seen),
            channels=ChannelService(self.channel_settings, seen, self.access, clock),
            feedback=FeedbackService(self.feedback, seen, clock),
            prices=PRICES,
            spending=SpendingService(world.budget_service, seen, world.prices),
            pictures=PictureService(store, clock),
            trials=TrialService(store, seen, world.prices, clock, SETTINGS),
            raising=world.raising_service(seen),
            aliases=world.alias_service(seen),
            answering=AnsweringService(world.answer_settings, seen, self.access, clock, 4_096),
            sharing=SharingService(world.shares, seen, self.access, clock),
            renaming=RenamingService(
                world.datasets, world.models, seen, self.access, clock, lambda: jobs.taken().models
            ),
            deletions=DeletionService(store, seen, PRICES, self.access, clock),
            handovers=HandoverService(store, seen, self.access, clock),
            doctor=FakeDoctor(),
            directory=seen,
        )

    def inside(self) -> Services:
        """Return what a member of the private channel has there."""
        return self.services_for(Viewer(INSIDER, PRIVATE))

    # What exists in the private channel

    def _fill(self) -> None:
        world = self.world
        for sha256, name in ((DATA, SECRET), (HELD_OUT, f"{SECRET}-validation")):
            made = dataset(name, sha256=sha256)
            world.datasets.save(
                replace(made, source=replace(made.source, channel=PRIVATE, user=INSIDER, file_id="FPAY"))
            )
        made_model = replace(
            model(MODEL, channel=PRIVATE), dataset_id=DATA[:12], dataset_name=SECRET, owner=INSIDER
        )
        world.models.save(made_model)
        services = self.inside()
        services.aliases.point(ALIAS, MODEL, INSIDER)
        secret = {
            "dataset_id": DATA[:12],
            "dataset_name": SECRET,
            "dataset_sha256": DATA,
            "owner": INSIDER,
            "channel": PRIVATE,
        }
        planned = plan(job_name=JOB_NAME, model_name=f"{SECRET}-next", **secret)
        self.ids["dataset"], self.ids["job"] = DATA[:12], services.jobs.propose(planned)
        self.ids["sweep"] = services.sweeps.propose(
            source=SECRET, hyperparameter="epochCount", values=["2", "3"], owner=INSIDER, channel=PRIVATE
        )
        self.ids["schedule"] = services.schedules.propose(
            model=MODEL, hours=hours.parse("daily/9-17"), weeks=1, owner=INSIDER, channel=PRIVATE, request="s"
        )
        self.ids["distillation"] = services.distillations.propose(
            source=PromptSource(name=SECRET, dataset_id=DATA[:12]),
            teacher="nova-pro",
            profile="claude-3-haiku",
            owner=INSIDER,
            channel=PRIVATE,
        ).id
        services.uploads.receive(file_id="FPAY", channel=PRIVATE, thread_ts="1.0", user=INSIDER)
        self.ids["upload"] = world.store.of_kind(UPLOAD)[0].key.id
        self._judged(self.ids["upload"])
        self.ids["lease"] = self._serve()
        self.ids["deployment"] = self._deploy()
        self.seen_in_aws(JOB_NAME)
        self.ids["details"] = self._hold_back()
        self.ids["question"] = self._answered()
        self.ids["kept"] = self._kept()

    def _answered(self) -> str:
        """Have a question in the private channel answered, and return what the buttons under the answer carry."""
        asked = Question("QPAY", f"{SECRET}: who earns what?", PRIVATE, INSIDER, "T1", "1.0", MODEL)
        self.inside().questions.ask(asked)
        for claim in self.world.store.claim(10, {QUESTION: 30.0}):
            status = QuestionStatus(told=True, model=MODEL, facts=Facts(MODEL, "claude-3-haiku"))
            self.world.store.commit(claim, {QUESTION: dump(status)}, Done())
        return key_of(asked).id

    def _kept(self) -> str:
        """Have a question in the private channel be kept, and return what its buttons carry."""
        asked = Question("QKEPT", f"{SECRET}: who earns most?", PRIVATE, INSIDER, "T1", "1.0", MODEL)
        arn = self.world.models.find(MODEL).arn  # type: ignore[union-attr]
        now = self.world.clock.now()
        spec = KeptSpec(asked, "qkept", MODEL, arn, "claude-3-haiku", now, now + KEPT_FOR, may_wake=True)
        self.world.store.register(registration(spec))
        return spec.asked

    def _hold_back(self) -> str:
        """Have a message in the private channel hold something back, and return what its button carries."""
        card = Message("A plan.", (), [{"type": "section", "text": {"type": "mrkdwn", "text": SECRET}}])
        keep_details(self.world.details, PRIVATE, card)
        return details_id(card.details)

    def _judged(self, upload: str) -> None:
        """Have the upload judged, with a row to look at."""
        row = InspectedRow(
            3, 3, f"{SECRET} of Ann", (RowFinding("empty", True, "a[0]", SECRET, "Fill.", None),)
        )
        found = Inspection(f"{SECRET}.jsonl", "ab" * 32, (row,), False, (f"Drop a {SECRET} line",))
        for claim in self.world.store.claim(10, {UPLOAD: 30.0}):
            assert claim.resource.key.id == upload
            status = UploadStatus(told=True, file_name=f"{SECRET}.jsonl", rows=KeptRows((), found))
            self.world.store.commit(claim, {UPLOAD: dump(status)}, RequeueAfter(300))

    def _serve(self) -> str:
        leases = self.inside().leases
        lease = leases.propose(
            leases.plan(model=MODEL, minutes=60, owner=INSIDER, channel=PRIVATE, request="r1")
        )
        self.world.turn()
        self.inside().votes.vote(Key("lease", lease), "start", INSIDER)
        self.world.turn()
        self.world.endpoints.in_service(self.world.endpoints.only().plan.endpoint_name)
        self.world.pass_time(65)
        return lease

    def _deploy(self) -> str:
        """Have another model of the private channel deployed, and in service."""
        made = replace(
            model(DEPLOYED, profile="nova-lite", channel=PRIVATE),
            dataset_id=DATA[:12],
            dataset_name=SECRET,
            owner=INSIDER,
        )
        self.world.models.save(made)
        found = self.inside().deployments.deploy(model=DEPLOYED, owner=INSIDER, channel=PRIVATE, request="r2")
        self.world.turn()
        self.world.deployments.active()
        self.world.pass_time(20)
        return found

    def seen_in_aws(self, *names: str) -> None:
        """Have the last look at the account have seen these jobs there."""
        self.services_for(Viewer(BOSS, PUBLIC)).unmanaged.look()
        now = self.world.clock.now()
        seen = tuple(JobObservation(name, "arn:aws:x", "InProgress", (), now, now) for name in names)
        for claim in self.world.store.claim(10, {CENSUS: 30.0}):
            jobs = seen if claim.resource.key.id == "us-west-2" else ()
            makers = {each.arn: Maker() for each in jobs}
            status = dump(UnmanagedJobsStatus(at=now, jobs=jobs, makers=makers))
            self.world.store.commit(claim, {"unmanaged": status}, RequeueAfter(300))

    # The door

    def _door(self) -> Door:
        app = App(
            name="tunesmith",
            client=(client := RecordingClient()),
            process_before_response=True,
            signing_secret="s",
        )
        client.made.clear()
        world = self.world
        door = Door(
            app,
            client,
            self.access,
            self.inbound,
            world.details,
            InMemoryTrail(),
            FakeUploads(),
            FakeQuestions(),
            FakeLeases(),
            FakeExtensions(),
            world.jobs,
            world.store,
            world.datasets,
            world.models,
            world.ledger,
            world.clock,
            [],
            itertools.count(1),
        )
        register(app, cast(Any, self.services_for), webhook=door.send)
        return door

    # What is seen of it

    def wished(self) -> set[Key]:
        """Return everything that was written down."""
        return {Key(kind, each.key.id) for kind in KINDS for each in self.world.store.of_kind(kind)}

    def unmanaged_requests(self) -> list[Any]:
        """Return what is wished of jobs that were made elsewhere."""
        return [each.spec["follow"] for each in self.world.store.of_kind(CENSUS)]

    def told(self) -> list[Any]:
        """Return everything that the door said, in order, with what is behind its buttons, and forget it."""
        said: list[Any] = [*self.door.webhooks, *self.door.client.made]
        self.door.webhooks.clear()
        self.door.client.made.clear()
        shown = json.dumps(said)
        held_back = {
            details_id: blocks
            for (_, details_id), blocks in self.world.details.kept.items()
            if details_id in shown
        }
        return [*said, *(held_back[each] for each in sorted(held_back))]


KINDS = (
    "upload",
    "derivation",
    "distillation",
    "job",
    "sweep",
    "schedule",
    "lease",
    "deployment",
    "question",
    "kept",
    "digest",
    "trial",
)
