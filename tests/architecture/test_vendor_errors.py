"""Whatever a vendor did is counted where it becomes an error of ours: else an alert is silent about what it is for."""

import ast
from collections.abc import Iterator
from pathlib import Path

import bot

ROOT = Path(str(bot.__file__)).resolve().parents[1]
EXITS = (*sorted((ROOT / "bot" / "adapters").glob("*.py")), *sorted((ROOT / "storage").glob("*.py")))
OF_VENDORS = {
    "BotoCoreError",
    "Boto3Error",
    "ClientError",
    "HTTPError",
    "HTTPException",
    "RedisClusterException",
    "RedisError",
    "SlackApiError",
    "SlackClientError",
}
"""What vendors' libraries raise, and what the network does below them."""
COUNTS = {"vendor_error"}
"""Counts an error, and gives it back."""
ELSEWHERE = {"no_room", "redis.ConnectionError"}
"""This machine's own fault, and a vendor's own error, which is translated further up."""


def caught(handler: ast.ExceptHandler) -> set[str]:
    return {
        name
        for node in ast.walk(handler.type or ast.Tuple([], ast.Load()))
        if (name := node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", ""))
    }


def raised(handler: ast.ExceptHandler) -> Iterator[tuple[int, str]]:
    """Yield the line and the called name of each error that is raised anew in a handler."""
    for node in ast.walk(handler):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            called = node.exc.func
            yield node.lineno, called.id if isinstance(called, ast.Name) else ast.unparse(called)


def test_what_a_vendor_did_is_counted_where_it_is_translated() -> None:
    handlers = [
        (path.relative_to(ROOT).as_posix(), node)
        for path in EXITS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and caught(node) & OF_VENDORS
    ]
    found = [(where, line, called) for where, node in handlers for line, called in raised(node)]

    assert len(found) > 10
    assert [each for each in found if each[2] not in COUNTS | ELSEWHERE] == []
