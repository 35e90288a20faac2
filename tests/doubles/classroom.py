"""A whole bot with a teacher: prompts in a file, batch jobs at Bedrock, real datasets."""

from pathlib import Path
from types import SimpleNamespace
from typing import Self

from bot.access import Access
from bot.controller.context import AnyReconciler
from bot.controller.model import Message
from bot.datasets.screening import Guardrail
from bot.datasets.service import Datasets
from bot.distillations.cards import DistillationEnded, DistillationPlanCard
from bot.distillations.plan import DistillationPhase, DistillationPlan, PromptSource
from bot.distillations.service import DistillationService
from bot.kinds import KINDS
from bot.pricing.book import PriceBook
from bot.uploads.cards import VerdictCard
from tests.doubles.batches import InMemoryAnswers, InMemoryBatches, answered
from tests.doubles.datasets import MemoryDatasetFiles, MemoryDatasetRepository
from tests.doubles.visibility import directory
from tests.doubles.workers import Elsewhere
from tests.doubles.world import Crash, PlainRenderer, World
from tests.unit.jobs.samples import ACCESS, SETTINGS

PROMPTS = "".join(f"How is claim {number} routed?\n" for number in range(1, 121)).encode()


class Cards(PlainRenderer):
    """Draws verdicts as a word and keeps every card."""

    def render(self, card: object) -> Message:
        if isinstance(card, VerdictCard):
            self.cards.append(card)
            return Message(f"VerdictCard {card.report.verdict.value} {card.report.profile}")
        return super().render(card)


class Classroom(World):
    """A world with a file of prompts, a teacher, and real datasets."""

    def __init__(
        self,
        folder: Path,
        prices: PriceBook | None = None,
        content: bytes = PROMPTS,
        access: Access = ACCESS,
    ) -> None:
        self.folder = folder / "work"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.bucket = MemoryDatasetFiles()
        self.repository = MemoryDatasetRepository()
        self.answers = InMemoryAnswers()
        self.guardrails: dict[str, Guardrail] = {}
        self.workers = Elsewhere()
        super().__init__(prices=prices or PriceBook({}), access=access)
        self.renderer = Cards()
        self.rebuilt()
        self.files.join("C1", "UTRAIN")
        self.file = self.files.add(content, name="claims.txt", user="UTRAIN")

    def forget(self) -> Self:
        """Empty the store, the datasets' records among it; their bytes are in S3."""
        self.repository = MemoryDatasetRepository()
        return super().forget()

    def reconcilers(self) -> dict[str, AnyReconciler]:
        self.stored = Datasets(self.bucket, self.repository, self.clock)
        seen = directory(self.store, self.repository)
        self.service = DistillationService(
            self.store, seen, self.prices, self.access, self.clock, SETTINGS, self.budget_service
        )
        made = {name: KINDS[name].build(self.ports(name)) for name in ("distillation", "upload")}
        return {**super().reconcilers(), **made}

    def ports(self, kind: str) -> SimpleNamespace:
        files = {
            "datasets": self.stored,
            "dataset_files": self.bucket,
            "answers": self.answers,
            "folder": self.folder,
            "cap_bytes": 10**6,
            "default_profile": "claude-3-haiku",
            "workers": self.workers,
            "places": None,
            "thinking": None,
            "guardrails": self.guardrails,
        }
        return SimpleNamespace(**vars(super().ports(kind)) | files)

    @property
    def jobs_at_bedrock(self) -> InMemoryBatches:
        return self.batches

    def propose(self, teacher: str = "nova-pro", **more: object) -> DistillationPlan:
        source = PromptSource(file_id=self.file.id)
        asked = {
            "source": source,
            "profile": "nova-lite",
            "owner": "UTRAIN",
            "channel": "C1",
            "asked_in": "T1",
        }
        return self.service.propose(teacher=teacher, **(asked | more))  # type: ignore[arg-type]

    def started(self, **more: object) -> str:
        plan = self.propose(**more)  # type: ignore[arg-type]
        self.turn()
        self.press("distillation", plan.id, "start", "UTRAIN")
        self.pass_time(20)
        return plan.id

    def finished(self, status: str = "Completed") -> None:
        """Bedrock answers all prompts, and time goes by."""
        if self.answers.lines is None:
            self.answers.lines = [answered(f"ROW{n:08d}", f"To desk {n}.") for n in range(120, 0, -1)]
        self.jobs_at_bedrock.end(status)
        self.pass_time(200)

    def phase(self, distillation_id: str) -> DistillationPhase:
        return self.service.find(distillation_id).phase

    def card(self) -> DistillationPlanCard:
        return [each for each in self.renderer.cards if isinstance(each, DistillationPlanCard)][-1]

    def end(self) -> DistillationEnded:
        return [each for each in self.renderer.cards if isinstance(each, DistillationEnded)][-1]


class Mortal:
    """A classroom whose process dies at one crash point, once, counted from 1; it comes back when its lease is over.

    ``passed`` are the names of the crash points that were passed, ``where`` that of the one at which it died.
    """

    def __init__(self, world: Classroom, die_at: int) -> None:
        self._world = world
        self._die_at = die_at
        self.passed: list[str] = []
        self.where = ""

    def hook(self, name: str) -> None:
        """Count a crash point, and die at it when it is the one."""
        self.passed.append(name)
        if len(self.passed) == self._die_at:
            self.where = name
            raise Crash

    def turn(self) -> None:
        """Let a little time pass."""
        try:
            self._world.pass_time(10, step=5)
        except Crash:
            self._world.rebuilt()
            self._world.pass_time(70, step=10)
