"""Approving what one asked for oneself, deciding twice or at once, and pressing what is over."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from typing import Any, Protocol

import pytest

from bot.access import Access
from bot.errors import NotAllowed, Refused
from bot.jobs.preflight import PreflightRunner
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.spending.offers import Shown, is_dearer
from bot.spending.votes import PATIENCE, Choice
from handlers.ui.plans import read_vote
from handlers.ui.render import render
from tests.doubles.memberships import FakeMemberships
from tests.doubles.world import World
from tests.handlers.door import buttons
from tests.tables import table
from tests.unit.jobs.samples import model, plan

ACCESS = Access(frozenset({"UTRAIN", "UBOSS"}), frozenset({"UBOSS", "UCHIEF"}), people=FakeMemberships())
DEAR = PriceBook(
    {
        ("claude-3-haiku", PriceKind.TRAINING): Decimal(1),
        ("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(30),
    }
)
"""Everything is over the limit of $25."""
DEARER = PriceBook(
    {
        ("claude-3-haiku", PriceKind.TRAINING): Decimal(2),
        ("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(60),
    }
)
CHEAP = PriceBook(
    {
        ("claude-3-haiku", PriceKind.TRAINING): Decimal("0.001"),
        ("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(1),
    }
)
"""Nothing needs an approver."""


class Press(Protocol):
    """Presses a button of the plan, perhaps of a picture."""

    def __call__(self, choice: Choice, by: str, shown: Shown | None = None, /) -> object: ...


@dataclass
class Asked:
    """Something that waits for a decision."""

    world: World
    press: Press
    figure: Shown | None = None
    """That of the picture that was looked at last."""

    def pictured(self, choice: Choice) -> "Asked":
        """Return it with the figure of the button that is drawn for it now."""
        drawn = [each for card in self.world.renderer.cards for each in buttons_of(card)]
        _, figure = read_vote([value for action, value in drawn if action == f"plan.{choice}"][-1])
        assert figure is not None
        return replace(self, figure=figure)

    def started(self, by: str = "UTRAIN") -> "Asked":
        self.press("start", by)
        self.world.turn()
        return self

    def restarted(self, prices: PriceBook) -> "Asked":
        """Return it after the operator has set other prices."""
        self.world.prices = prices
        self.world.rebuilt()
        return self

    @property
    def bought(self) -> int:
        """How often anything was created at AWS, once everything due was done."""
        self.world.turn()
        return self.world.customization.calls["create"] + self.world.endpoints.calls["create"]


def a_job(world: World, owner: str) -> Press:
    job = world.jobs.propose(plan(owner=owner))
    return lambda decision, by, shown=None: world.press("job", job, decision, by, shown)


def a_job_again(world: World, owner: str) -> Press:
    world.jobs.propose(plan(owner="UCHIEF"))
    world.turn()
    changes = {"epochCount": "3"}
    again = world.jobs.repeat(plan().job_name, changes, owner=owner, channel="C1")
    job = world.jobs.propose(again)
    return lambda decision, by, shown=None: world.press("job", job, decision, by, shown)


def a_sweep(world: World, owner: str) -> Press:
    sweep = world.sweeps.propose(
        source="claims", hyperparameter="epochCount", values=["1", "2"], owner=owner, channel="C1"
    )
    return lambda decision, by, shown=None: world.press("sweep", sweep, decision, by, shown)


def a_lease(world: World, owner: str) -> Press:
    wanted = world.leases.plan(model="claims-router", minutes=60, owner=owner, channel="C1", request="r")
    lease = world.leases.propose(wanted)
    return lambda decision, by, shown=None: world.press("lease", lease, decision, by, shown)


KINDS: dict[str, tuple[Any, int]] = {
    "job": (a_job, 1),
    "again": (a_job_again, 1),
    "sweep": (a_sweep, 2),
    "lease": (a_lease, 1),
}
"""How each is asked for, and how many things are bought by it. Distillations: ``test_distill.py``."""
every_kind = pytest.mark.parametrize("kind", KINDS)


def asked(kind: str, owner: str = "UTRAIN", prices: PriceBook = DEAR, access: Access = ACCESS) -> Asked:
    world = World(prices=prices, access=access)
    world.models.save(model())
    press = KINDS[kind][0](world.rebuilt(), owner)
    world.turn()
    return Asked(world, press)


def buttons_of(card: object) -> list[tuple[str, str]]:
    """Return the buttons of a plan or of a question to the approvers, as people get them."""
    return buttons({"blocks": list(render(card).blocks)})


# A price that is raised while a plan waits


@every_kind
def test_who_starts_what_has_become_dearer_sees_the_new_price_first(kind: str) -> None:
    """Tried: a plan under the limit is left open until its price is over it, and then started alone."""
    it = asked(kind, prices=CHEAP).restarted(DEAR)
    with pytest.raises(Refused, match="by now, and was offered for at most"):
        it.press("start", "UTRAIN")
    assert it.bought == 0
    assert "is over the limit" in str(it.world.renderer.cards[-1]), "and who has to agree to it"

    it.started()
    assert it.bought == 0, "an approver has to agree now"
    it.press("approve", "UCHIEF")
    assert it.bought == KINDS[kind][1]


def test_the_new_price_is_on_the_card_before_the_account_is_looked_at_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look = PreflightRunner.run
    for kind in ("job", "sweep"):
        it = asked(kind, prices=CHEAP).restarted(DEAR)
        it.world.clock.advance(1)
        with pytest.raises(Refused, match="by now"):
            it.press("start", "UTRAIN")
        seen: list[Any] = []

        def run(self: PreflightRunner, *given: Any, world: World = it.world, seen: list[Any] = seen) -> Any:
            seen.append(world.renderer.cards[-1])
            return look(self, *given)

        monkeypatch.setattr(PreflightRunner, "run", run)
        it.world.turn()
        [card] = seen
        assert "is over the limit" in card.needs_approval, kind


@every_kind
def test_who_approves_what_has_become_dearer_sees_the_new_price_first(kind: str) -> None:
    it = asked(kind).started().restarted(DEARER)
    with pytest.raises(Refused, match="by now"):
        it.press("approve", "UCHIEF")
    assert it.bought == 0
    it.press("approve", "UCHIEF")
    assert it.bought == KINDS[kind][1]


@every_kind
def test_a_button_of_an_earlier_picture_agrees_to_no_more_than_it_said(kind: str) -> None:
    """Tried: one sees the new price and the other presses the old button, of *Start* and of *Approve*."""
    it = asked(kind, prices=CHEAP)
    earlier = it.pictured("start").restarted(DEAR)
    for by in ("UTRAIN", "UBOSS", "UTRAIN"):
        with pytest.raises(Refused, match="by now, and was offered for at most"):
            it.press("start", by, earlier.figure)
        assert it.bought == 0
    it.press("start", "UTRAIN", it.pictured("start").figure)
    it.world.turn()

    earlier = it.pictured("approve").restarted(DEARER)
    for by in ("UCHIEF", "UBOSS", "UCHIEF"):
        with pytest.raises(Refused, match="by now, and was offered for at most"):
            it.press("approve", by, earlier.figure)
        assert it.bought == 0
    it.press("approve", "UCHIEF", it.pictured("approve").figure)
    assert it.bought == KINDS[kind][1]
    it.press("approve", "UCHIEF", earlier.figure)
    assert it.bought == KINDS[kind][1], "it was agreed to: their own press, delivered again"


@every_kind
def test_what_has_become_cheaper_or_was_agreed_to_is_not_asked_again(kind: str) -> None:
    fallen = asked(kind).restarted(CHEAP)
    fallen.press("start", "UTRAIN")
    assert fallen.bought == 0, "it was offered as something that an approver decides"

    agreed = asked(kind, prices=CHEAP)
    agreed.press("start", "UTRAIN")
    agreed.restarted(DEAR)
    with pytest.raises(Refused, match=r"started this already|being started"):
        agreed.press("start", "UBOSS")
    assert agreed.bought == KINDS[kind][1]


def test_a_lease_that_an_earlier_release_offered_is_held_to_the_limit_of_now() -> None:
    it = asked("lease", prices=CHEAP)
    [lease] = it.world.store.of_kind("lease")
    it.world.store.amend(lease.key, lambda spec: {key: each for key, each in spec.items() if key != "usd"})
    it.restarted(DEAR)
    with pytest.raises(Refused, match="by now"):
        it.press("start", "UTRAIN")
    it.started()
    assert it.bought == 0, "an approver has to agree now"


def test_a_price_that_nobody_knows_any_more_is_dearer_and_one_that_was_unknown_is_not() -> None:
    known, unknown = Decimal(2), None
    assert is_dearer(unknown, known)
    assert is_dearer(Decimal("2.01"), known)
    assert not any(is_dearer(each, known) for each in (known, Decimal(1)))
    assert not any(is_dearer(each, unknown) for each in (known, unknown))


@pytest.mark.slow
def test_nobody_approves_what_they_planned_or_started() -> None:
    with table() as row:
        for kind, (owner, starter) in product(
            KINDS, [("UBOSS", "UBOSS"), ("UTRAIN", "UBOSS"), ("UBOSS", "UTRAIN")]
        ):
            with row(kind, owner, starter):
                it = asked(kind, owner).started(starter)
                for _ in range(3):
                    with pytest.raises(NotAllowed, match="somebody else"):
                        it.press("approve", "UBOSS")
                assert it.bought == 0
                it.press("approve", "UCHIEF")
                assert it.bought == KINDS[kind][1]


@every_kind
def test_nobody_asks_for_what_nobody_could_approve(kind: str) -> None:
    """Tried: the only approver presses *Ask an approver*, on another's plan and on their own."""
    alone = Access(frozenset({"UTRAIN", "UBOSS"}), frozenset({"UBOSS"}), people=FakeMemberships())
    of_another = asked(kind, access=alone)
    with pytest.raises(NotAllowed, match="only one who could") as refused:
        of_another.press("start", "UBOSS")
    assert "<@UTRAIN>" in refused.value.hint
    of_another.started("UTRAIN").press("approve", "UBOSS")
    assert of_another.bought == KINDS[kind][1], "the plan stayed open"

    own = asked(kind, "UBOSS", access=alone)
    for by in ("UBOSS", "UTRAIN"):
        with pytest.raises(NotAllowed, match="Nobody could approve this"):
            own.press("start", by)
    assert [action for action, _ in buttons_of(own.world.renderer.cards[-1])] == ["plan.cancel"]
    assert "there is no other approver" in str(render(own.world.renderer.cards[-1]).blocks)
    assert own.bought == 0


@pytest.mark.slow
@every_kind
def test_who_calls_off_what_another_planned_is_named_to_them_and_who_calls_off_their_own_is_not(
    kind: str,
) -> None:
    for by, told in (("UBOSS", 1), ("UTRAIN", 0)):
        it = asked(kind).started()
        it.press("cancel", by)
        it.world.turn()
        it.world.pass_time(60)
        said = [render(each).text for each in it.world.renderer.cards]
        words = {each for each in said if "stopped this before" in each}
        assert len(words) == told, (by, words)
        marks = ("JobMilestone", "LeaseMilestone", "stopped this before")
        shown = [each.message.text for each in it.world.messages.visible()]
        posted = [each for each in shown if any(mark in each for mark in marks)]
        assert len(posted) == told
        assert all("<@UTRAIN>" in each and "<@UBOSS>" in each for each in words)
        assert it.bought == 0


@every_kind
def test_an_approval_without_a_start_is_none(kind: str) -> None:
    it = asked(kind)
    with pytest.raises(Refused, match="Nobody has asked"):
        it.press("approve", "UCHIEF")
    it.started()
    assert it.bought == 0


def test_who_is_no_approver_decides_nothing() -> None:
    nobodies = ["UTRAIN", "UASKER", "UGUEST", "", "uchief", "UCHIEF ", "C1"]
    decisions: list[Choice] = ["approve", "decline"]
    with table() as row:
        for kind, by, decision in product(KINDS, nobodies, decisions):
            with row(kind, by, decision):
                it = asked(kind).started()
                with pytest.raises(NotAllowed):
                    it.press(decision, by)
                assert it.bought == 0
                it.press("approve", "UCHIEF")
                assert it.bought == KINDS[kind][1]


def test_another_persons_button_is_not_for_an_asker() -> None:
    decisions: list[Choice] = ["start", "cancel"]
    with table() as row:
        for kind, decision in product(KINDS, decisions):
            with row(kind, decision):
                it = asked(kind)
                with pytest.raises(NotAllowed):
                    it.press(decision, "UASKER")
                assert it.started().bought == 0
                it.press("approve", "UCHIEF")
                assert it.bought == KINDS[kind][1]


@every_kind
def test_an_approval_after_a_cancellation_buys_nothing(kind: str) -> None:
    it = asked(kind).started()
    it.press("cancel", "UTRAIN")
    for by in ("UBOSS", "UCHIEF"):
        with pytest.raises(Refused, match="UTRAIN"):
            it.press("approve", by)
    with pytest.raises(Refused):
        it.press("start", "UTRAIN")
    assert it.bought == 0


@every_kind
def test_approve_that_is_pressed_again_and_again_buys_once(kind: str) -> None:
    it = asked(kind).started()
    for _ in range(3):
        it.press("approve", "UCHIEF")
    assert it.bought == KINDS[kind][1]
    for decision in ("decline", "cancel", "start"):
        with pytest.raises(Refused):
            it.press(decision, "UBOSS")
    it.world.pass_time(60)
    assert it.bought == KINDS[kind][1]


@every_kind
def test_an_old_card_decides_nothing(kind: str) -> None:
    it = asked(kind).started()
    it.world.clock.advance(PATIENCE + 900)
    with pytest.raises(Refused, match="in time"):
        it.press("approve", "UCHIEF")
    assert it.bought == 0


@every_kind
def test_six_presses_of_two_approvers_at_once_are_one_decision(kind: str) -> None:
    it = asked(kind).started()
    presses: list[tuple[Choice, str]] = [("approve", "UBOSS"), ("decline", "UCHIEF"), ("approve", "UCHIEF")]
    taken, refused = at_once(it.press, presses * 2)

    winners = {(decision, by) for decision, by in taken}
    assert len(winners) == 1, "the others were refused"
    assert len(taken) + len(refused) == 6
    [(decision, _)] = winners
    assert it.bought == (KINDS[kind][1] if decision == "approve" else 0)


def at_once(
    press: Callable[[Choice, str], object], presses: list[tuple[Choice, str]]
) -> tuple[list[tuple[Choice, str]], list[Refused]]:
    """Press all of it at the same moment; return what was taken and what was refused."""
    taken: list[tuple[Choice, str]] = []
    refused: list[Refused] = []
    ready = threading.Barrier(len(presses))

    def one(decision: Choice, by: str) -> None:
        ready.wait(10)
        try:
            press(decision, by)
        except Refused as refusal:
            refused.append(refusal)
        else:
            taken.append((decision, by))

    threads = [threading.Thread(target=one, args=each) for each in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return taken, refused
