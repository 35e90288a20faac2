"""Spans of what Redis is asked: the command, or which of our scripts; no key, no value.

Only within another span: the loop looks at the work queue each second, and nobody wants a trace of that.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Any

from bot import tracing
from bot.tracing import SpanKind, Value
from storage import scripts

REDIS = "redis"


def traced(client: Any) -> Any:
    """Return the client; where spans are sent, each round trip of it is one."""
    if tracing.is_on():
        client.execute_command = _each(client.execute_command)
        client.pipeline = _pipelines(client.pipeline)
    return client


def _each(ask: Callable[..., Any]) -> Callable[..., Any]:
    def asked(*arguments: Any, **options: Any) -> Any:
        name = str(arguments[0]).upper()
        known = {"db.system.name": REDIS, "db.operation.name": name}
        if name == "EVALSHA" and (script := _names().get(str(arguments[1]))):
            known["db.stored_procedure.name"] = script
            name = f"{name} {script}"
        with tracing.span(name, SpanKind.CLIENT, known, only_within=True):
            return ask(*arguments, **options)

    return asked


def _pipelines(make: Callable[..., Any]) -> Callable[..., Any]:
    def made(*arguments: Any, **options: Any) -> Any:
        pipeline = make(*arguments, **options)
        execute = pipeline.execute

        def executed(*given: Any, **more: Any) -> Any:
            known: dict[str, Value] = {
                "db.system.name": REDIS,
                "db.operation.name": "PIPELINE",
                "db.operation.batch.size": len(pipeline.command_stack),
            }
            with tracing.span("PIPELINE", SpanKind.CLIENT, known, only_within=True):
                return execute(*given, **more)

        pipeline.execute = executed
        return pipeline

    return made


@cache
def _names() -> dict[str, str]:
    """Return the scripts by what Redis knows them by."""
    return {
        hashlib.sha1(scripts.text(name).encode(), usedforsecurity=False).hexdigest(): name
        for name in scripts.names()
    }
