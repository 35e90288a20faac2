"""What the proxies of one replica share: who calls, what is under way, and how a fault is carried out."""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

from tests.chaos.harness.boundaries import Fault, Register

T = TypeVar("T")


class Cut(Exception):
    """The connection to the process is reset: it sees no answer."""


class Answered(Exception):
    """The proxy answers in the server's place."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


class Victim(Protocol):
    """The process behind the exits."""

    number: int

    def killed(self, life: int) -> bool:
        """End it by kill -9, unless it is another life's already; return whether it was this call that did."""

    def pause(self, seconds: float) -> None:
        """Freeze it for so long."""


class Exits:
    """The gate through which every call of one replica goes."""

    def __init__(self, register: Register, victim: Victim) -> None:
        self.register = register
        self.victim = victim
        self.life = 0
        self.away: set[str] = set()
        """Upstreams that refuse every connection for now."""
        self._under_way = 0
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def _going_through(self, life: int) -> Iterator[None]:
        """Count a call as under way; a dead process's is dropped, as the kernel drops what was not sent."""
        with self._changed:
            if life != self.life:
                raise Cut
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def bury(self) -> None:
        """End a life: take nothing more from it, and wait until what it had under way has been done or not."""
        with self._changed:
            self.life += 1
            self._changed.wait_for(lambda: self._under_way == 0, 5.0)

    def call(self, life: int, upstream: str, name: str | None, forward: Callable[[], T]) -> T:
        """Let one call through and do at it what the scheme says. ``name`` None: a call that nobody counts.

        Raises:
            Cut: reset the connection.
            Answered: answer with the fault's words.
        """
        if upstream in self.away:
            raise Cut
        fault = self.register.meet(name, self.victim.number) if name else None
        if fault and fault.side == "before":
            self._do(life, fault)
        with self._going_through(life):
            result = forward()
        if fault and fault.side == "after":
            self._do(life, fault)
        return result

    def _do(self, life: int, fault: Fault) -> None:
        match fault.kind:
            case "kill":
                self.victim.killed(life)
                raise Cut
            case "cut":
                raise Cut
            case "answer":
                raise Answered(fault)
            case "delay":
                time.sleep(fault.seconds)
            case "pause":
                self.victim.pause(fault.seconds)
            case "happen":
                if fault.happening:
                    self.register.happen(fault.happening)


def reset(connection: socket.socket) -> None:
    """Close a connection so that the other side sees a reset, not an end."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
