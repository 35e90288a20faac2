"""What a setting may hold that is about money: prices, budgets, and for which terms throughput may be bought."""

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_settings import NoDecode

from bot.distillations.teachers.registry import TEACHERS
from bot.errors import TunesmithError
from bot.pricing.book import GUARDRAIL
from bot.profiles import registry
from bot.profiles.model import PriceKind, Term
from bot.setting_values import pairs, words
from bot.spending.ledger import WORKSPACE

_SCOPE = re.compile(r"[CGUW][A-Z0-9]+")


def _prices(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return dict(_price(key, text) for key, text in pairs(value).items())


def _price(key: str, text: str) -> tuple[tuple[str, PriceKind], Decimal]:
    profile, _, kind = key.rpartition(".")
    if (profile == GUARDRAIL) != (kind == PriceKind.SCREENING):
        raise ValueError(f"what screening costs is written `{GUARDRAIL}.{PriceKind.SCREENING}`")
    if profile not in TEACHERS and profile != GUARDRAIL:
        try:
            registry.get(profile)
        except TunesmithError as error:
            raise ValueError(error.sentence) from None
    if kind not in set(PriceKind):
        raise ValueError(f"`{kind}` is no price; use one of {', '.join(PriceKind)}")
    return (profile, PriceKind(kind)), _dollars(text)


def _terms(value: Any) -> Any:
    """Return the terms that are named, as ``1-month`` or as people write it, ``1 month``."""
    found = words(value)
    for word in found:
        if "-".join(word.split()) not in set(Term):
            raise ValueError(f"`{word}` is no term that AWS sells; use one of {', '.join(Term)}")
    return ["-".join(word.split()) for word in found]


def _budgets(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = pairs(value)
    strange = next((each for each in found if each != WORKSPACE and not _SCOPE.fullmatch(each)), None)
    if strange is not None:
        raise ValueError(f"`{strange}` is neither `all` nor the ID of a channel (`C…`) or a person (`U…`)")
    return {scope: _dollars(text) for scope, text in found.items()}


def _dollars(text: str) -> Decimal:
    try:
        usd = Decimal(text)
    except InvalidOperation:
        usd = Decimal("NaN")
    if not usd.is_finite() or usd < 0:
        raise ValueError(f"`{text}` is no amount of dollars")
    return usd


Prices = Annotated[dict[tuple[str, PriceKind], Decimal], NoDecode, BeforeValidator(_prices)]
CommitmentTerms = Annotated[frozenset[Term], NoDecode, BeforeValidator(_terms)]
"""For which terms throughput may be bought."""
Budgets = Annotated[dict[str, Decimal], NoDecode, BeforeValidator(_budgets)]
