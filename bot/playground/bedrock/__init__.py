"""The Bedrock stand-in: S3, Bedrock and Bedrock Runtime on a loopback port, for the demo and for tests.

Give a client ``endpoint_url=stand_in.endpoint_url``, or a process ``stand_in.environment()``. Nothing that calls it
can tell it from AWS by more than its address and the label under each answer.
"""

from bot.playground.bedrock.calls import LoggedCall
from bot.playground.bedrock.clock import SimulatedClock
from bot.playground.bedrock.durations import Durations
from bot.playground.bedrock.errors import StandInDefect
from bot.playground.bedrock.faults import Faults
from bot.playground.bedrock.lifecycle import HAIKU_PUBLISHED, LifecycleDates
from bot.playground.bedrock.recall import LABEL
from bot.playground.bedrock.server import BedrockStandIn

__all__ = [
    "HAIKU_PUBLISHED",
    "LABEL",
    "BedrockStandIn",
    "Durations",
    "Faults",
    "LifecycleDates",
    "LoggedCall",
    "SimulatedClock",
    "StandInDefect",
]
