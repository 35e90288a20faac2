"""A model's deletion, from the question to the last word: what keeps it, what ends, and each effect once."""

from dataclasses import replace

import pytest

from bot.access import Access
from bot.controller.crash_points import crashing
from bot.deletions.cards import DeletionQuestion, DeletionRefused, ModelDeleted
from bot.deletions.service import DeletionService, key_of
from bot.errors import Misconfigured, NotAllowed, NotFound, Refused, Unavailable, UnknownOutcome
from bot.models.model import CustomModel, ModelLabel, Share
from bot.profiles import registry
from bot.profiles.model import PriceKind
from bot.spending import undo
from handlers.ui.render import render
from tests.doubles.bedrock import Fault, InMemoryCustomization
from tests.doubles.world import World
from tests.tables import table
from tests.unit.jobs.samples import ACCESS, PRICES, model, plan

NAME = "claims-router"
OPERATOR = "UOPS"
MADE = model()


@pytest.fixture
def world() -> World:
    return known()


def known() -> World:
    """Return a bot with a model that Bedrock has, too."""
    access = replace(ACCESS, operator=OPERATOR, guests=ACCESS.guests | {OPERATOR})
    world = World(access=access)
    world.models.save(MADE)
    world.customization.models["us-west-2", NAME] = MADE.arn
    return world


def service(world: World, user: str = "UTRAIN") -> DeletionService:
    return DeletionService(world.store, world.directory(user), PRICES, world.access, world.clock)


def pressed(world: World, name: str = NAME, user: str = "UTRAIN") -> bool:
    began = service(world, user).delete(name, key_of(MADE.arn), channel="C1", thread_ts=None)
    world.clock.advance(undo.SECONDS)  # nobody takes it back
    return began


def ends(world: World) -> list[object]:
    drawn = [each for each in world.renderer.cards if isinstance(each, (ModelDeleted, DeletionRefused))]
    return list(dict.fromkeys(drawn))


def served(world: World) -> str:
    lease = world.leases.propose(
        world.leases.plan(model=NAME, minutes=60, owner="UTRAIN", channel="C1", request="r")
    )
    world.turn()
    return lease


def test_it_is_deleted_at_bedrock_and_then_in_every_list(world: World) -> None:
    assert pressed(world)
    assert not pressed(world), "it is under way"
    world.turn()

    assert world.customization.deleted == [MADE.arn]
    assert world.models.find(NAME) is None
    assert world.models.all() == []
    [told] = world.said("ModelDeleted")
    assert told.channel == "C1"
    [card] = ends(world)
    assert isinstance(card, ModelDeleted)
    assert (card.model, card.by, card.storage.usd) == (
        NAME,
        "UTRAIN",
        PRICES.quote(registry.get(MADE.profile), PriceKind.STORAGE).usd,
    )
    with pytest.raises(NotFound):
        pressed(world)
    assert NAME not in world.jobs.taken().models


def test_what_hangs_on_it_is_shown_before_anything_happens(world: World) -> None:
    label = ModelLabel(MADE.arn, MADE.job_id, NAME, "triage", "UTRAIN", world.clock.now(), (NAME, "old"))
    world.models.label(lambda: label)
    world.shares.save(Share("triage", MADE.arn, "C2", "UTRAIN", world.clock.now()))
    served(world)

    shown = service(world).question("triage")

    assert (shown.model, shown.at_bedrock, shown.former, shown.channels) == (
        "triage",
        NAME,
        (NAME, "old"),
        ("C2",),
    )
    assert (shown.leases, shown.planned, shown.keeps) == ((), 1, False)
    assert world.customization.deleted == []
    assert world.models.find("triage")


def test_what_its_aliases_stand_for_then_is_told(world: World) -> None:
    older = replace(model("older"), arn=f"{MADE.arn}-older")
    world.models.save(older)
    aliases = world.alias_service(world.directory())
    aliases.point("triage", "older", "UTRAIN")
    for name in ("triage", "desk"):
        aliases.point(name, NAME, "UTRAIN")
    aliases.point("other", "older", "UTRAIN")
    found = service(world).question(NAME)
    assert dict(found.aliases) == {"triage": "older", "desk": ""}
    said = str(render(found).blocks)
    assert "The alias `triage` stands for `older` then." in said
    assert "The alias `desk` stands for no model then." in said


@pytest.mark.parametrize("how", ["asked for", "in service"])
def test_while_it_is_served_it_stays(world: World, how: str) -> None:
    lease = served(world)
    world.press("lease", lease, "start", "UTRAIN")
    if how == "in service":
        world.turn()
        world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
        world.pass_time(65)

    shown = service(world).question(NAME)
    assert (shown.leases, shown.keeps) == (("UTRAIN",), True)
    with pytest.raises(Refused, match="in use, so it stays"):
        pressed(world)
    world.turn()
    assert world.customization.deleted == []


def test_a_job_that_trains_it_further_keeps_it(world: World) -> None:
    further = plan(job_name="further", model_name="further", base_model_id=MADE.arn, base_model_name=NAME)
    world.jobs.propose(further)
    world.turn()
    assert service(world).question(NAME).planned == 1
    world.press("job", further.id, "start", "UTRAIN")

    assert service(world).question(NAME).jobs == ("further",)
    with pytest.raises(Refused, match="in use"):
        pressed(world)


def test_what_has_come_to_use_it_between_the_press_and_the_deletion_keeps_it(world: World) -> None:
    lease = served(world)
    assert pressed(world)
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()

    assert world.customization.deleted == []
    assert world.models.find(NAME) is not None
    [card] = ends(world)
    assert isinstance(card, DeletionRefused)
    assert "has come to be used meanwhile" in card.why


def test_what_bedrock_says_is_told_and_it_may_be_asked_for_again(world: World) -> None:
    """A throughput of somebody else's, say, of which nothing is known here."""
    world.customization.in_use.add(MADE.arn)
    pressed(world)
    world.turn()
    [card] = ends(world)
    assert isinstance(card, DeletionRefused)
    assert world.models.find(NAME) is not None

    world.customization.in_use.clear()
    assert pressed(world)
    world.turn()
    assert world.models.find(NAME) is None
    assert [type(each) for each in ends(world)] == [DeletionRefused, ModelDeleted]


def test_a_permission_that_is_missing_is_told_by_its_name(world: World) -> None:
    world.customization.denied["delete_model"] = Misconfigured(
        "AWS does not allow it.", hint="Allow bedrock:DeleteCustomModel."
    )
    pressed(world)
    world.turn()
    [card] = ends(world)
    assert isinstance(card, DeletionRefused)
    assert "bedrock:DeleteCustomModel" in card.why


@pytest.mark.parametrize(
    "fault",
    [
        Fault(Unavailable("Bedrock did not answer.")),
        Fault(UnknownOutcome("Bedrock did not answer."), took_effect=True),
    ],
)
def test_a_bedrock_that_is_away_is_asked_again(world: World, fault: Fault) -> None:
    world.customization.order("delete_model", fault)
    pressed(world)
    world.pass_time(300)
    assert world.models.find(NAME) is None
    assert len(world.said("ModelDeleted")) == 1


def test_it_is_forgotten_here_only_when_bedrock_says_that_it_is_gone(world: World) -> None:
    class Slow(InMemoryCustomization):
        """Says that it deletes, and has the model still for a while."""

        def delete_model(self, region: str, arn: str) -> None:
            pass

    slow = Slow(world.clock)
    slow.models = world.customization.models
    world.customization = slow
    world.rebuilt()
    pressed(world)
    world.pass_time(60)
    assert world.models.find(NAME) is not None
    assert world.said("ModelDeleted") == []
    del world.customization.models["us-west-2", NAME]
    world.pass_time(60)
    assert world.models.find(NAME) is None
    assert len(world.said("ModelDeleted")) == 1


def test_a_process_killed_anywhere_deletes_and_tells_it_once() -> None:
    passed: list[str] = []
    whole = known()
    pressed(whole, user=OPERATOR)
    with crashing(passed.append):
        whole.turn()
    expected = [(each.channel, each.message.text) for each in whole.messages.visible()]
    assert {"after-delete-model", "after-forget-model", "after-post"} <= set(passed)
    assert len(expected) == 2, "the answer, and the word to its owner"
    with table() as row:
        for place, name in enumerate(passed, start=1):
            with row(place, name):
                world = known()
                pressed(world, user=OPERATOR)
                assert world.crash_at(name, passed[:place].count(name))
                world.pass_time(300)
                said = [(each.channel, each.message.text) for each in world.messages.visible()]
                assert sorted(said) == sorted(expected)
                assert world.models.find(NAME) is None


@pytest.mark.parametrize(("user", "may"), [("UTRAIN", True), (OPERATOR, True), ("UBOSS", False)])
def test_its_owner_and_the_operator_delete(world: World, user: str, may: bool) -> None:
    if not may:
        for attempt in (lambda: service(world, user).question(NAME), lambda: pressed(world, user=user)):
            with pytest.raises(NotAllowed, match="Only its owner or the operator"):
                attempt()
        return
    assert isinstance(service(world, user).question(NAME), DeletionQuestion)
    assert pressed(world, user=user)
    world.turn()
    owners = [each for each in world.said("ModelDeleted") if each.channel != "C1"]
    assert len(owners) == (user != "UTRAIN"), "an owner hears what somebody else did"


def test_an_owner_who_left_the_channel_that_it_came_from_is_not_told(world: World) -> None:
    world.memberships.private("C1", OPERATOR)
    assert pressed(world, user=OPERATOR)
    world.pass_time(60)
    assert [each.channel for each in world.said("ModelDeleted")] == ["C1"]


def test_a_press_on_what_another_model_is_called_by_now_deletes_nothing(world: World) -> None:
    other: CustomModel = replace(MADE, arn=f"{MADE.arn}-2")
    world.models.save(other)
    with pytest.raises(Refused, match="another model by now"):
        pressed(world)
    world.turn()
    assert world.customization.deleted == []


def test_without_an_operator_nobody_else_may(world: World) -> None:
    world.access = Access(trainers=ACCESS.trainers, people=ACCESS.people)
    with pytest.raises(NotAllowed):
        service(world, "").question(NAME)
