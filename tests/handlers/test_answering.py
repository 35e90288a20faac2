"""How a model answers: set in a form by whoever owns it, applied to all of its answers, and told under them."""

from dataclasses import replace

import pytest

from bot.directory.answering import MAX_TOKENS, STOP, SYSTEM, TEMPERATURE
from tests.doubles.world import World
from tests.handlers.door import USER, Door, Json, initial_state, make_door, words
from tests.handlers.test_inspector import ack
from tests.unit.jobs.samples import model
from tests.unit.leases.test_lease import running

GIVEN = {TEMPERATURE: "0,2", MAX_TOKENS: "500", STOP: "END\n\n Q: \nEND", SYSTEM: ""}


@pytest.fixture
def door() -> Door:
    door = make_door()
    door.models.save(replace(model("claims-router"), owner=USER))
    return door


def opened(door: Door) -> Json:
    door.client.made.clear()
    door.command("settings claims-router")
    return door.opened


def said(door: Door) -> str:
    """What the person alone reads after the form."""
    return words(door.client.calls("chat.postEphemeral")[-1])


def test_what_is_filled_in_is_there_when_the_form_is_opened_again(door: Door) -> None:
    form = opened(door)
    assert {next(iter(each.values()))["value"] for each in initial_state(form).values()} == {None}
    door.submit(form, GIVEN)
    assert (
        said(door)
        == "`claims-router` answers so from now on: temperature 0.2, at most 500 tokens, stops at `END`, `Q:`."
    )
    state = initial_state(opened(door))
    assert [state[each][each]["value"] for each in (TEMPERATURE, MAX_TOKENS, STOP)] == [
        "0.2",
        "500",
        "END\nQ:",
    ]
    door.webhooks.clear()
    door.submit(form, dict.fromkeys(GIVEN, ""))
    assert said(door) == "`claims-router` answers as by default from now on."


def test_the_form_names_the_model_that_it_is_about(door: Door) -> None:
    assert "`claims-router`" in words(opened(door))


def test_another_system_prompt_is_warned_about(door: Door) -> None:
    door.submit(opened(door), GIVEN | {SYSTEM: "You are a pirate."})
    assert "It was trained with another system prompt, and may answer worse with this one" in said(door)


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        (TEMPERATURE, "warm", "A number from 0 to 1."),
        (TEMPERATURE, "1.1", "A number from 0 to 1."),
        (TEMPERATURE, "nan", "A number from 0 to 1."),
        (MAX_TOKENS, "0", "A whole number from 1 to 4,096."),
        (MAX_TOKENS, "4097", "A whole number from 1 to 4,096."),
        (MAX_TOKENS, "many", "A whole number from 1 to 4,096."),
        (STOP, "a\nb\nc\nd\ne", "At most 4 lines"),
        (STOP, "x" * 61, "At most 4 lines"),
    ],
)
def test_what_cannot_be_stands_beside_its_field(door: Door, field: str, value: str, why: str) -> None:
    errors = ack(door.submit(opened(door), GIVEN | {field: value}))["errors"]
    assert [*errors] == [field]
    assert errors[field].startswith(why)


def test_only_whoever_owns_it_sets_it(door: Door) -> None:
    form = opened(door)
    door.user = "UOTHER"
    door.command("settings claims-router")
    assert "Only its owner or the operator may do that." in door.said
    door.webhooks.clear()
    response = door.submit(form, GIVEN)
    assert "Only its owner" in f"{response.body}{door.webhooks}{door.client.made}"
    door.user = USER
    assert initial_state(opened(door))[MAX_TOKENS][MAX_TOKENS]["value"] is None, "nothing was set"


def test_what_is_set_goes_with_every_question_to_the_model_and_to_its_base() -> None:
    world = World()
    world.models.save(model())
    running(world)
    resolver = world.resolver(world.directory(), world.leases)
    plain = resolver.answerer("claims-router", "C1")
    assert (plain.temperature, plain.stop, plain.set_length, plain.other_prompt) == (None, (), False, False)
    service = world.answering_service(world.directory())
    service.set("claims-router", temperature="0", max_tokens="9", stop="END", system="Be brief.")
    for asked in (resolver.answerer("claims-router", "C1"), resolver.base_of("claims-router", "C1")):
        assert (asked.temperature, asked.max_tokens, asked.stop) == (0, 9, ("END",))
        assert (asked.system_prompt, asked.other_prompt, asked.set_length) == ("Be brief.", True, True)
    own = model().system_prompt or ""
    service.set("claims-router", temperature="", max_tokens="", stop="", system=own)
    assert not resolver.answerer("claims-router", "C1").other_prompt, "the same one is no other one"
