"""Aliases: made, promoted, rolled back, asked wherever a model is named, and seen by whom they are for."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from bot.directory.aliasing import ShownAlias
from bot.errors import NotAllowed, NotFound, Refused
from bot.models.model import Alias, ModelLabel
from bot.questions.answerer import Asleep
from tests.doubles.world import World
from tests.handlers.door import CHANNEL, USER, Door, buttons, make_door, words
from tests.unit.jobs.samples import model
from tests.unit.leases.test_lease import running

OLD, NEW = "claims-router", "notes-summary"


@pytest.fixture
def door() -> Door:
    door = make_door()
    for name in (OLD, NEW):
        door.models.save(replace(model(name), arn=f"{model().arn}-{name}", owner=USER))
    return door


def told(door: Door, typed: str) -> str:
    door.webhooks.clear()
    door.command(typed)
    return door.said


def test_a_name_stands_for_a_model_and_in_one_press_for_another_and_back(door: Door) -> None:
    assert "`support`* is `claims-router`" in told(door, f"alias support {OLD}")
    assert door.webhooks[0]["response_type"] == "in_channel", "whoever asks it is told"
    assert f"by <@{USER}> in <#{CHANNEL}>" in door.said, "who, and when"
    assert "alias.back" not in dict(buttons(door.webhooks[0])), "there is nothing to go back to"

    (menu,) = [
        each
        for block in door.webhooks[0]["blocks"]
        for each in block.get("elements", [])
        if "options" in each
    ]
    door.webhooks.clear()
    door.press(
        menu["action_id"], next(each["value"] for each in menu["options"] if each["text"]["text"] == NEW)
    )
    assert "`support`* is `notes-summary`" in door.said
    assert "It is not in service." in door.said
    assert dict(buttons(door.webhooks[0]))["model.serve"] == NEW, "what was promoted is served in one press"
    back = dict(buttons(door.webhooks[0]))["alias.back"]

    door.webhooks.clear()
    door.press("alias.back", back)
    assert "`support`* is `claims-router`" in door.said
    door.webhooks.clear()
    door.press("alias.back", back)
    assert "`support` was changed meanwhile." in door.said, "who presses twice goes back once"
    assert f"It is `claims-router` by now, by <@{USER}>." in door.said, "what happened, and by whom"
    assert "`support`* is `claims-router`" in told(door, "alias support")
    assert "`support`* is `notes-summary`" in told(door, "alias support back"), "a roll-back is rolled back"
    assert "No aliases" not in told(door, "alias")
    assert "stands for no model any more" in told(door, "alias SUPPORT off")
    assert "No aliases yet" in told(door, "alias")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (f"alias {OLD} {NEW}", "`claims-router` is a model."),
        ("alias my_.desk claims-router", "`my_.desk` cannot be an alias."),
        ("alias support clams-router", "Did you mean `claims-router`?"),
        ("alias suport", "There is no alias `suport`."),
        ("alias support back", "There is no alias `support`."),
        ("alias support a b", "One name, and one model."),
    ],
)
def test_what_cannot_be(door: Door, typed: str, why: str) -> None:
    assert why in told(door, typed)


def test_it_is_taken_wherever_a_models_name_is(door: Door) -> None:
    told(door, f"alias support {OLD}")
    for typed in ("model support", "cost support", "settings support", "share support"):
        door.webhooks.clear()
        door.client.made.clear()
        door.command(typed)
        said = [
            *map(words, door.webhooks),
            *(words(each["view"]) for each in door.client.calls("views.open")),
        ]
        assert "no model" not in " ".join(said), typed
    door.command("support: Patient?", slash="/ask")
    [asked] = door.questions.asked
    assert (asked.model, asked.text) == ("support", "Patient?")
    assert "Did you mean `support`?" in told(door, "alias suport")


# Which model answers


def two_models() -> World:
    """A world in which the old model is in service, and a newer one is asleep."""
    world = World()
    world.models.save(model())
    newer = replace(model("claims-v4"), arn=f"{model().arn}-4", created=world.clock.now())
    world.models.save(newer)
    running(world)
    return world


def test_the_one_before_answers_until_the_new_one_is_in_service() -> None:
    world = two_models()
    aliases = world.alias_service(world.directory())
    aliases.point("support", OLD, "UTRAIN")
    resolver = world.resolver(world.directory(), world.leases)
    before = resolver.answerer("support", "C1")
    assert (before.model_name, before.alias, before.awaits) == (OLD, "support", "")
    aliases.point("support", "claims-v4", "UTRAIN")
    between = resolver.answerer("Support", "C1")
    assert (between.model_name, between.alias, between.awaits) == (OLD, "support", "claims-v4")
    with pytest.raises(Asleep, match="`claims-v4` is asleep"):
        resolver.answerer("claims-v4", "C1")
    assert resolver.base_of("support", "C1").model_name == "claims-v4"
    assert resolver.answerer(OLD, "C1").alias == "", "by its own name it is itself"


def test_an_alias_shows_nothing_of_a_model_that_is_not_seen() -> None:
    world = two_models()
    aliases = world.alias_service(world.directory())
    aliases.point("support", OLD, "UTRAIN")
    world.memberships.private("C1", "UTRAIN")
    outside = world.directory("UASKER", "C2")
    assert outside.typed_model("support") is None
    assert outside.aliases.seen() == []
    with pytest.raises(NotFound, match="There is no alias `support`"):
        world.alias_service(outside).find("support")
    mine = world.alias_service(outside)
    with pytest.raises((NotFound, NotAllowed, Refused)):
        mine.point("support", OLD, "UASKER")


def test_the_same_name_in_another_channel_is_another_alias() -> None:
    world = two_models()
    moved = replace(model("other"), arn=f"{model().arn}-o", channel="C2")
    world.models.save(moved)
    world.alias_service(world.directory()).point("support", OLD, "UTRAIN")
    world.alias_service(world.directory(here="C2")).point("support", "other", "UTRAIN")
    for here, stands_for in (("C1", OLD), ("C2", "other")):
        found = world.directory(here=here).typed_model("support")
        assert found is not None
        assert found.name == stands_for


def test_a_model_that_is_deleted_leaves_the_one_before() -> None:
    world = two_models()
    aliases = world.alias_service(world.directory())
    aliases.point("support", OLD, "UTRAIN")
    aliases.point("support", "claims-v4", "UTRAIN")
    gone = ModelLabel(
        f"{model().arn}-4", "j", "claims-v4", "claims-v4", "UTRAIN", world.clock.now(), deleted=True
    )
    world.models.label(lambda: gone)
    assert aliases.find("support").now.model == OLD


def _deleted(world: World) -> None:
    for each in world.models.all():
        gone = ModelLabel(each.arn, "j", each.name, each.name, "UTRAIN", world.clock.now(), deleted=True)
        world.models.label(partial(_same, gone))


def _same(label: ModelLabel) -> ModelLabel:
    return label


@pytest.mark.parametrize(
    ("by_another", "said"),
    [(False, "`support` stands for no model any more."), (True, "`support` was changed meanwhile.")],
)
def test_a_late_press_on_an_alias_whose_models_are_gone_is_answered(
    monkeypatch: pytest.MonkeyPatch, by_another: bool, said: str
) -> None:
    """Found with its models, which are deleted before its card is made."""
    world = two_models()
    aliases = world.alias_service(world.directory())
    aliases.point("support", OLD, "UTRAIN")
    seen = aliases.point("support", "claims-v4", "UTRAIN")
    change = world.aliases.change

    def late(channel: str, name: str, make: Callable[[Alias | None], Alias]) -> Alias:
        monkeypatch.undo()
        if by_another:
            aliases.point("support", OLD, "UTRAIN")
        _deleted(world)
        return change(channel, name, make)

    monkeypatch.setattr(world.aliases, "change", late)
    with pytest.raises((NotFound, Refused), match=said):
        aliases.back("support", "UTRAIN", ShownAlias("support", seen.channel, seen.edition))


def test_the_form_offers_aliases_whose_model_answers(door: Door) -> None:
    told(door, f"alias support {OLD}")
    told(door, f"alias sleepy {NEW}")
    door.leases.aliases = {"support": OLD, "sleepy": NEW}  # type: ignore[misc]
    door.press("menu.ask", "menu")
    [options] = [
        each["element"]["options"] for each in door.opened["blocks"] if "options" in each.get("element", {})
    ]
    assert [each["value"] for each in options if each["value"] in ("support", "sleepy", OLD)] == [
        "support",
        OLD,
    ]
