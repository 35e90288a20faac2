"""A trial from the press to what is told: priced before, never dearer, each row once, whatever dies or fails."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from bot.controller.context import AnyReconciler
from bot.controller.crash_points import crashing
from bot.datasets.model import Dataset, Source
from bot.errors import NotFound, Refused, Throttled, TunesmithError, Unavailable
from bot.kinds import KINDS
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.profiles.registry import get
from bot.questions.answerer import Ending, Usage
from bot.spending.ledger import EntryState
from bot.trials.cards import TrialEnded
from bot.trials.service import TrialService
from tests.doubles.asking import FakeInference
from tests.doubles.classroom import Classroom
from tests.doubles.visibility import directory
from tests.doubles.world import Crash
from tests.examples import kills
from tests.unit.jobs.samples import SETTINGS
from tests.unit.trials.test_prompt import LABELS, lines, row

RIGHT = Ending("end_turn", Usage(300, 2))


class Room(Classroom):
    """A bot with a dataset of labels and a base that answers."""

    def __init__(
        self, folder: Path, budgets: Mapping[str, Decimal] | None = None, content: Sequence[bytes] = ()
    ) -> None:
        self.inference = FakeInference()
        self.inference.always = ("intake", RIGHT)
        said = b"\n".join(content or lines(60))
        super().__init__(folder, content=said)
        if budgets is not None:
            self.budget_service._budgets = dict(budgets)
        path = folder / "claims.jsonl"
        path.write_bytes(said)
        report = self.stored.validate(path, get("nova-lite"), name="claims.jsonl")
        self.dataset = self.stored.keep(path, report, Source("F1", "C1", "1.0", "UTRAIN"), "us-east-1")

    def reconcilers(self) -> dict[str, AnyReconciler]:
        made = super().reconcilers()
        ports = self.ports("trial")
        ports.inference = self.inference
        return {**made, "trial": KINDS["trial"].build(ports)}

    @property
    def trials(self) -> TrialService:
        seen = directory(self.store, self.repository)
        return TrialService(self.store, seen, self.prices, self.clock, SETTINGS)

    def begin(self, request: str = "press1", **more: str) -> bool:
        offered = self.trials.offer(self.dataset).at_most
        assert offered is not None
        asked = {"user": "UTRAIN", "channel": "C1", "asked_in": request} | more
        return self.trials.begin(self.dataset.id, offered, **asked)

    @property
    def ended(self) -> TrialEnded:
        return [each for each in self.renderer.cards if isinstance(each, TrialEnded)][-1]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_the_prompt_is_tried_on_each_row_once_and_told_to_whoever_asked(room: Room) -> None:
    offer = room.trials.offer(room.dataset)
    assert (offer.why_not, offer.base) == ("", "nova-lite")
    assert room.begin()
    assert not room.begin(), "the same press"
    room.turn()
    ended = room.ended
    wanted = sum(each[-1].text.endswith("?") for each in room.inference.asked)
    assert len(room.inference.asked) == wanted == ended.asked == 20
    assert 0 < ended.right < 20, "one label of three is right where it is the row's"
    assert ended.spent == 20 * (300 * Decimal("0.06") + 2 * Decimal("0.24")) / 1_000_000
    assert offer.at_most is not None
    assert ended.spent < offer.at_most == ended.at_most
    [told] = room.said("TrialEnded")
    assert told.channel == "DUTRAIN"
    [entry] = room.ledger.kept.values()
    assert (entry.state, entry.actual, entry.committed) == (EntryState.SETTLED, ended.spent, offer.at_most)
    assert set(LABELS) <= set(ended.instruction.replace(";", " ").replace(".", " ").split())


def test_the_base_is_asked_for_its_likeliest_answer_and_not_for_one_by_chance(room: Room) -> None:
    room.begin()
    room.turn()
    assert {each.temperature for each in room.inference.answerers} == {0.0}


def test_rows_of_which_too_few_can_be_tried_are_told_and_cost_nothing(tmp_path: Path) -> None:
    """A dataset of enough records, nearly all of which are copies."""
    room = Room(tmp_path, content=lines(12) * 4)
    room.begin()
    room.turn()
    assert room.inference.asked == []
    assert "Too few rows" in room.ended.why
    assert (room.ended.asked, room.ended.spent) == (0, Decimal(0))
    [entry] = room.ledger.kept.values()
    assert entry.state is EntryState.FREED


def test_personal_data_in_labels_is_masked_where_the_prompt_is_shown(tmp_path: Path) -> None:
    labels = ("anna.muster@muster-bank.de", "bert.muster@muster-bank.de")
    room = Room(tmp_path, content=[row(f"Claim {n} says what?", labels[n % 2]) for n in range(60)])
    room.begin()
    room.turn()
    assert all(label in (room.inference.answerers[0].system_prompt or "") for label in labels)
    assert "muster" not in room.ended.instruction


def test_all_of_it_is_reserved_before_the_first_row(room: Room) -> None:
    reserved: list[Decimal | None] = []
    room.inference.between = lambda _: reserved.extend(each.committed for each in room.ledger.kept.values())
    room.begin()
    room.turn()
    assert set(reserved) == {room.trials.offer(room.dataset).at_most}


def test_without_room_in_a_budget_nothing_is_asked(tmp_path: Path) -> None:
    room = Room(tmp_path, budgets={"C1": Decimal("0.001")})
    room.begin()
    room.turn()
    assert room.inference.asked == []
    assert "Trying the prompt costs at most" in room.ended.why
    assert room.ledger.used("2026-11").get("C1", 0) == 0


def test_a_throttle_is_no_asking_and_is_waited_out(room: Room) -> None:
    room.inference.line_up(("intake", RIGHT), (Throttled("Slow down.", retry_after=5.0),))
    room.begin()
    room.turn()
    room.pass_time(60, step=5)
    assert (room.ended.asked, room.ended.unknown) == (20, 0)
    assert len(room.inference.asked) == 21


@pytest.mark.parametrize(
    ("fault", "asked", "known"),
    [
        (NotFound("The base has reached its end of life."), 3, 2),
        (Refused("The model does not take this."), 3, 2),
    ],
)
def test_a_base_that_does_not_answer_ends_it_with_what_is_known(
    room: Room, fault: TunesmithError, asked: int, known: int
) -> None:
    good = ("intake", RIGHT)
    room.inference.line_up(good, good, (fault,))
    room.begin()
    room.turn()
    room.pass_time(120, step=10)
    assert (len(room.inference.asked), room.ended.asked) == (asked, known)
    assert fault.message in room.ended.why
    assert room.ended.spent == known * (300 * Decimal("0.06") + 2 * Decimal("0.24")) / 1_000_000


def test_rows_that_break_off_count_in_full_and_three_of_them_end_it(room: Room) -> None:
    broken = ("int", Unavailable("The answer broke off."))
    room.inference.line_up(("intake", RIGHT), broken, broken, broken)
    room.begin()
    room.turn()
    ended = room.ended
    assert (ended.asked, ended.unknown, len(room.inference.asked)) == (1, 3, 4)
    each = ended.at_most / 20
    assert ended.spent == (300 * Decimal("0.06") + 2 * Decimal("0.24")) / 1_000_000 + 3 * each


@pytest.mark.chaos
def test_a_crash_anywhere_asks_no_row_twice_and_costs_no_more_than_was_shown(tmp_path: Path) -> None:
    def begun(name: str) -> Room:
        (tmp_path / name).mkdir()
        room = Room(tmp_path / name)
        room.begin()
        return room

    names = begun("whole").places()
    assert names.count("after-ask-base") == 20
    for place in kills(names):
        room, where = begun(str(place)), (place, names[place - 1])
        room.crash_in(place)
        room.pass_time(200, step=40)
        questions = [each[-1].text for each in room.inference.asked]
        assert len(questions) == len(set(questions)), where
        assert room.ended.asked + room.ended.unknown == 20, where
        assert room.ended.unknown <= 1, where
        assert room.ended.spent <= room.ended.at_most, where
        assert len(room.said("TrialEnded")) == 1, where


@pytest.mark.parametrize("point", ["before-ask-base", "after-ask-base"])
def test_a_kill_around_an_asking_leaves_that_row_unknown_and_asks_the_others(room: Room, point: str) -> None:
    room.begin()
    passed = 0

    def hook(name: str) -> None:
        nonlocal passed
        passed += name == point
        if name == point and passed == 3:
            raise Crash

    with crashing(hook), pytest.raises(Crash):
        room.turn()
    room.pass_time(200, step=40)
    assert (room.ended.asked, room.ended.unknown) == (19, 1)
    assert len(room.inference.asked) == (20 if point == "after-ask-base" else 19)


def changed(dataset: Dataset, **statistics: object) -> Dataset:
    report = dataset.report
    return replace(dataset, report=replace(report, statistics=replace(report.statistics, **statistics)))  # type: ignore[arg-type]


def test_who_may_no_longer_spend_has_nothing_asked(room: Room) -> None:
    room.begin()
    room.access = replace(room.access, trainers=frozenset({"UOTHER"}))
    room.rebuilt()
    room.turn()
    assert room.inference.asked == []
    assert "may not spend here any more" in room.ended.why
    assert [each.state for each in room.ledger.kept.values()] in ([], [EntryState.FREED])


def test_what_cannot_be_tried_says_why(room: Room) -> None:
    uncounted = room.trials.offer(changed(room.dataset, labels=()))
    assert "do not choose among a few" in uncounted.why_not, "they are prose, or all the same"
    few = replace(room.dataset, report=replace(room.dataset.report, records=39))
    assert "40 rows" in room.trials.offer(few).why_not
    dear = PriceBook(
        dict.fromkeys((("nova-lite", PriceKind.INPUT), ("nova-lite", PriceKind.OUTPUT)), Decimal(10_000))
    )
    service = TrialService(room.store, directory(room.store, room.repository), dear, room.clock, SETTINGS)
    assert "may be spent without approval" in service.offer(room.dataset).why_not
    with pytest.raises(Refused, match="may be spent without approval"):
        service.begin(room.dataset.id, Decimal(10**6), user="U1", channel="C1", asked_in="x")


def test_what_became_dearer_is_not_begun(room: Room) -> None:
    with pytest.raises(Refused, match="by now"):
        room.trials.begin(room.dataset.id, Decimal("0.0001"), user="UTRAIN", channel="C1", asked_in="x")
    with pytest.raises(NotFound):
        room.trials.begin("abababababab", Decimal(1), user="UTRAIN", channel="C1", asked_in="x")


def test_content_that_one_may_not_see_any_more_is_not_asked_about(room: Room) -> None:
    room.begin(user="UOUT", channel="C2")
    room.turn()
    assert room.inference.asked == []
    assert room.ended.why
