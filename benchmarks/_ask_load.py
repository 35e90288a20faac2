"""Slash commands at an even rate, signed as Slack signs them, in a process of its own.

Open loop: each is sent when it is due, however long those before it take, and its time runs from that moment. Reads
what to do from the standard input as JSON; prints one JSON object.
"""

import asyncio
import json
import sys
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bot.playground.slack.delivery.http import sign

PATIENCE = 10.0
"""Seconds until one that is not acknowledged is given up."""
REST = 120.0
"""Seconds after the last command at which a reply that has not come is given up."""
QUIET = 8.0
"""Seconds without any reply after which no more are waited for: a question that is taken is answered in its thread."""


@dataclass
class Load:
    """What is sent, and what came of it."""

    ports: list[int]
    secret: str
    rate: float
    seconds: float
    people: list[dict[str, str]]
    mix: list[list[str]]
    """Commands, their texts, and who types them (``last``: the last of the people, else the others in turn)."""
    team: str = "T0"
    rest: float = REST
    waits: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    replies: dict[str, float] = field(default_factory=dict)
    """When each was answered at its response URL, first."""
    due: dict[str, float] = field(default_factory=dict)
    idle: dict[int, list[Any]] = field(default_factory=dict)
    heard: float = 0.0
    """When the last reply came."""
    late: float = 0.0
    """The most seconds by which one was sent after it was due: where that is much, it is the load's own machine."""

    async def run(self) -> dict[str, Any]:
        sink = await asyncio.start_server(self._reply, "127.0.0.1", 0)
        self._sink = sink.sockets[0].getsockname()[1]
        began = time.perf_counter() + 0.2
        tasks = []
        for number in range(int(self.rate * self.seconds)):
            at = began + number / self.rate
            if (wait := at - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            self.late = max(self.late, time.perf_counter() - at)
            tasks.append(asyncio.create_task(self._send(number, at)))
        await asyncio.gather(*tasks)
        ends = time.perf_counter() + self.rest
        self.heard = time.perf_counter()
        while len(self.replies) < len(self.due) and time.perf_counter() < min(ends, self.heard + QUIET):
            await asyncio.sleep(0.05)
        sink.close()
        for _, writer in [each for idle in self.idle.values() for each in idle]:
            writer.close()
            await writer.wait_closed()
        answered = [self.replies[each] - at for each, at in self.due.items() if each in self.replies]
        return {
            "waits": self.waits,
            "statuses": self.statuses,
            "answered": answered,
            "sent": len(self.due),
            "late": self.late,
        }

    async def _send(self, number: int, at: float) -> None:
        name = uuid.uuid4().hex
        body = self._body(number, name)
        port = self.ports[number % len(self.ports)]
        self.due[name] = at
        try:
            async with asyncio.timeout(PATIENCE):
                status = await self._post(port, body)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            status = type(error).__name__
        self.waits.append(time.perf_counter() - at)
        self.statuses[status] += 1

    def _body(self, number: int, name: str) -> bytes:
        command, text, who = self.mix[number % len(self.mix)]
        person = self.people[-1] if who == "last" else self.people[number % (len(self.people) - 1)]
        return urlencode(
            {
                "command": command,
                "text": text,
                "team_id": self.team,
                "team_domain": "bench",
                "channel_id": person["channel"],
                "channel_name": "directmessage",
                "user_id": person["user"],
                "user_name": person["name"],
                "api_app_id": "A0TUNESMTH",
                "is_enterprise_install": "false",
                "trigger_id": f"{number}.{name}",
                "response_url": f"http://127.0.0.1:{self._sink}/{name}",
            }
        ).encode()

    async def _post(self, port: int, body: bytes) -> str:
        """Post it on a connection that is open, as a balancer's are, or a new one."""
        idle = self.idle.setdefault(port, [])
        reader, writer = idle.pop() if idle else await asyncio.open_connection("127.0.0.1", port)
        timestamp = str(int(time.time()))
        writer.write(
            b"POST /slack/events HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + f"Content-Length: {len(body)}\r\nX-Slack-Request-Timestamp: {timestamp}\r\n".encode()
            + f"X-Slack-Signature: {sign(self.secret, timestamp, body)}\r\n\r\n".encode()
            + body
        )
        status, keep = await _answer(reader)
        if keep:
            idle.append((reader, writer))
        else:
            writer.close()
        return status

    async def _reply(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take what is said at a response URL."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            await reader.readexactly(_length(head))
            name = head.split(" ")[1].lstrip("/")
            self.heard = self.replies.setdefault(name, time.perf_counter())
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[str, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    await reader.readexactly(_length(head))
    keep = head.startswith("HTTP/1.1") and "connection: close" not in head.lower()
    return head.split(" ", 2)[1], keep


def _length(head: str) -> int:
    named = [
        line.split(":", 1)[1] for line in head.split("\r\n") if line.lower().startswith("content-length:")
    ]
    return int(named[0]) if named else 0


if __name__ == "__main__":
    print(json.dumps(asyncio.run(Load(**json.load(sys.stdin)).run())))
