import pytest

from bot.controller.context import AnyContext
from bot.controller.controller import Controller
from bot.controller.model import Done, Key, Outcome, Registration
from bot.controller.retry_limits import DEATHS, at_last, count_beginning
from bot.errors import Misconfigured, Refused, Throttled, TunesmithError, Unavailable
from tests.doubles.clock import FakeClock
from tests.doubles.kinds import BARE
from tests.doubles.resources import InMemoryResources


def test_throttles_are_not_taken_for_deaths_of_the_process() -> None:
    """However often a step was throttled after its beginning was counted."""
    clock = FakeClock()
    resources = InMemoryResources(clock)
    resources.register(Registration(Key("upload", "u1"), {"v": 1}))
    throttles = 3 * DEATHS

    def reconcile(context: AnyContext) -> Outcome:
        nonlocal throttles
        count_beginning(context)
        context.save()
        throttles -= 1
        if throttles >= 0:
            raise Throttled("slow", retry_after=1)
        return Done()

    controller = Controller(resources, {"upload": reconcile}, clock, random=lambda: 0.5, kinds=BARE)
    for _ in range(3 * DEATHS + 1):
        controller.tick()
        clock.advance(100)
    [resource] = resources.of_kind("upload")
    assert resource.done


@pytest.mark.parametrize(
    "trouble",
    [
        Unavailable("AWS did not answer.", hint="I try again by myself."),
        Throttled("AWS asked to slow down.", retry_after=1, hint="I go on by myself."),
    ],
    ids=repr,
)
def test_what_is_given_up_promises_nothing(trouble: TunesmithError) -> None:
    assert at_last(trouble) == f"{trouble.message} I have tried for some minutes: ask me again later."


@pytest.mark.parametrize(
    "trouble",
    [Unavailable("No.", hint="Ask again."), Unavailable("No."), Refused("No."), Misconfigured("No.")],
)
def test_what_somebody_can_mend_keeps_its_hint(trouble: TunesmithError) -> None:
    assert at_last(trouble) == trouble.sentence
