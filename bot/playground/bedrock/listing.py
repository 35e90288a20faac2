"""Filters, order and pages of the List operations, which are all alike."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from bot.playground.bedrock.errors import invalid
from bot.playground.bedrock.records import Record
from bot.playground.bedrock.registry import Call

R = TypeVar("R", bound=Record)
DEFAULT_PAGE = 100  # the service's own default is not published


def select(
    records: Sequence[R], call: Call, *, status: Callable[[R], str] | None = None, times: str = "creationTime"
) -> list[R]:
    """Return the records that the call's filters let through, in the order it asks for (newest first).

    ``times`` is the stem of the two time filters (``creationTimeAfter``, or ``createdAfter`` for ``created``).
    """
    after, before = call.get(f"{times}After"), call.get(f"{times}Before")
    contains, wanted = call.get("nameContains"), call.get("statusEquals")
    found = [
        record
        for record in records
        if (after is None or record.created > after)
        and (before is None or record.created < before)
        and (contains is None or contains in record.name)
        and (wanted is None or status is None or status(record) == wanted)
    ]
    newest_first = call.get("sortOrder", "Descending") == "Descending"
    return sorted(found, key=_place, reverse=newest_first)


def page(found: list[R], call: Call, member: str, show: Callable[[R], dict[str, Any]]) -> dict[str, Any]:
    """Return one page of ``found`` as the operation's answer; records that come or go do not shift the pages."""
    start = 0
    if token := call.get("nextToken"):
        place = _read(token)
        newest_first = call.get("sortOrder", "Descending") == "Descending"
        start = sum(1 for r in found if (_place(r) >= place if newest_first else _place(r) <= place))
    size = call.get("maxResults", DEFAULT_PAGE)
    shown = found[start : start + size]
    answer: dict[str, Any] = {member: [show(record) for record in shown]}
    if start + size < len(found):
        answer["nextToken"] = _written(_place(shown[-1]))
    return answer


def _place(record: Record) -> tuple[str, str]:
    return record.created.isoformat(timespec="milliseconds"), record.arn


def _written(place: tuple[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _read(token: str) -> tuple[str, str]:
    try:
        moment, arn = json.loads(base64.urlsafe_b64decode(token))
    except (ValueError, binascii.Error):
        raise invalid("The provided nextToken is not valid.") from None
    return str(moment), str(arn)
