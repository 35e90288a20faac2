"""What is counted of calls to models, as CloudWatch has it: by minute, metric and model, told some time later."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.playground.bedrock.store import Store

_KIND = "metric"
LATE = timedelta(seconds=60)
"""How long after a minute it is told: an assumption, since AWS promises nothing."""
_BY_FAULT = {"ThrottlingException": "InvocationThrottles", "ModelErrorException": "InvocationServerErrors"}
_CLIENT = "InvocationClientErrors"


def metric_of(fault: str) -> str:
    """Return the metric that counts calls that ended so."""
    return _BY_FAULT.get(fault, _CLIENT)


def count(store: Store, region: str, metric: str, model: str, at: datetime) -> None:
    """Count one call."""
    key = json.dumps([region, metric, model, at.replace(second=0, microsecond=0).isoformat()])
    store.put(_KIND, key, str(int(store.get(_KIND, key) or 0) + 1))


def counted(
    store: Store, region: str, metric: str, model: str, now: datetime
) -> Iterator[tuple[datetime, int]]:
    """Yield the minutes in which something was counted, by their beginning, as far as that is told at ``now``."""
    for key, value in store.all(_KIND):
        *series, minute = json.loads(key)
        begin = datetime.fromisoformat(minute)
        if series == [region, metric, model] and begin + timedelta(minutes=1) + LATE <= now:
            yield begin, int(value)
