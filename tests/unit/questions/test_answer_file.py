"""A very long answer is a file in its thread, too: once, whatever dies, and never in the way of the answer."""

import json

import pytest

from bot.controller.crash_points import crashing
from bot.questions.answerer import Ending
from bot.questions.model import key_of
from tests.doubles.messages import refused
from tests.unit.questions.test_budget import TOLD, Paid
from tests.unit.questions.test_question import killed_at

LONG = tuple("See https://example.com/policy for more. " * 60 for _ in range(5))


def world_of(*pieces: str | Ending) -> Paid:
    world = Paid()
    world.files.join("C1", "U1")
    world.inference.always = [*pieces, TOLD]
    world.ask()
    return world


def name(world: Paid, ending: str) -> str:
    return f"answer-{key_of(world.question).id[:8]}.{ending}"


def content(world: Paid) -> bytes:
    [only] = world.files._bytes.values()
    return only


def test_it_holds_what_the_messages_say_and_its_links_work() -> None:
    world = world_of(*LONG)
    world.run()
    assert world.files.shared == [("C1", world.root, name(world, "md"))]
    assert content(world).decode() == "".join(LONG).strip()
    assert len(world.texts()) == 2, "and the messages say it all the same"


def test_one_in_json_is_a_file_that_can_be_read_as_such() -> None:
    rows = json.dumps([{"row": number, "link": "https://example.com"} for number in range(400)])
    world = world_of(rows[:40], rows[40:])
    world.run()
    assert world.files.shared == [("C1", world.root, name(world, "json"))]
    assert json.loads(content(world)) == json.loads(rows)


def test_a_short_answer_is_none() -> None:
    world = world_of("Route it.")
    world.run()
    assert world.files.calls["upload"] == 0


@pytest.mark.parametrize("method", ["upload", "share"])
def test_where_files_are_refused_the_answer_is_whole_without(method: str) -> None:
    world = world_of(*LONG)
    world.files.order(method, *[refused("No files here.")] * 5)
    world.run()
    assert len(world.texts()) == 2
    assert world.files.shared == []


def places() -> list[str]:
    names: list[str] = []
    world = world_of(*LONG)
    with crashing(names.append):
        world.run()
    return names


PLACES = places()
OWN = [number for number, place in enumerate(PLACES, start=1) if place.endswith(("upload", "share"))]


def test_a_file_has_places_of_its_own_to_die_at() -> None:
    assert {"after-upload", "after-share"} <= set(PLACES)


@pytest.mark.chaos
@pytest.mark.parametrize("place", OWN)
def test_a_process_killed_there_leaves_one_file(place: int) -> None:
    world = world_of(*LONG)
    with killed_at(place):
        world.run()
    world.run()
    assert world.files.shared == [("C1", world.root, name(world, "md"))]
    assert len(world.texts()) == 2
