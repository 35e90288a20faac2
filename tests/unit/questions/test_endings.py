import json
from importlib.resources import files

import pytest

from bot.questions import endings
from bot.questions.answerer import Ending
from tests.doubles.asking import ROUTER

HALF = "First, send the letter"
CUT_SHORT = ["max_tokens", "model_context_window_exceeded"]
STOPPED_BY_OTHERS = [
    "guardrail_intervened",
    "content_filtered",
    "tool_use",
    "malformed_tool_use",
    "malformed_model_output",
    "a_reason_of_tomorrow",
    "",
]


def reasons_of_the_service() -> set[str]:
    """Return every ``stopReason`` that botocore's own model of the runtime names."""
    import gzip  # noqa: PLC0415

    folder = files("botocore").joinpath("data", "bedrock-runtime")
    [version] = [each for each in folder.iterdir() if each.is_dir()]
    raw = version.joinpath("service-2.json.gz").read_bytes()
    return set(json.loads(gzip.decompress(raw))["shapes"]["StopReason"]["enum"])


def test_every_reason_of_the_service_has_words_of_its_own() -> None:
    unknown = [
        reason
        for reason in reasons_of_the_service() - endings.WHOLE
        if reason in " ".join(endings.sentences(Ending(reason), ROUTER))
    ]
    assert unknown == []


@pytest.mark.parametrize("reason", sorted(endings.WHOLE))
def test_a_whole_answer_has_nothing_under_it_and_is_remembered_as_it_is(reason: str) -> None:
    assert endings.note_under(HALF, Ending(reason), ROUTER) == ""
    assert endings.remembered(HALF, Ending(reason)) == HALF


@pytest.mark.parametrize("reason", [*CUT_SHORT, *STOPPED_BY_OTHERS])
def test_an_answer_that_is_not_whole_says_why_and_what_to_do(reason: str) -> None:
    why, mend = endings.sentences(Ending(reason), ROUTER)
    assert why.endswith(".")
    assert mend.endswith(".")
    assert endings.note_under(HALF, Ending(reason), ROUTER) == f"\n\n_{why} {mend}_"


@pytest.mark.parametrize("reason", [*CUT_SHORT, endings.STOPPED.stop_reason])
def test_a_part_is_remembered_as_a_part(reason: str) -> None:
    assert endings.remembered(HALF, Ending(reason)) == f"{HALF}\n\n[This answer was cut off here.]"
    assert endings.remembered("  ", Ending(reason)).strip() == ""


@pytest.mark.parametrize("reason", STOPPED_BY_OTHERS)
def test_what_others_stopped_is_not_remembered(reason: str) -> None:
    assert endings.remembered(HALF, Ending(reason)) == ""


def test_the_limit_is_told_by_its_figure() -> None:
    assert "4,096 tokens" in endings.note_under(HALF, Ending("max_tokens"), ROUTER)


def test_the_note_does_not_stand_in_code_that_was_cut_off() -> None:
    note = endings.note_under("```python\nprint(", Ending("max_tokens"), ROUTER)
    assert note.startswith("\n```\n\n_")
    assert endings.note_under("```a```", Ending("max_tokens"), ROUTER).startswith("\n\n_")


def test_a_reason_that_nobody_knows_cannot_break_its_code_span() -> None:
    assert endings.sentences(Ending("a`b*c"), ROUTER)[0] == "The service stopped the answer early (`ab*c`)."
