"""A channel gets another ID, with everything that is in it."""

from typing import TypeVar

from bot.playground.slack.state import Channel
from bot.playground.slack.workspace import Workspace

T = TypeVar("T")


def moved(ws: Workspace, channel: Channel, later: str) -> Channel:
    """Have the channel be under that ID alone from now on. The store is locked."""
    former = channel.id
    now = channel.model_copy(update={"id": later})
    ws.store.channels.put(now)
    for message in ws.messages(former):
        ws.store.messages.put(message.model_copy(update={"channel": later}))
        ws.store.messages.delete(f"{former}:{message.ts}")
    for file in ws.store.files.values():
        if former in file.shares or former in file.readers:
            file.shares = {later if each == former else each: shown for each, shown in file.shares.items()}
            file.readers = [later if each == former else each for each in file.readers]
            ws.store.files.put(file)
    for url in ws.store.response_urls.values():
        if url.channel == former:
            ws.store.response_urls.put(url.model_copy(update={"channel": later}))
    ws.statuses = _moved_threads(ws.statuses, former, later)
    ws.sessions = _moved_threads(ws.sessions, former, later)
    ws.store.channels.delete(former)
    ws.feed.add("channel", channel=later)
    return now


def _moved_threads(threads: dict[tuple[str, str], T], former: str, later: str) -> dict[tuple[str, str], T]:
    return {(later if channel == former else channel, ts): each for (channel, ts), each in threads.items()}
