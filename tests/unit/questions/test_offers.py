"""Under words that stand in an answer's place there is what mends it, and nothing that does not."""

from dataclasses import replace

import pytest

from bot.errors import Misconfigured, NotFound, Refused, Throttled, TunesmithError, Unavailable
from bot.questions.answerer import Asleep, Ending, SeveralAwake
from bot.questions.model import key_of
from tests.doubles.messages import Posted
from tests.unit.questions.test_budget import Paid
from tests.unit.questions.test_question import ANSWER, PIECES, World

AWAKE, AGAIN = ("model.serve", "claims-router"), "answer.again"


def offered(posted: Posted) -> list[tuple[str, str]]:
    found = [each for block in posted.message.blocks for each in block.get("elements", [])]
    return [(each["action_id"], each["value"]) for each in found if each.get("type") == "button"]


def asleep(*, may_wake: bool) -> Asleep:
    return Asleep("`claims-router` is asleep.", model="claims-router", may_wake=may_wake)


@pytest.mark.parametrize(
    ("error", "wakes", "again"),
    [
        (asleep(may_wake=True), True, True),
        (asleep(may_wake=False), False, True),
        (Unavailable("The model failed."), False, True),
        (Refused("That is more than it can read."), False, False),
        (NotFound("There is no model `x`."), False, False),
        (Misconfigured("AWS does not allow me to do this."), False, False),
    ],
    ids=lambda each: getattr(each, "message", str(each)),
)
def test_what_mends_it_is_offered(error: TunesmithError, wakes: bool, again: bool) -> None:
    world = World()
    if isinstance(error, Asleep | NotFound):
        world.answerers.error = error
    world.inference.always = [error]
    world.ask()
    world.run()
    [answer] = world.answers()
    key = key_of(world.question).id
    assert offered(answer) == [*([AWAKE] if wakes else []), *([(AGAIN, key)] if again else [])]


def test_of_several_models_one_is_chosen_and_answers_the_question_that_was_asked() -> None:
    world = World()
    world.answerers.error = SeveralAwake("Several models are in service.", ["claims-router", "notes-summary"])
    world.ask()
    world.run()
    [unanswered] = world.answers()
    [menu] = [
        each for block in unanswered.message.blocks for each in block.get("elements", []) if "options" in each
    ]
    key = key_of(world.question).id
    assert [each["value"] for each in menu["options"]] == [f"{key} claims-router", f"{key} notes-summary"]
    world.answerers.error = None
    world.service.again(key, "trigger1", "U2", "T1", "notes-summary")
    world.run()
    assert world.answerers.asked_for[-1][0] == "notes-summary"
    assert world.texts()[-1] == ANSWER


@pytest.mark.slow
def test_a_throttle_that_lasts_too_long() -> None:
    world = World()
    world.inference.always = [Throttled("AWS asked to slow down.", retry_after=60)]
    world.ask()
    world.run(9_000)
    [answer] = world.answers()
    assert [action for action, _ in offered(answer)] == [AGAIN]


def test_an_answer_that_broke_off_is_asked_for_again_and_then_is_whole() -> None:
    world = World()
    world.inference.always = [*PIECES[:3], Unavailable("The model failed.")]
    world.ask()
    world.run()
    [broken] = world.answers()
    world.inference.always = PIECES
    [(_, key)] = offered(broken)
    world.service.again(key, "trigger1", "U2", "T1")
    world.run()
    assert world.texts()[-1] == ANSWER


@pytest.mark.parametrize(
    ("reason", "again"),
    [
        ("end_turn", True),
        ("malformed_model_output", True),
        ("guardrail_intervened", False),
        ("content_filtered", False),
    ],
)
def test_an_empty_answer(reason: str, again: bool) -> None:
    world = World()
    world.inference.always = [Ending(reason)]
    world.ask(replace(world.question, model="claims-router"))
    world.run()
    [answer] = world.answers()
    assert [action for action, _ in offered(answer)] == ([AGAIN] if again else [])


def test_in_place_of_a_model_that_is_asleep_its_base_answers_at_the_price_that_was_said() -> None:
    world = Paid()
    world.answerers.error = asleep(may_wake=True)
    world.ask()
    world.run()
    [answer] = world.answers()
    key = key_of(world.question).id
    assert offered(answer) == [AWAKE, (AGAIN, key), ("answer.compare", key)]
    buttons = [each for block in answer.message.blocks for each in block.get("elements", [])]
    said = next(str(each["confirm"]) for each in buttons if "confirm" in each)
    assert "Amazon Nova Lite is asked, from which `claims-router` was tuned. That costs at most $1.0" in said
    world.service.compare(key, "U2", "T1")
    world.run()
    with pytest.raises(Refused, match="was asked already"):
        world.service.compare(key, "U2", "T1")
    [_, instead] = world.texts()
    assert instead.startswith("_Amazon Nova Lite, the base of_ `claims-router`")
    assert world.conversations.turns("C1", world.root)[-1].text == ANSWER, (
        "the conversation goes on from there"
    )


def test_without_anybody_who_pays_the_base_is_not_offered() -> None:
    world = World()
    world.answerers.error = asleep(may_wake=False)
    world.ask()
    world.run()
    [answer] = world.answers()
    assert [action for action, _ in offered(answer)] == [AGAIN]
