"""No feature's message is named as the engine's are, by which the engine knows what it has told."""

import pytest

from bot.controller.outbox.entries import TROUBLE, WORKS, EnginesName, hold_apart, numbered


@pytest.mark.parametrize(
    "name",
    [
        "trouble",
        "trouble:3",
        "over",
        "over:12",
        "waiting",
        "gave-up",
        "over-operator",
        "trouble:1-operator:U1",
    ],
)
def test_a_feature_that_takes_the_engines_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="give this one another"):
        hold_apart(name)


@pytest.mark.parametrize("name", ["card", "end:Failed", "trouble:creating", "release-trouble:1", "overdue"])
def test_any_other_name_is_a_features(name: str) -> None:
    hold_apart(name)


@pytest.mark.parametrize("name", [TROUBLE, numbered(WORKS, 2), EnginesName("over-operator")])
def test_the_engine_has_its_own(name: str) -> None:
    hold_apart(name)
