"""What asks a model, whoever does, as Amazon CloudWatch counts it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import translated
from bot.errors import Unavailable

NAMESPACE = "AWS/Bedrock"
METRICS = ("Invocations", "InvocationClientErrors", "InvocationServerErrors", "InvocationThrottles")
"""The first counts what was answered, and not what failed or was throttled: somebody wanted an answer of these, too."""
PERIOD = timedelta(minutes=1)
_COMPLETE = "Complete"


class CloudWatchInvocations:
    """``bot.leases.ports.Invocations`` on CloudWatch's metrics of Bedrock's runtime."""

    def __init__(self, clients: AwsClients) -> None:
        self._clients = clients

    def last(self, region: str, arn: str, since: datetime, until: datetime) -> datetime | None:
        """Return the end of the last minute in which something asked what has that ARN; None: not since then.

        Raises:
            Unavailable: it is not all that there is, so that what is missing says nothing.
        """
        client = self._clients.cloudwatch(region)
        begin = since.replace(second=0, microsecond=0)
        queries = [_query(index, *each) for index, each in enumerate(_series(arn))]
        moments: list[datetime] = []
        told = {str(each["Id"]): "" for each in queries}
        with translated("GetMetricData"):
            pages = client.get_paginator("get_metric_data")
            for page in pages.paginate(MetricDataQueries=queries, StartTime=begin, EndTime=until):
                for result in page["MetricDataResults"]:
                    told[result["Id"]] = result.get("StatusCode", "")
                    moments += _counted(result)
        # On a page that another follows it says that there is more; on the last one that it is all.
        if set(told.values()) != {_COMPLETE}:
            raise Unavailable("AWS did not tell all of its count of calls.", hint="I ask it again by myself.")
        return max(moments, default=None)


def _series(arn: str) -> Iterator[tuple[str, str]]:
    """Yield each metric with each way in which the dimension may name the model: that is documented for none."""
    for name in dict.fromkeys((arn, arn.rpartition("/")[2])):
        for metric in METRICS:
            yield metric, name


def _query(index: int, metric: str, model: str) -> dict[str, Any]:
    dimensions = [{"Name": "ModelId", "Value": model}]
    named = {"Namespace": NAMESPACE, "MetricName": metric, "Dimensions": dimensions}
    stat = {"Metric": named, "Period": PERIOD // timedelta(seconds=1), "Stat": "Sum"}
    return {"Id": f"m{index}", "MetricStat": stat}


def _counted(result: Mapping[str, Any]) -> list[datetime]:
    """Return the ends of the minutes in which something was counted."""
    found = zip(result.get("Timestamps", []), result.get("Values", []), strict=True)
    return [moment + PERIOD for moment, value in found if value > 0]
