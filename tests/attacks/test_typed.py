"""What is typed, pressed and matched, made to stop the world: long, deep and odd input costs little and gets words.

Everybody's acknowledgement waits for the interpreter, and the patterns of ``re`` do not let go of it: so each pattern
and parser of what people type is given 100,000 hostile characters, and its time on the processor is counted.
"""

import contextlib
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

import bot.notifications
import bot.profiles
import bot.questions
import bot.wording
import handlers
from bot.errors import Refused, TunesmithError
from bot.profiles import registry
from bot.profiles.hyperparameters import parse, resolve, under_api_names
from bot.questions.sanitising import Sanitiser, sanitised
from handlers import arguments
from handlers.commands import again, digest, distill, quiet, serve, split
from handlers.metadata import Declining, Inspecting, Kept, Naming, Opened, Overriding
from handlers.payloads import typed_text
from handlers.ui import text as shown
from tests.handlers.door import make_door

FORMS: tuple[type[Kept], ...] = (Opened, Inspecting, Naming, Declining, Overriding)

LENGTH = 100_000
SECONDS = 0.5
"""On the processor, for 100,000 characters. What is linear takes some milliseconds, what is quadratic a minute."""

SEEDS = ("1", "a", " ", '"', "<", "@", ".", "&", "[", "1h", "1.", "<https:", "](", "a b ", "\u0661", "\x00")


def remembered(kind: type[Kept], text: str) -> object:
    return kind.of({"private_metadata": text})


def patterns() -> dict[str, "re.Pattern[str]"]:
    """Return every pattern that what people type and models say goes through, by where it is."""
    return {
        f"{module.__name__}.{name}": value
        for module in _modules()
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str)
    }


def _modules() -> Iterator[Any]:
    yield bot.wording
    for package in (handlers, bot.questions, bot.notifications, bot.profiles):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)


def spent(work: Callable[[], object]) -> float:
    began = time.thread_time()
    with contextlib.suppress(TunesmithError):
        work()
    return time.thread_time() - began


def assert_quick(work: Callable[[str], object]) -> None:
    """Fail as soon as a length takes too long, before a longer one takes for ever."""
    for seed in SEEDS:
        for length in (3_000, LENGTH):
            hostile = (seed * length)[: length - 1] + "!"
            assert spent(lambda: work(hostile)) < SECONDS, (seed, length)  # noqa: B023 -- called at once


def _pieces(text: str) -> None:
    sanitiser = Sanitiser()
    for start in range(0, len(text), 50):
        sanitiser.feed(text[start : start + 50])
    sanitiser.end()


def _hyperparameter(text: str) -> str:
    return parse(registry.get("claude-3-haiku").hyperparameters[0], text)


PARSERS: dict[str, Callable[[str], object]] = {
    "a duration": arguments.minutes,
    "words": arguments.words,
    "a head and a rest": arguments.head_and_rest,
    "a file's link": arguments.file_id,
    "a base model": arguments.base_model,
    "the nearest word": lambda text: arguments.nearest(text, ["serve", "start", "validate"]),
    "an unknown word": lambda text: arguments.unknown("command", text, ["serve", "start"]),
    "typed text": typed_text,
    "quiet hours": quiet._hours,
    "a digest's hour": digest._hour,
    "a split": split.read,
    "a distillation": distill.read,
    "changes of a job": lambda text: again.pairs(arguments.words(text)),
    "a hyperparameter": _hyperparameter,
    **{f"what {kind.__name__} remembers": partial(remembered, kind) for kind in FORMS},
    "an answer": sanitised,
    "an answer in pieces": _pieces,
    "a sentence": shown.sentence,
    "outside text": shown.plain,
    "a name": shown.code,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PARSERS)
def test_a_parser_takes_its_time_from_nobody(name: str) -> None:
    assert_quick(PARSERS[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(patterns()))
def test_a_pattern_takes_its_time_from_nobody(name: str) -> None:
    pattern = patterns()[name]

    assert_quick(pattern.search)
    assert_quick(pattern.fullmatch)


def test_there_are_patterns_to_look_at() -> None:
    assert len(patterns()) > 12


@pytest.mark.parametrize("digits", [100, 8_000, 40_000])
@pytest.mark.parametrize(
    "command", ["serve claims-router for {}", "extend claims-router {}h", "digest monday {}"]
)
def test_a_number_of_any_length_is_refused_in_words(command: str, digits: int) -> None:
    door = make_door()

    took = spent(lambda: door.command(command.format("1" * digits)))

    assert took < SECONDS
    assert "Something broke" not in door.said


NUMBERS: tuple[str, ...] = (
    "-1",
    "0",
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "1e-999999",
    "1e999999",
    "--1",
    "1_000",
    "0x10",
    "",
    "²",
)
NUMBERS += (
    "1" * 20_000,
    "1h2h",
    "1h 2d 3h",
    "9" * 50 + "h",
    "1.5.2h",
    "\u0661\u0662",
    "1" * 4_301,
    "-0",
    "1,5",
    "1/2",
)


@pytest.mark.slow
@pytest.mark.parametrize("number", NUMBERS, ids=range(len(NUMBERS)))
def test_a_number_that_is_none_gets_words_by_every_way_in(number: str) -> None:
    for text in (
        f"serve claims-router for {number}",
        f"extend claims-router {number}",
        f"split claims {number}% seed {number}",
        f"again claims-router-ft epochCount={number}",
        f"sweep claims epochCount={number},{number}",
        f"distill claims with nova-pro max {number}",
        f"quiet {number}-{number}",
        f"digest monday {number}",
    ):
        door = make_door()
        door.command(text)
        assert "Something broke" not in door.said, text[:60]
    for action in ("lease.extend", "job.again", "rows.turn", "plan.approve", "rows.on"):
        door = make_door()
        door.press(action, f"x {number}")
        assert "Something broke" not in str(door.webhooks)


@pytest.mark.parametrize(
    "value", ["NaN", "inf", "1e400", "-1", "1e-400", "", "1" * 20_000, "0x10", "two", "1 2"]
)
def test_a_hyperparameter_is_a_number_in_its_range_or_words(value: str) -> None:
    for each in registry.get("claude-3-haiku").hyperparameters:
        with pytest.raises(Refused):
            parse(each, value)


def test_nothing_is_nothing_whatever_its_sign() -> None:
    zero = next(each for each in registry.get("claude-3-haiku").hyperparameters if each.minimum == 0)

    assert parse(zero, "-0") == parse(zero, "0") == "0"


@pytest.mark.parametrize("said", [("epochCount=2", "epochCount=9"), ("epochcount=2", "epochCount=9")])
def test_a_hyperparameter_that_is_there_twice_is_refused(said: tuple[str, str]) -> None:
    with pytest.raises(Refused, match="twice"):
        again.pairs(list(said))


def test_two_names_of_one_hyperparameter_are_refused() -> None:
    profile = registry.get("claude-3-haiku")

    with pytest.raises(Refused, match="twice"):
        under_api_names(profile, {"epochs": "2", "epochCount": "9"})
    assert resolve(profile, under_api_names(profile, {"epochs": "2"}))["epochCount"] == "2"


@pytest.mark.parametrize("text", ["1h1h", "1h 2h", "1d 1d"])
def test_a_duration_names_each_unit_once(text: str) -> None:
    with pytest.raises(Refused, match="twice"):
        arguments.minutes(text)


MEMORIES = (
    "[" * 100_000,
    '{"v": 1, "channel": 3, "thread_ts": null}',
    '{"v": 1, "channel": "C1"',
    "null",
    '{"v": 2}',
    '{"v": 1}',
    '{"v": 1, "channel": "C1", "thread_ts": null, "more": 1}',
)


@pytest.mark.parametrize("memory", MEMORIES, ids=range(len(MEMORIES)))
def test_a_form_that_remembers_something_else_is_from_another_version(memory: str) -> None:
    for kind in FORMS:
        with pytest.raises(Refused, match="before an update"):
            remembered(kind, memory)


def test_a_lease_of_a_usual_length_is_still_understood() -> None:
    assert serve.DEFAULT_MINUTES
    assert [arguments.minutes(text) for text in ("90m", "2h", "1h30m", "1 h 30 min", "1.5h", "2 hours")] == [
        90,
        120,
        90,
        90,
        90,
        120,
    ]
