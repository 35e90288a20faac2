"""What advice is about: figures that somebody typed, measured where they did not, or why that is not enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from bot.advice.formula import Load
from bot.errors import Refused
from bot.figures import figure, whole
from bot.spending.ledger import Entry
from bot.wording import quoted

LIFE = timedelta(minutes=5)
"""How long a cached prefix lives after each use."""
FEWEST = 10
"""Answers from which on the smallest prompt says how long the prefix is."""
SHORTEST = timedelta(days=1)
"""What a rate is measured over at least: a first minute of many questions is no rate."""

NAMES = ("prefix", "in", "out", "hit", "rate", "hour", "units")
EXAMPLE = "`prefix=1500 in=300 out=150 hit=90% rate=2/s`"
_MOST = Decimal(10_000_000)
_TIMES = {"k": 1_000, "m": 1_000_000}
_SECONDS = {"s": 1, "sec": 1, "second": 1, "m": 60, "min": 60, "minute": 60, "h": 3600, "hour": 3600}
_SECONDS |= {"d": 86_400, "day": 86_400, "week": 604_800, "month": 730 * 3600}


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed; None for what they left to be measured. ``rate`` is a second's, ``hour`` US dollars."""

    prefix: Decimal | None = None
    put_in: Decimal | None = None
    given_out: Decimal | None = None
    hit: Decimal | None = None
    rate: Decimal | None = None
    hour: Decimal | None = None
    units: int = 1


@dataclass(frozen=True, slots=True)
class Measured:
    """What questions in a channel were like: averages of ``answers`` whose tokens are known, asked since ``since``.

    ``prefix`` is the smallest prompt that was read, and so a little more than what all of them begin with. ``hit`` is
    the share of questions that came while a cached prefix would have lived.
    """

    answers: int
    since: datetime
    prefix: Decimal
    put_in: Decimal
    given_out: Decimal
    hit: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Basis:
    """What is asked about, and where it comes from; ``assumed`` names what was neither typed nor measured."""

    load: Load
    typed: Typed
    measured: Measured | None
    """What was measured; None also where all that it could have told was typed."""
    assumed: tuple[str, ...] = ()


def read(words: Sequence[str]) -> tuple[str, Typed]:
    """Return the name that was typed, empty for none, and the figures.

    Raises:
        Refused: something is neither; the hint shows how it is written.
    """
    names, found = [], {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            names.append(word)
            continue
        if key.lower() not in NAMES:
            raise Refused(f"I know no {quoted(key[:40])} here.", hint=_HINT)
        found[key.lower()] = value
    if len(names) > 1:
        raise Refused(f"I don't know what {quoted(names[1][:40])} means there.", hint=_HINT)
    typed = Typed(
        prefix=_read(found, "prefix"),
        put_in=_read(found, "in"),
        given_out=_read(found, "out"),
        hit=_hit(found["hit"]) if "hit" in found else None,
        rate=_rate(found["rate"]) if "rate" in found else None,
        hour=_number(found["hour"].lstrip("$"), "hour") if "hour" in found else None,
        units=_units(found["units"]) if "units" in found else 1,
    )
    return (names[0] if names else ""), typed


_HINT = f"Write the name of a model or a base, if any, and figures like {EXAMPLE}; `hour=50 units=1` for throughput."


def measure(asked: Sequence[Entry], now: datetime) -> Measured | None:
    """Return what the questions were like; None without an answer whose tokens are known."""
    known = [each.tokens for each in asked if each.tokens is not None]
    if not known:
        return None
    times = sorted(each.at for each in asked)
    put_in = Decimal(sum(each.put_in for each in known)) / len(known)
    prefix = Decimal(min(each.put_in for each in known)) if len(known) >= FEWEST else Decimal(0)
    soon = sum(after - before <= LIFE for before, after in pairwise(times))
    span = max(now - times[0], SHORTEST)
    return Measured(
        answers=len(known),
        since=times[0],
        prefix=prefix,
        put_in=put_in - prefix,
        given_out=Decimal(sum(each.given_out for each in known)) / len(known),
        hit=Decimal(soon) / len(times),
        rate=Decimal(len(times)) / int(span.total_seconds()),
    )


def basis(typed: Typed, measured: Measured | None) -> Basis:
    """Return the load: what was typed goes before what was measured.

    Raises:
        Refused: neither has a size or the rate.
    """
    prefix, put_in, given_out, rate, hit = (
        typed.prefix, typed.put_in, typed.given_out, typed.rate, typed.hit,
    )  # fmt: skip
    assumed = []
    if not any(each is None for each in (put_in, given_out, rate)):
        # Nothing is left to be told by it: the prefix is part of what was typed, and hits follow from the rate.
        measured = None
    if measured is not None:
        if prefix is None:
            prefix = measured.prefix if put_in is None else Decimal(0)
        put_in = max(Decimal(0), measured.put_in + measured.prefix - prefix) if put_in is None else put_in
        given_out = measured.given_out if given_out is None else given_out
        hit = measured.hit if hit is None and rate is None else hit
        rate = measured.rate if rate is None else rate
    if put_in is None or given_out is None or rate is None:
        lacking = [
            name for name, value in (("in", put_in), ("out", given_out), ("rate", rate)) if value is None
        ]
        raise Refused(
            f"Nobody asked a model here lately, so I need {_and(lacking)} from you.",
            hint="For instance `/tune advise in=300 out=150 rate=5000/day`: the tokens of a question and of its answer "
            "(a token is about four letters), and how many questions come. `/tune help advise` has more.",
        )
    if prefix is None:
        prefix = Decimal(0)
    if hit is None:
        hit = _hits_at(rate)
        assumed.append("hit")
    return Basis(Load(prefix, put_in, given_out, hit, rate), typed, measured, tuple(assumed))


def _hits_at(rate: Decimal) -> Decimal:
    """Return the share of questions that come within a cache's life of the one before, when they come by chance."""
    return 1 - (-rate * int(LIFE.total_seconds())).exp()


def _and(names: Sequence[str]) -> str:
    return " and ".join(quoted(each) for each in names)


def _read(found: dict[str, str], key: str) -> Decimal | None:
    return _number(found[key], key) if key in found else None


def _number(text: str, key: str) -> Decimal:
    said = text.strip()
    times = _TIMES.get(said[-1:].lower())
    value = figure(said[:-1] if times else said)
    if value is not None:
        value *= times or 1
    if value is None or value > _MOST:
        raise Refused(f"{quoted(f'{key}={text[:40]}')} is no number that I can reckon with.", hint=_HINT)
    return value


def _hit(text: str) -> Decimal:
    percent = text.endswith("%")
    value = _number(text.removesuffix("%"), "hit")
    share = value / 100 if percent or value > 1 else value
    if share > 1:
        raise Refused(
            f"{quoted(f'hit={text[:40]}')} is more than all.", hint="Write it as `hit=90%` or `hit=0.9`."
        )
    return share


def _rate(text: str) -> Decimal:
    number, _, unit = text.partition("/")
    seconds = _SECONDS.get(unit.lower() or "s") or _SECONDS.get(unit.lower().rstrip("s"))
    if seconds is None:
        raise Refused(
            f"I know no time {quoted(unit[:20])}.",
            hint="Write it as `rate=2/s`, `rate=90/min` or `rate=5000/day`.",
        )
    rate = _number(number, "rate") / seconds
    if not rate:
        raise Refused(
            "At no questions at all, the cheapest is to serve nothing.", hint="Write it as `rate=2/s`."
        )
    return rate


def _units(text: str) -> int:
    units = whole(text)
    if units is None or not 1 <= units <= 1_000:
        raise Refused(
            f"{quoted(f'units={text[:40]}')} is no number of model units.", hint="Write it as `units=1`."
        )
    return units
