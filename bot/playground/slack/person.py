"""A person in the workspace, for tests and stories: the same front door as the page's, in Python."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.playground.slack import seed, sessions, shapes, views
from bot.playground.slack.blocks import interactive
from bot.playground.slack.events import page_message
from bot.playground.slack.front import commands, modals, pressing, talking
from bot.playground.slack.front.door import Door
from bot.playground.slack.front.values import by_action
from bot.playground.slack.state import Json, User


class Person:
    """Does what a person does and sees what a person sees. Channels are given by name (``"claims-ai"``) or ID.

    What Slack would show as an error is raised as ``SeenByPerson``.
    """

    def __init__(self, door: Door, user: User) -> None:
        self._door = door
        self.user = user
        self.id = user.id

    @property
    def dm(self) -> str:
        """The ID of the direct messages with the app."""
        return talking.open_dm(self._door, self.id, seed.BOT_USER_ID).id

    def says(self, channel: str, text: str, thread_ts: str | None = None) -> Json:
        """Post a message; ``@name`` mentions."""
        return self._shown(talking.say(self._door, self.id, self._id(channel), text, thread_ts).ts, channel)

    def uploads(
        self, channel: str | None, name: str, content: bytes, text: str = "", thread_ts: str | None = None
    ) -> Json:
        """Upload a file into a channel, or nowhere yet (for a form's file field); return the file object."""
        return self.uploads_all(channel, [(name, content)], text, thread_ts)[0]

    def uploads_all(
        self,
        channel: str | None,
        files: Sequence[tuple[str, bytes]],
        text: str = "",
        thread_ts: str | None = None,
    ) -> list[Json]:
        """Upload several files in one message."""
        where = self._id(channel) if channel else None
        rows = talking.upload(self._door, self.id, where, files, text, thread_ts)
        with self._door.ws.store.lock:
            return [shapes.file(self._door.ws, row) for row in rows]

    def slash(self, command: str, text: str = "", channel: str = "claims-ai") -> None:
        """Use a slash command; returns once the app acknowledged it."""
        commands.run(self._door, self.id, self._id(channel), f"{command} {text}".strip())

    def clicks(
        self, where: Json, action_id: str, *, block_id: str | None = None, state: Json | None = None
    ) -> None:
        """Press a button of a message (as ``sees`` gives it) or of a view."""
        self.selects(where, action_id, None, block_id=block_id, state=state)

    def selects(
        self,
        where: Json,
        action_id: str,
        value: Any,
        *,
        block_id: str | None = None,
        state: Json | None = None,
    ) -> None:
        """Choose in a select, menu or list: the option's value, a user's or channel's ID, a date, several of them."""
        how: Json = {"value": value, "block_id": block_id, "state": state}
        if "root_view_id" in where:
            pressing.press_in_view(self._door, self.id, where["id"], action_id, **how)
        else:
            pressing.press_in_message(self._door, self.id, where["channel"], where["ts"], action_id, **how)

    def uses_shortcut(self, callback_id: str, message: Json | None = None) -> None:
        """Use a global shortcut, or a message shortcut on a message (as ``sees`` gives it)."""
        where = (message["channel"], message["ts"]) if message else (None, None)
        pressing.use_shortcut(self._door, self.id, callback_id, *where)

    def submits(self, view: Json, values: Json | None = None) -> Json:
        """Submit a form with values by ``action_id`` or ``block_id``; what is not given keeps its initial value."""
        given = by_action(view["blocks"], values or {})
        return modals.submit(self._door, self.id, view["id"], given)

    def closes(self, view: Json) -> None:
        """Close a form."""
        modals.close(self._door, self.id, view["id"])

    def opens_home(self, tab: str = "home") -> Json | None:
        """Open the app's Home (or Messages) tab; the app may publish afterwards: wait for ``home``."""
        return talking.open_home(self._door, self.id, tab)

    def edits(self, message: Json, text: str) -> None:
        """Change an own message."""
        talking.edit(self._door, self.id, message["channel"], message["ts"], text)

    def deletes(self, message: Json) -> None:
        """Delete an own message."""
        talking.delete(self._door, self.id, message["channel"], message["ts"])

    def deletes_file(self, file_id: str) -> None:
        """Delete an own file."""
        talking.delete_file(self._door, self.id, file_id)

    def reacts(self, message: Json, name: str) -> None:
        """Add an emoji to a message."""
        talking.react(self._door, self.id, message["channel"], message["ts"], name)

    def stops(self, message: Json) -> None:
        """Press stop in a thread where the app is at work; ``message`` is its first one or any of its replies."""
        thread_ts = message.get("thread_ts") or message["ts"]
        talking.stop_session(self._door, self.id, message["channel"], thread_ts)

    def can_stop(self, message: Json) -> bool:
        """Whether there is a button that stops what the app does in a message's thread."""
        with self._door.ws.store.lock:
            thread_ts = message.get("thread_ts") or message["ts"]
            return bool(sessions.shown(self._door.ws, message["channel"], thread_ts)["stoppable"])

    def invites_app(self, channel: str) -> None:
        """Add the app to a channel."""
        talking.invite(self._door, self.id, self._id(channel), seed.BOT_USER_ID)

    def leaves(self, channel: str) -> None:
        """Leave a channel."""
        talking.leave(self._door, self.id, self._id(channel))

    def shares(self, channel: str) -> str:
        """Share a channel with another workspace; return its ID, which is a new one where it is private."""
        return talking.share(self._door, self.id, self._id(channel)).id

    def sees(self, channel: str) -> list[Json]:
        """Return what is in a channel, oldest first, without replies: Slack's message objects with ``channel``,
        ``ephemeral``, ``reply_count`` and ``streaming`` added.
        """  # noqa: D205 - one sentence
        where = self._id(channel)
        rows = talking.read(self._door, self.id, where)
        return self._all_shown(where, [row.ts for row in rows])

    def thread(self, message: Json) -> list[Json]:
        """Return the thread of a message, its parent first."""
        where, ts = message["channel"], message.get("thread_ts") or message["ts"]
        rows = talking.read_thread(self._door, self.id, where, ts)
        return self._all_shown(where, [row.ts for row in rows])

    def view(self) -> Json | None:
        """Return the form that is open on top, if any."""
        with self._door.ws.store.lock:
            found = views.stack(self._door.ws, self.id)
            return shapes.view(found[-1]) if found else None

    def home(self) -> Json | None:
        """Return the App Home that was published last, if any."""
        with self._door.ws.store.lock:
            found = self._door.ws.store.homes.get(self.id)
            return shapes.view(found) if found else None

    def status(self, message: Json) -> str:
        """Return what the app says that it is doing below a message ("is thinking..."), or an empty text."""
        with self._door.ws.store.lock:
            found = self._door.ws.statuses.get((message["channel"], message["ts"]))
            return str(found["status"]) if found else ""

    def downloads(self, file_id: str) -> bytes:
        """Return a file's bytes.

        Raises:
            KeyError: there is no such file, or this person may not see it.
        """
        ws = self._door.ws
        with ws.store.lock:
            row = ws.store.files.get(file_id)
            if row is None or row.deleted or not ws.sees_file(self.id, row):
                raise KeyError(file_id)
            return ws.store.read_bytes(row.id)

    def wait_for(self, found: Callable[[], Any], timeout: float = 5.0) -> Any:
        """Wait until ``found()`` gives something true (looked at after each change) and return it.

        Raises:
            TimeoutError: it did not within ``timeout`` seconds; the text says what the person saw last.
        """
        result: list[Any] = []

        def look() -> bool:
            value = found()
            if value:
                result[:] = [value]
            return bool(value)

        if not self._door.ws.feed.wait(look, timeout):
            raise TimeoutError(f"{self.user.name} waited {timeout} s in vain")
        return result[0]

    def waits_for_message(
        self, channel: str, matches: Callable[[Json], Any], timeout: float = 5.0, *, after: str = "0"
    ) -> Json:
        """Wait for a message in a channel or in one of its threads for which ``matches`` is true; return it."""
        where = self._id(channel)

        def look() -> Json | None:
            with self._door.ws.store.lock:
                rows = [
                    row.ts for row in self._door.ws.messages(where) if row.ephemeral_to in (None, self.id)
                ]
                shown = self._all_shown(where, [ts for ts in rows if ts > after])
            return next((message for message in shown if matches(message)), None)

        found: Json = self.wait_for(look, timeout)
        return found

    def _id(self, channel: str) -> str:
        return self._door.channel(self.id, channel).id

    def _shown(self, ts: str, channel: str) -> Json:
        return self._all_shown(self._id(channel), [ts])[0]

    def _all_shown(self, channel_id: str, times: Sequence[str]) -> list[Json]:
        ws = self._door.ws
        with ws.store.lock:
            rows = (ws.message(channel_id, ts) for ts in times)
            return [page_message(ws, row) | {"channel": channel_id} for row in rows if row is not None]


def elements_of(where: Json) -> dict[str, Json]:
    """Return the interactive elements of a message or a view by their ``action_id``."""
    return {element["action_id"]: element for _block, element in interactive(where.get("blocks", []))}
