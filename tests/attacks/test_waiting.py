"""What waits for an approver, in their own list: all that they may decide and see, and nothing for anybody else."""

from decimal import Decimal
from pathlib import Path

from bot.access import Access
from bot.controller.model import Key
from bot.kinds import PURCHASES
from bot.spending.offers import Shown
from bot.spending.purchase import Waiting
from bot.spending.votes import PATIENCE, Choice
from handlers.ui.home import Belongings, home
from handlers.ui.parts.running import Running
from tests.attacks.test_deciding import asked, every_kind
from tests.attacks.test_extensions import MODEL, running
from tests.attacks.test_extensions import house as serving
from tests.attacks.two_channels import BOSS, INSIDER, PRIVATE, TwoChannels
from tests.doubles.bought import SAMPLES
from tests.doubles.memberships import FakeMemberships
from tests.doubles.world import World
from tests.handlers.door import buttons, words
from tests.tables import table

NOBODIES = ("UTRAIN", "UASKER", "UGUEST", "")


def waiting(world: World, user: str, here: str = "D9") -> list[Waiting]:
    return world.voting_service(world.directory(user, here)).waiting(user)


def decide(world: World, each: Waiting, choice: Choice, by: str) -> None:
    """Press the button that stands beside it."""
    kind, _, plan = each.question.resource.partition(":")
    service = world.voting_service(world.directory(by, "D9"))
    if kind == "extension":
        world.extensions.press(plan, choice, by, Shown(each.question.usd))
    else:
        service.vote(Key(kind, plan), choice, by, Shown(each.question.usd))


@every_kind
def test_what_was_asked_for_waits_for_each_who_may_decide_it_until_one_has(tmp_path: Path, kind: str) -> None:
    it = asked(tmp_path, kind)
    assert waiting(it.world, "UCHIEF") == [], "nobody has asked for it yet"
    it.started()
    for nobody in NOBODIES:
        assert waiting(it.world, nobody) == [], nobody
    for approver in ("UCHIEF", "UBOSS"):
        [found] = waiting(it.world, approver)
        assert found.question.asked_by == "UTRAIN"
        assert found.question.usd == it.pictured("approve").figure.usd  # type: ignore[union-attr]
        assert found.question.cost.startswith("at most $")
        assert found.question.what
    [found] = waiting(it.world, "UCHIEF")
    decide(it.world, found, "approve", "UCHIEF")
    assert it.bought == SAMPLES[kind].bought
    assert waiting(it.world, "UBOSS") == []


@every_kind
def test_what_is_declined_called_off_or_over_waits_for_nobody(tmp_path: Path, kind: str) -> None:
    ends: tuple[tuple[Choice, str], ...] = (("decline", "UBOSS"), ("cancel", "UTRAIN"))
    for choice, by in ends:
        it = asked(tmp_path, kind).started()
        it.press(choice, by)
        for is_noted in (False, True):
            if is_noted:
                it.world.turn()
            assert waiting(it.world, "UCHIEF") == [], choice
    late = asked(tmp_path, kind).started()
    late.world.clock.advance(PATIENCE + 900)
    assert waiting(late.world, "UCHIEF") == []


@every_kind
def test_what_one_asked_for_oneself_waits_for_others_alone(tmp_path: Path, kind: str) -> None:
    it = asked(tmp_path, kind, owner="UBOSS").started("UTRAIN")
    assert waiting(it.world, "UBOSS") == []
    assert len(waiting(it.world, "UCHIEF")) == 1


@every_kind
def test_it_says_what_agreeing_leaves_of_the_budget(tmp_path: Path, kind: str) -> None:
    it = asked(tmp_path, kind).started()
    assert [each.budget for each in waiting(it.world, "UCHIEF")] == [""]
    for usd, said in (("1000", "That leaves $"), ("1", "only $1.00 of the workspace's $1.00")):
        it.world.budgets = {"all": Decimal(usd)}
        it.world.rebuilt()
        [found] = waiting(it.world, "UCHIEF")
        assert said in found.budget


def test_more_time_waits_too_with_what_it_adds() -> None:
    people = Access(frozenset({"UTRAIN"}), frozenset({"UBOSS", "UCHIEF"}), people=FakeMemberships())
    world = serving(hour="8", access=people)
    running(world)
    world.extensions.extend(MODEL, 420, "UTRAIN")
    world.turn()
    [found] = waiting(world, "UCHIEF")
    assert found.question.resource.startswith("extension:")
    assert found.question.what == f"Serve `{MODEL}` for 7 h more"
    decide(world, found, "approve", "UCHIEF")
    assert waiting(world, "UBOSS") == []
    assert world.leases.running(MODEL).minutes == 480


def test_the_longest_waits_first_and_of_every_kind_that_is_bought(tmp_path: Path) -> None:
    it = asked(tmp_path, "distillation")
    world, order = it.world, ["distillation", "sweep", "lease", "job", "schedule"]
    assert set(order) == set(PURCHASES)
    it.started()
    for kind in order[1:]:
        world.clock.advance(60)
        made = SAMPLES[kind].propose(world, "UTRAIN")
        world.turn()
        world.press(kind, made, "start", "UTRAIN")
    found = [each.question.resource.partition(":")[0] for each in waiting(world, "UCHIEF")]
    assert found == order


# In App Home


def test_home_shows_it_first_with_its_buttons_and_without_a_section_when_nothing_waits(
    tmp_path: Path,
) -> None:
    with table() as row:
        for kind in SAMPLES:
            with row(kind):
                it = asked(tmp_path, kind).started()
                view = home(Running(), Belongings(), waiting(it.world, "UCHIEF"))
                assert view["blocks"][0]["text"]["text"] == "Waiting for you"
                said = words(view)
                assert "<@UTRAIN> asks to" in said
                assert "at most $" in said
                [(approve, value), (decline, plan)] = buttons(view)[:2]
                assert (approve, decline) == ("plan.approve", "plan.decline")
                assert value.startswith(f"{plan}@")
    assert "Waiting for you" not in words(home(Running(), Belongings()))


def test_whoever_asked_sees_in_their_home_what_they_wait_for_and_nobody_else(tmp_path: Path) -> None:
    with table() as row:
        for kind in SAMPLES:
            with row(kind):
                world = asked(tmp_path, kind).started().world
                own = {
                    user: world.voting_service(world.directory(user, "D9")).asked_by(user)
                    for user in ("UTRAIN", "UCHIEF")
                }
                assert [len(each) for each in own.values()] == [1, 0]
                view = home(Running(), Belongings(), asked=own["UTRAIN"])
                assert view["blocks"][0]["text"]["text"] == "You asked an approver for"
                assert "<@UCHIEF>" in words(view)
                assert "plan.approve" not in str(view)


def test_home_shows_nothing_of_a_channel_that_its_approver_is_not_in() -> None:
    """Tried: an approver in and out of the private channel in which it was asked for."""
    for is_inside in (True, False):
        house = TwoChannels()
        people = (INSIDER, BOSS) if is_inside else (INSIDER,)
        world = house.world
        world.memberships.private(PRIVATE, *people, name="payroll-private")
        job = world.store.get(Key("job", house.ids["job"]))
        assert job is not None
        world.store.amend(
            job.key, lambda spec: {**spec, "terms": {**spec["terms"], "needs_approval": "It is dear."}}
        )
        house.inside().votes.vote(job.key, "start", INSIDER)
        world.turn()
        house.door.user = BOSS
        house.door.event({"type": "app_home_opened", "tab": "home", "channel": "D1", "user": BOSS})
        [call] = house.door.client.calls("views.publish")
        said = words(call["view"])
        assert ("Waiting for you" in said) == is_inside
        assert ("payroll-next" in said) == is_inside
