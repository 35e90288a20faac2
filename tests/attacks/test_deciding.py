"""Approving what one asked for oneself, deciding twice or at once, and pressing what is over."""

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any, Protocol

import pytest

from bot.access import Access
from bot.errors import NotAllowed, NotFound, Refused
from bot.jobs.preflight import PreflightRunner
from bot.kinds import PURCHASES
from bot.pricing.book import PriceBook
from bot.spending.model import Check
from bot.spending.offers import Shown, is_dearer
from bot.spending.votes import PATIENCE, Choice
from handlers.ui.parts.plans import read_vote
from handlers.ui.render import render
from tests.doubles.bought import CHEAP, DEAR, DEARER, SAMPLES, house
from tests.doubles.classroom import Classroom
from tests.doubles.memberships import FakeMemberships
from tests.doubles.world import World
from tests.handlers.door import buttons
from tests.tables import table
from tests.unit.jobs.samples import SETTINGS
from tests.unit.spending.test_budgets import entry as spending

ACCESS = Access(frozenset({"UTRAIN", "UBOSS"}), frozenset({"UBOSS", "UCHIEF"}), people=FakeMemberships())
NUMBERS = itertools.count()


class Press(Protocol):
    """Presses a button of the plan, perhaps of a picture."""

    def __call__(self, choice: Choice, by: str, shown: Shown | None = None, /) -> object: ...


@dataclass
class Asked:
    """Something that waits for a decision."""

    world: Classroom
    press: Press
    kind: str
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
        return SAMPLES[self.kind].at_aws(self.world).calls["create"]


every_kind = pytest.mark.parametrize("kind", SAMPLES)


def asked(
    folder: Path, kind: str, owner: str = "UTRAIN", prices: PriceBook = DEAR, access: Access = ACCESS
) -> Asked:
    """Return a plan of that kind, as people see it."""
    world = house(folder / str(next(NUMBERS)), prices, access)
    return proposed(world, kind, owner)


def proposed(world: Classroom, kind: str, owner: str = "UTRAIN") -> Asked:
    sample = SAMPLES[kind]
    made = sample.propose(world, owner)
    world.turn()
    return Asked(
        world, lambda choice, by, shown=None: world.press(sample.kind, made, choice, by, shown), kind
    )


def buttons_of(card: object) -> list[tuple[str, str]]:
    """Return the buttons of a plan or of a question to the approvers, as people get them."""
    return buttons({"blocks": list(render(card).blocks)})


# A price that is raised while a plan waits


@every_kind
def test_who_starts_what_has_become_dearer_sees_the_new_price_first(tmp_path: Path, kind: str) -> None:
    """Tried: a plan under the limit is left open until its price is over it, and then started alone."""
    it = asked(tmp_path, kind, prices=CHEAP).restarted(DEAR)
    with pytest.raises(Refused, match="by now, and was offered for at most"):
        it.press("start", "UTRAIN")
    assert it.bought == 0
    assert "may be spent without approval" in str(it.world.renderer.cards[-1]), "and who has to agree to it"

    it.started()
    assert it.bought == 0, "an approver has to agree now"
    it.press("approve", "UCHIEF")
    assert it.bought == SAMPLES[kind].bought


def test_the_new_price_is_on_the_card_before_the_account_is_looked_at_again(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look = PreflightRunner.run
    for kind in ("job", "sweep"):
        it = asked(tmp_path, kind, prices=CHEAP).restarted(DEAR)
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
        assert "may be spent without approval" in card.needs_approval, kind


@every_kind
def test_who_approves_what_has_become_dearer_sees_the_new_price_first(tmp_path: Path, kind: str) -> None:
    it = asked(tmp_path, kind).started().restarted(DEARER)
    with pytest.raises(Refused, match="by now") as refused:
        it.press("approve", "UCHIEF")
    assert refused.value.hint.endswith("in my *Home* as well."), "who was asked directly may not see the plan"
    assert it.bought == 0
    it.press("approve", "UCHIEF")
    assert it.bought == SAMPLES[kind].bought


@every_kind
def test_a_button_of_an_earlier_picture_agrees_to_no_more_than_it_said(tmp_path: Path, kind: str) -> None:
    """Tried: one sees the new price and the other presses the old button, of *Start* and of *Approve*."""
    it = asked(tmp_path, kind, prices=CHEAP)
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
    assert it.bought == SAMPLES[kind].bought
    it.press("approve", "UCHIEF", earlier.figure)
    assert it.bought == SAMPLES[kind].bought, "it was agreed to: their own press, delivered again"


@every_kind
def test_what_has_become_cheaper_or_was_agreed_to_is_not_asked_again(tmp_path: Path, kind: str) -> None:
    fallen = asked(tmp_path, kind).restarted(CHEAP)
    fallen.press("start", "UTRAIN")
    assert fallen.bought == 0, "it was offered as something that an approver decides"

    agreed = asked(tmp_path, kind, prices=CHEAP)
    agreed.press("start", "UTRAIN")
    agreed.restarted(DEAR)
    with pytest.raises(Refused, match=r"started this already|being started"):
        agreed.press("start", "UBOSS")
    # Office hours buy each day's lease when it is due: what costs more by then is decided anew.
    assert agreed.bought == (0 if kind == "schedule" else SAMPLES[kind].bought)


@every_kind
def test_what_an_approver_was_asked_for_does_not_begin_by_a_limit_that_was_raised(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tried: the operator raises limit and price while it waits, and nobody has agreed to the new figure."""
    it = asked(tmp_path, kind).started()
    earlier = it.pictured("approve")
    higher = replace(SETTINGS, approval_limit=Decimal(1_000_000))
    for module in ("world", "classroom"):
        monkeypatch.setattr(f"tests.doubles.{module}.SETTINGS", higher)
    it.restarted(DEARER).world.pass_time(400)
    with pytest.raises(Refused, match="by now, and was offered for at most"):
        it.press("approve", "UCHIEF", earlier.figure)
    it.world.pass_time(60)
    assert it.bought == 0
    it.press("approve", "UCHIEF", it.pictured("approve").figure)
    assert it.bought == SAMPLES[kind].bought


def test_a_lease_that_an_earlier_release_offered_is_held_to_the_limit_of_now(tmp_path: Path) -> None:
    it = asked(tmp_path, "lease", prices=CHEAP)
    [lease] = it.world.store.of_kind("lease")
    it.world.store.amend(lease.key, lambda spec: {key: each for key, each in spec.items() if key != "usd"})
    it.restarted(DEAR)
    with pytest.raises(Refused, match="by now"):
        it.press("start", "UTRAIN")
    it.started()
    assert it.bought == 0, "an approver has to agree now"


def test_a_price_that_nobody_knows_any_more_is_dearer_and_one_that_was_unknown_is_not(tmp_path: Path) -> None:
    known, unknown = Decimal(2), None
    assert is_dearer(unknown, known)
    assert is_dearer(Decimal("2.01"), known)
    assert not any(is_dearer(each, known) for each in (known, Decimal(1)))
    assert not any(is_dearer(each, unknown) for each in (known, unknown))


@pytest.mark.slow
def test_nobody_approves_what_they_planned_or_started(tmp_path: Path) -> None:
    """Tried: an approver presses *Approve* on what they planned, or on what they started for another."""
    with table() as row:
        for kind, (owner, starter) in product(
            SAMPLES, [("UBOSS", "UBOSS"), ("UTRAIN", "UBOSS"), ("UBOSS", "UTRAIN")]
        ):
            with row(kind, owner, starter):
                it = asked(tmp_path, kind, owner).started(starter)
                for _ in range(3):
                    with pytest.raises(NotAllowed, match="somebody else"):
                        it.press("approve", "UBOSS")
                assert it.bought == 0
                it.press("approve", "UCHIEF")
                assert it.bought == SAMPLES[kind].bought


@every_kind
def test_nobody_asks_for_what_nobody_could_approve(tmp_path: Path, kind: str) -> None:
    """Tried: the only approver presses *Ask an approver*, on another's plan and on their own."""
    alone = Access(frozenset({"UTRAIN", "UBOSS"}), frozenset({"UBOSS"}), people=FakeMemberships())
    of_another = asked(tmp_path, kind, access=alone)
    with pytest.raises(NotAllowed, match="only one who could") as refused:
        of_another.press("start", "UBOSS")
    assert "<@UTRAIN>" in refused.value.hint
    of_another.started("UTRAIN").press("approve", "UBOSS")
    assert of_another.bought == SAMPLES[kind].bought, "the plan stayed open"

    own = asked(tmp_path, kind, "UBOSS", access=alone)
    for by in ("UBOSS", "UTRAIN"):
        with pytest.raises(NotAllowed, match="Nobody could approve this"):
            own.press("start", by)
    pressed = {action for action, _ in buttons_of(own.world.renderer.cards[-1]) if action.startswith("plan.")}
    assert pressed - {"plan.change"} == {"plan.cancel"}
    assert "there is no other approver" in str(render(own.world.renderer.cards[-1]).blocks)
    assert own.bought == 0


@pytest.mark.slow
@every_kind
def test_who_calls_off_what_another_planned_is_named_to_them_and_who_calls_off_their_own_is_not(
    tmp_path: Path,
    kind: str,
) -> None:
    for by, told in (("UBOSS", 1), ("UTRAIN", 0)):
        it = asked(tmp_path, kind).started()
        it.press("cancel", by)
        it.world.turn()
        it.world.pass_time(60)
        said = [render(each).text for each in it.world.renderer.cards]
        words = {each for each in said if "stopped this before" in each}
        assert len(words) == told, (by, words)
        marks = ("JobMilestone", "LeaseMilestone", "DistillationMilestone", "stopped this before")
        shown = [each.message.text for each in it.world.messages.visible()]
        posted = [each for each in shown if any(mark in each for mark in marks)]
        assert len(posted) == told
        assert all("<@UTRAIN>" in each and "<@UBOSS>" in each for each in words)
        assert it.bought == 0


@every_kind
def test_an_approval_without_a_start_is_none(tmp_path: Path, kind: str) -> None:
    it = asked(tmp_path, kind)
    with pytest.raises(Refused, match="Nobody has asked"):
        it.press("approve", "UCHIEF")
    it.started()
    assert it.bought == 0


@pytest.mark.slow
def test_who_is_no_approver_decides_nothing(tmp_path: Path) -> None:
    """Tried: *Approve* and *Decline* by a trainer, an asker, a guest, and by IDs that only look like an approver's."""
    nobodies = ["UTRAIN", "UASKER", "UGUEST", "", "uchief", "UCHIEF ", "C1"]
    decisions: list[Choice] = ["approve", "decline"]
    with table() as row:
        for kind, by, decision in product(SAMPLES, nobodies, decisions):
            with row(kind, by, decision):
                it = asked(tmp_path, kind).started()
                with pytest.raises(NotAllowed):
                    it.press(decision, by)
                assert it.bought == 0
                it.press("approve", "UCHIEF")
                assert it.bought == SAMPLES[kind].bought


@pytest.mark.slow
def test_another_persons_button_is_not_for_an_asker(tmp_path: Path) -> None:
    decisions: list[Choice] = ["start", "cancel"]
    with table() as row:
        for kind, decision in product(SAMPLES, decisions):
            with row(kind, decision):
                it = asked(tmp_path, kind)
                with pytest.raises(NotAllowed):
                    it.press(decision, "UASKER")
                assert it.started().bought == 0
                it.press("approve", "UCHIEF")
                assert it.bought == SAMPLES[kind].bought


@every_kind
def test_an_approval_after_a_cancellation_buys_nothing(tmp_path: Path, kind: str) -> None:
    """Tried: *Approve* on a plan that was called off a moment ago."""
    it = asked(tmp_path, kind).started()
    it.press("cancel", "UTRAIN")
    for by in ("UBOSS", "UCHIEF"):
        with pytest.raises(Refused, match="UTRAIN"):
            it.press("approve", by)
    with pytest.raises(Refused):
        it.press("start", "UTRAIN")
    assert it.bought == 0


@every_kind
def test_approve_that_is_pressed_again_and_again_buys_once(tmp_path: Path, kind: str) -> None:
    """Tried: *Approve*, pressed many times over."""
    it = asked(tmp_path, kind).started()
    for _ in range(3):
        it.press("approve", "UCHIEF")
    assert it.bought == SAMPLES[kind].bought
    for decision in ("decline", "cancel", "start"):
        with pytest.raises(Refused):
            it.press(decision, "UBOSS")
    it.world.pass_time(60)
    assert it.bought == SAMPLES[kind].bought


@every_kind
def test_an_old_card_decides_nothing(tmp_path: Path, kind: str) -> None:
    it = asked(tmp_path, kind).started()
    it.world.clock.advance(PATIENCE + 900)
    with pytest.raises(Refused, match="in time"):
        it.press("approve", "UCHIEF")
    assert it.bought == 0


@every_kind
def test_a_plan_that_nobody_starts_is_over_and_says_so(tmp_path: Path, kind: str) -> None:
    it = asked(tmp_path, kind)
    it.world.clock.advance(PATIENCE + 900)
    for is_noted in (False, True):
        if is_noted:
            it.world.turn()
        with pytest.raises(Refused, match="in time") as refused:
            it.press("start", "UTRAIN")
        assert "/tune" in refused.value.hint or "again" in refused.value.hint
    assert it.bought == 0


# What speaks against it


@every_kind
def test_what_fails_a_check_is_not_started_and_says_why_and_what_can_be_mended_is_looked_at_again(
    tmp_path: Path, kind: str
) -> None:
    sample, world = SAMPLES[kind], house(tmp_path, CHEAP, ACCESS)
    why = sample.breaks(world)
    it = proposed(world, kind)
    world.clock.advance(1)
    with pytest.raises(Refused, match=why) as refused:
        it.press("start", "UTRAIN")
    assert it.bought == 0
    assert ("looking again" in refused.value.hint) == sample.is_mendable
    if sample.is_mendable:
        world.account.role_check = Check("role", True, "It does.")
        world.clock.advance(1)
        with pytest.raises(Refused, match=why):
            it.press("start", "UTRAIN")
        world.turn()
        it.press("start", "UTRAIN")
        assert it.bought == sample.bought


@every_kind
def test_nothing_is_started_before_it_was_looked_at(tmp_path: Path, kind: str) -> None:
    sample, world = SAMPLES[kind], house(tmp_path, CHEAP, ACCESS)
    made = sample.propose(world, "UTRAIN")
    with pytest.raises(Refused, match="I am still") as refused:
        world.press(sample.kind, made, "start", "UTRAIN")
    assert refused.value.hint
    world.turn()
    world.press(sample.kind, made, "start", "UTRAIN")
    world.turn()
    assert sample.at_aws(world).calls["create"] == sample.bought


@every_kind
def test_who_starts_what_another_planned_is_held_to_their_own_budget(tmp_path: Path, kind: str) -> None:
    it = asked(tmp_path, kind, prices=CHEAP)
    it.world.budgets = {"UBOSS": Decimal("0.000001")}
    it.restarted(CHEAP)
    with pytest.raises(Refused, match="<@UBOSS>'s"):
        it.press("start", "UBOSS")
    assert it.bought == 0
    assert it.world.ledger.kept == {}
    it.press("start", "UTRAIN")
    assert it.bought == SAMPLES[kind].bought


@every_kind
def test_a_budget_that_others_use_up_meanwhile_buys_nothing_and_is_named(tmp_path: Path, kind: str) -> None:
    """Some are refused at the press and stay open; others when it is reserved, which has the last word."""
    it = asked(tmp_path, kind, prices=CHEAP)
    it.world.budgets = {"all": Decimal(30)}
    it.restarted(CHEAP)
    others = spending("30", id="job:else#1", owner="UELSE", at=it.world.clock.now())
    it.world.ledger.reserve([others], [])
    said = ""
    try:
        it.press("start", "UTRAIN")
    except Refused as refused:
        said = refused.message
    it.world.pass_time(60)
    drawn = map(render, it.world.renderer.cards)
    said += "".join(f"{each.text} {each.blocks}" for each in drawn)
    assert "nothing of the workspace's $30.00" in said
    assert it.bought == 0
    assert it.world.ledger.used("2026-11")["all"] == 30


@every_kind
def test_who_declines_is_named_to_whoever_planned_it_and_the_first_decision_stands(
    tmp_path: Path, kind: str
) -> None:
    it = asked(tmp_path, kind).started()
    it.press("decline", "UCHIEF")
    it.press("decline", "UCHIEF")
    it.world.pass_time(60)
    said = {render(each).text for each in it.world.renderer.cards}
    assert len({each for each in said if "<@UCHIEF> declined this" in each}) == 1
    votes: list[tuple[Choice, str]] = [("approve", "UBOSS"), ("start", "UTRAIN"), ("cancel", "UTRAIN")]
    for choice, by in votes:
        with pytest.raises(Refused, match="<@UCHIEF> declined this already"):
            it.press(choice, by)
    assert it.bought == 0


def test_a_plan_that_nobody_knows_is_said_to_be_unknown_with_how_to_ask_for_another(tmp_path: Path) -> None:
    world = house(tmp_path, CHEAP, ACCESS)
    choices: tuple[Choice, ...] = ("start", "cancel", "approve", "decline")
    with table() as row:
        for kind, choice in product(PURCHASES, choices):
            with row(kind, choice):
                with pytest.raises(NotFound, match="do not know this plan") as unknown:
                    world.press(kind, "0123456789ab", choice, "UBOSS")
                assert unknown.value.hint == PURCHASES[kind].again
        for unheard in ("x", "release", "poll", ""):
            with row(unheard), pytest.raises(NotFound, match="do not know this plan"):
                world.press(unheard, "0123456789ab", "start", "UTRAIN")


@every_kind
def test_six_presses_of_two_approvers_at_once_are_one_decision(tmp_path: Path, kind: str) -> None:
    """Tried: *Approve* and *Decline*, six presses of two approvers in the same moment."""
    it = asked(tmp_path, kind).started()
    presses: list[tuple[Choice, str]] = [("approve", "UBOSS"), ("decline", "UCHIEF"), ("approve", "UCHIEF")]
    taken, refused = at_once(it.press, presses * 2)

    winners = {(decision, by) for decision, by in taken}
    assert len(winners) == 1, "the others were refused"
    assert len(taken) + len(refused) == 6
    [(decision, _)] = winners
    assert it.bought == (SAMPLES[kind].bought if decision == "approve" else 0)


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
