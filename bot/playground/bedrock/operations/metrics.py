"""CloudWatch, of which only Bedrock's own metrics of calls are told."""

from datetime import datetime, timedelta
from typing import Any

from bot.playground.bedrock.errors import invalid
from bot.playground.bedrock.metrics import counted
from bot.playground.bedrock.registry import Call, operation
from bot.playground.bedrock.world import World

_MOST_QUERIES = 500


@operation("cloudwatch", "GetMetricData")
def get_metric_data(world: World, call: Call) -> dict[str, Any]:
    """Answer with the sums of each query, newest first; what nothing was counted of has no values."""
    queries = call["MetricDataQueries"]
    if len(queries) > _MOST_QUERIES or len({each["Id"] for each in queries}) < len(queries):
        raise invalid("The parameter MetricDataQueries has too many queries, or two with one ID.")
    if call["StartTime"] >= call["EndTime"]:
        raise invalid("The parameter StartTime must be less than the parameter EndTime.")
    return {"MetricDataResults": [_result(world, call, each) for each in queries], "Messages": []}


def _result(world: World, call: Call, query: dict[str, Any]) -> dict[str, Any]:
    stat = query.get("MetricStat")
    if stat is None or not query["Id"][0].islower():
        raise invalid("The playground answers metrics by name, with an ID that begins with a small letter.")
    metric, period = stat["Metric"], stat["Period"]
    if stat["Stat"] != "Sum" or period % 60:
        raise invalid("The playground sums by periods of whole minutes.")
    sums: dict[datetime, float] = {}
    begin, end = call["StartTime"], call["EndTime"]
    first = begin - timedelta(seconds=begin.timestamp() % period)
    for model in _model(metric):
        for minute, value in counted(world.store, call.region, metric["MetricName"], model, world.now()):
            if first <= minute < end:
                start = minute - timedelta(seconds=(minute - first).total_seconds() % period)
                sums[start] = sums.get(start, 0.0) + value
    moments = sorted(sums, reverse=True)
    return {
        "Id": query["Id"],
        "Label": metric["MetricName"],
        "Timestamps": moments,
        "Values": [sums[each] for each in moments],
        "StatusCode": "Complete",
    }


def _model(metric: dict[str, Any]) -> list[str]:
    """Return the model that a metric is about; of another service's, or without this dimension alone, there is none."""
    named = [each["Value"] for each in metric.get("Dimensions", []) if each["Name"] == "ModelId"]
    is_ours = metric.get("Namespace") == "AWS/Bedrock" and len(metric.get("Dimensions", [])) == 1
    return named if is_ours else []
