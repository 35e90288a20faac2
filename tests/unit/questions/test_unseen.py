"""A model of which Slack does not say who sees it is asked for again; one that somebody does not see is not."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.errors import NotFound, Refused, TunesmithError, Unavailable
from bot.questions.answerer import Asleep
from bot.serving.answerers import ServedAnswerers
from bot.serving.resolver import Resolver


@pytest.mark.parametrize(
    ("says", "is_unclear", "raised"),
    [
        (NotFound("There is no model."), True, Unavailable),
        (Refused("It does not answer here."), True, Unavailable),
        (NotFound("There is no model."), False, NotFound),
        (Refused("It does not answer here."), False, Refused),
        (Asleep.__new__(Asleep), True, Asleep),
    ],
    ids=["unseen", "unheard", "not there", "not here", "asleep"],
)
@pytest.mark.parametrize("of_base", [False, True])
def test_what_is_not_known_is_not_denied(
    says: TunesmithError, is_unclear: bool, raised: type[TunesmithError], of_base: bool
) -> None:
    def answer(*_: Any) -> None:
        raise says

    resolver = cast("Resolver", SimpleNamespace(answerer=answer, base_of=answer, is_unclear=is_unclear))
    with pytest.raises(TunesmithError) as error:
        ServedAnswerers(lambda _: resolver).answerer("claims", "C1", "U1", of_base=of_base)
    assert type(error.value) is raised
