"""Rows are read by the operator's guardrail: price first, sampled, in the budgets, and no harm from its trouble."""

from decimal import Decimal
from pathlib import Path

import pytest

from bot.access import Access
from bot.controller.controller import Controller
from bot.controller.crash_points import crashing
from bot.controller.outbox.messages import Outbox
from bot.datasets.service import Datasets
from bot.distillations.plan import DistillationPhase
from bot.errors import Misconfigured, Throttled, TunesmithError, Unavailable
from bot.kinds import KINDS
from bot.pricing.book import GUARDRAIL, PriceBook
from bot.profiles.model import PriceKind
from bot.spending.budget_service import BudgetService
from bot.spending.ledger import Entry, EntryState, SpendingKind
from bot.spending.reservation import Approvers
from bot.uploads.context import UploadDependencies
from bot.uploads.reconciler.upload import UploadReconciler
from bot.uploads.screening import Screening
from tests.doubles.classroom import Classroom
from tests.doubles.guardrail import FakeGuardrail
from tests.doubles.ledger import InMemoryLedger
from tests.doubles.memberships import FakeMemberships
from tests.unit.datasets.samples import lines
from tests.unit.derivations.test_derivation import World as Derived
from tests.unit.uploads.test_upload import BAD, Killed, World, killed_at

PRICE = PriceBook({(GUARDRAIL, PriceKind.SCREENING): Decimal(1)})
ROWS = lines(pad=40)
SPENDERS = Access(trainers=frozenset({"U1", "U2", "UTRAIN"}), people=FakeMemberships())


class Screened(World):
    """The world of a file, with a guardrail in its base's region."""

    def __init__(
        self,
        folder: Path,
        guardrail: FakeGuardrail,
        content: bytes = ROWS,
        prices: PriceBook = PRICE,
        budgets: dict[str, Decimal] | None = None,
    ) -> None:
        super().__init__(folder, content)
        self.guardrail, self.prices, self.budgets = guardrail, prices, budgets or {}
        self.ledger, self.access = InMemoryLedger(), SPENDERS

    def controller(self) -> Controller:
        outbox = Outbox(self.slack, self.clock)
        dependencies = UploadDependencies(
            files=self.files,
            datasets=Datasets(self.bucket, self.repository, self.clock),
            outbox=outbox,
            renderer=self.cards,
            clock=self.clock,
            folder=self.folder,
            cap_bytes=self.cap,
            default_profile="claude-3-haiku",
            screening=Screening(
                {"us-west-2": self.guardrail},
                BudgetService(self.ledger, self.budgets, self.clock),
                self.prices,
                Approvers(self.access, self.resources, self.cards),
                outbox,
                self.cards,
                self.clock,
            ),
        )
        return Controller(
            self.resources,
            {"upload": UploadReconciler(dependencies)},
            self.clock,
            random=lambda: 0.5,
            kinds=KINDS,
        )

    @property
    def said(self) -> str:
        [told] = [text for text in self.texts() if "guardrail" in text]
        return told

    @property
    def entry(self) -> Entry:
        [entry] = self.ledger.kept.values()
        return entry


def test_the_price_is_told_and_reserved_before_anything_is_read(tmp_path: Path) -> None:
    world = Screened(tmp_path, FakeGuardrail("nothing"))
    seen: list[tuple[str, object]] = []
    screen = world.guardrail.screen

    def watched(text: str, *, is_answer: bool) -> tuple[str, ...]:
        seen.append((world.said, world.entry.state))
        return screen(text, is_answer=is_answer)

    world.guardrail.screen = watched  # type: ignore[method-assign]
    world.receive()
    world.run()
    assert {state for _, state in seen} == {EntryState.RESERVED}
    assert all("text units, at most $" in said for said, _ in seen)
    assert world.said.endswith("has nothing against them.")
    entry = world.entry
    assert (entry.kind, entry.state) == (SpendingKind.SCREENING, EntryState.SETTLED)
    assert entry.actual == Decimal(len(world.guardrail.screened)) / 1000


def test_rows_that_it_stops_are_named_under_the_verdict(tmp_path: Path) -> None:
    attack = {
        "messages": [{"role": "user", "content": "Wollnashorn"}, {"role": "assistant", "content": "No."}]
    }
    world = Screened(tmp_path, FakeGuardrail("Wollnashorn"), lines(attack, pad=40))
    world.receive()
    world.run()
    assert "would stop 1 of them: line 1 (content: prompt attack)" in world.said


def test_a_file_that_cannot_be_used_costs_nothing(tmp_path: Path) -> None:
    world = Screened(tmp_path, FakeGuardrail("x"), BAD)
    world.receive()
    world.run()
    assert world.guardrail.screened == []
    assert world.ledger.kept == {}


def test_an_unknown_price_is_told_as_unknown(tmp_path: Path) -> None:
    world = Screened(tmp_path, FakeGuardrail("x"), prices=PriceBook({}))
    world.receive()
    world.run()
    assert world.entry.is_unpriced
    assert world.guardrail.screened


def test_without_room_in_a_budget_nothing_is_read_and_the_verdict_stands(tmp_path: Path) -> None:
    world = Screened(tmp_path, FakeGuardrail("x"), budgets={"all": Decimal("0.001")})
    world.receive()
    world.run()
    assert world.guardrail.screened == []
    assert "The guardrail has not read this file. Screening by the guardrail costs at most" in world.said
    assert any(text.startswith("verdict ready") for text in world.texts())
    assert world.ledger.kept == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    "error",
    [
        Misconfigured("AWS does not allow me to do this.", hint="Allow `bedrock:ApplyGuardrail`."),
        Unavailable("AWS did not answer.", hint="I try again by myself."),
    ],
    ids=repr,
)
def test_trouble_with_the_guardrail_is_told_and_the_verdict_stands(
    tmp_path: Path, error: TunesmithError
) -> None:
    world = Screened(tmp_path, FakeGuardrail("x", error))
    world.receive()
    world.run()
    assert world.said.startswith(f"The guardrail has not read this file. {error.message}")
    assert any(text.startswith("verdict ready") for text in world.texts())
    assert world.entry.state is EntryState.SETTLED


def test_a_throttle_is_waited_out(tmp_path: Path) -> None:
    world = Screened(tmp_path, FakeGuardrail("x", Throttled("slow", retry_after=5), fails=9))
    world.receive()
    world.run()
    assert world.said.endswith("has nothing against them.")


@pytest.mark.parametrize("point", ["before-screen", "after-screen"])
def test_a_process_killed_as_it_screens_asks_again_and_counts_both(tmp_path: Path, point: str) -> None:
    def hook(name: str) -> None:
        if name == point:
            raise Killed

    world = Screened(tmp_path, FakeGuardrail("x"))
    world.receive()
    with crashing(hook), pytest.raises(Killed):
        world.run()
    world.run()
    assert world.said.endswith("has nothing against them.")
    assert world.entry.state is EntryState.SETTLED


@pytest.mark.chaos
@pytest.mark.parametrize("place", range(1, 40, 3))
def test_a_process_killed_anywhere_leaves_one_word_and_one_closed_entry(tmp_path: Path, place: int) -> None:
    world = Screened(tmp_path, FakeGuardrail("x"))
    world.receive()
    try:
        with killed_at(place):
            world.run()
    except pytest.fail.Exception:
        pass
    world.run()
    assert world.said.endswith("has nothing against them.")
    assert world.entry.state is EntryState.SETTLED


# Files that nobody dropped


def told(texts: list[str]) -> str:
    [said] = [text for text in texts if "guardrail" in text]
    return said


def test_what_a_teacher_answered_is_screened_as_a_dropped_file_is(tmp_path: Path) -> None:
    world, guardrail = Classroom(tmp_path, prices=PRICE), FakeGuardrail("desk 7.")
    world.guardrails = {"us-east-1": guardrail}
    world.rebuilt()
    started = world.started()
    world.finished()
    assert "would stop 1 of them" in told([each.message.text for each in world.said()])
    assert world.phase(started) is DistillationPhase.COMPLETED
    kept = {each.id.partition("@")[0]: each for each in world.ledger.kept.values()}
    assert set(kept) == {f"distillation:{started}", f"screening:distillation:{started}"}
    assert kept[f"screening:distillation:{started}"].state is EntryState.SETTLED


@pytest.mark.parametrize("operation", ["split", "convert"])
def test_what_is_made_of_a_stored_dataset_is_screened_as_a_dropped_file_is(
    tmp_path: Path, operation: str
) -> None:
    world, guardrail, ledger = Derived(tmp_path), FakeGuardrail("nothing"), InMemoryLedger()
    world.screening = Screening(
        {"us-west-2": guardrail, "us-east-1": guardrail},
        BudgetService(ledger, {}, world.clock),
        PRICE,
        Approvers(SPENDERS, world.resources, world.cards),
        Outbox(world.slack, world.clock),
        world.cards,
        world.clock,
    )
    if operation == "split":
        world.service.split(world.dataset, **world.where)
    else:
        world.service.convert(world.dataset, "nova-lite", **world.where)
    world.run()
    rows = 68 if operation == "split" else 100
    assert f"has read all {rows} rows and has nothing against them" in told(world.texts())
    [entry] = ledger.kept.values()
    assert (entry.kind, entry.state) == (SpendingKind.SCREENING, EntryState.SETTLED)

    world.clock.advance(8 * 86_400)  # the store has forgotten it, and the very same is asked for once more
    if operation == "split":
        world.service.split(world.dataset, **world.where)
    else:
        world.service.convert(world.dataset, "nova-lite", **world.where)
    before = len(guardrail.screened)
    world.run()
    assert len(guardrail.screened) == 2 * before
    assert sum(each.counts for each in ledger.kept.values()) == 2 * entry.counts, (
        "what is billed again counts again"
    )
